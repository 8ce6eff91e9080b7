### Companies and agents.

node-new = New company or agent
node-new-rivenditore = New reseller
node-new-sottoazienda = New sub-company
node-new-agente = New agent
node-about-rivenditore = buys from the vendor
node-about-sottoazienda = below another company
node-about-agente = sells for a company
node-create-action = Open
node-created = Opened. Who works there can be invited now.
node-saved = Data saved.
node-users-later = Users are invited later, from its page.
node-group-place = Where
node-group-data = Data
node-group-terms = Terms
node-group-rights = Rights
node-root = none: right below the vendor
node-parent-hint = A reseller always stands below the vendor.
node-code-hint = Letters and digits; it stands in the registration link.
node-wants-agent = Wants an agent
node-wants-agent-hint = Whoever has no agent is listed as to be assigned.
node-quota-hint = Empty: no limit. What stands below counts too.
node-discount-hint = What a company buys at; what an agent may give at most.
node-credit-hint = How much may be open, altogether.
node-defer-rule = by the credit limit
node-defer-yes = granted
node-defer-no = taken away
node-defer-hint = As a rule whoever has a credit limit has it.
node-collect-hint = Records its own customers’ payments as made to itself.
node-validate-hint = Accepts or refuses who registers by themselves.
node-own-terms = Quota, discount, credit limit and rights are changed by those above.
node-bad-discount = The discount goes from 0 to 100%, not beyond the parent company’s and not below that of what stands below.
node-bad-credit = The credit limit cannot exceed the parent company’s.
node-bad-quota = A whole number, or nothing.
node-bad-right = The parent company does not have this right.
node-bad-parent = It cannot stand here: check role and discount.
node-too-deep = The tree would get too deep.
node-no-parent = Choose where.
nodes-filter = Filter companies and agents
nodes-search = Search companies and agents
nodes-search-hint = Name, code, e-mail
nodes-caption = Tree of companies, { $shown } of { $n } visible
nodes-more = The tree is large: the { $n } newest are in it.
nodes-empty = No companies yet
nodes-empty-text = Resellers, sub-companies and agents form the tree of who sells.
open-all = Open all
close-all = Close all
node-open = Open { $name }
node-close = Close { $name }
node-level = level { $n }
node-licenses = Licences and quota
node-licenses-plain = Licences
node-trials = Trials
node-credit = Credit in use
node-numbers = Numbers
node-limits = Limits
node-below = Below
node-nothing-below = Nothing stands below.
node-own-users = Users
node-no-users = No users: nobody signs in yet.
node-stopped = Suspended: its users, and those of what stands below, cannot sign in. Customers’ licences go on.
node-link = Registration link
node-link-copy = Copy the link
node-link-hint = Whoever registers here becomes a customer of this company, to be validated.
node-suspend-title = Suspend { $name }?
node-suspend-lede = Its users, and those of all that stands below, are out at once. Customers’ licences go on working.
node-suspend-action = Suspend
node-suspended = Suspended.
node-resume-title = Resume { $name }?
node-resume-lede = Its users, and those of what stands below, may sign in again.
node-resume-action = Resume
node-resumed = Resumed.
node-effect-nodes = { $n ->
    [0] Nothing below
    [one] { $n } company or agent below
   *[other] { $n } companies and agents below
 }
node-effect-users = { $n ->
    [0] No users
    [one] { $n } user
   *[other] { $n } users
 }
node-effect-customers = { $n ->
    [0] No customers
    [one] { $n } customer
   *[other] { $n } customers
 }
node-effect-licenses = { $n ->
    [0] No licences
    [one] { $n } licence
   *[other] { $n } licences
 }
node-shift-menu = Move…
node-shift-title = Where { $name } goes
node-shift-company = It moves with all that stands below. What happened already stays with who did it.
node-shift-agent = The agent leaves customers and licences to the present company.
node-shift-where = Below which company
node-shift-root = the vendor (it becomes a reseller)
node-shift-along = What goes along
node-shift-left = What is left
node-shift-action = Move
node-shift-nowhere = There is nowhere to move to
node-shift-nowhere-text = No other company can stand above.
node-moved = Moved.

## Rules

node-rules = Rules
node-rules-lede = For the licences of this company and of those below it, in place of what the product says. What a licence has of its own comes first in any case.
node-rules-own = The rules of one’s own company are changed by those above it.
node-rules-vendors = The vendor set them, and the vendor changes them.
node-rules-narrows = They can only be narrowed: a value that goes beyond what comes from above has no effect.
node-rules-inherits = Empty: { $n }, from above.
node-rules-as-product = Empty: as the product says.
node-rules-inherited = from above
node-rules-product = as the product says
node-rules-set = set here
node-rules-reset = Back to what comes from above
node-rules-saved = Rules saved: they hold from each device’s next contact on.
node-rules-reset-done = Rules taken away: what comes from above holds again.
node-rules-holds = What holds
node-rules-holds-text = by product; in bold what differs from the product
node-rules-other = (differs from the product)

## Products

node-products = Products
node-products-lede = What this company and those below it may sell. A product that is taken away here does not exist for them any more; licences that are there already go on working and are seen.
node-products-own = The products of one’s own company are chosen by those above it.
node-products-all = all that are sold above, future ones too
node-products-some = only these
node-products-hint = It holds where “only these” is chosen.
node-products-sold = What it sells
node-products-none = No product is sold above yet.
node-products-saved = Products saved.
