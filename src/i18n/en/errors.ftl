### Error messages: a short title for each code and, in -detail, the explanation for people.

## General

JSON_NON_VALIDO = Unreadable data
JSON_NON_VALIDO-detail = The data sent is not valid JSON. Please correct it and send it again.
NON_AUTENTICATO = Sign-in needed
NON_AUTENTICATO-detail = You are not signed in, or your sign-in is no longer valid. Please sign in again and retry.
ACCESSO_RIFIUTATO = Sign-in failed
ACCESSO_RIFIUTATO-detail = This email address and password do not open an account here. Please check them and try again, or choose a new password.
NON_PERMESSO = Not allowed
NON_PERMESSO-detail = Your access does not allow this operation. If you need it, please ask whoever manages access for permission.
NON_TROVATO = Not found
NON_TROVATO-detail = What you are looking for does not exist or is not available with your access. Please check the address or go back to the list.
METODO_NON_PERMESSO = Request not supported here
METODO_NON_PERMESSO-detail = This address does not support the kind of request received. Please go back to the previous page and try again.
CONFLITTO = Conflict with the current data
CONFLITTO-detail = The operation does not fit the current data, which may have changed in the meantime. Please reload, check and try again.
VERSIONE_SUPERATA = Data changed in the meantime
VERSIONE_SUPERATA-detail = This data was changed after it was opened. Please reload it, review what is new and make your change again.
CORPO_TROPPO_GRANDE = Too much data
CORPO_TROPPO_GRANDE-detail = The data or file sent is larger than allowed. Please make it smaller or split it, then try again.
INTESTAZIONI_TROPPO_GRANDI = Request too long
INTESTAZIONI_TROPPO_GRANDI-detail = The browser or program sent too much information along with the request. Please clear the cookies of this site and try again.
RICHIESTA_NON_VALIDA = Data to correct
RICHIESTA_NON_VALIDA-detail = Some data is missing or incorrect. Please check the fields indicated and try again.
IF_MATCH_RICHIESTO = Version to change is missing
IF_MATCH_RICHIESTO-detail = The change must state in the If-Match header the version that was read. Please read the data again and repeat the change with its ETag.
TROPPE_RICHIESTE = Too many requests
TROPPE_RICHIESTE-detail = Too many requests arrived in a short time. Please wait a while and try again.
ERRORE_INTERNO = Unexpected error
ERRORE_INTERNO-detail = An unexpected error occurred. Please try again shortly; if it happens again, contact support and quote the request code.
NON_DISPONIBILE = Service unavailable
NON_DISPONIBILE-detail = The service cannot answer at the moment. Please try again in a few minutes.
HOST_NON_AMMESSO = Site address not allowed
HOST_NON_AMMESSO-detail = The site was opened with an address that is not among the expected ones. Please use the usual address or tell whoever runs the service.

## Refusals

VALIDA = Licence valid
VALIDA-detail = The licence is valid. There is nothing else to do.
LICENZA_NON_TROVATA = Licence not found
LICENZA_NON_TROVATA-detail = No licence matches this key. Please check that it is the one received with the purchase, or contact your supplier.
CHIAVE_DIGITATA_MALE = Key mistyped
CHIAVE_DIGITATA_MALE-detail = The key contains a typing mistake. Please check it again, or copy and paste all of it from the message you received.
CHIAVE_COMPUTER_NON_VALIDA = Computer key not valid
CHIAVE_COMPUTER_NON_VALIDA-detail = The computer key is not recognised or does not match this device. Please activate the licence again with the key received with the purchase.
SOSPESA = Licence suspended
SOSPESA-detail = The licence is suspended and cannot be used for now. Please contact your supplier about resuming it.
REVOCATA = Licence revoked
REVOCATA-detail = The licence has been revoked and can no longer be used. Please contact your supplier for an explanation or a new licence.
SCADUTA = Licence expired
SCADUTA-detail = The licence has expired. To keep using the program, please renew it or contact your supplier.
CLIENTE_SOSPESO = Customer suspended
CLIENTE_SOSPESO-detail = This customer’s licences are currently suspended. Please contact your supplier about resuming them.
IN_ATTESA_ESAURITA = Waiting period over
IN_ATTESA_ESAURITA-detail = The period of use granted while awaiting approval is over. Please confirm your e-mail address if you have not done so yet, or ask your supplier for approval.
DISPOSITIVO_NON_AMMESSO = Device not allowed
DISPOSITIVO_NON_AMMESSO-detail = The licence is reserved for other devices. Please use it on one of those, or ask your supplier to add this one.
DISPOSITIVI_ESAURITI = No devices left
DISPOSITIVI_ESAURITI-detail = The licence is already active on the maximum number of devices. Please free one that is no longer needed, or ask your supplier for more.
UTENTI_ESAURITI = No users left
UTENTI_ESAURITI-detail = The licence is already used by the maximum number of users. Please free a user who is no longer needed, or ask your supplier for more.
PRODOTTO_ERRATO = Licence for another product
PRODOTTO_ERRATO-detail = The key belongs to another product. Please use the key for this program or contact your supplier.
VERSIONE_NON_COPERTA = Version not covered
VERSIONE_NON_COPERTA-detail = The licence does not cover this version of the program. Please use an earlier version that it covers, or renew the maintenance.
PROVA_GIA_USATA = Trial already used
PROVA_GIA_USATA-detail = The trial of this product has already been used on this device. To continue, please buy a licence or contact your supplier.
LICENZA_FLOTTANTE = Licence with shared seats
LICENZA_FLOTTANTE-detail = This licence is not activated on a device: a seat is taken only while the program is in use. Please update the program or ask your supplier how to use it.
DISPOSITIVO_NON_ATTIVO = Device not active
DISPOSITIVO_NON_ATTIVO-detail = The licence is not active on this device. To use it here, please activate it with the key received with the purchase.
RILASCI_ESAURITI = No releases left
RILASCI_ESAURITI-detail = For now you cannot free any more devices yourself. Please try again later, or ask your supplier to free the device.

## Conflicts

POSTI_IN_USO = Seats still in use
POSTI_IN_USO-detail = The new limit is lower than the number of seats in use. Please free the excess ones first, or enter a higher number.
QUOTA_SUPERATA = Quota exceeded
QUOTA_SUPERATA-detail = The request exceeds the number of licences or trials available. Please reduce the quantity, or ask whoever assigned the quota to raise it.
CICLO = Move not possible
CICLO-detail = An item cannot be moved below itself or below one that depends on it. Please choose another destination.
STATO_INCOMPATIBILE = Action not possible in this state
STATO_INCOMPATIBILE-detail = The current state does not allow this action. Please reload the page and check the state before trying again.
ULTIMO_SUPERADMIN = Last superadmin
ULTIMO_SUPERADMIN-detail = At least one active superadmin must always remain. Please add another one first, then try again.
IDEMPOTENZA_IN_CONFLITTO = Identifier already used
IDEMPOTENZA_IN_CONFLITTO-detail = The same identifier (Idempotency-Key) has already been used for a different request. Please repeat the operation with a new one.
IDEMPOTENZA_IN_CORSO = Request already running
IDEMPOTENZA_IN_CORSO-detail = The same request is still being processed. Please wait a few seconds and try again to see its outcome.

## Form fields

campo-MANCANTE = Required
campo-TIPO_ERRATO = Wrong format
campo-NON_VALIDO = Not valid
campo-TROPPO_LUNGO = Too long
campo-TROPPO_CORTO = Too short
campo-FUORI_INTERVALLO = Out of range
campo-SCONOSCIUTO = Unknown
campo-GIA_IN_USO = Already in use
campo-NON_COMPATIBILE = Does not fit the other data
campo-TROPPO_COMUNE = Too easy to guess
campo-NON_ACCETTATO = Must be accepted to continue
campo-NON_PERMESSO = Not allowed
campo-NON_DISPONIBILE = Currently unavailable
