### Signing in, signing out, confirming.

signed-out = You are signed out.
forgotten = Forgotten?
remember-me = Remember this computer for 30 days
unsafe-place = You cannot sign in from here: the portal is reached without TLS from another computer, and the password would travel in the clear. Whoever runs the server should configure a base_url with https.
confirm-title = Confirm your password
confirm-lede = Before a delicate operation we ask for the password again. It counts for 15 minutes.
confirm-action = Confirm

## Links that were mailed

link-dead = This link does not work any more
link-dead-text = It was used already, has ended, or a newer one was sent. If you need a new password you can ask for another link; for an invitation ask whoever sent it.
set-up-title = First access
set-up-lede = Make the superadmin of this installation. The link works once.
set-up-action = Create, and go to the sign-in
set-up-done = The superadmin is ready: you can sign in now.
invitation-title = Welcome
invitation-lede = The invitation is for { $email }. Choose the password to sign in with.
invitation-action = Accept the invitation
invitation-accepted = The invitation is accepted: you can sign in now.
forgotten-title = Ask for another password
forgotten-lede = Type the e-mail address you sign in with: if it is registered, a link arrives that works for one hour.
forgotten-action = Send the link
back-to-sign-in = Back to the sign-in
reset-sent = If the address is registered, the link is on its way. It works for one hour.
reset-title = Choose a new password
reset-lede = For { $email }. All sessions and tokens of this user will end.
reset-action = Set the password
reset-done = The new password is set: you can sign in now.
password-hint = At least 12 characters; a phrase is easier to remember. No common words.

## Profile

profile-data = Data
profile-saved = The profile is up to date.
save = Save
actions = Actions
security = Security
sessions = Open sessions
sessions-count = { $n ->
    [one] { $n } session
   *[other] { $n } sessions
 }
session-browser = Browser
session-address = Address
session-began = Opened
session-seen = Last used
session-this = this one
session-end = End
session-ended = The session is ended.
sessions-end-others = End all others
sessions-ended = The other sessions are ended.
password-change = Change the password
password-change-lede = Other sessions and all API tokens end at once.
password-new = New password
password-changed = The password is changed. Other sessions and the tokens are ended.
