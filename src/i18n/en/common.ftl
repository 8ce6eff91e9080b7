### Words that several pages have in common.

yes = yes
no = no
never = never
choose = Choose…
read-only = read only
empty-value = none
unseen-value = elsewhere
to-assign = to be assigned
no-agent = no agent
sections = Sections
tab-overview = Overview
tab-history = History
see-all = See all
more-actions = More
edit-action = Edit
edit-title = Edit { $name }
save-action = Save
cancel-action = Cancel
reload-action = Reload
overwrite-action = Overwrite
suspend-menu = Suspend…
resume-menu = Resume…
go-back = Go back
reason-hint = It stays in the history.
reason-was = Reason: { $reason }
effects = What it touches
form-error-title = Error
any-company = All companies
any-agent = All agents
any-role = All roles
any-state = All states
all-states = All states
filter-action = Filter
filter-clear = Clear the filters
filter-remove = Remove the filter { $name }
nothing-found = Nothing found
nothing-found-text = Nothing matches the search and the filters chosen.
of-limit = of { $limit }
registered-on = Registered on
opened-on = Opened on
copy-email = Copy the e-mail address
copy-vat = Copy the VAT number
product = Product
expiry = Expiry
devices-short = Devices
license-key-short = Key
license-new-for = New licence
no-expiry = never expires
from-activation = from activation
days-unit = days
code-it = Italian
code-en = English
code-attivo = Active
code-invitato = Invited
code-disabilitato = Disabled
code-convalidato = Validated
code-in_attesa = Waiting
code-sospeso = Suspended
code-rivenditore = Reseller
code-sottoazienda = Sub-company
code-agente = Agent
rows-hint = Rows left empty are not saved.

## Changes at the same time

stale-title = Somebody else changed these data in the meantime
stale-lede = Nothing was saved. The form holds your values: overwrite to make them stand, or reload to begin from the present ones.
stale-table = Fields that differ
stale-field = Field
stale-yours = Yours
stale-now = Present
stale-none = The fields of this form equal yours: something else was changed.

## History

history-in-log = In the activity log
history-empty = No event yet
history-empty-text = Who did what, and when, appears here.
