### Statistics.

nav-statistics = Statistics
stat-stretch = { $from } to { $to }
stat-compared = compared with { $from } – { $to }
stat-print = Print
stat-filter = What to count
stat-from = From
stat-to = To
stat-group = Group by
stat-group-auto = Automatic ({ $how })
stat-group-giorno = Day
stat-group-settimana = Week
stat-group-mese = Month
stat-compare = Comparison
stat-compare-yes = With the previous period
stat-compare-no = None
stat-any-product = All products
stat-company = Company
stat-agent = Agent
stat-apply = Apply
stat-period-oggi = Today
stat-period-7giorni = 7 days
stat-period-30giorni = 30 days
stat-period-mese = Month
stat-period-trimestre = Quarter
stat-period-anno = Year
stat-period-12mesi = 12 months
stat-cannot = These values cannot be counted
stat-fault-raggruppa = Too many intervals: choose longer ones, or fewer days.
stat-fault-da = the first day comes after the last
stat-nothing = Nothing to show.
stat-definitions = What is counted, and how
stat-file = { $what }, { $format } file

## In short

stat-kpi-vendite = Sold
stat-kpi-rinnovi = Renewals
stat-kpi-attivazioni = Activations
stat-kpi-rifiuti = Refused activations
stat-kpi-prove = Trial to paid
stat-kpi-scadenze = Expiries
stat-delta = { $change } on { $before }
stat-delta-same = as in the previous period

## Measures

stat-vendite = Sales
stat-rinnovi = Renewals
stat-attivazioni = Activations
stat-prove = Concluded trials
stat-scadenze = Expiries
stat-stati = Licences by state
stat-tipi = Licences by type
stat-agenti = Agents
stat-moduli = Modules in use
stat-about-vendite = net amounts
stat-about-rinnovi = how many
stat-about-attivazioni = done and refused
stat-about-prove = converted or over
stat-about-scadenze = trials aside
stat-about-stati = today
stat-about-tipi = today, revoked ones aside
stat-about-agenti = sold in the period
stat-about-moduli = today, in licences in force
stat-meaning-vendite = All that was sold on the chosen days, renewals among it, without VAT. Reversals and refunds count against it; payments, top-ups and transfers do not count, since a sale counts once. Deferred payments count when the sale is made, not when they are paid.
stat-meaning-rinnovi = Sales that prolong a licence that was sold before; the chart shows how many.
stat-meaning-attivazioni = Tries to activate: done when a device took a place, repeated when it had one already, refused when the answer was no, whatever the reason.
stat-meaning-prove = Trials that became paid licences, and activated ones whose last day passed without that. The rate is the share of converted ones among both.
stat-meaning-scadenze = Licences, trials and revoked ones aside, whose last valid day is one of the chosen days, future ones too.
stat-meaning-stati = Licences as they are today, each in the first state that holds. It does not depend on the chosen days.
stat-meaning-tipi = Licences that are not revoked, as they are today. It does not depend on the chosen days.
stat-meaning-agenti = The same sales, by the agent who made them; what was sold stays with who sold it.
stat-meaning-moduli = In how many licences that are neither revoked nor expired each module is switched on today. A licence may have several.
stat-meaning-before = Month, quarter, year and 12 months are held against the same days of the previous month, quarter or year; other periods against as many days right before them.

## Tables

stat-first-giorno = Day
stat-first-settimana = Week from
stat-first-mese = Month
stat-col-sales = Sales
stat-col-renewals = Renewals
stat-col-amount = Amount, { $currency }
stat-col-before = { $what }, before
stat-col-activated = Done
stat-col-known = Repeated
stat-col-refused = Refused
stat-col-converted = Converted
stat-col-over = Over
stat-col-rate = Rate, %
stat-col-licenses = Licences
stat-col-state = State
stat-col-kind = Type
stat-col-module = Module
stat-col-agent = Agent
stat-agent-none = Without an agent
stat-agent-left = An agent not seen any more

## Charts

stat-before = before
stat-series-now = In the period
stat-series-before = Previous period
stat-series-activated = Done
stat-series-refused = Refused
stat-series-converted = Converted
stat-series-over = Over
stat-unit-thousands = scale in thousands of { $currency }
stat-unit-licenses = licences
stat-unit-renewals = renewals
stat-when-giorno = on { $when }
stat-when-settimana = in the week from { $when }
stat-when-mese = in { $when }
stat-says = { $total } in all, the most { $when }: { $most }.
stat-says-none = Nothing in the period.
stat-says-more = That is { $change } more than in the previous period ({ $before }).
stat-says-less = That is { $change } less than in the previous period ({ $before }).
stat-says-same = As in the previous period ({ $before }).
