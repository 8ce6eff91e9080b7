### The search.

found-licenses = Licences
found-customers = Customers
found-nodes = Companies and agents
found-users = Users
found-devices = Devices
found-more = There are more: type a few more letters.
found-hint = Type a whole key or its last group, a name, an e-mail address, a VAT number or a device.
found-nothing = Nothing found
found-nothing-text = Nothing matches among what you can see. Names are searched from their beginning.
