### The portal: frame, common words, roles.

## Frame

brand-home = Sigillo, home page
skip-to-content = Skip to content
open-menu = Open the menu
close = Close
search = Search
search-everywhere = Search the whole portal
search-hint = Key, customer, e-mail, VAT number, device
user-menu = { $name }: user menu
profile = Profile and security
sign-in = Sign in
sign-out = Sign out
theme-system = System theme
theme-light = Light theme
theme-dark = Dark theme
other-language = Italiano
other-language-code = it
data-of = Data of:
breadcrumb = Breadcrumb
pages = Pages
first-page = From the start
next-page = Next
optional = optional
copied = Copied to the clipboard
show-password = Show the password
go-home = Back to the start
error-code = Code: { $code }
error-request = request { $id }
door-says = Licences, devices and renewals in one register.
form-errors = { $n ->
    [one] There is one error. Nothing was saved.
   *[other] There are { $n } errors. Nothing was saved.
 }
foreign-request = Request not accepted
foreign-request-detail = The request does not come from a page of this portal and was not carried out. Open the portal and do it again from there.

## Menu

nav-main = Main
nav-dashboard = Dashboard
nav-licenses = Licences
nav-customers = Customers
nav-sales = Sales
nav-products = Products
nav-organisation = Organisation
nav-nodes = Companies and agents
nav-users = Users
nav-logs = Logs
nav-activations = Activations
nav-accesses = Accesses
nav-audit = Changes
nav-api = API documentation

## Roles

role-superadmin = Vendor
role-rivenditore = Reseller
role-sottoazienda = Sub-company
role-agente = Agent
role-cliente = Customer

## States

license = Licence
license-state-attiva = Active
license-state-demo = Demo
license-state-in_attesa_convalida = Pending
license-state-emessa = Issued
license-state-sospesa = Suspended
license-state-scaduta = Expired
license-state-revocata = Revoked
customer-state-convalidato = Validated
customer-state-in_attesa = Pending
customer-state-sospeso = Suspended
node-state-attivo = Active
node-state-sospeso = Suspended
user-state-attivo = Active
user-state-invitato = Invited
user-state-disabilitato = Disabled
copy-key-short = Copy the key { $first }…{ $last }

## Time

ago-now = just now
ago-minutes = { $n } min ago
ago-today = today, { $clock }
ago-yesterday = yesterday, { $clock }
day-today = today
day-tomorrow = tomorrow
day-yesterday = since yesterday
day-in = { $n ->
    [one] in { $days } day
   *[other] in { $days } days
 }
day-since = { $n ->
    [one] { $days } day ago
   *[other] { $days } days ago
 }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
