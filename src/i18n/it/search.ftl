### La ricerca.

found-licenses = Licenze
found-customers = Clienti
found-nodes = Aziende e agenti
found-users = Utenti
found-devices = Dispositivi
found-more = Ce ne sono altri: scrivere qualche lettera in più.
found-hint = Scrivere una chiave intera o il suo ultimo gruppo, un nome, un’e-mail, una P.IVA o un dispositivo.
found-nothing = Nessun risultato
found-nothing-text = Niente corrisponde fra quello che puoi vedere. I nomi si cercano dall’inizio.
