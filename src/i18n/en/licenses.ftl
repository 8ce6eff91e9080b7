### Licences: list, sheet, actions.

## List

licenses-title = Licences
licenses-new = New licence
licenses-export = Export
licenses-export-xlsx = Spreadsheet (XLSX)
licenses-export-csv = Separated text (CSV)
licenses-export-customer = Customer
licenses-export-state = State
licenses-export-key = Key
licenses-export-product = Product
licenses-export-kind = Kind
licenses-export-used = Seats taken
licenses-export-most = Seats
licenses-export-begins = Start
licenses-export-expiry = Expiry
licenses-export-company = Company
licenses-export-agent = Agent
licenses-export-label = Label
licenses-export-contact = Last contact
licenses-export-created = Created
export-too-long = List too long
export-too-long-text = A file holds { $n } rows at most, and this list has more. Narrow it with a filter (state, product, company, expiry) and download it in parts.
export-too-long-back = Back to the list, to filter it
licenses-views = Views
licenses-view-all = All
licenses-view-expiring = Expiring in 30 days
licenses-view-validation = Awaiting validation
licenses-view-assignment = To be assigned
licenses-filter = Filter the licences
licenses-search = Search these licences
licenses-search-hint = Key or its end, customer, device
licenses-apply = Apply
licenses-clear = Reset the filters
licenses-filters = Filters
licenses-filters-hold = active
licenses-wait = Waits for
licenses-wait-convalida = validation
licenses-wait-assegnazione = assignment
licenses-within = within { $n } days
licenses-told = { $n ->
    [0] No licence found
    [one] { $n } licence found
   *[other] { $n } licences found
 }
licenses-told-over = More than { $over } licences found
licenses-all-states = All states
licenses-over = more than { $n }
licenses-any-kind = Any kind
licenses-any-product = Any product
licenses-any-company = Any company
licenses-any-agent = Any agent
licenses-any-expiry = Any expiry
licenses-any-wait = Waiting or not
licenses-expires-within = Expires within { $n } days
licenses-waits-convalida = Awaits validation
licenses-waits-assegnazione = Awaits assignment
licenses-order = Order
licenses-order-creazione-down = Newest first
licenses-order-creazione-up = Oldest first
licenses-order-scadenza-up = Soonest expiry
licenses-order-scadenza-down = Latest expiry
licenses-order-cliente-up = Customer, A to Z
licenses-order-cliente-down = Customer, Z to A
licenses-order-contatto-down = Latest contact first
licenses-order-contatto-up = Oldest contact first
licenses-per-page = Per page
licenses-on-this-page = { $shown } of { $total }
licenses-caption = Licences, with state, key, product and expiry
licenses-customer = Customer
licenses-state = State
licenses-key = Key
licenses-product = Product
licenses-kind = Kind
licenses-seats = Seats
licenses-expiry = Expiry
licenses-agent = Agent
licenses-company = Company
licenses-last-contact = Last contact
licenses-idle = Idle trials
licenses-idle-since = for { $n } days
licenses-created = Created
licenses-actions = Actions
licenses-actions-for = Actions for the licence of { $name }
licenses-open = Open the licence
licenses-none-title = No licences yet
licenses-none-text = A licence gives a customer the right to use a product, on one or more devices. All of them will appear here, with state and expiry.
licenses-not-found-title = No licence matches
licenses-not-found-text = Try the beginning of the customer’s name, the whole key or its last group, or remove some filters.
license-stock = no customer
license-other-customer = another seller’s customer
license-unassigned = to be assigned
license-never = never
license-forever = for ever
license-days-from-use = { $n ->
    [one] { $n } day from first use
   *[other] { $n } days from first use
 }
license-months-from-use = { $n ->
    [one] { $n } month from first use
   *[other] { $n } months from first use
 }
license-in-grace = in grace
license-kind-permanente = Permanent
license-kind-trial = Trial
license-kind-abbonamento = Subscription
license-binding-dispositivo = by device
license-binding-utente = by user
license-binding-flottante = shared seats
license-binding-nessuno = none
license-months = { $n ->
    [one] { $n } month
   *[other] { $n } months
 }
license-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
 }

## Sheet

license-sections = Sections of the licence
license-tab-overview = Overview
license-tab-devices = Devices
license-tab-modules = Modules
license-tab-transactions = Transactions
license-tab-history = History
license-tab-log = Log
license-copy-key = Copy the key
license-more = More
license-edit = Edit
license-suspend = Suspend…
license-resume = Resume…
license-assign = Assign…
license-revoke = Revoke…
license-certificate = Certificate to print
license-raw = Raw data (JSON)
license-devices = Devices
license-users = Users
license-floating-seats = Shared seats
license-of = { $used } of { $max }
license-no-limit = { $used }, no limit
license-full = no seats left
license-grace-until = Expired, in grace until { $day }: it still works and should be renewed.
license-ended = Revoked on { $day }. It cannot be resumed.
license-suspended-because = Suspended { $when }: { $reason }.
license-suspended-by = by { $who }
license-suspended-by-vendor = by the vendor
license-customer-stops = Its customer is suspended: resume it from the customer’s page.
license-details = Details
license-data = Data
license-binding = Bound
license-price = Price
license-from-list = from the price list
license-discount = Discount
license-from-company = the company’s
license-auto-renew = Automatic renewal
license-yes = yes
license-no = no
license-offline-days = Offline days
license-offline-unlimited = no limit
license-maintenance = Maintenance until
license-starts = Starts
license-at-first-use = at first use
license-first-use = First activation
license-issued = Issued
license-batch = Batch
license-batch-open = open the batch
license-label = Label
license-reserved = Reserved
license-reserved-yes = for listed devices only
license-device-name = Name
license-device-id = Fingerprint
license-device-platform = System
license-device-user = User
license-device-since = Activated
license-device-seen = Last contact
license-device-nameless = no name
license-device-release = Release…
license-devices-caption = Active devices
license-devices-all = { $n ->
    [one] Show the device
   *[other] All { $n } devices
 }
license-devices-none-title = No active device
license-devices-none-text = A seat is taken when the program activates the licence with its key. If activation fails, the overview says why.
license-releases-left = { $left ->
    [one] The customer can still release { $left } on their own, of { $max } every { $days } days.
   *[other] The customer can still release { $left } on their own, of { $max } every { $days } days.
 }
license-devices-cut = The first { $n } are shown: the others appear as these are released.
license-modules-caption = Active modules
license-module = Module
license-module-price = List price
license-module-until = Until
license-module-included = included
license-module-over = ended
license-modules-of = { $n } of { $all }
license-modules-none-title = No active module
license-modules-none-text = This licence covers the basic program only.
license-properties = Properties for the program
license-properties-text = The product’s free values, which the program receives signed in its computer key.
license-property = Name
license-property-value = Value
license-transactions-caption = Transactions of the licence
license-transactions-none-title = No transactions
license-transactions-none-text = Sales, renewals and payments of this licence will appear here.
license-transaction-at = Date
license-transaction-kind = Kind
license-transaction-method = Method
license-transaction-period = Period
license-transaction-amount = Net
license-transaction-state = State
license-transaction-undone = undone
license-transaction-undoes = undoes another row
license-transaction-open = open: { $amount }
license-transaction-due = due by { $day }
license-transaction-settled = settled
license-kind-of-attivazione = Activation
license-kind-of-rinnovo = Renewal
license-kind-of-conversione = Conversion
license-kind-of-modulo = Module
license-kind-of-posti = Seats
license-kind-of-incasso = Payment
license-kind-of-storno = Reversal
license-kind-of-rimborso = Refund
license-kind-of-ricarica = Top-up
license-kind-of-trasferimento = Transfer
license-method-stripe = Stripe
license-method-paypal = PayPal
license-method-fastspring = FastSpring
license-method-portafoglio = Wallet
license-method-posticipato = Deferred
license-method-bonifico = Bank transfer
license-method-carta = Card
license-method-contanti = Cash
license-method-gratuito = Free

## Why does it not activate?

license-why-title = Why does it not activate?
license-why-refused = Dry run for { $device }, refused { $when }.
license-why-device = Dry run for { $device }.
license-why-any = Dry run for a new device. No device was refused lately.
license-why-logged = It was refused with
license-why-good = Activation would succeed now.
license-why-good-known = The device is active and the licence holds: activating it again gives back the same seat.
license-why-try = Try another device
license-why-try-device = Device fingerprint
license-why-try-version = Program version
license-why-run = Try
license-check-key = The key exists and is well formed
license-check-revoca = Not revoked
license-check-revoca-bad = Revoked: another licence is needed.
license-check-cliente = The customer is not suspended
license-check-cliente-bad = The customer is suspended: resume it from its page.
license-check-sospensione = Not suspended
license-check-sospensione-bad = Suspended: to be resumed by whoever suspended it, or by someone above.
license-check-scadenza = Not expired
license-check-scadenza-until = Valid until { $day }
license-check-scadenza-bad = Expired, grace included, on { $day }: it has to be renewed.
license-check-attesa = The wait for validation is not over
license-check-attesa-bad = The wait for validation is over: the customer has to be validated.
license-check-versione = The version is covered
license-check-versione-bad = The version was released after the end of maintenance: renew it, or use an earlier version.
license-check-flottante = It is activated on devices
license-check-flottante-bad = It has shared seats: it is not activated, the program takes a seat while in use.
license-check-riserva = The device is on the list
license-check-riserva-bad = It is reserved for other devices: this one is not on the list.
license-check-dispositivi = There is a free seat
license-check-dispositivi-bad = No seats left: { $used } of { $max }.
license-check-dispositivi-pending = While validation is awaited a single device is admitted.
license-check-dispositivi-idle = Last contact of { $name }: { $when }.
license-check-prova = The product’s trial was not used here before
license-check-prova-bad = This device used the product’s trial with another licence: a paid licence is needed.
license-check-utenti = There is room for another user
license-check-utenti-bad = No users left: { $used } of { $max }. Only users named already can activate.
license-fix-resume = Resume the licence
license-fix-customer = Open the customer
license-fix-seats = Change the number of seats
license-fix-release = Release a seat
license-fix-terms = Change the terms

## History and log

license-history-all = Everything
license-history-modifiche = Changes
license-history-attivazioni = Activations
license-history-none = Nothing has happened yet.
license-history-older = Older
license-history-newest = From the newest
license-history-issued = Licence issued
license-times = { $n } times
license-nobody = none
license-reason = Reason: { $text }
license-with-batch = with its whole batch
license-log-caption = What programs asked of this licence
license-log-at = When
license-log-operation = Request
license-log-outcome = Outcome
license-log-device = Device
license-log-address = Address
license-log-key = With
license-log-key-activation = licence key
license-log-key-computer = computer key
license-log-none-title = No requests
license-log-none-text = When a program activates or checks this licence, the request appears here with its outcome.

## Actions

license-cancel = Cancel
license-back = Back to the licence
license-do-sospendi-title = Suspend the licence?
license-do-sospendi-action = Suspend the licence
license-do-sospendi-devices = { $n ->
    [0] No device is active: none can be activated from now on.
    [one] The active device stops working at its next check.
   *[other] The { $n } active devices stop working at their next check.
 }
license-do-offline = { $n ->
    [one] Whoever works offline stops within { $n } day at the latest.
   *[other] Whoever works offline stops within { $n } days at the latest.
 }
license-do-offline-unlimited = Whoever works offline without a limit notices nothing until they connect.
license-do-sospendi-back = Seats stay taken and the expiry keeps running. It can be resumed at any time.
license-do-sospendi-twice = A suspension stands already: this one is added, and the licence goes on only when none is left.
license-do-riattiva-title = Resume the licence?
license-do-riattiva-action = Resume the licence
license-do-riattiva-lifts = Suspensions made by your own company and those below it are lifted. Devices go on at their next check.
license-do-riattiva-stays = An overdue payment is lifted by settling it, a dispute by its verdict: while one is left the licence stays suspended.
license-do-revoca-title = Revoke the licence?
license-do-revoca-action = Revoke for good
license-do-revoca-devices = { $n ->
    [0] No device is active: the key will be of no more use to anybody.
    [one] The active device stops working at its next check, for good.
   *[other] The { $n } active devices stop working at their next check, for good.
 }
license-do-revoca-final = There is no way back: to stop it for a while, suspend it. Transactions and history stay.
license-do-rilascia-title = Release the seat?
license-do-rilascia-action = Release the seat
license-do-rilascia-device = { $device } loses its seat: its computer key is refused at the next check.
license-do-rilascia-again = The seat is free at once. The same device can activate again with the key while there are seats.
license-do-rilascia-seen = Last contact: { $when }.
license-reason-hint = It stays in the history, with the name of whoever does it.
license-reason-frode = Fraud
license-reason-insoluto = Overdue payment
license-reason-disputa = Disputed payment
license-reason-cliente = Asked by the customer
license-reason-altro = Other
license-assign-title = Assign the licence
license-assign-action = Assign
license-assign-customer-brings = A customer brings its own company; a licence that changes company loses its agent, unless another is chosen.
license-assign-past = Whoever loses it sees it no more, but the past stays theirs: earlier sales and history do not move.
license-assign-find = Find a customer
license-assign-find-hint = Beginning of the name, e-mail or VAT number
license-assign-search = Search
license-assign-more = The 100 newest are shown: search for the others.
license-assign-nobody = nobody
license-edit-title = Edit the licence
license-edit-action = Save the changes
license-edit-terms = Terms
license-edit-money = Price and renewal
license-edit-seen = Devices get the new terms at their next check, with the same key.
license-edit-own = Terms that cost are changed by the vendor, or by a sale.
license-edit-label-hint = Only for who works with the licence: the customer does not see it.
license-edit-offline-hint = Empty: the product’s.
license-edit-price-hint = Empty: from the price list.
license-edit-discount-hint = Empty: the company’s.
license-edit-limit-hint = In use now: { $n }.
license-stale-title = Somebody changed it before you
license-stale-text = The licence changed after you opened the form. Nothing was saved: this is what stands now, and what you wanted.
license-stale-field = Field
license-stale-now = Now
license-stale-mine = Yours
license-stale-same = What you wanted stands already: there is nothing left to save.
license-stale-overwrite = Save mine anyway
license-stale-reload = Start from what stands now
license-empty-value = empty
license-suspended = Licence suspended.
license-resumed = Licence resumed.
license-revoked = Licence revoked.
license-assigned = Licence assigned.
license-changed = Changes saved.
license-nothing-changed = There was nothing to change.
license-device-released = Seat released.
license-changed-meanwhile = The licence changed meanwhile: this is how it stands now.
license-resume-not-yours = The suspensions that are left are lifted by whoever made them, or by someone above.

## Data and certificate

license-raw-title = Raw data
license-raw-text = The licence as the API gives it, for support.
license-copy-json = Copy the data
license-copy = Copy
license-print = Print
license-certificate-title = Licence certificate
license-certificate-says = This certifies that { $customer } has the right to use { $product } with the following key.
license-certificate-nobody = its holder
license-certificate-issued = Certificate issued on { $day }. The current state is shown in the portal.

## Actions on many licences

bulk-all = { $n ->
    [one] Actions on the licence found
   *[other] Actions on all { $total } found
 }
bulk-over = Actions on all found
bulk-pick = Choose licence { $key }
bulk-pick-all = Choose all on this page
bulk-bar = Actions on the chosen licences
bulk-picked = Licences chosen:
bulk-unpick = Deselect
bulk-none-chosen = No licence chosen: tick at least one in the list.
bulk-nothing-done = No licence changed: the action applies to none of those chosen.
bulk-done-all = Done.
bulk-sospendi = Suspend…
bulk-riattiva = Resume…
bulk-revoca = Revoke…
bulk-assegna = Assign…
bulk-proroga = Extend…
bulk-sospendi-title = { $n ->
    [one] Suspend { $total } licence
   *[other] Suspend { $total } licences
 }
bulk-riattiva-title = { $n ->
    [one] Resume { $total } licence
   *[other] Resume { $total } licences
 }
bulk-revoca-title = { $n ->
    [one] Revoke { $total } licence
   *[other] Revoke { $total } licences
 }
bulk-assegna-title = { $n ->
    [one] Assign { $total } licence
   *[other] Assign { $total } licences
 }
bulk-proroga-title = { $n ->
    [one] Extend { $total } licence
   *[other] Extend { $total } licences
 }
bulk-sospendi-lede = They stop working until they are resumed: devices learn of it at their next validation.
bulk-riattiva-lede = They work again, unless something else stops them. Only one’s own suspensions are lifted, and those of whoever stands below.
bulk-revoca-lede = They stop working for good: a revocation is not undone.
bulk-assegna-lede = They go to a customer, a company or an agent. What is left empty does not change.
bulk-proroga-lede = The last valid day changes, without any payment. Give either more days or the last day.
bulk-effects = What happens
bulk-effect-done = { $n ->
    [one] { $total } licence is changed
   *[other] { $total } licences are changed
 }
bulk-effect-devices = { $n ->
    [one] { $total } device has a place in them
   *[other] { $total } devices have a place in them
 }
bulk-effect-skipped = { $n ->
    [one] { $total } stays as it is: { $why }
   *[other] { $total } stay as they are: { $why }
 }
bulk-and-more = and { $n } more
bulk-too-many = { $n } licences at most are changed at once, and here are more. Narrow the list with a filter and go on in parts.
bulk-look = Show what happens
bulk-keep = Leave as it is
bulk-word = To confirm, type { $word }
bulk-revoca-word = REVOKE
bulk-sospendi-action = Suspend
bulk-riattiva-action = Resume
bulk-revoca-action = Revoke for good
bulk-assegna-action = Assign
bulk-proroga-action = Extend
bulk-back = Back to the list
bulk-result = { $done } done, { $skipped } skipped
bulk-result-lede = Each changed licence has its entry in the history.
bulk-left = Licences skipped
bulk-left-all = Download the skipped ones (CSV)
bulk-why = Why
bulk-skip-revocata = it is revoked
bulk-skip-non_sospesa = it is not suspended
bulk-skip-non_propria = the suspension, or the customer, is somebody else’s
bulk-skip-senza_scadenza = it has no last day to move
bulk-skip-non_compatibile = customer, company and agent do not go together
bulk-skip-gia_cosi = it is so already
# A licence's modules and properties, conversion

license-modules-change = Modules…
license-modules-changed = Modules saved.
license-modules-lede = They are switched on and off here, each with its own last day where it has one. Those included in the product always stay.
license-modules-day-hint = Without a last day of its own a module lasts as long as the licence.
license-modules-payment = Switching on or prolonging a module that costs wants a way to pay, which the portal does not offer yet: for now the vendor does it.
license-module-day = Last day of { $name }
license-module-archived = no longer sold
license-properties-own = Properties of this licence
license-properties-hint = A JSON object. They are added to the product’s and, under the same name, take their place.
license-property-from = Comes from
license-property-own = this licence
license-property-product = the product
license-reserved-title = Devices it is reserved for
license-reserved-text = Only these can activate it.
license-reserved-active = active
license-convert = Convert…
license-convert-title = Convert the trial
license-convert-action = Convert
license-convert-into = Becomes
license-convert-forever = Without an end.
license-convert-forever-from = From { $from }, without an end.
license-convert-from-to = From { $from } to { $to }, then it renews.
license-convert-later = { $n ->
    [one] One month from the first use or the customer’s validation, then it renews.
   *[other] { $n } months from the first use or the customer’s validation, then it renews.
}
license-convert-day-hint = For a subscription only: empty, the product’s period holds.
license-convert-maintenance-hint = New versions are covered up to this day.
license-convert-effects = What happens
license-convert-same-key = The key stays the same: devices get the new terms at their next check.
license-convert-trial-ends = The trial, up to { $day }, gives way to the new terms.
license-convert-stock = By the list it is worth { $price }: converted by the vendor it is neither a sale nor a debt.
license-convert-costs = By the list it costs { $price }.
license-convert-payment = Converting into a licence that costs wants a way to pay, which the portal does not offer yet: for now the vendor does it.
license-convert-no-kind = This product is sold as a trial only: there is nothing to convert it into.
license-convert-no-trial = This licence is no longer a trial to convert.
license-converted = Trial converted.
bulk-moduli = Modules…
bulk-moduli-title = { $n ->
    [one] Change the modules of one licence
   *[other] Change the modules of { $total } licences
}
bulk-moduli-lede = They are switched on and off in the licences of one product. What is not ticked does not change.
bulk-moduli-action = Change the modules
bulk-moduli-show = Show its modules
bulk-moduli-one = Licences of other products are skipped.
bulk-moduli-on = Switch on
bulk-moduli-off = Switch off
bulk-moduli-on-this = Switch { $name } on
bulk-moduli-off-this = Switch { $name } off
bulk-moduli-day-hint = Last day of the modules switched on here. Empty: they last as long as the licence.
bulk-moduli-none = This product has no modules to switch on or off.
bulk-skip-altro_prodotto = it is of another product
bulk-skip-a_pagamento = the module costs something
bulk-customer-hint = A customer brings the licences to its own company.
bulk-password-hint = A revocation cannot be undone: your password is needed.
bulk-export-ticked = of the chosen licences
field-invia_chiave = Mail the key to the customer
license-send-hint = It goes to the address of the chosen customer.
license-send-action = Mail the key
license-send-title = Mail the key to { $name }?
license-send-lede = The customer gets a message with the activation key. The log keeps who sent it and to whom, without the key.
license-send-effect = The key that ends with { $n }
license-key-sent = Key sent.
license-send-nobody = The key cannot be mailed: the licence was revoked, or the customer has no e-mail address.

## Archive

licenses-view-archive = Archive
licenses-archive = Archive
license-archive = Archive…
license-restore = Bring back from the archive…
license-archived = Licence archived: it is found under Licences, Archive.
license-restored = Licence brought back from the archive.
license-in-archive = In the archive since { $when }: lists, searches and figures leave it out. What it may do stays the same.
license-do-archivia-title = Archive the licence?
license-do-archivia-action = Archive the licence
license-do-archivia-text = Lists, searches and figures leave it out; it is found under Licences, Archive. What it may do stays the same.
license-do-archivia-back = If a device activates with its key, or somebody changes it, it is back among the others by itself.
license-do-ripristina-title = Bring the licence back from the archive?
license-do-ripristina-action = Bring the licence back
license-do-ripristina-text = It is in lists, searches and figures again, as it is.
bulk-archivia = Archive…
bulk-archivia-title = { $n ->
    [one] Archive one licence
   *[other] Archive { $total } licences
 }
bulk-archivia-lede = Lists, searches and figures leave them out: they are found in the archive. What they may do stays the same.
bulk-archivia-action = Archive
bulk-ripristina = Bring back from the archive…
bulk-ripristina-title = { $n ->
    [one] Bring one licence back from the archive
   *[other] Bring { $total } licences back from the archive
 }
bulk-ripristina-lede = They are in lists, searches and figures again, as they are.
bulk-ripristina-action = Bring back
bulk-skip-in_uso = it is in use, or may run again: only what is revoked, expired or was never activated is archived
bulk-skip-non_archiviata = it is not in the archive
