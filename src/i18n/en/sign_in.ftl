### Signing in, signing out, confirming.

signed-out = You are signed out.
forgotten = Forgotten?
remember-me = Remember this computer for 30 days
unsafe-place = You cannot sign in from here: the portal is reached without TLS from another computer, and the password would travel in the clear. Whoever runs the server should configure a base_url with https.
confirm-title = Confirm your password
confirm-lede = Before a delicate operation we ask for the password again. It counts for 15 minutes.
confirm-action = Confirm
field-email = E-mail
field-password = Password
field-accesso = Sign-in
