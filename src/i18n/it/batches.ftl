### Generazione di chiavi, lotti.

## Nuove chiavi

nav-batches = Lotti di chiavi
batch-new = Nuova licenza
batch-new-crumb = Nuova
batch-new-action = Genera chiavi
batch-group-what = Che cosa
batch-group-who = Per chi
batch-group-how = Quanto
batch-quantity-hint = Da 1 a 10.000 chiavi con le stesse condizioni.
batch-reload = Aggiorna i campi e il riepilogo
batch-no-kind = Questo prodotto non si vende in nessun tipo che puoi generare.
batch-kind-hint-subscription = { $n ->
    [one] { $n } mese, si rinnova
   *[other] { $n } mesi, si rinnova
 }
batch-kind-hint-trial = { $n ->
    [one] { $n } giorno
   *[other] { $n } giorni
 }
batch-kind-hint-permanent = senza scadenza
batch-customer-hint = L’inizio del nome, la P.IVA o l’e-mail; poi scegli a fianco.
batch-no-customer = da assegnare
batch-company-follows = { $name }
batch-company-none = nessuna: scorta del fornitore
batch-company-own = la mia azienda
batch-agent-none = nessuno
batch-agent-no-others = nessun agente in questa azienda
batch-agent-company-first = scegli prima l’azienda
batch-label-hint = Per ritrovare il lotto. Il cliente non la vede.
batch-binding-dispositivo = per dispositivo
batch-binding-utente = per utente
batch-binding-flottante = flottante
batch-binding-nessuno = nessuno
batch-devices-hint-dispositivo = Quanti insieme, per ogni chiave.
batch-devices-hint-utente = Vuoto: quanti se ne vuole.
batch-devices-hint-flottante = Non serve con questo vincolo.
batch-devices-hint-nessuno = Non serve con questo vincolo.
batch-days-hint = Vuoto: la durata del prodotto.
batch-last-day-hint = In alternativa ai giorni.
batch-maintenance-hint = Nuove versioni coperte fino a quel giorno.
batch-own-price-hint = Al posto del listino.
batch-own-discount-hint = Al posto di quello dell’azienda.
batch-reserved-hint = Un’impronta per riga: la chiave si attiva solo su questi.
batch-make = Genera le chiavi
batch-made = Chiavi generate.
batch-payment-missing = Per generare licenze a pagamento serve un modo di pagare, che il portale non offre ancora: per ora le genera il fornitore.
batch-no-product = Nessun prodotto in vendita
batch-no-product-text = Prima di generare chiavi serve un prodotto.
batch-no-product-for-you = Il fornitore non ha ancora messo in vendita prodotti.

## Riepilogo

batch-summary = Riepilogo
batch-keys = Chiavi
batch-begins = Inizio
batch-at-activation = alla prima attivazione
batch-ends = Scadenza
batch-never = mai
batch-days-later = { $n ->
    [one] { $n } giorno dopo; oggi sarebbe il
   *[other] { $n } giorni dopo; oggi sarebbe il
 }
batch-months-later = { $n ->
    [one] { $n } mese dopo; oggi sarebbe il
   *[other] { $n } mesi dopo; oggi sarebbe il
 }
batch-places = Posti
batch-n-devices = { $n ->
    [one] { $n } dispositivo
   *[other] { $n } dispositivi
 }
batch-n-users = { $n ->
    [one] { $n } utente
   *[other] { $n } utenti
 }
batch-n-seats = { $n ->
    [one] { $n } posto flottante
   *[other] { $n } posti flottanti
 }
batch-to-tell = da indicare
batch-unlimited = senza limite
batch-reserved = Riservata a
batch-line-subscription = { $n ->
    [one] Abbonamento, { $n } mese
   *[other] Abbonamento, { $n } mesi
 }
batch-free = gratuita
batch-discount = Sconto
batch-each = Ogni chiave
batch-total = Totale netto
batch-stock-note = Sono scorta del fornitore: non viene registrata nessuna vendita.
batch-payment-note = Le licenze a pagamento le genera per ora il fornitore.
batch-quota-licenses = Quota licenze dopo queste
batch-quota-trials = Quota prove dopo queste
batch-quota-of = { $after } di { $quota }
batch-quota-exceeded = La quota non basta.

## Lotti

batch-all-products = Mostra i lotti di tutti i prodotti
batch-no-label = Lotto del { $when }
batch-stock = scorta
batch-by-above = il fornitore
batch-by-nobody = registrazione
batch-none = Nessun lotto
batch-none-text = Le chiavi generate insieme formano un lotto: si scaricano e, se serve, si revocano tutte in una volta.
batch-empty = Nessuna chiave da mostrare
batch-empty-text = Le chiavi di questo lotto sono passate ad altre aziende.
batch-moved = { $n ->
    [one] { $n } chiave di questo lotto è passata a un’altra azienda e non si vede più qui.
   *[other] { $n } chiavi di questo lotto sono passate ad altre aziende e non si vedono più qui.
 }
batch-column-label = Lotto
batch-column-by = Generato da
batch-column-when = Quando
batch-column-quantity = Chiavi
batch-column-activated-n = Attivate
batch-column-key = Chiave
batch-column-product = Prodotto
batch-column-kind = Tipo
batch-column-state = Stato
batch-column-expires = Scadenza
batch-column-places = Posti
batch-column-devices = Dispositivi
batch-column-users = Utenti
batch-column-seats = Posti flottanti
batch-column-customer = Cliente
batch-column-activated = Attivata
batch-column-tag = Etichetta
batch-copy-key = Copia la chiave { $key }
batch-to-assign = da assegnare
batch-from-activation = dalla prima attivazione
batch-not-yet = non ancora
batch-download = Scarica
batch-download-xlsx = Foglio Excel (XLSX)
batch-download-csv = Testo separato da punto e virgola (CSV)
batch-download-txt = Solo le chiavi (TXT)
batch-revoke = Revoca il lotto…
batch-revoke-title = { $n ->
    [one] Revocare la chiave di questo lotto
   *[other] Revocare le { $n } chiavi di questo lotto
 }
batch-revoke-text = { $n ->
    [one] La licenza smette di funzionare al primo contatto. Non si torna indietro.
   *[other] Tutte e { $n } le licenze smettono di funzionare al primo contatto, anche quelle in uso. Non si torna indietro.
 }
batch-reason-hint = Resta nello storico di ogni licenza.
batch-revoke-action = { $n ->
    [one] Revoca la chiave
   *[other] Revoca { $n } chiavi
 }
batch-revoked-done = { $n ->
    [one] { $n } licenza revocata.
   *[other] { $n } licenze revocate.
 }

## Modelli

templates-title = Modelli di licenza
templates-lede = Un modello ricorda quel che si compila per generare licenze: prodotto, tipo, moduli, numeri, durata, prezzo.
templates-none = Ancora nessun modello: si salvano dalla pagina con cui si generano le licenze.
templates-manage = Modelli…
template-choose = Da un modello
template-none-chosen = nessun modello
template-use = Usa
template-keep = Salva come modello
template-new-title = Salvare il modello
template-new-lede = Ricorda prodotto, tipo, moduli, numeri, durata, etichetta e prezzo così come sono adesso; non il cliente né chi vende.
template-shared-hint = Lo vedono e lo usano tutti gli utenti della propria azienda o agenzia.
template-open = Apri una nuova licenza con questo modello
template-not-yours = È condiviso da chi l’ha creato: si può usare, non cambiare.
template-delete = Elimina il modello
template-delete-text = Le licenze già generate restano come sono: sparisce solo il modello.
template-delete-shared = Sparisce per tutti quelli che lo vedono. Le licenze già generate restano come sono.
template-too-many = I modelli sono al massimo 50: eliminarne uno.
template-seen-by = Chi lo vede
template-saved = Modello salvato.
template-changed = Modello modificato.
template-deleted = Modello eliminato.
template-not-sold = non più in vendita
template-product-gone = Il prodotto di questo modello non è più in vendita: scegliere un altro prodotto e i suoi moduli. Il resto è come nel modello.
template-kind-gone = Il tipo di licenza di questo modello non si può più scegliere.
template-modules-gone = { $n ->
    [one] Un modulo di questo modello non si può più scegliere: { $names }.
   *[other] Alcuni moduli di questo modello non si possono più scegliere: { $names }.
 }
batch-send-hint = A { $email }. Vale per una chiave sola: quelle di un lotto si mandano dopo, una per una.
