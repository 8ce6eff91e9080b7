### What waits for somebody.

nav-waiting = Waiting
waiting-customers = Customers to validate
waiting-licenses = Licences to assign
waiting-customers-lede = They registered by themselves. Until they are validated their licences work for a few days and on one device only.
waiting-licenses-lede = Activated or paid, and without a company yet, or without the agent that their company wants.
waiting-customers-caption = Customers to validate, newest first
waiting-licenses-caption = Licences to assign, newest first
waiting-none = Nothing waits
waiting-customers-none = All customers were validated or refused.
waiting-licenses-none = All licences that were activated or paid have somebody.
waiting-nothing-chosen = Nothing to decide: nothing was chosen, or it was decided meanwhile.
waiting-registered = Registered
waiting-through = through the link of { $name }
waiting-by-itself = on the vendor’s page
waiting-by-staff = registered by staff
waiting-reach = Contact
waiting-confirmed = confirmed
waiting-unconfirmed = e-mail not confirmed
waiting-meanwhile = Meanwhile
waiting-trial = trial
waiting-not-active = not activated yet
waiting-active = active
waiting-active-until = active until
waiting-all-licenses = { $n ->
    [one] Its licence
   *[other] All { $n } licences
 }
waiting-open = Open
waiting-choose = Choose { $name }
waiting-choose-page = Choose all rows of the page
waiting-choose-none = Choose none
waiting-bulk = What can be done to those chosen
waiting-all-customers = { $n ->
    [one] the only one that waits
   *[other] all { $n } that wait
 }
waiting-all-waiting-licenses = { $n ->
    [one] the only one that waits
   *[other] all { $n } that wait
 }
waiting-validate-many = Validate…
waiting-validate-title = { $n ->
    [one] Validate a customer?
   *[other] Validate { $n } customers?
 }
waiting-validate-lede = Their licences have their full terms at once, with nothing to activate again.
waiting-validate-button = { $n ->
    [one] Validate the customer
   *[other] Validate { $n } customers
 }
waiting-refuse-title = { $n ->
    [one] Refuse a customer?
   *[other] Refuse { $n } customers?
 }
waiting-refuse-lede = They stay suspended for the reason given, and their licences stop.
waiting-refuse-button = { $n ->
    [one] Refuse the customer
   *[other] Refuse { $n } customers
 }
waiting-reason-hint = The same for all. It stays on record, with who gave it and when.
waiting-decided-before = { $n ->
    [one] One of those chosen was decided by somebody else already and is not among these any more.
   *[other] { $n } of those chosen were decided by somebody else already and are not among these any more.
 }
waiting-left = { $n ->
    [one] At most 1,000 are decided at once: one is left.
   *[other] At most 1,000 are decided at once: { $n } are left.
 }
waiting-preview = Preview
waiting-now = Now
waiting-afterwards = Afterwards
waiting-then-stops = stops
waiting-then-first-use = starts when first activated
waiting-then-starts = starts today, until
waiting-then-starts-forever = starts today, for ever
waiting-then-until = is valid until
waiting-then-forever = is valid for ever
waiting-more-customers = { $n ->
    [one] And one more customer.
   *[other] And { $n } more customers.
 }
waiting-more-licenses = { $n ->
    [one] And one more licence.
   *[other] And { $n } more licences.
 }
waiting-validated = { $n ->
    [0] No customer validated
    [one] One customer validated
   *[other] { $n } customers validated
 }{ $before ->
    [0] {""}
    [one] , one skipped: decided by somebody else
   *[other] , { $before } skipped: decided by somebody else
 }{ $gone ->
    [0] {""}
    [one] , one skipped: not to be seen any more
   *[other] , { $gone } skipped: not to be seen any more
 }.
waiting-refused = { $n ->
    [0] No customer refused
    [one] One customer refused
   *[other] { $n } customers refused
 }{ $before ->
    [0] {""}
    [one] , one skipped: decided by somebody else
   *[other] , { $before } skipped: decided by somebody else
 }{ $gone ->
    [0] {""}
    [one] , one skipped: not to be seen any more
   *[other] , { $gone } skipped: not to be seen any more
 }.
waiting-lacks = Lacks
waiting-lacks-agent = an agent
waiting-lacks-company = a company
waiting-because = Why
waiting-activated = activated
waiting-paid = paid
waiting-assign-one = Assign…
waiting-assign-button = Assign
waiting-assign-title = { $n ->
    [one] Whose the licence is to be
   *[other] Whose { $n } licences are to be
 }
waiting-assign-lede = Company, agent and customer have to belong together. What is not chosen stays as it is.
waiting-stays = stays as it is
waiting-customers-search = These are the newest: others are found by typing their name and asking for the preview.
waiting-no-company = no company
waiting-kept-other-company = stays as it is: the customer is of another company, or of none
waiting-kept-revoked = stays as it is: it was revoked
waiting-kept-same = it is so already
waiting-assign-customer = Assign the customer
waiting-kept = { $n ->
    [one] One licence stays as it is.
   *[other] { $n } licences stay as they are.
 }
waiting-none-goes = None of these licences can go there.
waiting-assign-many = { $n ->
    [one] Assign the licence
   *[other] Assign { $n } licences
 }
waiting-assigned = { $n ->
    [0] No licence assigned
    [one] One licence assigned
   *[other] { $n } licences assigned
 }{ $other ->
    [0] {""}
    [one] , one skipped: its customer is of another company
   *[other] , { $other } skipped: their customers are of another company
 }{ $rest ->
    [0] {""}
    [one] , one skipped: it was so already, or is gone
   *[other] , { $rest } skipped: they were so already, or are gone
 }.
tell-reason-hint = The message to the customer says that the request is not accepted; ticked, it tells this reason too.
field-comunica_motivo = Tell the customer the reason
