# Who registers on their own, and who lost something.
registration-title = Registration
registration-lede = It takes a few details. With a product to try, the key is there at once.
registration-lede-seller = You become a customer of { $name }. With a product to try, the key is there at once.
registration-name = Company, or first and last name
registration-email-hint = The link to confirm the address arrives here.
registration-product = Product to try
registration-no-product = none for now
registration-product-hint = A trial licence, for one device.
registration-password-hint = To enter the portal and follow the request: at least 12 characters. It counts once the address is confirmed.
registration-privacy-hint = Needed to handle the data of this request.
registration-action = Register
registration-case = State of the request
registration-waits = The request has arrived and awaits validation. Meanwhile trial licences work for a few days.
registration-waits-seller = The request has reached { $name } and awaits validation. Meanwhile trial licences work for a few days.
registration-validated = The request was accepted: the licences hold in full.
registration-refused = The request was not accepted.
registration-unconfirmed = We wrote to { $email }: open the link within three days to confirm the address.
registration-licenses = Licences
registration-no-licenses = No licence yet.
registration-until = until
registration-days = { $n ->
    [one] one day from the first activation
   *[other] { $n } days from the first activation
 }
registration-devices = devices { $used } of { $max }
registration-keep = Keep the address of this page: it shows the state of the request until 30 days after the decision. Whoever knows it sees the keys.
registration-confirmed-sign-in = Address confirmed. You can sign in with your password now.
confirmation-title = Confirm the address
confirmation-lede = { $email } is the address of { $name }’s registration. If it was not you, close this page: nothing happens.
confirmation-password-wanted = Type the password you will sign in with: the one chosen when registering, or another.
confirmation-password-offered = With a password you enter the portal and follow licences and request. At least 12 characters.
confirmation-action = Confirm
confirmation-done = Address confirmed
confirmation-done-lede = Thank you. The request goes on, and further news comes to this address.
find-keys-title = Find my keys
find-keys-lede = Type the e-mail address we know you by: the keys are sent there.
find-keys-sent = If we know this address, a message with the keys arrives shortly.
find-keys-action = Send the keys
status-title = Status of a licence
status-lede = It takes the key and the code of the device on which it is active.
status-works = The licence works on this device.
status-for-ever = It does not expire.
status-unknown = No licence with this key is active on this device.
status-device-hint = The program shows it, usually under “About…”.
status-action = Show the status
