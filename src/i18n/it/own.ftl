# Le licenze di un cliente, in parole semplici.
nav-own-licenses = Le mie licenze
own-contact = il tuo contatto è
own-waits = La registrazione attende la convalida. Intanto le licenze funzionano per pochi giorni, su un dispositivo.
own-stopped = Le licenze sono ferme. Scrivi al tuo contatto per sapere perché.
own-none-title = Ancora nessuna licenza
own-none-text = Quando te ne viene assegnata una, la trovi qui con la sua chiave.
own-says-attiva = Attiva
own-says-demo = In prova
own-says-in_attesa_convalida = In attesa di convalida
own-says-emessa = Da attivare
own-says-scaduta = Scaduta
own-says-sospesa = Sospesa
own-says-revocata = Revocata
own-until = fino al { $day }
own-for-ever = senza scadenza
own-in-grace = scaduta ma ancora utilizzabile fino al { $day }
own-expired-on = il { $day }
own-pending-days = { $n ->
    [one] un giorno di prova dalla prima attivazione
   *[other] { $n } giorni di prova dalla prima attivazione
 }
own-pending-note = Alla conferma la stessa chiave vale per intero: non devi fare niente.
own-suspended-note = I programmi smettono di funzionare al prossimo controllo. Scrivi al tuo contatto per sapere perché.
own-copy-key = Copia la chiave di { $name }
own-includes = Comprende
own-maintenance = Nuove versioni comprese fino al { $day }.
own-devices = Dispositivi
own-devices-used = { $used } di { $max } in uso
own-no-devices = Ancora nessun dispositivo. Apri il programma e incolla la chiave.
own-all-devices = Tutti i dispositivi
own-last-seen = ultimo contatto
own-releases-left = { $n ->
    [one] Puoi liberare da te ancora un dispositivo.
   *[other] Puoi liberare da te ancora { $n } dispositivi.
 }
own-releases-none = Hai liberato tutti i dispositivi che potevi. Il prossimo dal { $when }; prima, scrivi al tuo contatto.
own-releases-exhausted = Il dispositivo non è stato liberato: potrai farlo da te dal { $when }. Prima, scrivi al tuo contatto.
own-release = Libera…
own-release-title = Liberare { $name }?
own-release-lede = Il programma su questo dispositivo smette di funzionare al prossimo controllo, e il posto passa a un altro dispositivo.
own-release-action = Libera il dispositivo
own-released = Dispositivo liberato.
own-rename = Rinomina
own-rename-title = Nome di { $name }
own-rename-hint = Per riconoscerlo nell’elenco: per esempio «Portatile di Anna».
own-rename-action = Salva il nome
own-renamed = Nome salvato.
nav-own-data = I miei dati
own-data-fixed = Nome, e-mail, partita IVA e codice fiscale li cambia chi ti segue: scrivi al tuo contatto.
own-edit-title = Modifica i tuoi dati
own-data-saved = Dati salvati.
own-users = Chi può accedere
own-user-you = sei tu
own-user-disable-menu = Disabilita…
own-user-enable = Riabilita
own-user-disable-title = Disabilitare { $name }?
own-user-disable-lede = Esce subito e non può più accedere, finché qualcuno di voi non lo riabilita.
own-user-disable-action = Disabilita
own-no-room = Un altro utente non è previsto: se serve, scrivi al tuo contatto.
own-invite-menu = Invita qualcuno
own-invite-title = Invita qualcuno
own-invite-lede = Riceve un’e-mail per scegliere la password. Vedrà le stesse licenze e gli stessi dati che vedi tu.
own-invite-action = Manda l’invito
own-privacy = Privacy
own-consent = Consenso dato
own-export-action = Scarica i miei dati
own-erasure-menu = Chiedi la cancellazione…
own-erasure-title = Chiedere la cancellazione dei dati di { $name }?
own-erasure-lede = La richiesta arriva a chi ti segue, che ti risponde. Da sola non cancella niente: le licenze continuano a funzionare.
own-erasure-action = Chiedi la cancellazione
own-erasure-asked = Richiesta registrata.
own-erasure-asked-on = Il { $day } hai chiesto la cancellazione dei dati. Chi ti segue lo vede e ti risponderà.

# Pagamenti

nav-own-payments = Pagamenti
own-payments-lede = Quel che paghi tu per le tue licenze. Gli importi sono al netto dell’IVA.
own-payments-print = Stampa
own-payments-due = Da pagare
own-payments-all = Tutti i movimenti
own-payments-for = Per che cosa
own-payments-by = Entro il
own-payments-open = Resta da pagare
own-payments-of = di { $amount }
own-payments-late = in ritardo
own-payments-vat = + IVA { $percent }
own-payments-payment = Pagamento
own-payments-received = ricevuto
own-payments-to-pay = da pagare: { $amount }
own-payments-paid = pagato
own-payments-free = gratuito
own-payments-none-title = Ancora nessun pagamento
own-payments-none-text = Qui compare quel che paghi direttamente per le tue licenze. Per quel che compri da un rivenditore, chiedi a lui.
own-due-next = Prossimo pagamento: { $amount } più IVA entro il { $day }.
own-due-late = Pagamento in ritardo: { $amount } più IVA, da versare entro il { $day }.
