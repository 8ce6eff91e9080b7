### La giornata di un agente.

today-title = Oggi
today-waiting = Clienti da convalidare
today-refused = Attivazioni rifiutate negli ultimi 7 giorni
today-trials = Prove che finiscono entro 7 giorni
today-idle = Prove ferme da 5 giorni
today-expiring = Licenze in scadenza entro 30 giorni
today-all = Vedi tutte: { $number }
today-list = Apri l’elenco
today-nobody = Senza cliente
today-waits = si è registrato e attende la convalida
today-times = { $n ->
    [one] un tentativo
   *[other] { $n } tentativi
 }
today-more-places = servono altri posti?
today-idle-active = attivata, ma nessun dispositivo si è più fatto sentire
today-idle-never = mai attivata
today-call = Chiama
today-write = Scrivi
today-open = Apri
today-decide = Convalida…
today-free = Libera un posto
today-log = Apri il registro
today-own = Le mie vendite
