### Command palette, keyboard shortcuts, passing messages.

palette = Search and commands
palette-hint = Page, action, key, customer…
palette-found = Pages, actions and results
palette-choose = choose
palette-open = open
palette-close = close
palette-everything = Search the whole portal for “{ $text }”
found-pages = Pages
found-actions = Actions
found-told = { $n ->
    [0] Nothing found
    [one] { $n } result
   *[other] { $n } results
 }
keys-title = Keyboard shortcuts
keys-search = Go to the search
keys-new = Begin something new, on pages that have it
keys-help = This list
keys-escape = Close what is open
keys-can-be-off = Single keys do nothing while you type in a field, and can be switched off.
keys-are-off = Shortcuts of a single key are off in this browser.
keys-change = Change it in the profile
keys-lede = A single key leads to a page or begins something new; “?” lists them all. If you speak to your computer, or press keys by mistake, you can switch them off. The choice holds for this browser.
keys-single = Shortcuts of a single key
keys-on = Shortcuts of a single key are on.
keys-off = Shortcuts of a single key are off.
request-failed = The request did not succeed: the portal does not answer, or something went wrong. What you see may be out of date; try again in a while.
