### Products, modules, versions, price lists, signing keys.

## List

product-views = Views
product-view-sold = On sale
product-view-archived = Archived
product-column-name = Name
product-column-code = Code
product-column-version = Version
product-column-kinds = Licence types
product-column-modules = Modules
product-column-price = Base price
product-column-licenses = Licences
product-no-modules = none
product-no-licenses = none
product-none = No products
product-none-text = A product is a piece of software that you sell: it has a price, its rules and the keys that activations are signed with. Licences are generated from here.
product-none-for-you = The vendor has not put any product on sale yet.
product-none-archived = No archived products
product-none-archived-text = A product that is no longer sold is archived from its own page: licences that exist go on working.
product-actions = Actions

## Sheet

product-sections = Sections of the product
product-tab-overview = Overview
product-tab-modules = Modules
product-tab-versions = Versions
product-tab-prices = Price lists
product-tab-keys = Signing keys
product-archived = Archived
product-archived-note = The product is archived: no new licences are generated, those that exist go on working.
product-newest = Latest release
product-no-versions = none
product-all-modules = All modules
product-module = Module
product-included = included
product-batches = Latest batches
product-all-batches = All batches
product-no-batches = No key has been generated yet.
product-issue = Generate keys
product-created = Created on
product-releases = Customer’s releases
product-n-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
 }
product-n-months = { $n ->
    [one] { $n } month
   *[other] { $n } months
 }
product-n-releases = { $n } every { $days } days
product-offline-unlimited = unlimited

## New, change

product-new = New product
product-new-lede = Modules, versions and price lists are added later. The signing keys are made together with the product.
product-create = Create the product
product-made = Product created.
product-edit = Edit
product-edit-title = Edit { $name }
product-save = Save the changes
product-cancel = Cancel
product-changed = Changes saved.
product-errors-title = { $n ->
    [one] { $n } error
   *[other] { $n } errors
 }
product-group-what = What it is
product-group-sale = How it is sold
product-group-rules = Rules of its licences
product-code-hint = Letters, digits, full stop and hyphen. Programs send it with every activation: it cannot be changed.
product-version-hint = The one on sale now.
product-price-hint = Net, per period, or once where the licence is perpetual.
product-currency-hint = Three letters, for example EUR.
product-period = Subscription period
product-days = days
product-months = months
product-offline-hint = How long it works without contact with the server.
product-grace-hint = How long an expired subscription goes on working.
product-pending-hint = How long it works for a customer who is not validated yet.
product-release-hint = How often the customer may free a device on their own.
product-properties-hint = A JSON object. It travels signed to the program, for example {"{"}"limit": 100{"}"}.
product-kind-permanente = Perpetual
product-kind-trial = Trial
product-kind-abbonamento = Subscription
product-start-attivazione = from the first activation
product-start-creazione = from creation

## Archive

product-archive = Archive
product-archive-title = Archive { $name }?
product-archive-text = The product leaves the lists and no more licences of it are generated. Licences that exist go on working. It can be restored at any time.
product-archive-action = Archive { $name }
product-archived-done = Product archived.
product-restore = Restore
product-restored-done = Product on sale again.
product-type-code = To confirm, type { $code }

## Modules

product-module-new = New module
product-module-add = Add the module
product-module-edit = Module { $code }
product-module-added = Module added.
product-module-changed = Module changed.
product-module-archived = Module archived: those who have it keep it.
product-module-restored = Module restored.
product-module-archive = Archive
product-module-archive-one = Archive the module { $name }
product-module-restore-one = Restore the module { $name }
product-modules-none = No modules
product-modules-none-text = A module is a feature of the program that a licence switches on and that may have a price of its own.
product-modules-archived = { $n ->
    [one] { $n } archived module
   *[other] { $n } archived modules
 }
product-module-bit = Bit
product-no-bit = none
product-module-code-hint = Letters, digits, full stop and hyphen. It cannot be changed.
product-bit-hint = Its place in the mask, 0 to 31. Empty: the first that is free.
product-included-hint = Every new licence has it, at no extra price.

## Versions

product-version-new = Publish a version
product-version-publish = Publish the version
product-version-published = Version published.
product-version-current = on sale
product-version-link = Open
product-version-new-hint = { $version } is on sale now. If this is the latest release, it takes its place.
product-release-date-hint = Whoever has maintenance up to this day, or beyond, is entitled to it.
product-url-hint = Where to download it.
product-versions-none = No version published
product-versions-none-text = Versions tell programs that there is an update, and who is entitled to it.
product-no-notes = no notes
product-no-url = none

## Price lists

product-prices-lede = Where the list says nothing, the base price holds: { $price } for the product, each module’s own for modules. A price is never edited: it ends, and another is added.
product-prices-now = Current and future
product-prices-gone = Ended
product-prices-hide = Hide
product-prices-show-gone = { $n ->
    [one] Show the price that ended
   *[other] Show the { $n } prices that ended
 }
product-prices-none = No listed prices
product-prices-none-text = A listed price says what the product or a module costs for a type of licence, a period and a level of company, from a day onwards.
product-price-new = New listed price
product-price-new-lede = It holds from the day given. Sales that were recorded keep their price.
product-price-add = Add the price
product-price-added = Price added to the list.
product-price-ended = Price ended.
product-price-overlap = For the same thing there is a price on those days already. End that one first, or choose another start.
product-price-what = Item
product-price-base = Product
product-price-kind = Licence
product-price-for = For
product-price-valid = Valid
product-price-state = State
product-price-from = from { $from }
product-price-from-to = from { $from } to { $to }
product-price-current = Current
product-price-future = Future
product-price-past = Ended
product-price-withdrawn = Withdrawn
product-price-per-seat = per seat
product-price-end = End…
product-price-end-title = End the price
product-price-end-hint = The last day on which it holds, from today onwards. Before its start: the price is withdrawn.
product-price-end-action = End the price
product-price-period-hint = For subscriptions only. Empty: any period; the product’s is { $n } months.
product-amount-hint = Net.
product-valid-to-hint = Empty: until it is ended.
product-per-seat-hint = For each device or seat beyond the first.
product-level-all = everybody
product-level-rivenditore = resellers
product-level-sottoazienda = sub-companies

## Signing keys

product-keys-lede = The server signs activations with these keys. Programs check them with the public half.
product-keys-jwks = Key set (JWKS)
product-key-current = In use
product-key-next = Next
product-key-retired = Retired
product-key-revoked-state = Revoked
product-key-made = Made:
product-key-in-use-since = in use since
product-key-retired-at = retired:
product-key-revoked-at = revoked:
product-key-pem = Public key (PEM)
product-key-copy-kid = Copy the key’s name
product-key-copy-pem = Copy the public key
product-key-rotate = Rotate…
product-key-rotate-title = Rotate the signing key
product-key-rotate-text = The next key is put to use and another is made. The present one signs no more, but what it signed stays valid.
product-key-rotate-action = Rotate the key
product-key-rotated = Key rotated.
product-key-changed = The key in use has changed meanwhile. Nothing was done.
product-key-leaked-hint = The key in use is revoked: what it signed is refused at the first contact, and programs have to activate again.
product-key-revoke = Revoke…
product-key-revoke-title = Revoke the key
product-key-revoke-text = What this key signed is refused at the first contact. There is no way back.
product-key-revoke-next-text = This key will never be put to use, and another is made in its place. There is no way back.
product-key-revoke-action = Revoke the key
product-key-revoked = Key revoked.
product-announce-title = Tell customers of { $name }?
product-announce-lede = Validated customers with a good licence that covers this version get a message. Each once; who chose not to get such notices is left out.
product-announce-action = Tell customers
product-announce-effect = { $n ->
    [one] One customer to tell
   *[other] { $n } customers to tell
 }
product-announced = The messages go out shortly.
product-announced-before = Customers were told of this version already.
product-announced-on = Customers told: { $day }
