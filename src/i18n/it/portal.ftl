### Il portale: cornice, parole comuni, ruoli.

## Cornice

brand-home = Sigillo, pagina iniziale
skip-to-content = Vai al contenuto
open-menu = Apri il menu
close = Chiudi
search = Cerca
search-everywhere = Cerca in tutto il portale
search-hint = Chiave, cliente, e-mail, P.IVA, dispositivo
user-menu = { $name }: menu utente
profile = Profilo e sicurezza
sign-in = Accedi
sign-out = Esci
theme-system = Aspetto del sistema
theme-light = Aspetto chiaro
theme-dark = Aspetto scuro
other-language = English
other-language-code = en
data-of = Dati di:
breadcrumb = Percorso
pages = Pagine
first-page = Dall’inizio
next-page = Successive
optional = facoltativo
copied = Copiato negli appunti
show-password = Mostra la password
go-home = Torna all’inizio
error-code = Codice: { $code }
error-request = richiesta { $id }
door-says = Licenze, dispositivi e rinnovi in un solo registro.
form-errors = { $n ->
    [one] C’è un errore. Niente è stato salvato.
   *[other] Ci sono { $n } errori. Niente è stato salvato.
 }
foreign-request = Richiesta non accettata
foreign-request-detail = La richiesta non arriva da una pagina di questo portale e non è stata eseguita. Aprire il portale e ripetere l’operazione da lì.

## Menu

nav-main = Principale
nav-dashboard = Cruscotto
nav-licenses = Licenze
nav-customers = Clienti
nav-sales = Vendite
nav-products = Prodotti
nav-organisation = Organizzazione
nav-nodes = Aziende e agenti
nav-users = Utenti
nav-logs = Registri
nav-activations = Attivazioni
nav-accesses = Accessi
nav-audit = Attività
nav-api = Documentazione API

## Ruoli

role-superadmin = Fornitore
role-rivenditore = Rivenditore
role-sottoazienda = Sottoazienda
role-agente = Agente
role-cliente = Cliente

## Stati

license = Licenza
license-state-attiva = Attiva
license-state-demo = Demo
license-state-in_attesa_convalida = In attesa
license-state-emessa = Emessa
license-state-sospesa = Sospesa
license-state-scaduta = Scaduta
license-state-revocata = Revocata
customer-state-convalidato = Convalidato
customer-state-in_attesa = In attesa
customer-state-sospeso = Sospeso
node-state-attivo = Attivo
node-state-sospeso = Sospeso
user-state-attivo = Attivo
user-state-invitato = Invitato
user-state-disabilitato = Disabilitato
copy-key-short = Copia la chiave { $first }…{ $last }

## Tempo

ago-now = adesso
ago-minutes = { $n } min fa
ago-today = oggi, { $clock }
ago-yesterday = ieri, { $clock }
day-today = oggi
day-tomorrow = domani
day-yesterday = da ieri
day-in = { $n ->
    [one] tra { $days } giorno
   *[other] tra { $days } giorni
 }
day-since = { $n ->
    [one] da { $days } giorno
   *[other] da { $days } giorni
 }
month-1 = gennaio
month-2 = febbraio
month-3 = marzo
month-4 = aprile
month-5 = maggio
month-6 = giugno
month-7 = luglio
month-8 = agosto
month-9 = settembre
month-10 = ottobre
month-11 = novembre
month-12 = dicembre
