### Le impostazioni dell’installazione.

nav-settings = Impostazioni
settings-lede = Valgono per tutta l’installazione. Ogni modifica resta nel registro.
settings-history = Vedi le modifiche
settings-installation = Installazione
settings-people = Per chi usa il portale
settings-products = Nuovi prodotti
settings-name-hint = Compare nel titolo di ogni pagina
settings-badge-hint = Poche parole nella barra in alto, per esempio “Ambiente di prova”
settings-support-hint = Compare in fondo alle pagine pubbliche e nella pagina dei clienti
settings-privacy-hint = Indirizzo https dell’informativa, in fondo alle pagine pubbliche
settings-products-hint = Valori proposti quando si definisce un prodotto. Quelli già definiti non cambiano.
settings-days = giorni
settings-save = Salva le impostazioni
settings-saved = Impostazioni salvate.
settings-configured = Dal file di configurazione
settings-configured-lede = Si cambiano in Rocket.toml o con le variabili ROCKET_*, riavviando il programma.
settings-key = Chiave
settings-value = Valore
settings-secret = impostata, non si mostra
settings-unset = non impostata
settings-stale = Impostazioni cambiate nel frattempo
settings-yours = Le tue
settings-stands = Attuali
settings-same = Quelle attuali sono già come le volevi.
settings-overwrite = Sovrascrivi con le mie
settings-reload = Ricarica le attuali
