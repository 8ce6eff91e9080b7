### Customers.

customer = Customer
customer-new = New customer
customer-new-lede = Whoever is registered here is validated from the start.
customer-create-action = Register the customer
customer-created = Customer registered.
customer-saved = The customer’s data are saved.
customer-name = Company, or first and last name
customer-group-data = Data
customer-group-seller = Who looks after it
customer-group-sites = Sites
customer-group-contacts = Contacts
customer-vat-hint = For Italy 11 digits; for other countries with their letters in front.
customer-tax-hint = A person’s 16 characters, or a company’s 11 digits.
customer-email-hint = Keys and notices go to this address.
customer-agent-hint = The agent has to belong to the company chosen.
customer-bad-vat = The VAT number is not right: count its 11 digits and check them again, the last follows from the others.
customer-bad-tax-code = The tax code is not right: check it again, its last character follows from the others.
rows-more-sites = Add sites
rows-more-contacts = Add contacts
row-sedi = Site { $n }
row-referenti = Contact { $n }
customers-filter = Filter the customers
customers-search = Search the customers
customers-search-hint = Name, e-mail, VAT number
customers-caption = Customers, the newest first
customers-empty = No customers yet
customers-empty-text = Customers are companies or persons who use licences. They register themselves, or are registered here.
customer-double = double?
customer-double-lede = Another customer has the same VAT number or e-mail address. Only the vendor sees this.
customer-waits = Waits for validation: until then its licences work for a few days and on one device.
customer-unconfirmed = The e-mail address is not confirmed yet.
customer-stopped = Customer suspended: its licences are stopped.
customer-no-licenses = No licences.
customer-no-contacts = No contacts.
customer-no-sites = No sites.
customer-no-users = No users: the customer cannot sign in at the portal.
customer-validate-action = Validate
customer-validated = Customer validated.
customer-propose-menu = Propose validation…
customer-propose-title = Propose that { $name } is validated?
customer-propose-lede = Nothing changes for the customer. Who decides finds it before the others, with what is written here.
customer-propose-action = Propose validation
customer-proposed = Validation proposed.
customer-proposed-tag = Validation proposed
customer-was-proposed = Validation proposed on { $day }.
customer-effect-proposed = { $n ->
    [0] It has no licences yet
    [one] Its licence waits until somebody decides
   *[other] Its { $n } licences wait until somebody decides
 }
customer-refuse-menu = Refuse…
customer-refuse-title = Refuse { $name }?
customer-refuse-lede = The customer stays suspended for the reason given. Whoever may resume it brings it back to waiting.
customer-refuse-action = Refuse the customer
customer-refused = Customer refused.
customer-suspend-title = Suspend { $name }?
customer-suspend-lede = Its licences answer “customer suspended” from their next contact on, until it is resumed.
customer-suspend-action = Suspend the customer
customer-suspended = Customer suspended.
customer-resume-title = Resume { $name }?
customer-resume-lede = The customer goes on where it was, with its licences.
customer-resume-action = Resume the customer
customer-resumed = Customer resumed.
customer-effect-stopped = { $n ->
    [0] No licence stops
    [one] { $n } licence stops
   *[other] { $n } licences stop
 }
customer-effect-resumed = { $n ->
    [0] No licence
    [one] { $n } licence goes on
   *[other] { $n } licences go on
 }
customer-assign-menu = Assign…
customer-assign-title = Who gets { $name }
customer-assign-lede = { $n ->
    [0] It has no licences to go along.
    [one] Its licence goes along.
   *[other] Its { $n } licences go along.
 } What happened already stays with who did it.
customer-assign-action = Assign the customer
customer-assigned = Customer assigned.
customer-doubles = Doubles
customer-same = same
customer-archived = Archived on { $day }: it is in no list any more and cannot be changed.
customer-merged-into = Open the customer that it was merged with
customer-parts = Merged into this customer:
customer-merge-menu = Merge…
customer-merge-title = Merge into { $name }
customer-merge-choose = Choose the customer to merge into this one. Before it is done both are shown side by side.
customer-merge-others = Other customers
customer-merge-preview = Comparison
customer-merge-lede = Licences, users, contacts, sites, orders and requests go to the customer who stays, who takes of the other’s data only what it lacks. The other is archived. This cannot be undone.
customer-merge-stays = Stays
customer-merge-goes = Is merged
customer-merge-swap = Swap: keep the other
customer-merge-whose = Choose the company
customer-merge-whose-hint = The two customers are of different companies. The other company loses it, with its licences, and does not learn to whom it goes.
customer-merge-states = The two customers are in different states: before merging, validate who waits, or resume who is suspended.
customer-merge-stale = One of the two customers was changed meanwhile: check the comparison again before merging.
customer-merge-action = Merge the two customers
customers-merged = Customers merged.
customer-privacy-menu = Personal data…
customer-privacy-title = Personal data of { $name }
customer-consents = Consents
customer-consent-privacy = Privacy notice
customer-consent-none = no consent on record
customer-erasure-asked = On { $day } the customer asked for their data to be erased.
customer-anonymised-on = Anonymised on { $day }: what happened stays, who it was does not.
customer-export-title = Handing over the data
customer-export-lede = A JSON file with all that is known of the customer: data, contacts, sites, users, licences, devices, sales, consents, sign-ins. That it was handed over stays in the history.
customer-export-action = Download the data
customer-anonymise-title = Anonymising
customer-anonymise-lede = Takes away for ever name, addresses, tax codes, contacts, sites, device names; the users do not sign in any more. The ledger and the logs, which are never changed, stay as they are. This cannot be undone.
customer-anonymise-works = { $n ->
    [one] First the licence that works has to be revoked, or to expire
   *[other] First the { $n } licences that work have to be revoked, or to expire
 }
customer-anonymise-owes = First what is open has to be settled: { $amount }
customer-anonymise-type = To confirm, type the name: { $name }
customer-anonymise-stale = The customer was changed meanwhile: check again before anonymising.
customer-anonymise-action = Anonymise the customer
customer-anonymised = Customer anonymised.
