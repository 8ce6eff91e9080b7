### The dashboard.

support = Support
privacy-notice = Privacy
home-since = since
home-period = Period
home-refresh = Refresh
home-in-short = In short
period-7giorni = 7 days
period-mese = Month
period-trimestre = Quarter
period-anno = Year
kpi-active = Active licences
kpi-expiring = Expiring in 30 days
kpi-waiting = Customers waiting
kpi-converted = Trial to paid
kpi-activations = Activations
kpi-refused = Refused in 24 hours
kpi-sold = Sold
kpi-nothing = none
kpi-this-week = { $number } within 7 days
kpi-new-customers = { $n ->
    [one] { $number } new in the period
   *[other] { $number } new in the period
 }
kpi-today = { $number } today
kpi-refused-before = { $number } in the period
kpi-converted-of = { $paid } of { $all } decided
kpi-points = { $points } points
delta-7giorni = { $change } on 7 before
delta-mese = { $change } on { $before }
delta-trimestre = { $change } on last quarter
delta-anno = { $change } on { $before }
delta-same-7giorni = as in the 7 days before
delta-same-mese = as last month
delta-same-trimestre = as last quarter
delta-same-anno = as last year
home-tasks = To do
home-nothing-to-do = Nothing is open: no customer to validate, no licence to assign, no activation refused.
home-more-waiting = { $n ->
    [one] One more customer waiting
   *[other] { $n } more customers waiting
 }
task-waits = waits for validation
task-no-email = without an e-mail address
task-examine = Examine
task-licenses = { $n ->
    [one] { $number } licence
   *[other] { $number } licences
 }
task-unassigned = to assign
task-unassigned-meta = The company is missing, or the agent where the company wants one
task-assign = Assign
task-refused = { $n ->
    [one] { $number } refused activation
   *[other] { $number } refused activations
 }
task-same-license = { $n ->
    [one] of one licence
   *[other] of the same licence
 }
task-no-license = without a known licence
task-open-license = Open the licence
task-open-log = Open the log
task-trials = { $n ->
    [one] { $number } trial
   *[other] { $number } trials
 }
task-ending = { $n ->
    [one] ends within 7 days
   *[other] end within 7 days
 }
task-ending-meta = Now is the time to offer the licence
task-idle = { $n ->
    [one] has been idle for 5 days
   *[other] have been idle for 5 days
 }
task-idle-meta = Never activated, or no device was heard of since
task-renewals-meta = The moment to offer the renewal
task-see = See
home-chart = Activations and renewals
home-twelve-months = last 12 months
home-values = Show the figures
home-month = Month
home-total = Total
home-tries = Activations done and refused
home-open-log = Log
series-activated = Activations
series-renewed = Renewals
series-refused = Refused
series-part = running month
series-activated-low = activations
series-renewed-low = renewals
series-refused-low = refused
says-activated-rises = Activations rise from { $first } to { $last } a month, with the most in { $month } ({ $most }).
says-activated-falls = Activations fall from { $first } to { $last } a month, with the most in { $month } ({ $most }).
says-activated-stays = Activations are { $last } a month as at the start ({ $first } then), with the most in { $month } ({ $most }).
says-activated-none = No activation in the last twelve months.
says-renewed-rises = Renewals rise from { $first } to { $last } and peak in { $month } ({ $most }).
says-renewed-falls = Renewals fall from { $first } to { $last } and peak in { $month } ({ $most }).
says-renewed-stays = Renewals are { $last } a month as at the start ({ $first } then) and peak in { $month } ({ $most }).
says-renewed-none = No renewal in the last twelve months.
says-refused-rises = Refusals rise from { $first } to { $last } a month, with the most in { $month } ({ $most }).
says-refused-falls = Refusals fall from { $first } to { $last } a month, with the most in { $month } ({ $most }).
says-refused-stays = Refusals are { $last } a month as at the start ({ $first } then), with the most in { $month } ({ $most }).
says-refused-none = No activation refused in the last twelve months.
rank-company = Companies
rank-agent = Agents
rank-customer = Customers
rank-sold = sold since
rank-none = Nothing sold in the period.
home-recent = Recent activity
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec
