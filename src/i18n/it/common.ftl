### Parole che più pagine hanno in comune.

yes = sì
no = no
never = mai
choose = Scegliere…
read-only = sola lettura
empty-value = nessuno
unseen-value = altrove
to-assign = da assegnare
no-agent = nessun agente
sections = Sezioni
tab-overview = Panoramica
tab-history = Storico
see-all = Vedi tutte
more-actions = Altro
edit-action = Modifica
edit-title = Modifica { $name }
save-action = Salva
cancel-action = Annulla
reload-action = Ricarica
overwrite-action = Sovrascrivi
suspend-menu = Sospendi…
resume-menu = Riattiva…
go-back = Torna indietro
reason-hint = Resta nello storico.
reason-was = Motivo: { $reason }
effects = Che cosa riguarda
form-error-title = Errore
any-company = Tutte le aziende
any-agent = Tutti gli agenti
any-role = Tutti i ruoli
any-state = Tutti gli stati
all-states = Tutti gli stati
filter-action = Filtra
filter-clear = Togli i filtri
filter-remove = Togli il filtro { $name }
nothing-found = Nessun risultato
nothing-found-text = Niente corrisponde alla ricerca e ai filtri scelti.
of-limit = di { $limit }
registered-on = Registrato il
opened-on = Aperta il
copy-email = Copia l’indirizzo e-mail
copy-vat = Copia la partita IVA
product = Prodotto
expiry = Scadenza
devices-short = Dispositivi
license-key-short = Chiave
license-new-for = Nuova licenza
no-expiry = senza scadenza
from-activation = dall’attivazione
days-unit = giorni
code-it = Italiano
code-en = Inglese
code-attivo = Attivo
code-invitato = Invitato
code-disabilitato = Disabilitato
code-convalidato = Convalidato
code-in_attesa = In attesa
code-sospeso = Sospeso
code-rivenditore = Rivenditore
code-sottoazienda = Sottoazienda
code-agente = Agente
rows-hint = Le righe lasciate vuote non si salvano.

## Modifiche contemporanee

stale-title = Nel frattempo qualcun altro ha modificato questi dati
stale-lede = Niente è stato salvato. Nel modulo ci sono i tuoi valori: sovrascrivi per farli valere, oppure ricarica per ripartire da quelli attuali.
stale-table = Campi che differiscono
stale-field = Campo
stale-yours = Tuo
stale-now = Attuale
stale-none = I campi di questo modulo sono uguali ai tuoi: è cambiato altro.

## Storico

history-in-log = Nel registro delle attività
history-empty = Ancora nessun evento
history-empty-text = Qui compare chi ha fatto che cosa, e quando.
