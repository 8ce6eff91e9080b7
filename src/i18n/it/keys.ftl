### Tavolozza dei comandi, scorciatoie da tastiera, messaggi di passaggio.

palette = Cerca e comandi
palette-hint = Pagina, azione, chiave, cliente…
palette-found = Pagine, azioni e risultati
palette-choose = scegli
palette-open = apri
palette-close = chiudi
palette-everything = Cerca «{ $text }» in tutto il portale
found-pages = Pagine
found-actions = Azioni
found-told = { $n ->
    [0] Nessun risultato
    [one] { $n } risultato
   *[other] { $n } risultati
 }
keys-title = Scorciatoie da tastiera
keys-search = Vai alla ricerca
keys-new = Comincia qualcosa di nuovo, nelle pagine che lo prevedono
keys-help = Questo elenco
keys-escape = Chiudi ciò che è aperto
keys-can-be-off = I tasti singoli non valgono mentre si scrive in un campo, e si possono spegnere.
keys-are-off = Le scorciatoie di un solo tasto sono spente in questo browser.
keys-change = Cambia nel profilo
keys-lede = Con un solo tasto si va a una pagina o se ne apre una nuova; «?» le elenca tutte. Chi usa la voce, o preme tasti per sbaglio, può spegnerle. La scelta vale per questo browser.
keys-single = Scorciatoie di un solo tasto
keys-on = Le scorciatoie di un solo tasto sono accese.
keys-off = Le scorciatoie di un solo tasto sono spente.
request-failed = La richiesta non è riuscita: il portale non risponde o c’è stato un errore. Quello che si vede potrebbe non essere aggiornato; riprovare fra poco.
