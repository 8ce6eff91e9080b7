### Accedere, uscire, confermare.

signed-out = Sei uscito dal portale.
forgotten = Dimenticata?
remember-me = Ricorda questo computer per 30 giorni
unsafe-place = Da qui non si accede: il portale è raggiunto senza TLS da un altro computer e la password viaggerebbe in chiaro. Chi gestisce il server configuri un base_url con https.
confirm-title = Conferma la password
confirm-lede = Prima di un’operazione delicata chiediamo di nuovo la password. Vale per 15 minuti.
confirm-action = Conferma
field-email = E-mail
field-password = Password
field-accesso = Accesso
