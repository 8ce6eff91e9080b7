### Accedere, uscire, confermare.

signed-out = Sei uscito dal portale.
forgotten = Dimenticata?
remember-me = Ricorda questo computer per 30 giorni
unsafe-place = Da qui non si accede: il portale è raggiunto senza TLS da un altro computer e la password viaggerebbe in chiaro. Chi gestisce il server configuri un base_url con https.
confirm-title = Conferma la password
confirm-lede = Prima di un’operazione delicata chiediamo di nuovo la password. Vale per 15 minuti.
confirm-action = Conferma

## Link ricevuti

link-dead = Questo link non vale più
link-dead-text = È già stato usato, è scaduto oppure ne è stato mandato uno più recente. Se serve una nuova password se ne può chiedere un altro; per un invito rivolgersi a chi lo ha mandato.
set-up-title = Primo accesso
set-up-lede = Crea il superamministratore di questa installazione. Il link vale una volta sola.
set-up-action = Crea e vai all’accesso
set-up-done = Il superamministratore è pronto: ora si può accedere.
invitation-title = Benvenuto
invitation-lede = L’invito è per { $email }. Scegli la password con cui accedere.
invitation-action = Accetta l’invito
invitation-accepted = L’invito è accettato: ora si può accedere.
forgotten-title = Chiedi un’altra password
forgotten-lede = Scrivi l’e-mail con cui accedi: se è registrata, arriva un link che vale un’ora.
forgotten-action = Manda il link
back-to-sign-in = Torna all’accesso
reset-sent = Se l’indirizzo è registrato, il link è in arrivo. Vale un’ora.
reset-title = Scegli una nuova password
reset-lede = Per { $email }. Tutte le sessioni e i gettoni di questo utente saranno chiusi.
reset-action = Imposta la password
reset-done = La nuova password è impostata: ora si può accedere.
password-hint = Almeno 12 caratteri; una frase è più facile da ricordare. Niente parole comuni.

## Profilo

profile-data = Dati
profile-saved = Il profilo è aggiornato.
save = Salva
actions = Azioni
security = Sicurezza
sessions = Sessioni aperte
sessions-count = { $n ->
    [one] { $n } sessione
   *[other] { $n } sessioni
 }
session-browser = Browser
session-address = Indirizzo
session-began = Aperta
session-seen = Ultimo uso
session-this = questa
session-end = Chiudi
session-ended = La sessione è chiusa.
sessions-end-others = Chiudi tutte le altre
sessions-ended = Le altre sessioni sono chiuse.
password-change = Cambia la password
password-change-lede = Le altre sessioni e tutti i gettoni API si chiudono subito.
password-new = Nuova password
password-changed = La password è cambiata. Le altre sessioni e i gettoni sono chiusi.
