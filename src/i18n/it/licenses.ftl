### Licenze: elenco, scheda, azioni.

## Elenco

licenses-title = Licenze
licenses-new = Nuova licenza
licenses-export = Esporta
licenses-export-xlsx = Foglio di calcolo (XLSX)
licenses-export-csv = Testo con separatori (CSV)
licenses-export-customer = Cliente
licenses-export-state = Stato
licenses-export-key = Chiave
licenses-export-product = Prodotto
licenses-export-kind = Tipo
licenses-export-used = Posti occupati
licenses-export-most = Posti
licenses-export-begins = Inizio
licenses-export-expiry = Scadenza
licenses-export-company = Azienda
licenses-export-agent = Agente
licenses-export-label = Etichetta
licenses-export-contact = Ultimo contatto
licenses-export-created = Creata
export-too-long = Elenco troppo lungo
export-too-long-text = Un file contiene al massimo { $n } righe e questo elenco ne ha di più. Restringerlo con un filtro (stato, prodotto, azienda, scadenza) e scaricarlo in più parti.
export-too-long-back = Torna all’elenco e filtra
licenses-views = Viste
licenses-view-all = Tutte
licenses-view-expiring = In scadenza, 30 giorni
licenses-view-validation = In attesa di convalida
licenses-view-assignment = Da assegnare
licenses-filter = Filtra le licenze
licenses-search = Cerca fra queste licenze
licenses-search-hint = Chiave o sua fine, cliente, dispositivo
licenses-apply = Applica
licenses-clear = Azzera i filtri
licenses-filters = Filtri
licenses-filters-hold = attivi
licenses-wait = Attesa
licenses-wait-convalida = della convalida
licenses-wait-assegnazione = dell’assegnazione
licenses-within = entro { $n } giorni
licenses-told = { $n ->
    [0] Nessuna licenza trovata
    [one] { $n } licenza trovata
   *[other] { $n } licenze trovate
 }
licenses-told-over = Oltre { $over } licenze trovate
licenses-all-states = Tutti gli stati
licenses-over = oltre { $n }
licenses-any-kind = Ogni tipo
licenses-any-product = Ogni prodotto
licenses-any-company = Ogni azienda
licenses-any-agent = Ogni agente
licenses-any-expiry = Ogni scadenza
licenses-any-wait = Anche senza attese
licenses-expires-within = Scade entro { $n } giorni
licenses-waits-convalida = Attende la convalida
licenses-waits-assegnazione = Attende l’assegnazione
licenses-order = Ordine
licenses-order-creazione-down = Le più recenti
licenses-order-creazione-up = Le meno recenti
licenses-order-scadenza-up = Scadenza più vicina
licenses-order-scadenza-down = Scadenza più lontana
licenses-order-cliente-up = Cliente, dalla A alla Z
licenses-order-cliente-down = Cliente, dalla Z alla A
licenses-order-contatto-down = Ultimo contatto più recente
licenses-order-contatto-up = Ultimo contatto più lontano
licenses-per-page = Per pagina
licenses-on-this-page = { $shown } di { $total }
licenses-caption = Licenze, con stato, chiave, prodotto e scadenza
licenses-customer = Cliente
licenses-state = Stato
licenses-key = Chiave
licenses-product = Prodotto
licenses-kind = Tipo
licenses-seats = Posti
licenses-expiry = Scadenza
licenses-agent = Agente
licenses-company = Azienda
licenses-last-contact = Ultimo contatto
licenses-idle = Prove ferme
licenses-idle-since = da { $n } giorni
licenses-created = Creata
licenses-actions = Azioni
licenses-actions-for = Azioni per la licenza di { $name }
licenses-open = Apri la scheda
licenses-none-title = Ancora nessuna licenza
licenses-none-text = Una licenza dà a un cliente il diritto di usare un prodotto, su uno o più dispositivi. Qui compariranno tutte, con lo stato e la scadenza.
licenses-not-found-title = Nessuna licenza corrisponde
licenses-not-found-text = Provare con l’inizio del nome del cliente, con la chiave intera o il suo ultimo gruppo, oppure togliere qualche filtro.
license-stock = senza cliente
license-other-customer = cliente di altri
license-unassigned = da assegnare
license-never = mai
license-forever = per sempre
license-days-from-use = { $n ->
    [one] { $n } giorno dall’uso
   *[other] { $n } giorni dall’uso
 }
license-months-from-use = { $n ->
    [one] { $n } mese dall’uso
   *[other] { $n } mesi dall’uso
 }
license-in-grace = in tolleranza
license-kind-permanente = Permanente
license-kind-trial = Prova
license-kind-abbonamento = Abbonamento
license-binding-dispositivo = per dispositivo
license-binding-utente = per utente
license-binding-flottante = a posti condivisi
license-binding-nessuno = nessuno
license-months = { $n ->
    [one] { $n } mese
   *[other] { $n } mesi
 }
license-days = { $n ->
    [one] { $n } giorno
   *[other] { $n } giorni
 }

## Scheda

license-sections = Sezioni della licenza
license-tab-overview = Panoramica
license-tab-devices = Dispositivi
license-tab-modules = Moduli
license-tab-transactions = Transazioni
license-tab-history = Storico
license-tab-log = Registro
license-copy-key = Copia la chiave
license-more = Altro
license-edit = Modifica
license-suspend = Sospendi…
license-resume = Riattiva…
license-assign = Assegna…
license-revoke = Revoca…
license-certificate = Certificato da stampare
license-raw = Dati grezzi (JSON)
license-devices = Dispositivi
license-users = Utenti
license-floating-seats = Posti condivisi
license-of = { $used } di { $max }
license-no-limit = { $used }, senza limite
license-full = posti esauriti
license-grace-until = Scaduta, in tolleranza fino al { $day }: funziona ancora, va rinnovata.
license-ended = Revocata il { $day }. Non si riattiva più.
license-suspended-because = Sospesa { $when }: { $reason }.
license-suspended-by = da { $who }
license-suspended-by-vendor = dal fornitore
license-customer-stops = È sospeso il cliente: si riattiva dalla scheda del cliente.
license-details = Dettagli
license-data = Dati
license-binding = Vincolo
license-price = Prezzo
license-from-list = da listino
license-discount = Sconto
license-from-company = quello dell’azienda
license-auto-renew = Rinnovo automatico
license-yes = sì
license-no = no
license-offline-days = Giorni offline
license-offline-unlimited = senza limite
license-maintenance = Manutenzione al
license-starts = Decorrenza
license-at-first-use = al primo uso
license-first-use = Prima attivazione
license-issued = Emessa
license-batch = Lotto
license-batch-open = apri il lotto
license-label = Etichetta
license-reserved = Riservata
license-reserved-yes = solo a dispositivi previsti
license-device-name = Nome
license-device-id = Impronta
license-device-platform = Sistema
license-device-user = Utente
license-device-since = Attivato
license-device-seen = Ultimo contatto
license-device-nameless = senza nome
license-device-release = Rilascia…
license-devices-caption = Dispositivi attivi
license-devices-all = { $n ->
    [one] Mostra il dispositivo
   *[other] Tutti i { $n } dispositivi
 }
license-devices-none-title = Nessun dispositivo attivo
license-devices-none-text = Il posto si occupa quando il programma attiva la licenza con la chiave. Se l’attivazione fallisce, la panoramica dice perché.
license-releases-left = { $left ->
    [one] Il cliente può ancora liberarne { $left } da sé, su { $max } ogni { $days } giorni.
   *[other] Il cliente può ancora liberarne { $left } da sé, su { $max } ogni { $days } giorni.
 }
license-devices-cut = Sono mostrati i primi { $n }: gli altri compaiono man mano che questi si liberano.
license-modules-caption = Moduli attivi
license-module = Modulo
license-module-price = Prezzo di listino
license-module-until = Fino al
license-module-included = compreso
license-module-over = terminato
license-modules-of = { $n } di { $all }
license-modules-none-title = Nessun modulo attivo
license-modules-none-text = Questa licenza comprende solo il programma di base.
license-properties = Proprietà per il programma
license-properties-text = Valori liberi del prodotto, che il programma riceve firmati nella chiave computer.
license-property = Nome
license-property-value = Valore
license-transactions-caption = Transazioni della licenza
license-transactions-none-title = Nessuna transazione
license-transactions-none-text = Vendite, rinnovi e incassi di questa licenza compariranno qui.
license-transaction-at = Data
license-transaction-kind = Tipo
license-transaction-method = Modalità
license-transaction-period = Periodo
license-transaction-amount = Netto
license-transaction-state = Stato
license-transaction-undone = annullata
license-transaction-undoes = annulla un’altra riga
license-transaction-open = da saldare: { $amount }
license-transaction-due = entro il { $day }
license-transaction-settled = saldata
license-kind-of-attivazione = Attivazione
license-kind-of-rinnovo = Rinnovo
license-kind-of-conversione = Conversione
license-kind-of-modulo = Modulo
license-kind-of-posti = Posti
license-kind-of-incasso = Incasso
license-kind-of-storno = Storno
license-kind-of-rimborso = Rimborso
license-kind-of-ricarica = Ricarica
license-kind-of-trasferimento = Trasferimento
license-method-stripe = Stripe
license-method-paypal = PayPal
license-method-fastspring = FastSpring
license-method-portafoglio = Portafoglio
license-method-posticipato = Posticipato
license-method-bonifico = Bonifico
license-method-carta = Carta
license-method-contanti = Contanti
license-method-gratuito = Gratuito

## Perché non si attiva?

license-why-title = Perché non si attiva?
license-why-refused = Prova a secco per { $device }, rifiutato { $when }.
license-why-device = Prova a secco per { $device }.
license-why-any = Prova a secco per un dispositivo nuovo. Nessun dispositivo è stato rifiutato di recente.
license-why-logged = Il rifiuto fu
license-why-good = Adesso l’attivazione riuscirebbe.
license-why-good-known = Il dispositivo è già attivo e la licenza è valida: riattivarlo restituisce lo stesso posto.
license-why-try = Prova un altro dispositivo
license-why-try-device = Impronta del dispositivo
license-why-try-version = Versione del programma
license-why-run = Prova
license-check-key = La chiave esiste ed è scritta bene
license-check-revoca = Non è revocata
license-check-revoca-bad = È revocata: serve un’altra licenza.
license-check-cliente = Il cliente non è sospeso
license-check-cliente-bad = Il cliente è sospeso: va riattivato dalla sua scheda.
license-check-sospensione = Non è sospesa
license-check-sospensione-bad = È sospesa: va riattivata da chi l’ha sospesa o da chi sta sopra.
license-check-scadenza = Non è scaduta
license-check-scadenza-until = Valida fino al { $day }
license-check-scadenza-bad = È scaduta, tolleranza compresa, il { $day }: va rinnovata.
license-check-attesa = L’attesa di convalida non è finita
license-check-attesa-bad = L’attesa di convalida è finita: va convalidato il cliente.
license-check-versione = La versione è coperta
license-check-versione-bad = La versione è uscita dopo la fine della manutenzione: va rinnovata, oppure si usa una versione precedente.
license-check-flottante = Si attiva su dispositivi
license-check-flottante-bad = È a posti condivisi: non si attiva, il programma occupa un posto mentre è in uso.
license-check-riserva = Il dispositivo è fra quelli previsti
license-check-riserva-bad = È riservata ad altri dispositivi: questo non è fra quelli previsti.
license-check-dispositivi = C’è un posto libero
license-check-dispositivi-bad = Posti esauriti: { $used } di { $max }.
license-check-dispositivi-pending = In attesa di convalida è ammesso un solo dispositivo.
license-check-dispositivi-idle = Ultimo contatto di { $name }: { $when }.
license-check-prova = Qui la prova del prodotto non è ancora stata usata
license-check-prova-bad = Questo dispositivo ha già usato la prova del prodotto con un’altra licenza: serve una licenza a pagamento.
license-check-utenti = C’è posto per un altro utente
license-check-utenti-bad = Utenti esauriti: { $used } di { $max }. Possono attivare solo gli utenti già nominati.
license-fix-resume = Riattiva la licenza
license-fix-customer = Apri il cliente
license-fix-seats = Cambia il numero di posti
license-fix-release = Libera un posto
license-fix-terms = Cambia i termini

## Storico e registro

license-history-all = Tutto
license-history-modifiche = Modifiche
license-history-attivazioni = Attivazioni
license-history-none = Non è ancora successo niente.
license-history-older = Più vecchi
license-history-newest = Dai più recenti
license-history-issued = Licenza emessa
license-times = { $n } volte
license-nobody = nessuno
license-reason = Motivo: { $text }
license-with-batch = con tutto il suo lotto
license-log-caption = Richieste dei programmi per questa licenza
license-log-at = Quando
license-log-operation = Richiesta
license-log-outcome = Esito
license-log-device = Dispositivo
license-log-address = Indirizzo
license-log-key = Con
license-log-key-activation = chiave licenza
license-log-key-computer = chiave computer
license-log-none-title = Nessuna richiesta
license-log-none-text = Quando un programma attiva o controlla questa licenza, la richiesta compare qui con il suo esito.

## Azioni

license-cancel = Annulla
license-back = Torna alla licenza
license-do-sospendi-title = Sospendere la licenza?
license-do-sospendi-action = Sospendi la licenza
license-do-sospendi-devices = { $n ->
    [0] Nessun dispositivo è attivo: da ora non se ne attivano.
    [one] Il dispositivo attivo smette di funzionare al prossimo controllo.
   *[other] I { $n } dispositivi attivi smettono di funzionare al prossimo controllo.
 }
license-do-offline = { $n ->
    [one] Chi lavora offline si ferma al più tardi fra { $n } giorno.
   *[other] Chi lavora offline si ferma al più tardi fra { $n } giorni.
 }
license-do-offline-unlimited = Chi lavora offline senza limite non se ne accorge finché non si collega.
license-do-sospendi-back = I posti restano occupati e la scadenza continua a correre. Si può riattivare quando si vuole.
license-do-sospendi-twice = Una sospensione c’è già: questa si aggiunge, e la licenza riparte solo quando non ne resta nessuna.
license-do-riattiva-title = Riattivare la licenza?
license-do-riattiva-action = Riattiva la licenza
license-do-riattiva-lifts = Si tolgono le sospensioni messe dalla propria azienda e da quelle sotto. I dispositivi ripartono al prossimo controllo.
license-do-riattiva-stays = Un insoluto si toglie saldando, una disputa con il suo verdetto: se restano, la licenza resta sospesa.
license-do-revoca-title = Revocare la licenza?
license-do-revoca-action = Revoca per sempre
license-do-revoca-devices = { $n ->
    [0] Nessun dispositivo è attivo: la chiave non servirà più a nessuno.
    [one] Il dispositivo attivo smette di funzionare al prossimo controllo e non riparte.
   *[other] I { $n } dispositivi attivi smettono di funzionare al prossimo controllo e non ripartono.
 }
license-do-revoca-final = Non si torna indietro: per fermarla solo per un po’ c’è la sospensione. Transazioni e storico restano.
license-do-rilascia-title = Liberare il posto?
license-do-rilascia-action = Libera il posto
license-do-rilascia-device = { $device } perde il posto: la sua chiave computer è rifiutata al prossimo controllo.
license-do-rilascia-again = Il posto torna libero subito. Lo stesso dispositivo può riattivarsi con la chiave, finché ci sono posti.
license-do-rilascia-seen = Ultimo contatto: { $when }.
license-reason-hint = Resta nello storico, con il nome di chi lo fa.
license-reason-frode = Frode
license-reason-insoluto = Insoluto
license-reason-disputa = Pagamento contestato
license-reason-cliente = Chiesto dal cliente
license-reason-altro = Altro
license-assign-title = Assegnare la licenza
license-assign-action = Assegna
license-assign-customer-brings = Un cliente porta con sé la propria azienda; cambiando azienda la licenza perde il suo agente, se non se ne sceglie un altro.
license-assign-past = Chi la perde non la vede più, ma il passato resta suo: vendite e storico di allora non si spostano.
license-assign-find = Cerca un cliente
license-assign-find-hint = Inizio del nome, e-mail o partita IVA
license-assign-search = Cerca
license-assign-more = Sono mostrati i 100 più recenti: gli altri si trovano cercandoli.
license-assign-nobody = nessuno
license-edit-title = Modifica della licenza
license-edit-action = Salva le modifiche
license-edit-terms = Termini
license-edit-money = Prezzo e rinnovo
license-edit-seen = I dispositivi ricevono i nuovi termini al prossimo controllo, con la stessa chiave.
license-edit-own = I termini che costano li cambia il fornitore, oppure una vendita.
license-edit-label-hint = Solo per chi lavora con la licenza: il cliente non la vede.
license-edit-offline-hint = Vuoto: quelli del prodotto.
license-edit-price-hint = Vuoto: da listino.
license-edit-discount-hint = Vuoto: quello dell’azienda.
license-edit-limit-hint = In uso adesso: { $n }.
license-stale-title = Qualcuno l’ha modificata prima di te
license-stale-text = La licenza è cambiata dopo che hai aperto il modulo. Niente è stato salvato: ecco che cosa c’è adesso e che cosa volevi tu.
license-stale-field = Campo
license-stale-now = Adesso
license-stale-mine = Il tuo
license-stale-same = Quello che volevi c’è già: non resta niente da salvare.
license-stale-overwrite = Salva comunque il mio
license-stale-reload = Riparti da com’è adesso
license-empty-value = vuoto
license-suspended = Licenza sospesa.
license-resumed = Licenza riattivata.
license-revoked = Licenza revocata.
license-assigned = Licenza assegnata.
license-changed = Modifiche salvate.
license-nothing-changed = Non c’era niente da cambiare.
license-device-released = Posto liberato.
license-changed-meanwhile = La licenza è cambiata nel frattempo: ecco com’è adesso.
license-resume-not-yours = Le sospensioni che restano le toglie chi le ha messe, o chi sta sopra.

## Dati e certificato

license-raw-title = Dati grezzi
license-raw-text = La licenza come la dà l’API, per chi fa assistenza.
license-copy-json = Copia i dati
license-copy = Copia
license-print = Stampa
license-certificate-title = Certificato di licenza
license-certificate-says = Si certifica che { $customer } ha diritto di usare { $product } con la chiave che segue.
license-certificate-nobody = chi ne è in possesso
license-certificate-issued = Certificato emesso il { $day }. Lo stato aggiornato si vede nel portale.

## Azioni su più licenze

bulk-all = { $n ->
    [one] Azioni sulla licenza trovata
   *[other] Azioni su tutte le { $total } trovate
 }
bulk-over = Azioni su tutte le trovate
bulk-pick = Scegli la licenza { $key }
bulk-pick-all = Scegli tutte quelle della pagina
bulk-bar = Azioni sulle licenze scelte
bulk-picked = Licenze scelte:
bulk-unpick = Deseleziona
bulk-none-chosen = Nessuna licenza scelta: spuntarne almeno una nell’elenco.
bulk-nothing-done = Nessuna licenza modificata: a nessuna di quelle scelte l’azione si applica.
bulk-done-all = Fatto.
bulk-sospendi = Sospendi…
bulk-riattiva = Riattiva…
bulk-revoca = Revoca…
bulk-assegna = Assegna…
bulk-proroga = Proroga…
bulk-sospendi-title = { $n ->
    [one] Sospendere { $total } licenza
   *[other] Sospendere { $total } licenze
 }
bulk-riattiva-title = { $n ->
    [one] Riattivare { $total } licenza
   *[other] Riattivare { $total } licenze
 }
bulk-revoca-title = { $n ->
    [one] Revocare { $total } licenza
   *[other] Revocare { $total } licenze
 }
bulk-assegna-title = { $n ->
    [one] Assegnare { $total } licenza
   *[other] Assegnare { $total } licenze
 }
bulk-proroga-title = { $n ->
    [one] Prorogare { $total } licenza
   *[other] Prorogare { $total } licenze
 }
bulk-sospendi-lede = Smettono di funzionare finché non vengono riattivate: i dispositivi lo sanno alla prossima convalida.
bulk-riattiva-lede = Tornano a funzionare, se nient’altro le ferma. Si tolgono solo le sospensioni proprie e di chi sta sotto.
bulk-revoca-lede = Smettono di funzionare per sempre: una revoca non si annulla.
bulk-assegna-lede = Passano a un cliente, a un’azienda o a un agente. Quel che resta vuoto non cambia.
bulk-proroga-lede = Cambia l’ultimo giorno valido, senza alcun pagamento. Indicare i giorni in più oppure l’ultimo giorno.
bulk-effects = Che cosa accade
bulk-effect-done = { $n ->
    [one] { $total } licenza viene modificata
   *[other] { $total } licenze vengono modificate
 }
bulk-effect-devices = { $n ->
    [one] { $total } dispositivo ne occupa un posto
   *[other] { $total } dispositivi ne occupano un posto
 }
bulk-effect-skipped = { $n ->
    [one] { $total } resta com’è: { $why }
   *[other] { $total } restano come sono: { $why }
 }
bulk-and-more = e altre { $n }
bulk-too-many = In una volta si modificano al massimo { $n } licenze e qui ce ne sono di più. Restringere l’elenco con un filtro e procedere in più parti.
bulk-look = Mostra che cosa accade
bulk-keep = Lascia com’è
bulk-word = Per confermare scrivere { $word }
bulk-revoca-word = REVOCA
bulk-sospendi-action = Sospendi
bulk-riattiva-action = Riattiva
bulk-revoca-action = Revoca per sempre
bulk-assegna-action = Assegna
bulk-proroga-action = Proroga
bulk-back = Torna all’elenco
bulk-result = { $done } fatte, { $skipped } saltate
bulk-result-lede = Ogni licenza modificata ha la sua voce nello storico.
bulk-left = Licenze saltate
bulk-left-all = Scarica le saltate (CSV)
bulk-why = Perché
bulk-skip-revocata = è revocata
bulk-skip-non_sospesa = non è sospesa
bulk-skip-non_propria = la sospensione, o il cliente, è di altri
bulk-skip-senza_scadenza = non ha un ultimo giorno da spostare
bulk-skip-non_compatibile = cliente, azienda e agente non vanno insieme
bulk-skip-gia_cosi = è già così
# Moduli e proprietà di una licenza, conversione

license-modules-change = Moduli…
license-modules-changed = Moduli salvati.
license-modules-lede = Si accendono e si spengono qui, ognuno con il suo ultimo giorno, se ne ha uno. Quelli compresi nel prodotto restano sempre.
license-modules-day-hint = Senza un ultimo giorno, un modulo dura quanto la licenza.
license-modules-payment = Accendere o allungare un modulo a pagamento vuole un modo di pagare, che il portale non offre ancora: per ora lo fa il fornitore.
license-module-day = Ultimo giorno di { $name }
license-module-archived = non più in vendita
license-properties-own = Proprietà di questa licenza
license-properties-hint = Un oggetto JSON. Si aggiungono a quelle del prodotto e, a parità di nome, ne prendono il posto.
license-property-from = Viene da
license-property-own = questa licenza
license-property-product = il prodotto
license-reserved-title = Dispositivi previsti
license-reserved-text = Solo questi possono attivarla.
license-reserved-active = attivo
license-convert = Converti…
license-convert-title = Convertire la prova
license-convert-action = Converti
license-convert-into = Diventa
license-convert-forever = Senza scadenza.
license-convert-forever-from = Dal { $from }, senza scadenza.
license-convert-from-to = Dal { $from } al { $to }, poi si rinnova.
license-convert-later = { $n ->
    [one] Un mese dal primo uso o dalla convalida del cliente, poi si rinnova.
   *[other] { $n } mesi dal primo uso o dalla convalida del cliente, poi si rinnova.
}
license-convert-day-hint = Solo per un abbonamento: vuoto, vale il periodo del prodotto.
license-convert-maintenance-hint = Le versioni nuove sono coperte fino a questo giorno.
license-convert-effects = Che cosa accade
license-convert-same-key = La chiave resta la stessa: i dispositivi ricevono i nuovi termini al prossimo controllo.
license-convert-trial-ends = La prova, fino al { $day }, lascia il posto ai nuovi termini.
license-convert-stock = Di listino vale { $price }: convertita dal fornitore, non è né una vendita né un debito.
license-convert-costs = Di listino costa { $price }.
license-convert-payment = Convertire in una licenza a pagamento vuole un modo di pagare, che il portale non offre ancora: per ora lo fa il fornitore.
license-convert-no-kind = Questo prodotto si vende solo come prova: non c’è niente in cui convertirla.
license-convert-no-trial = Questa licenza non è più una prova da convertire.
license-converted = Prova convertita.
bulk-moduli = Moduli…
bulk-moduli-title = { $n ->
    [one] Cambiare i moduli di una licenza
   *[other] Cambiare i moduli di { $total } licenze
}
bulk-moduli-lede = Si accendono e si spengono nelle licenze di un solo prodotto. Quel che non è spuntato non cambia.
bulk-moduli-action = Cambia i moduli
bulk-moduli-show = Mostra i suoi moduli
bulk-moduli-one = Le licenze degli altri prodotti sono saltate.
bulk-moduli-on = Accendi
bulk-moduli-off = Spegni
bulk-moduli-on-this = Accendi { $name }
bulk-moduli-off-this = Spegni { $name }
bulk-moduli-day-hint = Ultimo giorno dei moduli accesi qui. Vuoto: durano quanto la licenza.
bulk-moduli-none = Questo prodotto non ha moduli da accendere o spegnere.
bulk-skip-altro_prodotto = è di un altro prodotto
bulk-skip-a_pagamento = il modulo è a pagamento
bulk-customer-hint = Un cliente porta le licenze alla propria azienda.
bulk-password-hint = Una revoca non si annulla: serve la propria password.
bulk-export-ticked = delle licenze scelte
field-invia_chiave = Invia la chiave al cliente per e-mail
license-send-hint = Va all’indirizzo del cliente scelto.
license-send-action = Invia la chiave
license-send-title = Inviare la chiave a { $name }?
license-send-lede = Il cliente riceve un messaggio con la chiave di attivazione. Nel registro resta scritto chi lo ha mandato e a chi, senza la chiave.
license-send-effect = La chiave che finisce per { $n }
license-key-sent = Chiave inviata.
license-send-nobody = La chiave non si può inviare: la licenza è revocata, oppure il cliente non ha un indirizzo e-mail.

## Archivio

licenses-view-archive = Archivio
licenses-archive = Archivio
license-archive = Archivia…
license-restore = Riporta dall’archivio…
license-archived = Licenza archiviata: la si ritrova in Licenze, Archivio.
license-restored = Licenza riportata dall’archivio.
license-in-archive = In archivio dal { $when }: elenchi, ricerche e conteggi non la mostrano. Quel che può fare non cambia.
license-do-archivia-title = Archiviare la licenza?
license-do-archivia-action = Archivia la licenza
license-do-archivia-text = Sparisce da elenchi, ricerche e conteggi, e si ritrova in Licenze, Archivio. Non cambia niente di quel che può fare.
license-do-archivia-back = Se un dispositivo si attiva con la sua chiave, o se qualcuno la modifica, torna da sola tra le altre.
license-do-ripristina-title = Riportare la licenza dall’archivio?
license-do-ripristina-action = Riporta la licenza
license-do-ripristina-text = Torna in elenchi, ricerche e conteggi, così com’è.
bulk-archivia = Archivia…
bulk-archivia-title = { $n ->
    [one] Archiviare una licenza
   *[other] Archiviare { $total } licenze
 }
bulk-archivia-lede = Spariscono da elenchi, ricerche e conteggi: si ritrovano in archivio. Non cambia niente di quel che possono fare.
bulk-archivia-action = Archivia
bulk-ripristina = Riporta dall’archivio…
bulk-ripristina-title = { $n ->
    [one] Riportare una licenza dall’archivio
   *[other] Riportare { $total } licenze dall’archivio
 }
bulk-ripristina-lede = Tornano in elenchi, ricerche e conteggi, così come sono.
bulk-ripristina-action = Riporta dall’archivio
bulk-skip-in_uso = è in uso, o può ancora ripartire: in archivio va solo quel che è revocato, scaduto o mai attivato
bulk-skip-non_archiviata = non è in archivio
