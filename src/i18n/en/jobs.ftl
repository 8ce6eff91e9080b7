### What happens by itself, by the clock.

nav-jobs = Scheduled tasks
jobs-lede = What the program does by itself, by the clock: reminders, digests, cleaning up. If the machine was off, it is made up for once at the next start.
jobs-zone = Times are those of { $zone }.
jobs-refresh = Refresh
jobs-what = Task
jobs-state = State
jobs-last = Last time
jobs-next = Next time
jobs-run = Run now
jobs-asked = The task starts within seconds.
jobs-never = never
jobs-by = node { $owner }
jobs-failures = { $n ->
    [one] one failed try
   *[other] { $n } failed tries in a row
}
jobs-state-running = Running
jobs-state-failed = Failed
jobs-state-late = Late
jobs-state-due = About to start
jobs-state-new = Never run
jobs-state-good = Regular
jobs-hourly = every hour, at minute { $time }
jobs-daily = every day at { $time }
jobs-weekly = every { $day } at { $time }
jobs-day-0 = Monday
jobs-day-1 = Tuesday
jobs-day-2 = Wednesday
jobs-day-3 = Thursday
jobs-day-4 = Friday
jobs-day-5 = Saturday
jobs-day-6 = Sunday
jobs-milliseconds = { $n } ms
jobs-seconds = { $n } s
jobs-minutes = { $n } min
jobs-runs = Last runs
jobs-runs-lede = They are kept for 90 days.
jobs-began = Start
jobs-took = Duration
jobs-outcome = Outcome
jobs-did = What it did
jobs-nothing = nothing to do
jobs-empty = No runs
jobs-empty-text = Runs appear here, from the first one on.
jobs-outcome-riuscito = Done
jobs-outcome-fallito = Failed
jobs-outcome-interrotto = Cut off
jobs-count-messaggi = { $n ->
    [one] 1 message
   *[other] { $number } messages
}
jobs-count-licenze = { $n ->
    [one] 1 licence
   *[other] { $number } licences
}
jobs-count-clienti = { $n ->
    [one] 1 customer
   *[other] { $number } customers
}
jobs-count-senza_indirizzo = { $n ->
    [one] 1 customer without an address
   *[other] { $number } customers without an address
}
jobs-count-righe = { $n ->
    [one] 1 row removed
   *[other] { $number } rows removed
}
job-promemoria_scadenza = Expiry reminders
job-promemoria_scadenza-text = Tells customers of subscriptions that expire: 60, 30, 7 days and 1 day before, 1 and 15 days after.
job-promemoria_manutenzione = Maintenance reminders
job-promemoria_manutenzione-text = Tells customers of permanent licences whose maintenance ends: 30 and 7 days before, 1 day after.
job-prova_in_scadenza = Ending trials
job-prova_in_scadenza-text = Tells customers of trials that end: 7 days and 1 day before.
job-prova_ferma = Quiet trials
job-prova_ferma-text = Tells the agent, or the company, of activated trials that have been quiet for 5 days. Once for each trial.
job-cliente_da_convalidare = Customers to validate
job-cliente_da_convalidare-text = Reminds of customers whom nobody validates: after 2 days the company, after 5 the one above it, after 10 the vendor.
job-riepilogo_settimanale = Weekly digest
job-riepilogo_settimanale-text = Sends sellers what there is to do: expiries, trials, waiting customers, the week’s activations.
job-pulizia = Cleaning up
job-pulizia-text = Removes what is kept no longer, by the days chosen in the settings.
jobs-task-failed = { $n ->
    [one] One scheduled task
   *[other] { $n } scheduled tasks
}
jobs-task-failed-text = { $n ->
    [one] fails
   *[other] fail
}
jobs-task-late-text = late
jobs-task-see = See
