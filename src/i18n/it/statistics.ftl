### Le statistiche.

nav-statistics = Statistiche
stat-stretch = dal { $from } al { $to }
stat-compared = confronto con { $from } – { $to }
stat-print = Stampa
stat-filter = Che cosa contare
stat-from = Dal
stat-to = Al
stat-group = Raggruppa per
stat-group-auto = Automatico ({ $how })
stat-group-giorno = Giorno
stat-group-settimana = Settimana
stat-group-mese = Mese
stat-compare = Confronto
stat-compare-yes = Con il periodo precedente
stat-compare-no = Nessuno
stat-any-product = Tutti i prodotti
stat-company = Azienda
stat-agent = Agente
stat-apply = Applica
stat-period-oggi = Oggi
stat-period-7giorni = 7 giorni
stat-period-30giorni = 30 giorni
stat-period-mese = Mese
stat-period-trimestre = Trimestre
stat-period-anno = Anno
stat-period-12mesi = 12 mesi
stat-cannot = Con questi valori non si può contare
stat-fault-raggruppa = Troppi intervalli: scegli un raggruppamento più largo o meno giorni.
stat-fault-da = il primo giorno viene dopo l’ultimo
stat-nothing = Niente da mostrare.
stat-definitions = Che cosa si conta, e come
stat-file = { $what }, file { $format }

## In breve

stat-kpi-vendite = Venduto
stat-kpi-rinnovi = Rinnovi
stat-kpi-attivazioni = Attivazioni
stat-kpi-rifiuti = Attivazioni rifiutate
stat-kpi-prove = Da prova a pagata
stat-kpi-scadenze = Scadenze
stat-delta = { $change } su { $before }
stat-delta-same = come nel periodo precedente

## Misure

stat-vendite = Vendite
stat-rinnovi = Rinnovi
stat-attivazioni = Attivazioni
stat-prove = Prove concluse
stat-scadenze = Scadenze
stat-stati = Licenze per stato
stat-tipi = Licenze per tipo
stat-agenti = Agenti
stat-moduli = Moduli in uso
stat-about-vendite = importi netti
stat-about-rinnovi = quanti
stat-about-attivazioni = riuscite e rifiutate
stat-about-prove = convertite o terminate
stat-about-scadenze = prove escluse
stat-about-stati = oggi
stat-about-tipi = oggi, revocate escluse
stat-about-agenti = venduto nel periodo
stat-about-moduli = oggi, nelle licenze in vigore
stat-meaning-vendite = Tutto ciò che è stato venduto nei giorni scelti, rinnovi compresi, al netto dell’IVA. Storni e rimborsi si sottraggono; incassi, ricariche e trasferimenti non contano, perché la vendita conta una volta sola. I posticipati contano quando si vende, non quando si incassa.
stat-meaning-rinnovi = Le vendite che prolungano una licenza già venduta; il grafico ne mostra il numero.
stat-meaning-attivazioni = I tentativi di attivazione: riusciti quando un dispositivo ha preso un posto, ripetuti quando lo aveva già, rifiutati quando la risposta è stata no, qualunque sia il motivo.
stat-meaning-prove = Le prove diventate licenze a pagamento, e quelle attivate il cui ultimo giorno è passato senza che lo diventassero. Il tasso è la parte delle convertite su entrambe.
stat-meaning-scadenze = Le licenze, prove e revocate escluse, il cui ultimo giorno valido cade nei giorni scelti, anche se futuri.
stat-meaning-stati = Le licenze come sono oggi, ciascuna nel primo stato che le si applica. Non dipende dai giorni scelti.
stat-meaning-tipi = Le licenze non revocate come sono oggi. Non dipende dai giorni scelti.
stat-meaning-agenti = Le stesse vendite, per l’agente che le ha fatte; ciò che è stato venduto resta a chi l’ha venduto.
stat-meaning-moduli = In quante licenze né revocate né scadute è acceso oggi ciascun modulo. Una licenza può averne più d’uno.
stat-meaning-before = Mese, trimestre, anno e 12 mesi si confrontano con gli stessi giorni del mese, del trimestre o dell’anno precedente; gli altri periodi con altrettanti giorni subito prima.

## Tabelle

stat-first-giorno = Giorno
stat-first-settimana = Settimana dal
stat-first-mese = Mese
stat-col-sales = Vendite
stat-col-renewals = Rinnovi
stat-col-amount = Importo, { $currency }
stat-col-before = { $what }, prima
stat-col-activated = Riuscite
stat-col-known = Ripetute
stat-col-refused = Rifiutate
stat-col-converted = Convertite
stat-col-over = Terminate
stat-col-rate = Tasso, %
stat-col-licenses = Licenze
stat-col-state = Stato
stat-col-kind = Tipo
stat-col-module = Modulo
stat-col-agent = Agente
stat-agent-none = Senza agente
stat-agent-left = Agente non più visibile

## Grafici

stat-before = prima
stat-series-now = Nel periodo
stat-series-before = Periodo precedente
stat-series-activated = Riuscite
stat-series-refused = Rifiutate
stat-series-converted = Convertite
stat-series-over = Terminate
stat-unit-thousands = scala in migliaia di { $currency }
stat-unit-licenses = licenze
stat-unit-renewals = rinnovi
stat-when-giorno = il { $when }
stat-when-settimana = nella settimana dal { $when }
stat-when-mese = in { $when }
stat-says = In tutto { $total }, con il massimo { $when }: { $most }.
stat-says-none = Niente nel periodo.
stat-says-more = Sono { $change } in più del periodo precedente ({ $before }).
stat-says-less = Sono { $change } in meno del periodo precedente ({ $before }).
stat-says-same = Come nel periodo precedente ({ $before }).
