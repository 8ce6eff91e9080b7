### Users.

user-new = New user
user-new-lede = They get an invitation by e-mail that works for 7 days, and choose their own password.
user-group-who = Who
user-group-data = Data
user-group-password = Without an invitation
user-home = Belongs to
user-of-vendor = Vendor
user-of-vendor-choice = Vendor (superadmin)
user-name-hint = Without one the address stands; whoever accepts the invitation can change it.
user-read-only-hint = Sees all that the role sees, and changes nothing.
user-read-only-change-hint = Sees all that the role sees, and changes nothing. When this is changed, the user’s sessions and tokens end at once.
user-password-hint = With a password the user is ready and gets no invitation. At least 12 characters.
user-invite-menu = Invite a user
user-invite-action = Send the invitation
user-create-action = Make the user
user-invited = Invitation sent.
user-created = User made: they can sign in.
user-saved = The user’s data are saved.
user-invite-again-action = Send the invitation again
user-invited-again = Another invitation is sent: the one before works no more.
user-waits = They were invited and have not accepted yet.
user-stopped = Disabled: they cannot sign in.
user-disable-menu = Disable…
user-disable-title = Disable { $name }?
user-disable-lede = They are out of every browser at once, and their tokens work no more. They can be enabled again; tokens cannot.
user-disable-action = Disable the user
user-disabled = User disabled.
user-enable-action = Enable
user-enabled = User enabled.
user-sessions = Open sessions
user-sessions-menu = End the sessions…
user-sessions-title = End the sessions of { $name }?
user-sessions-lede = They have to sign in again at every browser. Tokens for programs go on working.
user-sessions-action = End the sessions
user-sessions-ended = { $n ->
    [0] No sessions were open.
    [one] { $n } session ended.
   *[other] { $n } sessions ended.
 }
user-effect-sessions = { $n ->
    [0] No open session
    [one] { $n } open session
   *[other] { $n } open sessions
 }
user-effect-tokens = { $n ->
    [0] No token
    [one] { $n } token
   *[other] { $n } tokens
 }
user-no-sessions = No open session.
user-tokens = Tokens for programs
user-no-tokens = No token that works.
user-token-revoke-title = Revoke the token { $name }?
user-token-revoke-lede = Programs that use it are turned away from their next request on. There is no way back.
user-token-revoke-action = Revoke the token
user-token-revoked = Token revoked.
user-seen = Last seen
user-since = User since
user-you = (you)
session-since = Since
token-expires = Ends on
token-revoke-menu = Revoke…
users-filter = Filter the users
users-search = Search the users
users-search-hint = Name, e-mail
users-caption = Users, the newest first
users-empty = No users yet
users-empty-text = Users sign in at the portal for a company, an agent or a customer.

## See as

user-see-menu = See as…
user-see-title = See as { $name }?
user-see-lede = You see what this person sees, read-only and for thirty minutes at most; licence keys stay covered. Beginning, end and every page that is opened stay in the logs.
user-see-action = See as
user-see-ended = With your own eyes again.
seeing = You are seeing as { $name } ({ $role }), read-only. Every page that is opened stays in the log.
seeing-until = Ends by itself: { $time }
seeing-end = See as yourself again
seeing-refused = Here one only looks
seeing-refused-detail = While you see as somebody else nothing is changed or downloaded, and only what that person may open is opened. To do something, first go back to seeing as yourself.
