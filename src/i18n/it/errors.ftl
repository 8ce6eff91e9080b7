### Messaggi di errore: per ogni codice un titolo breve e, in -detail, la spiegazione per le persone.

## Generali

JSON_NON_VALIDO = Dati non leggibili
JSON_NON_VALIDO-detail = I dati inviati non sono in formato JSON valido. Correggerli e inviarli di nuovo.
NON_AUTENTICATO = Accesso necessario
NON_AUTENTICATO-detail = L’accesso non è stato fatto oppure non è più valido. Accedere di nuovo e riprovare.
ACCESSO_RIFIUTATO = Accesso non riuscito
ACCESSO_RIFIUTATO-detail = Indirizzo e-mail e password non permettono di accedere. Controllarli e riprovare, oppure scegliere una nuova password.
NON_PERMESSO = Operazione non permessa
NON_PERMESSO-detail = Questo accesso non permette l’operazione richiesta. Se serve, chiedere l’autorizzazione a chi gestisce gli accessi.
NON_TROVATO = Non trovato
NON_TROVATO-detail = Quello che si cerca non esiste o non è disponibile con questo accesso. Controllare l’indirizzo o tornare all’elenco.
METODO_NON_PERMESSO = Richiesta non prevista qui
METODO_NON_PERMESSO-detail = Questo indirizzo non prevede il tipo di richiesta ricevuto. Tornare alla pagina precedente e riprovare.
CONFLITTO = Operazione in contrasto con i dati attuali
CONFLITTO-detail = L’operazione non si accorda con i dati attuali, forse cambiati nel frattempo. Ricaricare, controllare e riprovare.
VERSIONE_SUPERATA = Dati cambiati nel frattempo
VERSIONE_SUPERATA-detail = Questi dati sono stati modificati dopo essere stati aperti. Ricaricarli, controllare le novità e ripetere la modifica.
CORPO_TROPPO_GRANDE = Invio troppo grande
CORPO_TROPPO_GRANDE-detail = I dati o il file inviati superano la dimensione massima. Ridurli o dividerli in più parti e riprovare.
INTESTAZIONI_TROPPO_GRANDI = Richiesta troppo lunga
INTESTAZIONI_TROPPO_GRANDI-detail = Il browser o il programma ha inviato troppe informazioni insieme alla richiesta. Cancellare i cookie di questo sito e riprovare.
RICHIESTA_NON_VALIDA = Dati da correggere
RICHIESTA_NON_VALIDA-detail = Alcuni dati mancano o non sono corretti. Controllare i campi segnalati e riprovare.
IF_MATCH_RICHIESTO = Manca la versione da modificare
IF_MATCH_RICHIESTO-detail = La modifica deve indicare nell’intestazione If-Match la versione letta. Leggere di nuovo i dati e ripetere la modifica con il loro ETag.
TROPPE_RICHIESTE = Troppe richieste
TROPPE_RICHIESTE-detail = Sono arrivate troppe richieste in poco tempo. Attendere un po’ e riprovare.
ERRORE_INTERNO = Errore imprevisto
ERRORE_INTERNO-detail = Si è verificato un errore imprevisto. Riprovare tra poco; se si ripete, contattare l’assistenza indicando il codice della richiesta.
NON_DISPONIBILE = Servizio non disponibile
NON_DISPONIBILE-detail = In questo momento il servizio non può rispondere. Riprovare tra qualche minuto.
HOST_NON_AMMESSO = Indirizzo del sito non ammesso
HOST_NON_AMMESSO-detail = Il sito è stato aperto con un indirizzo che non è fra quelli previsti. Usare l’indirizzo abituale oppure avvisare chi gestisce il servizio.

## Rifiuti

VALIDA = Licenza valida
VALIDA-detail = La licenza è valida. Non occorre fare altro.
LICENZA_NON_TROVATA = Licenza non trovata
LICENZA_NON_TROVATA-detail = Nessuna licenza corrisponde alla chiave indicata. Controllare che sia quella ricevuta con l’acquisto oppure contattare il fornitore.
CHIAVE_DIGITATA_MALE = Chiave digitata male
CHIAVE_DIGITATA_MALE-detail = La chiave contiene un errore di battitura. Ricontrollarla, oppure copiarla e incollarla per intero dal messaggio ricevuto.
CHIAVE_COMPUTER_NON_VALIDA = Chiave computer non valida
CHIAVE_COMPUTER_NON_VALIDA-detail = La chiave computer non è riconosciuta o non corrisponde a questo dispositivo. Attivare di nuovo la licenza con la chiave ricevuta all’acquisto.
SOSPESA = Licenza sospesa
SOSPESA-detail = La licenza è sospesa e per ora non può essere usata. Contattare il fornitore per riattivarla.
REVOCATA = Licenza revocata
REVOCATA-detail = La licenza è stata revocata e non può più essere usata. Contattare il fornitore per chiarimenti o per una nuova licenza.
SCADUTA = Licenza scaduta
SCADUTA-detail = La licenza è scaduta. Per continuare a usare il programma, rinnovarla o rivolgersi al fornitore.
CLIENTE_SOSPESO = Cliente sospeso
CLIENTE_SOSPESO-detail = Le licenze di questo cliente sono al momento sospese. Contattare il fornitore per riattivarle.
IN_ATTESA_ESAURITA = Periodo di attesa terminato
IN_ATTESA_ESAURITA-detail = È terminato il periodo d’uso concesso in attesa della convalida. Confermare l’indirizzo e-mail, se non è ancora stato fatto, oppure chiedere la convalida al fornitore.
DISPOSITIVO_NON_AMMESSO = Dispositivo non ammesso
DISPOSITIVO_NON_AMMESSO-detail = La licenza è riservata ad altri dispositivi. Usarla su uno di quelli previsti oppure chiedere al fornitore di aggiungere questo.
DISPOSITIVI_ESAURITI = Dispositivi esauriti
DISPOSITIVI_ESAURITI-detail = La licenza è già attiva sul numero massimo di dispositivi. Liberarne uno che non serve più oppure chiedere al fornitore di aumentare il numero.
UTENTI_ESAURITI = Utenti esauriti
UTENTI_ESAURITI-detail = La licenza è già usata dal numero massimo di utenti. Liberare un utente che non serve più oppure chiedere al fornitore di aumentare il numero.
PRODOTTO_ERRATO = Licenza di un altro prodotto
PRODOTTO_ERRATO-detail = La chiave appartiene a un altro prodotto. Usare la chiave di questo programma oppure contattare il fornitore.
VERSIONE_NON_COPERTA = Versione non compresa
VERSIONE_NON_COPERTA-detail = La licenza non comprende questa versione del programma. Usare una versione precedente compresa nella licenza oppure rinnovare la manutenzione.
PROVA_GIA_USATA = Prova già usata
PROVA_GIA_USATA-detail = La prova di questo prodotto è già stata usata su questo dispositivo. Per continuare, acquistare una licenza o rivolgersi al fornitore.
LICENZA_FLOTTANTE = Licenza a posti condivisi
LICENZA_FLOTTANTE-detail = Questa licenza non si attiva su un dispositivo: il posto si occupa solo mentre il programma è in uso. Aggiornare il programma o chiedere al fornitore come usarla.
DISPOSITIVO_NON_ATTIVO = Dispositivo non attivo
DISPOSITIVO_NON_ATTIVO-detail = La licenza non risulta attiva su questo dispositivo. Per usarla qui, attivarla con la chiave ricevuta all’acquisto.
RILASCI_ESAURITI = Rilasci esauriti
RILASCI_ESAURITI-detail = Per ora non è possibile liberare altri dispositivi in autonomia. Riprovare più avanti oppure chiedere al fornitore di liberare il dispositivo.

## Conflitti

POSTI_IN_USO = Posti ancora in uso
POSTI_IN_USO-detail = Il nuovo limite è inferiore ai posti già in uso. Liberare prima quelli in eccesso oppure indicare un numero più alto.
QUOTA_SUPERATA = Quota superata
QUOTA_SUPERATA-detail = La richiesta supera il numero di licenze o di prove disponibili. Ridurre la quantità oppure chiedere un aumento a chi ha assegnato la quota.
CICLO = Spostamento non possibile
CICLO-detail = Non si può spostare un elemento sotto sé stesso o sotto uno che ne dipende. Scegliere un’altra destinazione.
STATO_INCOMPATIBILE = Azione non possibile in questo stato
STATO_INCOMPATIBILE-detail = Lo stato attuale non permette questa azione. Ricaricare la pagina e controllare lo stato prima di riprovare.
ULTIMO_SUPERADMIN = Ultimo superadmin
ULTIMO_SUPERADMIN-detail = Deve restare sempre almeno un superadmin attivo. Aggiungerne prima un altro e poi riprovare.
IDEMPOTENZA_IN_CONFLITTO = Identificativo già usato
IDEMPOTENZA_IN_CONFLITTO-detail = Lo stesso identificativo (Idempotency-Key) è già stato usato per una richiesta diversa. Ripetere l’operazione con un identificativo nuovo.
IDEMPOTENZA_IN_CORSO = Richiesta già in corso
IDEMPOTENZA_IN_CORSO-detail = La stessa richiesta è ancora in corso. Attendere qualche secondo e riprovare per vederne l’esito.

## Campi dei moduli

campo-MANCANTE = Campo obbligatorio
campo-TIPO_ERRATO = Formato errato
campo-NON_VALIDO = Valore non valido
campo-TROPPO_LUNGO = Testo troppo lungo
campo-TROPPO_CORTO = Testo troppo corto
campo-FUORI_INTERVALLO = Fuori dai limiti
campo-SCONOSCIUTO = Valore sconosciuto
campo-GIA_IN_USO = Già in uso
campo-NON_COMPATIBILE = In contrasto con gli altri dati
campo-TROPPO_COMUNE = Troppo facile da indovinare
campo-NON_ACCETTATO = Da accettare per proseguire
campo-NON_PERMESSO = Scelta non permessa
campo-NON_DISPONIBILE = Al momento non disponibile
