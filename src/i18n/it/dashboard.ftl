### Il cruscotto.

support = Assistenza
privacy-notice = Privacy
home-since = dal
home-period = Periodo
home-refresh = Aggiorna
home-in-short = In breve
period-7giorni = 7 giorni
period-mese = Mese
period-trimestre = Trimestre
period-anno = Anno
kpi-active = Licenze attive
kpi-expiring = In scadenza, 30 giorni
kpi-waiting = Clienti in attesa
kpi-converted = Da prova a pagata
kpi-activations = Attivazioni
kpi-refused = Rifiutate, 24 ore
kpi-sold = Venduto
kpi-nothing = nessuna
kpi-this-week = { $number } entro 7 giorni
kpi-new-customers = { $n ->
    [one] { $number } arrivo nel periodo
   *[other] { $number } arrivi nel periodo
 }
kpi-today = { $number } oggi
kpi-refused-before = { $number } nel periodo
kpi-converted-of = { $paid } su { $all } concluse
kpi-points = { $points } punti
delta-7giorni = { $change } sui 7 prima
delta-mese = { $change } su { $before }
delta-trimestre = { $change } sul trim. prima
delta-anno = { $change } sul { $before }
delta-same-7giorni = come nei 7 giorni prima
delta-same-mese = come il mese scorso
delta-same-trimestre = come il trimestre prima
delta-same-anno = come l’anno scorso
home-tasks = Da fare
home-nothing-to-do = Niente in sospeso: nessun cliente da convalidare, nessuna licenza da assegnare, nessuna attivazione rifiutata.
home-more-waiting = { $n ->
    [one] Un altro cliente in attesa
   *[other] Altri { $n } clienti in attesa
 }
task-waits = aspetta la convalida
task-no-email = senza indirizzo e-mail
task-examine = Esamina
task-licenses = { $n ->
    [one] { $number } licenza
   *[other] { $number } licenze
 }
task-unassigned = da assegnare
task-unassigned-meta = Manca l’azienda, oppure l’agente dove l’azienda ne vuole uno
task-assign = Assegna
task-refused = { $n ->
    [one] { $number } attivazione rifiutata
   *[other] { $number } attivazioni rifiutate
 }
task-same-license = { $n ->
    [one] di una licenza
   *[other] per la stessa licenza
 }
task-no-license = senza una licenza nota
task-open-license = Apri la licenza
task-open-log = Apri il registro
task-trials = { $n ->
    [one] { $number } prova
   *[other] { $number } prove
 }
task-ending = { $n ->
    [one] finisce entro 7 giorni
   *[other] finiscono entro 7 giorni
 }
task-ending-meta = È il momento di proporre la licenza
task-idle = { $n ->
    [one] non dà segni da 5 giorni
   *[other] non danno segni da 5 giorni
 }
task-idle-meta = Mai attivate, o nessun dispositivo si è più fatto sentire
task-renewals-meta = È il momento di proporre il rinnovo
task-see = Vedi
home-chart = Attivazioni e rinnovi
home-twelve-months = ultimi 12 mesi
home-values = Mostra i valori
home-month = Mese
home-total = Totale
home-tries = Attivazioni riuscite e rifiutate
home-open-log = Registro
series-activated = Attivazioni
series-renewed = Rinnovi
series-refused = Rifiutate
series-part = mese in corso
series-activated-low = attivazioni
series-renewed-low = rinnovi
series-refused-low = rifiutate
says-activated-rises = Le attivazioni crescono da { $first } a { $last } al mese, con il massimo in { $month } ({ $most }).
says-activated-falls = Le attivazioni calano da { $first } a { $last } al mese, con il massimo in { $month } ({ $most }).
says-activated-stays = Le attivazioni sono { $last } al mese come all’inizio (prima { $first }), con il massimo in { $month } ({ $most }).
says-activated-none = Nessuna attivazione negli ultimi dodici mesi.
says-renewed-rises = I rinnovi crescono da { $first } a { $last } e toccano il massimo in { $month } ({ $most }).
says-renewed-falls = I rinnovi calano da { $first } a { $last } e toccano il massimo in { $month } ({ $most }).
says-renewed-stays = I rinnovi sono { $last } al mese come all’inizio (prima { $first }) e toccano il massimo in { $month } ({ $most }).
says-renewed-none = Nessun rinnovo negli ultimi dodici mesi.
says-refused-rises = I rifiuti crescono da { $first } a { $last } al mese, con il massimo in { $month } ({ $most }).
says-refused-falls = I rifiuti calano da { $first } a { $last } al mese, con il massimo in { $month } ({ $most }).
says-refused-stays = I rifiuti sono { $last } al mese come all’inizio (prima { $first }), con il massimo in { $month } ({ $most }).
says-refused-none = Nessuna attivazione rifiutata negli ultimi dodici mesi.
rank-company = Aziende
rank-agent = Agenti
rank-customer = Clienti
rank-sold = venduto dal
rank-none = Niente di venduto nel periodo.
home-recent = Attività recente
month-short-1 = gen
month-short-2 = feb
month-short-3 = mar
month-short-4 = apr
month-short-5 = mag
month-short-6 = giu
month-short-7 = lug
month-short-8 = ago
month-short-9 = set
month-short-10 = ott
month-short-11 = nov
month-short-12 = dic
