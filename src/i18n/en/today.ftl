### An agent's day.

today-title = Today
today-waiting = Customers to validate
today-refused = Activations refused in the last 7 days
today-trials = Trials that end within 7 days
today-idle = Trials idle for 5 days
today-expiring = Licences that expire within 30 days
today-all = See all: { $number }
today-list = Open the list
today-nobody = No customer
today-waits = registered and waits for validation
today-times = { $n ->
    [one] one try
   *[other] { $n } tries
 }
today-more-places = are more seats needed?
today-idle-active = activated, but no device was heard of since
today-idle-never = never activated
today-call = Call
today-write = Write
today-open = Open
today-decide = Validate…
today-free = Free a seat
today-log = Open the log
today-own = My sales
