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
