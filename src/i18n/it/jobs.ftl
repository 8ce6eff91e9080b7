### Ciò che si fa da sé, secondo l’orario.

nav-jobs = Attività pianificate
jobs-lede = Ciò che il programma fa da sé, secondo l’orario: promemoria, riepiloghi, pulizie. Se la macchina era spenta, si recupera una volta sola alla ripartenza.
jobs-zone = Gli orari sono quelli di { $zone }.
jobs-refresh = Aggiorna
jobs-what = Attività
jobs-state = Stato
jobs-last = Ultima volta
jobs-next = Prossima volta
jobs-run = Esegui ora
jobs-asked = L’attività parte fra pochi secondi.
jobs-never = mai
jobs-by = nodo { $owner }
jobs-failures = { $n ->
    [one] un tentativo non riuscito
   *[other] { $n } tentativi di fila non riusciti
}
jobs-state-running = In corso
jobs-state-failed = Non riuscita
jobs-state-late = In ritardo
jobs-state-due = Sta per partire
jobs-state-new = Mai eseguita
jobs-state-good = Regolare
jobs-hourly = ogni ora, al minuto { $time }
jobs-daily = ogni giorno alle { $time }
jobs-weekly = ogni { $day } alle { $time }
jobs-day-0 = lunedì
jobs-day-1 = martedì
jobs-day-2 = mercoledì
jobs-day-3 = giovedì
jobs-day-4 = venerdì
jobs-day-5 = sabato
jobs-day-6 = domenica
jobs-milliseconds = { $n } ms
jobs-seconds = { $n } s
jobs-minutes = { $n } min
jobs-runs = Ultime esecuzioni
jobs-runs-lede = Si conservano per 90 giorni.
jobs-began = Inizio
jobs-took = Durata
jobs-outcome = Esito
jobs-did = Che cosa ha fatto
jobs-nothing = niente da fare
jobs-empty = Nessuna esecuzione
jobs-empty-text = Qui compaiono le esecuzioni, dalla prima in poi.
jobs-outcome-riuscito = Riuscita
jobs-outcome-fallito = Non riuscita
jobs-outcome-interrotto = Interrotta
jobs-count-messaggi = { $n ->
    [one] 1 messaggio
   *[other] { $number } messaggi
}
jobs-count-licenze = { $n ->
    [one] 1 licenza
   *[other] { $number } licenze
}
jobs-count-clienti = { $n ->
    [one] 1 cliente
   *[other] { $number } clienti
}
jobs-count-senza_indirizzo = { $n ->
    [one] 1 cliente senza indirizzo
   *[other] { $number } clienti senza indirizzo
}
jobs-count-righe = { $n ->
    [one] 1 riga eliminata
   *[other] { $number } righe eliminate
}
job-promemoria_scadenza = Promemoria di scadenza
job-promemoria_scadenza-text = Avvisa i clienti degli abbonamenti in scadenza: 60, 30, 7 e 1 giorno prima, 1 e 15 giorni dopo.
job-promemoria_manutenzione = Promemoria di fine manutenzione
job-promemoria_manutenzione-text = Avvisa i clienti delle licenze permanenti la cui manutenzione finisce: 30 e 7 giorni prima, 1 giorno dopo.
job-prova_in_scadenza = Prove in scadenza
job-prova_in_scadenza-text = Avvisa i clienti delle prove che finiscono: 7 giorni e 1 giorno prima.
job-prova_ferma = Prove ferme
job-prova_ferma-text = Segnala all’agente, o all’azienda, le prove attivate che da 5 giorni non danno notizie. Una volta per prova.
job-cliente_da_convalidare = Clienti da convalidare
job-cliente_da_convalidare-text = Ricorda i clienti che nessuno convalida: dopo 2 giorni all’azienda, dopo 5 a quella sopra, dopo 10 al fornitore.
job-riepilogo_settimanale = Riepilogo settimanale
job-riepilogo_settimanale-text = Manda a chi vende le cose da fare: scadenze, prove, clienti in attesa, attivazioni della settimana.
job-pulizia = Pulizia
job-pulizia-text = Elimina ciò che non si conserva più, secondo i giorni scelti nelle impostazioni.
jobs-task-failed = { $n ->
    [one] Un’attività pianificata
   *[other] { $n } attività pianificate
}
jobs-task-failed-text = { $n ->
    [one] non riesce
   *[other] non riescono
}
jobs-task-late-text = in ritardo
jobs-task-see = Vedi
