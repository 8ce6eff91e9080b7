### Quello che attende qualcuno.

nav-waiting = In attesa
waiting-customers = Clienti da convalidare
waiting-licenses = Licenze da assegnare
waiting-customers-lede = Si sono registrati da sé. Fino alla convalida le loro licenze funzionano per pochi giorni e su un solo dispositivo.
waiting-licenses-lede = Attivate o pagate, e ancora senza azienda, o senza l’agente che la loro azienda vuole.
waiting-customers-caption = Clienti da convalidare, dal più recente
waiting-licenses-caption = Licenze da assegnare, dalla più recente
waiting-none = Niente in attesa
waiting-customers-none = Tutti i clienti sono stati convalidati o rifiutati.
waiting-licenses-none = Tutte le licenze attivate o pagate hanno chi le segue.
waiting-nothing-chosen = Niente da decidere: nessuna scelta, o già decisa nel frattempo.
waiting-registered = Registrato
waiting-through = dal link di { $name }
waiting-by-itself = dalla pagina del fornitore
waiting-by-staff = registrato dal personale
waiting-reach = Recapiti
waiting-confirmed = confermata
waiting-unconfirmed = e-mail da confermare
waiting-meanwhile = Intanto
waiting-trial = prova
waiting-not-active = non ancora attivata
waiting-active = attiva
waiting-active-until = attiva fino al
waiting-all-licenses = { $n ->
    [one] La sua licenza
   *[other] Tutte le { $n } licenze
 }
waiting-open = Apri
waiting-choose = Scegli { $name }
waiting-choose-page = Scegli tutte le righe della pagina
waiting-choose-none = Togli la scelta
waiting-bulk = Azioni su quanto è scelto
waiting-all-customers = { $n ->
    [one] l’unico in attesa
   *[other] tutti i { $n } in attesa
 }
waiting-all-waiting-licenses = { $n ->
    [one] l’unica in attesa
   *[other] tutte le { $n } in attesa
 }
waiting-validate-many = Convalida…
waiting-validate-title = { $n ->
    [one] Convalidare un cliente?
   *[other] Convalidare { $n } clienti?
 }
waiting-validate-lede = Le loro licenze hanno da subito le condizioni piene, senza riattivare niente.
waiting-validate-button = { $n ->
    [one] Convalida il cliente
   *[other] Convalida { $n } clienti
 }
waiting-refuse-title = { $n ->
    [one] Rifiutare un cliente?
   *[other] Rifiutare { $n } clienti?
 }
waiting-refuse-lede = Restano sospesi con il motivo indicato, e le loro licenze si fermano.
waiting-refuse-button = { $n ->
    [one] Rifiuta il cliente
   *[other] Rifiuta { $n } clienti
 }
waiting-reason-hint = Lo stesso per tutti. Resta scritto, con chi lo ha dato e quando.
waiting-decided-before = { $n ->
    [one] Uno di quelli scelti è già stato deciso da altri e non è più fra questi.
   *[other] { $n } di quelli scelti sono già stati decisi da altri e non sono più fra questi.
 }
waiting-left = { $n ->
    [one] Se ne decidono al massimo 1.000 alla volta: ne resta uno.
   *[other] Se ne decidono al massimo 1.000 alla volta: ne restano { $n }.
 }
waiting-preview = Anteprima
waiting-now = Adesso
waiting-afterwards = Dopo
waiting-then-stops = si ferma
waiting-then-first-use = parte alla prima attivazione
waiting-then-starts = parte oggi, fino al
waiting-then-starts-forever = parte oggi, senza scadenza
waiting-then-until = vale fino al
waiting-then-forever = vale senza scadenza
waiting-more-customers = { $n ->
    [one] E un altro cliente.
   *[other] E altri { $n } clienti.
 }
waiting-more-licenses = { $n ->
    [one] E un’altra licenza.
   *[other] E altre { $n } licenze.
 }
waiting-validated = { $n ->
    [0] Nessun cliente convalidato
    [one] Un cliente convalidato
   *[other] { $n } clienti convalidati
 }{ $before ->
    [0] {""}
    [one] , uno saltato: già deciso da altri
   *[other] , { $before } saltati: già decisi da altri
 }{ $gone ->
    [0] {""}
    [one] , uno saltato: non è più visibile
   *[other] , { $gone } saltati: non sono più visibili
 }.
waiting-refused = { $n ->
    [0] Nessun cliente rifiutato
    [one] Un cliente rifiutato
   *[other] { $n } clienti rifiutati
 }{ $before ->
    [0] {""}
    [one] , uno saltato: già deciso da altri
   *[other] , { $before } saltati: già decisi da altri
 }{ $gone ->
    [0] {""}
    [one] , uno saltato: non è più visibile
   *[other] , { $gone } saltati: non sono più visibili
 }.
waiting-lacks = Manca
waiting-lacks-agent = l’agente
waiting-lacks-company = l’azienda
waiting-because = Perché
waiting-activated = attivata
waiting-paid = pagata
waiting-assign-one = Assegna…
waiting-assign-button = Assegna
waiting-assign-title = { $n ->
    [one] A chi va la licenza
   *[other] A chi vanno { $n } licenze
 }
waiting-assign-lede = Azienda, agente e cliente devono stare insieme. Quello che non si sceglie resta com’è.
waiting-stays = resta com’è
waiting-customers-search = Sono i più recenti: gli altri si trovano scrivendone il nome e chiedendo l’anteprima.
waiting-no-company = nessuna azienda
waiting-kept-other-company = resta com’è: il cliente è di un’altra azienda, o di nessuna
waiting-kept-revoked = resta com’è: è revocata
waiting-kept-same = è già così
waiting-assign-customer = Assegna il cliente
waiting-kept = { $n ->
    [one] Una licenza resta com’è.
   *[other] { $n } licenze restano come sono.
 }
waiting-none-goes = Nessuna di queste licenze può andare lì.
waiting-assign-many = { $n ->
    [one] Assegna la licenza
   *[other] Assegna { $n } licenze
 }
waiting-assigned = { $n ->
    [0] Nessuna licenza assegnata
    [one] Una licenza assegnata
   *[other] { $n } licenze assegnate
 }{ $other ->
    [0] {""}
    [one] , una saltata: il cliente è di un’altra azienda
   *[other] , { $other } saltate: i clienti sono di un’altra azienda
 }{ $rest ->
    [0] {""}
    [one] , una saltata: era già così, o non c’è più
   *[other] , { $rest } saltate: erano già così, o non ci sono più
 }.
tell-reason-hint = Il messaggio al cliente dice che la richiesta non è accettata; con la spunta riporta anche questo motivo.
field-comunica_motivo = Comunica il motivo al cliente
