### I clienti.

customer = Cliente
customer-new = Nuovo cliente
customer-new-lede = Chi è registrato da qui è già convalidato.
customer-create-action = Registra il cliente
customer-created = Cliente registrato.
customer-saved = Dati del cliente salvati.
customer-name = Ragione sociale, o nome e cognome
customer-group-data = Dati
customer-group-seller = Chi lo segue
customer-group-sites = Sedi
customer-group-contacts = Referenti
customer-vat-hint = Per l’Italia 11 cifre; per altri paesi con la sigla davanti.
customer-tax-hint = 16 caratteri di una persona, o 11 cifre di un’azienda.
customer-email-hint = A questo indirizzo arrivano chiavi e avvisi.
customer-agent-hint = L’agente deve appartenere all’azienda scelta.
customer-bad-vat = La partita IVA non è giusta: contare le 11 cifre e ricontrollarle, l’ultima dipende dalle altre.
customer-bad-tax-code = Il codice fiscale non è giusto: ricontrollarlo, l’ultimo carattere dipende dagli altri.
rows-more-sites = Aggiungi sedi
rows-more-contacts = Aggiungi referenti
row-sedi = Sede { $n }
row-referenti = Referente { $n }
customers-filter = Filtra i clienti
customers-search = Cerca fra i clienti
customers-search-hint = Nome, e-mail, P.IVA
customers-caption = Clienti, dal più recente
customers-empty = Ancora nessun cliente
customers-empty-text = I clienti sono aziende o persone che usano le licenze. Si registrano da sé o da qui.
customer-double = doppione?
customer-double-lede = Un altro cliente ha la stessa partita IVA o lo stesso indirizzo e-mail. Lo vede solo il fornitore.
customer-waits = Attende la convalida: fino ad allora le sue licenze funzionano per pochi giorni e su un solo dispositivo.
customer-unconfirmed = L’indirizzo e-mail non è ancora confermato.
customer-stopped = Cliente sospeso: le sue licenze sono ferme.
customer-no-licenses = Nessuna licenza.
customer-no-contacts = Nessun referente.
customer-no-sites = Nessuna sede.
customer-no-users = Nessun utente: il cliente non può accedere al portale.
customer-validate-action = Convalida
customer-validated = Cliente convalidato.
customer-propose-menu = Proponi la convalida…
customer-propose-title = Proporre la convalida di { $name }?
customer-propose-lede = Per il cliente non cambia niente. Chi decide lo trova prima degli altri, con ciò che gli si scrive qui.
customer-propose-action = Proponi la convalida
customer-proposed = Convalida proposta.
customer-proposed-tag = Convalida proposta
customer-was-proposed = Convalida proposta il { $day }.
customer-effect-proposed = { $n ->
    [0] Non ha ancora licenze
    [one] La sua licenza resta in attesa finché qualcuno decide
   *[other] Le sue { $n } licenze restano in attesa finché qualcuno decide
 }
customer-refuse-menu = Rifiuta…
customer-refuse-title = Rifiutare { $name }?
customer-refuse-lede = Il cliente resta sospeso con il motivo indicato. Chi può riattivarlo lo riporta in attesa.
customer-refuse-action = Rifiuta il cliente
customer-refused = Cliente rifiutato.
customer-suspend-title = Sospendere { $name }?
customer-suspend-lede = Le sue licenze rispondono «cliente sospeso» dal prossimo contatto, finché non viene riattivato.
customer-suspend-action = Sospendi il cliente
customer-suspended = Cliente sospeso.
customer-resume-title = Riattivare { $name }?
customer-resume-lede = Il cliente riprende da dove era, con le sue licenze.
customer-resume-action = Riattiva il cliente
customer-resumed = Cliente riattivato.
customer-effect-stopped = { $n ->
    [0] Nessuna licenza si ferma
    [one] Si ferma { $n } licenza
   *[other] Si fermano { $n } licenze
 }
customer-effect-resumed = { $n ->
    [0] Nessuna licenza
    [one] Riprende { $n } licenza
   *[other] Riprendono { $n } licenze
 }
customer-assign-menu = Assegna…
customer-assign-title = A chi va { $name }
customer-assign-lede = { $n ->
    [0] Non ha licenze che lo seguano.
    [one] La sua licenza lo segue.
   *[other] Le sue { $n } licenze lo seguono.
 } Quello che è già successo resta a chi lo ha fatto.
customer-assign-action = Assegna il cliente
customer-assigned = Cliente assegnato.
customer-doubles = Doppioni
customer-same = uguale
customer-archived = Archiviato il { $day }: non compare più negli elenchi e non si modifica.
customer-merged-into = Apri il cliente con cui è stato unito
customer-parts = Uniti a questo cliente:
customer-merge-menu = Unisci…
customer-merge-title = Unire a { $name }
customer-merge-choose = Scegliere il cliente da unire a questo. Prima di farlo si vedono i due affiancati.
customer-merge-others = Altri clienti
customer-merge-preview = Confronto
customer-merge-lede = Licenze, utenti, referenti, sedi, ordini e richieste passano al cliente che resta, che prende dall’altro solo i dati che non ha. L’altro viene archiviato. Non si può annullare.
customer-merge-stays = Resta
customer-merge-goes = Viene unito
customer-merge-swap = Scambia: resti l’altro
customer-merge-whose = Scegliere l’azienda
customer-merge-whose-hint = I due clienti sono di aziende diverse. L’altra azienda lo perde, con le sue licenze, e non viene a sapere a chi passa.
customer-merge-states = I due clienti sono in stati diversi: prima di unirli convalidare chi attende, o riattivare chi è sospeso.
customer-merge-stale = Uno dei due clienti è stato modificato nel frattempo: ricontrollare il confronto prima di unirli.
customer-merge-action = Unisci i due clienti
customers-merged = Clienti uniti.
customer-privacy-menu = Dati personali…
customer-privacy-title = Dati personali di { $name }
customer-consents = Consensi
customer-consent-privacy = Informativa sulla privacy
customer-consent-none = nessun consenso registrato
customer-erasure-asked = Il { $day } il cliente ha chiesto la cancellazione dei suoi dati.
customer-anonymised-on = Anonimizzato il { $day }: resta quello che è già successo, non chi era.
customer-export-title = Consegnare i dati
customer-export-lede = Un file JSON con tutto quello che si sa del cliente: dati, referenti, sedi, utenti, licenze, dispositivi, vendite, consensi, accessi. La consegna resta nello storico.
customer-export-action = Scarica i dati
customer-anonymise-title = Anonimizzare
customer-anonymise-lede = Toglie per sempre nome, recapiti, codici fiscali, referenti, sedi, nomi dei dispositivi; gli utenti non accedono più. Il libro contabile e i registri, che non si modificano, restano come sono. Non si può annullare.
customer-anonymise-works = { $n ->
    [one] Prima va revocata, o deve scadere, la licenza che funziona
   *[other] Prima vanno revocate, o devono scadere, le { $n } licenze che funzionano
 }
customer-anonymise-owes = Prima va saldato quello che è aperto: { $amount }
customer-anonymise-type = Per confermare, scrivere il nome: { $name }
customer-anonymise-stale = Il cliente è stato modificato nel frattempo: ricontrollare prima di anonimizzarlo.
customer-anonymise-action = Anonimizza il cliente
customer-anonymised = Cliente anonimizzato.
