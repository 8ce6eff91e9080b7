### Prodotti, moduli, versioni, listini, chiavi di firma.

## Elenco

product-views = Viste
product-view-sold = In vendita
product-view-archived = Archiviati
product-column-name = Nome
product-column-code = Codice
product-column-version = Versione
product-column-kinds = Tipi di licenza
product-column-modules = Moduli
product-column-price = Prezzo base
product-column-licenses = Licenze
product-no-modules = nessuno
product-no-licenses = nessuna
product-none = Nessun prodotto
product-none-text = Un prodotto è un programma da vendere: ha un prezzo, le sue regole e le chiavi con cui si firmano le attivazioni. Le licenze si generano a partire da qui.
product-none-for-you = Il fornitore non ha ancora messo in vendita prodotti.
product-none-archived = Nessun prodotto archiviato
product-none-archived-text = Un prodotto che non si vende più si archivia dalla sua scheda: le licenze esistenti continuano a funzionare.
product-actions = Azioni

## Scheda

product-sections = Sezioni del prodotto
product-tab-overview = Panoramica
product-tab-modules = Moduli
product-tab-versions = Versioni
product-tab-prices = Listini
product-tab-keys = Chiavi di firma
product-archived = Archiviato
product-archived-note = Il prodotto è archiviato: non se ne generano nuove licenze, quelle esistenti continuano a funzionare.
product-newest = Ultimo rilascio
product-no-versions = nessuno
product-all-modules = Tutti i moduli
product-module = Modulo
product-included = compreso
product-batches = Ultimi lotti
product-all-batches = Tutti i lotti
product-no-batches = Non è ancora stata generata nessuna chiave.
product-issue = Genera chiavi
product-created = Creato il
product-releases = Rilasci del cliente
product-n-days = { $n ->
    [one] { $n } giorno
   *[other] { $n } giorni
 }
product-n-months = { $n ->
    [one] { $n } mese
   *[other] { $n } mesi
 }
product-n-releases = { $n } ogni { $days } giorni
product-offline-unlimited = senza limite

## Nuovo, modifica

product-new = Nuovo prodotto
product-new-lede = Moduli, versioni e listini si aggiungono dopo. Le chiavi di firma nascono insieme al prodotto.
product-create = Crea il prodotto
product-made = Prodotto creato.
product-edit = Modifica
product-edit-title = Modifica { $name }
product-save = Salva le modifiche
product-cancel = Annulla
product-changed = Modifiche salvate.
product-errors-title = { $n ->
    [one] { $n } errore
   *[other] { $n } errori
 }
product-group-what = Che cos’è
product-group-sale = Come si vende
product-group-rules = Regole delle licenze
product-code-hint = Lettere, cifre, punto e trattino. I programmi lo inviano a ogni attivazione: non si può cambiare.
product-version-hint = Quella in vendita adesso.
product-price-hint = Netto, per periodo oppure una volta sola se la licenza è permanente.
product-currency-hint = Sigla di tre lettere, per esempio EUR.
product-period = Periodo dell’abbonamento
product-days = giorni
product-months = mesi
product-offline-hint = Quanto funziona senza contatto con il server.
product-grace-hint = Quanto funziona ancora un abbonamento scaduto.
product-pending-hint = Quanto funziona per un cliente non ancora convalidato.
product-release-hint = Quante volte il cliente può liberare un dispositivo da solo.
product-properties-hint = Un oggetto JSON. Viaggia firmato fino al programma, per esempio {"{"}"limite": 100{"}"}.
product-kind-permanente = Permanente
product-kind-trial = Prova
product-kind-abbonamento = Abbonamento
product-start-attivazione = dalla prima attivazione
product-start-creazione = dalla creazione

## Archivio

product-archive = Archivia
product-archive-title = Archiviare { $name }?
product-archive-text = Il prodotto esce dagli elenchi e non se ne generano più licenze. Le licenze esistenti continuano a funzionare. Si può ripristinare in ogni momento.
product-archive-action = Archivia { $name }
product-archived-done = Prodotto archiviato.
product-restore = Ripristina
product-restored-done = Prodotto di nuovo in vendita.
product-type-code = Per confermare scrivi { $code }

## Moduli

product-module-new = Nuovo modulo
product-module-add = Aggiungi il modulo
product-module-edit = Modulo { $code }
product-module-added = Modulo aggiunto.
product-module-changed = Modulo modificato.
product-module-archived = Modulo archiviato: chi lo ha già lo conserva.
product-module-restored = Modulo ripristinato.
product-module-archive = Archivia
product-module-archive-one = Archivia il modulo { $name }
product-module-restore-one = Ripristina il modulo { $name }
product-modules-none = Nessun modulo
product-modules-none-text = Un modulo è una funzione del programma che la licenza accende e che può avere un suo prezzo.
product-modules-archived = { $n ->
    [one] { $n } modulo archiviato
   *[other] { $n } moduli archiviati
 }
product-module-bit = Bit
product-no-bit = senza
product-module-code-hint = Lettere, cifre, punto e trattino. Non si può cambiare.
product-bit-hint = Posto nella maschera, da 0 a 31. Vuoto: il primo libero.
product-included-hint = Tutte le nuove licenze lo hanno, senza supplemento.

## Versioni

product-version-new = Pubblica una versione
product-version-publish = Pubblica la versione
product-version-published = Versione pubblicata.
product-version-current = in vendita
product-version-link = Apri
product-version-new-hint = Adesso è in vendita la { $version }. Se è il rilascio più recente, questa prende il suo posto.
product-release-date-hint = Chi ha la manutenzione fino a questo giorno, o oltre, ne ha diritto.
product-url-hint = Dove si scarica.
product-versions-none = Nessuna versione pubblicata
product-versions-none-text = Le versioni dicono ai programmi che c’è un aggiornamento e a chi spetta.
product-no-notes = nessuna nota
product-no-url = nessuno

## Listini

product-prices-lede = Senza una voce di listino vale il prezzo base: { $price } per il prodotto, quello di ogni modulo per i moduli. Una voce non si modifica: si termina e se ne aggiunge un’altra.
product-prices-now = In vigore e in arrivo
product-prices-gone = Terminate
product-prices-hide = Nascondi
product-prices-show-gone = { $n ->
    [one] Mostra la voce terminata
   *[other] Mostra le { $n } voci terminate
 }
product-prices-none = Nessuna voce di listino
product-prices-none-text = Una voce dice quanto costa il prodotto o un modulo per un tipo di licenza, un periodo e un livello di azienda, da un giorno in poi.
product-price-new = Nuova voce di listino
product-price-new-lede = Vale dal giorno indicato. Le vendite già registrate conservano il loro prezzo.
product-price-add = Aggiungi la voce
product-price-added = Voce aggiunta al listino.
product-price-ended = Voce terminata.
product-price-overlap = Per la stessa cosa c’è già un prezzo in quei giorni. Terminare prima quello, oppure scegliere un altro inizio.
product-price-what = Voce
product-price-base = Prodotto
product-price-kind = Licenza
product-price-for = Per
product-price-valid = Validità
product-price-state = Stato
product-price-from = dal { $from }
product-price-from-to = dal { $from } al { $to }
product-price-current = In vigore
product-price-future = In arrivo
product-price-past = Terminata
product-price-withdrawn = Ritirata
product-price-per-seat = per posto
product-price-end = Termina…
product-price-end-title = Terminare la voce
product-price-end-hint = L’ultimo giorno in cui vale, da oggi in poi. Prima del suo inizio: la voce è ritirata.
product-price-end-action = Termina la voce
product-price-period-hint = Solo per gli abbonamenti. Vuoto: qualunque periodo; quello del prodotto è di { $n } mesi.
product-amount-hint = Netto.
product-valid-to-hint = Vuoto: finché non si termina.
product-per-seat-hint = Per ogni dispositivo o posto oltre il primo.
product-level-all = tutti
product-level-rivenditore = rivenditori
product-level-sottoazienda = sottoaziende

## Chiavi di firma

product-keys-lede = Con queste chiavi il server firma le attivazioni. I programmi le verificano con la metà pubblica.
product-keys-jwks = Insieme delle chiavi (JWKS)
product-key-current = In uso
product-key-next = Prossima
product-key-retired = Ritirata
product-key-revoked-state = Revocata
product-key-made = Creata:
product-key-in-use-since = in uso dal
product-key-retired-at = ritirata:
product-key-revoked-at = revocata:
product-key-pem = Chiave pubblica (PEM)
product-key-copy-kid = Copia il nome della chiave
product-key-copy-pem = Copia la chiave pubblica
product-key-rotate = Ruota…
product-key-rotate-title = Ruotare la chiave di firma
product-key-rotate-text = La prossima chiave entra in uso e ne nasce un’altra. Quella di adesso non firma più, ma ciò che ha firmato resta valido.
product-key-rotate-action = Ruota la chiave
product-key-rotated = Chiave ruotata.
product-key-changed = Nel frattempo la chiave in uso è cambiata. Niente è stato fatto.
product-key-leaked-hint = La chiave in uso viene revocata: ciò che ha firmato è rifiutato al primo contatto, e i programmi devono attivarsi di nuovo.
product-key-revoke = Revoca…
product-key-revoke-title = Revocare la chiave
product-key-revoke-text = Ciò che questa chiave ha firmato è rifiutato al primo contatto. Non si torna indietro.
product-key-revoke-next-text = Questa chiave non entrerà mai in uso, e al suo posto ne nasce un’altra. Non si torna indietro.
product-key-revoke-action = Revoca la chiave
product-key-revoked = Chiave revocata.
product-announce-title = Avvisare i clienti di { $name }?
product-announce-lede = Ricevono un messaggio i clienti convalidati con una licenza valida che comprende questa versione. Ciascuno una volta sola; chi ha scelto di non ricevere questi avvisi è escluso.
product-announce-action = Avvisa i clienti
product-announce-effect = { $n ->
    [one] Un cliente da avvisare
   *[other] { $n } clienti da avvisare
 }
product-announced = I messaggi partono tra poco.
product-announced-before = I clienti sono già stati avvisati di questa versione.
product-announced-on = Clienti avvisati: { $day }
