### What users are told in the portal, and how.

nav-notices = Notices
notices-unread = Notices: { $n } unread
notices-lede = What happened and concerns you. Opening a notice marks it as read.
notices-choose = Choose what you are told
notices-read-all = Mark all as read
notices-read-one = Mark as read
notices-all-read = Notices marked as read.
notices-new = Unread:
notices-empty = No notices
notices-empty-text = What concerns you shows up here: customers who come, licences to assign, places that run out.
notices-preferences = Notices
notices-preferences-lede = What you want to know of, and how. Notices about security, and those that the service needs, always come by e-mail.
notices-topic = Topic
notices-in-portal = In the portal
notices-by-mail = By e-mail
notices-topic-clienti = Customers who come, and what is decided of them
notices-topic-licenze = Licences to assign, or given to you
notices-topic-dispositivi = Places that run out, and released devices that return
notices-topic-posta = Messages that do not reach your customers
notices-topic-versioni = New versions of the software that you use
notices-saved = Choices saved.
notice-cliente_in_attesa = { $name } registered and waits for validation.
notice-cliente_deciso-convalidato = { $name } was validated.
notice-cliente_deciso-rifiutato = The request of { $name } was refused.
notice-licenza_da_assegnare = A licence of { $product } (…{ $tail }) runs, and nobody looks after it.
notice-licenza_ricevuta = { $n ->
    [one] A licence was given to you.
   *[other] { $n } licences were given to you.
 }
notice-limite_dispositivi = No places left: { $name } tried to activate { $product } (…{ $tail }) on one more device.
notice-dispositivo_tornato = A released device still uses { $product } (…{ $tail }): { $name }.
notice-messaggio_rifiutato = A message to { $name } was refused by its mail server.
