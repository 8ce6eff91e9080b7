# Chi si registra da sé, e chi ha perso qualcosa.
registration-title = Registrazione
registration-lede = Bastano pochi dati. Con un prodotto da provare la chiave arriva subito.
registration-lede-seller = Diventi cliente di { $name }. Con un prodotto da provare la chiave arriva subito.
registration-name = Azienda, o nome e cognome
registration-email-hint = Qui arriva il link per confermare l’indirizzo.
registration-product = Prodotto da provare
registration-no-product = nessuno, per ora
registration-product-hint = Una licenza di prova, per un dispositivo.
registration-password-hint = Per entrare nel portale e seguire la richiesta: almeno 12 caratteri. Vale dopo la conferma dell’indirizzo.
registration-privacy-hint = Serve per trattare i dati di questa richiesta.
registration-action = Registrati
registration-case = Stato della richiesta
registration-waits = La richiesta è arrivata e attende la convalida. Intanto le licenze di prova funzionano per pochi giorni.
registration-waits-seller = La richiesta è arrivata a { $name } e attende la convalida. Intanto le licenze di prova funzionano per pochi giorni.
registration-validated = La richiesta è stata accettata: le licenze valgono per intero.
registration-refused = La richiesta non è stata accettata.
registration-unconfirmed = Abbiamo scritto a { $email }: apri il link entro tre giorni per confermare l’indirizzo.
registration-licenses = Licenze
registration-no-licenses = Ancora nessuna licenza.
registration-until = fino al
registration-days = { $n ->
    [one] un giorno dalla prima attivazione
   *[other] { $n } giorni dalla prima attivazione
 }
registration-devices = dispositivi { $used } di { $max }
registration-keep = Conserva l’indirizzo di questa pagina: mostra lo stato della richiesta fino a 30 giorni dopo la decisione. Chi lo conosce vede le chiavi.
registration-confirmed-sign-in = Indirizzo confermato. Ora puoi entrare con la tua password.
confirmation-title = Conferma l’indirizzo
confirmation-lede = { $email } è l’indirizzo della registrazione di { $name }. Se non l’hai chiesta tu, chiudi questa pagina: non succede nulla.
confirmation-password-wanted = Scrivi la password con cui entrerai nel portale: quella scelta alla registrazione o un’altra.
confirmation-password-offered = Con una password entri nel portale e segui licenze e richiesta. Almeno 12 caratteri.
confirmation-action = Conferma
confirmation-done = Indirizzo confermato
confirmation-done-lede = Grazie. La richiesta prosegue, e le prossime notizie arrivano a questo indirizzo.
find-keys-title = Ritrova le mie chiavi
find-keys-lede = Scrivi l’e-mail con cui ti conosciamo: le chiavi arrivano lì.
find-keys-sent = Se conosciamo questo indirizzo, tra poco arriva un messaggio con le chiavi.
find-keys-action = Manda le chiavi
status-title = Stato di una licenza
status-lede = Servono la chiave e il codice del dispositivo su cui è attivata.
status-works = La licenza funziona su questo dispositivo.
status-for-ever = Senza scadenza.
status-unknown = Nessuna licenza con questa chiave è attiva su questo dispositivo.
status-device-hint = È scritto nel programma, di solito in «Informazioni su…».
status-action = Mostra lo stato
