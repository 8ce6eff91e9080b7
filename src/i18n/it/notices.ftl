### What users are told in the portal, and how.

nav-notices = Avvisi
notices-unread = Avvisi: { $n } da leggere
notices-lede = Quello che è successo e ti riguarda. Aprire un avviso lo segna come letto.
notices-choose = Scegli che cosa ricevere
notices-read-all = Segna tutti come letti
notices-read-one = Segna come letto
notices-all-read = Avvisi segnati come letti.
notices-new = Da leggere:
notices-empty = Nessun avviso
notices-empty-text = Qui compare quello che ti riguarda: clienti che arrivano, licenze da assegnare, posti esauriti.
notices-preferences = Avvisi
notices-preferences-lede = Di che cosa vuoi sapere, e come. Gli avvisi di sicurezza e quelli necessari al servizio arrivano sempre per e-mail.
notices-topic = Argomento
notices-in-portal = Nel portale
notices-by-mail = Per e-mail
notices-topic-clienti = Clienti che arrivano, e che cosa se ne decide
notices-topic-licenze = Licenze da assegnare, o passate a te
notices-topic-dispositivi = Posti esauriti, e dispositivi liberati che tornano
notices-topic-posta = Messaggi che non arrivano ai tuoi clienti
notices-topic-versioni = Nuove versioni dei programmi che usi
notices-saved = Scelte salvate.
notice-cliente_in_attesa = { $name } si è registrato e aspetta la convalida.
notice-cliente_deciso-convalidato = { $name } è stato convalidato.
notice-cliente_deciso-rifiutato = La richiesta di { $name } è stata rifiutata.
notice-licenza_da_assegnare = Una licenza di { $product } (…{ $tail }) è attiva e non ha chi la segue.
notice-licenza_ricevuta = { $n ->
    [one] Una licenza è passata a te.
   *[other] { $n } licenze sono passate a te.
 }
notice-limite_dispositivi = Posti esauriti: { $name } ha provato ad attivare { $product } (…{ $tail }) su un dispositivo in più.
notice-dispositivo_tornato = Un dispositivo liberato usa ancora { $product } (…{ $tail }): { $name }.
notice-messaggio_rifiutato = Un messaggio a { $name } è stato rifiutato dal suo server di posta.
