### Gli utenti.

user-new = Nuovo utente
user-new-lede = Riceve per e-mail un invito che vale 7 giorni, e sceglie da sé la password.
user-group-who = Chi
user-group-data = Dati
user-group-password = Senza invito
user-home = Appartiene a
user-of-vendor = Fornitore
user-of-vendor-choice = Fornitore (superadmin)
user-name-hint = Se manca vale l’indirizzo; chi accetta l’invito può cambiarlo.
user-read-only-hint = Vede tutto ciò che vede il suo ruolo e non cambia niente.
user-read-only-change-hint = Vede tutto ciò che vede il suo ruolo e non cambia niente. Se si cambia, le sessioni e i token dell’utente finiscono subito.
user-password-hint = Con una password l’utente è pronto e non riceve l’invito. Almeno 12 caratteri.
user-invite-menu = Invita un utente
user-invite-action = Invia l’invito
user-create-action = Crea l’utente
user-invited = Invito spedito.
user-created = Utente creato: può accedere.
user-saved = Dati dell’utente salvati.
user-invite-again-action = Spedisci di nuovo l’invito
user-invited-again = Nuovo invito spedito: quello di prima non vale più.
user-waits = Ha ricevuto un invito e non lo ha ancora accettato.
user-stopped = Disabilitato: non può accedere.
user-disable-menu = Disabilita…
user-disable-title = Disabilitare { $name }?
user-disable-lede = Esce subito da ogni browser e i suoi token non valgono più. Si può abilitare di nuovo; i token no.
user-disable-action = Disabilita l’utente
user-disabled = Utente disabilitato.
user-enable-action = Abilita
user-enabled = Utente abilitato.
user-sessions = Sessioni aperte
user-sessions-menu = Termina le sessioni…
user-sessions-title = Terminare le sessioni di { $name }?
user-sessions-lede = Deve accedere di nuovo da ogni browser. I token per i programmi continuano a valere.
user-sessions-action = Termina le sessioni
user-sessions-ended = { $n ->
    [0] Non c’erano sessioni aperte.
    [one] Terminata { $n } sessione.
   *[other] Terminate { $n } sessioni.
 }
user-effect-sessions = { $n ->
    [0] Nessuna sessione aperta
    [one] { $n } sessione aperta
   *[other] { $n } sessioni aperte
 }
user-effect-tokens = { $n ->
    [0] Nessun token
    [one] { $n } token
   *[other] { $n } token
 }
user-no-sessions = Nessuna sessione aperta.
user-tokens = Token per i programmi
user-no-tokens = Nessun token valido.
user-token-revoke-title = Revocare il token { $name }?
user-token-revoke-lede = I programmi che lo usano vengono respinti dalla prossima richiesta. Non si può tornare indietro.
user-token-revoke-action = Revoca il token
user-token-revoked = Token revocato.
user-seen = Ultimo accesso
user-since = Utente dal
user-you = (tu)
session-since = Dal
token-expires = Scade il
token-revoke-menu = Revoca…
users-filter = Filtra gli utenti
users-search = Cerca fra gli utenti
users-search-hint = Nome, e-mail
users-caption = Utenti, dal più recente
users-empty = Ancora nessun utente
users-empty-text = Gli utenti accedono al portale per un’azienda, un agente o un cliente.

## Vedi come

user-see-menu = Vedi come…
user-see-title = Vedere come { $name }?
user-see-lede = Si vede ciò che vede questa persona, in sola lettura e per trenta minuti al massimo; le chiavi di licenza restano coperte. Inizio, fine e ogni pagina aperta restano nei registri.
user-see-action = Vedi come
user-see-ended = Di nuovo con i propri occhi.
seeing = Stai vedendo come { $name } ({ $role }), in sola lettura. Ogni pagina aperta resta nel registro.
seeing-until = Finisce da sé: { $time }
seeing-end = Torna a vedere come te
seeing-refused = Qui si guarda soltanto
seeing-refused-detail = Mentre si vede come un’altra persona non si cambia e non si scarica niente, e si apre solo ciò che quella persona può aprire. Per fare qualcosa, prima tornare a vedere come sé.
