# A customer's licences, in plain words.
nav-own-licenses = My licences
own-contact = your contact is
own-waits = The registration awaits validation. Meanwhile licences work for a few days, on one device.
own-stopped = The licences are stopped. Write to your contact to learn why.
own-none-title = No licence yet
own-none-text = When one is assigned to you, it is here with its key.
own-says-attiva = Active
own-says-demo = On trial
own-says-in_attesa_convalida = Awaiting validation
own-says-emessa = To be activated
own-says-scaduta = Expired
own-says-sospesa = Suspended
own-says-revocata = Revoked
own-until = until { $day }
own-for-ever = does not expire
own-in-grace = expired, and usable still until { $day }
own-expired-on = on { $day }
own-pending-days = { $n ->
    [one] one trial day from the first activation
   *[other] { $n } trial days from the first activation
 }
own-pending-note = Once confirmed, the same key holds in full: there is nothing to do.
own-suspended-note = Programs stop working at their next check. Write to your contact to learn why.
own-copy-key = Copy the key of { $name }
own-includes = Includes
own-maintenance = New versions included until { $day }.
own-devices = Devices
own-devices-used = { $used } of { $max } in use
own-no-devices = No device yet. Open the program and paste the key.
own-all-devices = All devices
own-last-seen = last contact
own-releases-left = { $n ->
    [one] You can free one more device yourself.
   *[other] You can free { $n } more devices yourself.
 }
own-releases-none = You have freed as many devices as you could. The next from { $when }; before, write to your contact.
own-releases-exhausted = The device was not freed: you can do so yourself from { $when }. Before, write to your contact.
own-release = Free…
own-release-title = Free { $name }?
own-release-lede = The program on this device stops working at its next check, and another device can take the place.
own-release-action = Free the device
own-released = Device freed.
own-rename = Rename
own-rename-title = Name of { $name }
own-rename-hint = To recognise it in the list: “Anna’s laptop”, for example.
own-rename-action = Save the name
own-renamed = Name saved.
nav-own-data = My data
own-data-fixed = Name, e-mail, VAT number and tax code are changed by your seller: write to your contact.
own-edit-title = Change your data
own-data-saved = Data saved.
own-users = Who may sign in
own-user-you = you
own-user-disable-menu = Disable…
own-user-enable = Enable again
own-user-disable-title = Disable { $name }?
own-user-disable-lede = They are signed out at once and cannot sign in until one of you enables them again.
own-user-disable-action = Disable
own-no-room = Another user is not provided for: if you need one, write to your contact.
own-invite-menu = Invite somebody
own-invite-title = Invite somebody
own-invite-lede = They get an e-mail to choose their password. They will see the same licences and data as you.
own-invite-action = Send the invitation
own-privacy = Privacy
own-consent = Consent given
own-export-action = Download my data
own-erasure-menu = Ask for erasure…
own-erasure-title = Ask for the data of { $name } to be erased?
own-erasure-lede = The request goes to your seller, who will answer. By itself it erases nothing: the licences go on working.
own-erasure-action = Ask for erasure
own-erasure-asked = Request recorded.
own-erasure-asked-on = On { $day } you asked for your data to be erased. Your seller sees it and will answer.

# Payments

nav-own-payments = Payments
own-payments-lede = What you pay yourself for your licences. Amounts are without VAT.
own-payments-print = Print
own-payments-due = To be paid
own-payments-all = All entries
own-payments-for = What for
own-payments-by = By
own-payments-open = Still to pay
own-payments-of = of { $amount }
own-payments-late = late
own-payments-vat = + VAT { $percent }
own-payments-payment = Payment
own-payments-received = received
own-payments-to-pay = to be paid: { $amount }
own-payments-paid = paid
own-payments-free = free of charge
own-payments-none-title = No payment yet
own-payments-none-text = What you pay directly for your licences shows here. For what you buy from a reseller, ask them.
own-due-next = Next payment: { $amount } plus VAT by { $day }.
own-due-late = Late payment: { $amount } plus VAT, due by { $day }.
