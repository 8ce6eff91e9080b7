### The installation’s settings.

nav-settings = Settings
settings-lede = They hold for the whole installation. Every change stays in the log.
settings-history = See the changes
settings-installation = Installation
settings-people = For who uses the portal
settings-products = New products
settings-name-hint = Shown in the title of every page
settings-badge-hint = A few words in the top bar, for example “Test environment”
settings-support-hint = Shown at the foot of public pages and on the customers’ page
settings-privacy-hint = The https address of the notice, at the foot of public pages
settings-products-hint = What is proposed when a product is defined. Those defined already stay as they are.
settings-days = days
settings-save = Save the settings
settings-saved = Settings saved.
settings-configured = From the configuration file
settings-configured-lede = They are changed in Rocket.toml or by ROCKET_* variables, with a restart of the program.
settings-key = Key
settings-value = Value
settings-secret = set, and not shown
settings-unset = not set
settings-stale = Settings changed meanwhile
settings-yours = Yours
settings-stands = As they stand
settings-same = They stand already as you wanted them.
settings-overwrite = Overwrite with mine
settings-reload = Reload those that stand
