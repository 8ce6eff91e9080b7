### Le aziende e gli agenti.

node-new = Nuova azienda o agente
node-new-rivenditore = Nuovo rivenditore
node-new-sottoazienda = Nuova sottoazienda
node-new-agente = Nuovo agente
node-about-rivenditore = compra dal fornitore
node-about-sottoazienda = sotto un’altra azienda
node-about-agente = vende per un’azienda
node-create-action = Apri
node-created = Aperto. Ora si può invitare chi vi lavora.
node-saved = Dati salvati.
node-users-later = Gli utenti si invitano dopo, dalla scheda.
node-group-place = Dove
node-group-data = Dati
node-group-terms = Condizioni
node-group-rights = Diritti
node-root = nessuna: sta sotto il fornitore
node-parent-hint = Un rivenditore sta sempre sotto il fornitore.
node-code-hint = Lettere e cifre; compare nel collegamento per registrarsi.
node-wants-agent = Vuole un agente
node-wants-agent-hint = Chi non ha un agente compare fra quelli da assegnare.
node-quota-hint = Vuota: senza limite. Conta anche ciò che sta sotto.
node-discount-hint = Di un’azienda è lo sconto con cui compra; di un agente il massimo che può fare.
node-credit-hint = Quanto può restare da saldare, in tutto.
node-defer-rule = secondo il fido
node-defer-yes = concesso
node-defer-no = tolto
node-defer-hint = Di regola lo ha chi ha un fido.
node-collect-hint = Registra i pagamenti dei propri clienti come fatti a sé.
node-validate-hint = Accetta o rifiuta chi si registra da sé.
node-own-terms = Quota, sconto, fido e diritti li cambia chi sta sopra.
node-bad-discount = Lo sconto va da 0 a 100 %, non oltre quello dell’azienda superiore e non sotto quello di chi sta sotto.
node-bad-credit = Il fido non può superare quello dell’azienda superiore.
node-bad-quota = Un numero intero, oppure niente.
node-bad-right = L’azienda superiore non ha questo diritto.
node-bad-parent = Qui non può stare: controllare ruolo e sconto.
node-too-deep = L’albero diventerebbe troppo profondo.
node-no-parent = Scegliere dove.
nodes-filter = Filtra aziende e agenti
nodes-search = Cerca fra aziende e agenti
nodes-search-hint = Nome, codice, e-mail
nodes-caption = Albero delle aziende, { $shown } di { $n } visibili
nodes-more = L’albero è grande: sono compresi i { $n } più recenti.
nodes-empty = Ancora nessuna azienda
nodes-empty-text = Rivenditori, sottoaziende e agenti formano l’albero di chi vende.
open-all = Apri tutto
close-all = Chiudi tutto
node-open = Apri { $name }
node-close = Chiudi { $name }
node-level = livello { $n }
node-licenses = Licenze e quota
node-licenses-plain = Licenze
node-trials = Prove
node-credit = Fido impegnato
node-numbers = Numeri
node-limits = Limiti
node-below = Sotto
node-nothing-below = Niente sta sotto.
node-own-users = Utenti
node-no-users = Nessun utente: per ora nessuno accede.
node-stopped = Sospeso: i suoi utenti, e quelli di chi sta sotto, non accedono. Le licenze dei clienti continuano.
node-link = Collegamento per registrarsi
node-link-copy = Copia il collegamento
node-link-hint = Chi si registra da qui diventa un cliente di questa azienda, da convalidare.
node-suspend-title = Sospendere { $name }?
node-suspend-lede = I suoi utenti, e quelli di tutto ciò che sta sotto, escono subito. Le licenze dei clienti continuano a funzionare.
node-suspend-action = Sospendi
node-suspended = Sospeso.
node-resume-title = Riattivare { $name }?
node-resume-lede = I suoi utenti, e quelli di chi sta sotto, possono di nuovo accedere.
node-resume-action = Riattiva
node-resumed = Riattivato.
node-effect-nodes = { $n ->
    [0] Niente sotto
    [one] { $n } azienda o agente sotto
   *[other] { $n } fra aziende e agenti sotto
 }
node-effect-users = { $n ->
    [0] Nessun utente
    [one] { $n } utente
   *[other] { $n } utenti
 }
node-effect-customers = { $n ->
    [0] Nessun cliente
    [one] { $n } cliente
   *[other] { $n } clienti
 }
node-effect-licenses = { $n ->
    [0] Nessuna licenza
    [one] { $n } licenza
   *[other] { $n } licenze
 }
node-shift-menu = Sposta…
node-shift-title = Dove va { $name }
node-shift-company = Si sposta con tutto ciò che sta sotto. Quello che è già successo resta a chi lo ha fatto.
node-shift-agent = L’agente lascia all’azienda attuale i suoi clienti e le sue licenze.
node-shift-where = Sotto quale azienda
node-shift-root = il fornitore (diventa rivenditore)
node-shift-along = Che cosa va con lei
node-shift-left = Che cosa lascia
node-shift-action = Sposta
node-shift-nowhere = Non c’è dove spostare
node-shift-nowhere-text = Nessun’altra azienda può stare sopra.
node-moved = Spostato.

## Regole

node-rules = Regole
node-rules-lede = Per le licenze di questa azienda e di chi sta sotto, al posto di ciò che dice il prodotto. Ciò che una licenza ha di suo vale comunque di più.
node-rules-own = Le regole della propria azienda le cambia chi sta sopra.
node-rules-vendors = Le ha impostate il fornitore, e le cambia lui.
node-rules-narrows = Si può solo restringere: un valore più largo di quello che arriva da sopra non ha effetto.
node-rules-inherits = Vuoto: da sopra arriva { $n }.
node-rules-as-product = Vuoto: come dice il prodotto.
node-rules-inherited = da sopra
node-rules-product = come dice il prodotto
node-rules-set = impostato qui
node-rules-reset = Torna a ciò che arriva da sopra
node-rules-saved = Regole salvate: valgono dal prossimo contatto di ogni dispositivo.
node-rules-reset-done = Regole tolte: vale di nuovo ciò che arriva da sopra.
node-rules-holds = Che cosa vale
node-rules-holds-text = per prodotto; in grassetto ciò che è diverso dal prodotto
node-rules-other = (diverso dal prodotto)

## Prodotti

node-products = Prodotti
node-products-lede = Che cosa possono vendere questa azienda e chi sta sotto. Un prodotto tolto da qui per loro non esiste più; le licenze che ci sono già continuano a funzionare e si vedono.
node-products-own = I prodotti della propria azienda li sceglie chi sta sopra.
node-products-all = tutti quelli di chi sta sopra, anche i futuri
node-products-some = solo questi
node-products-hint = Vale se si è scelto “solo questi”.
node-products-sold = Che cosa vende
node-products-none = Sopra non si vende ancora nessun prodotto.
node-products-saved = Prodotti salvati.
