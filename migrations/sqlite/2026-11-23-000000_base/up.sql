-- The base schema. Ids are UUIDv7 in 16 bytes, made in the program; instants are UTC text, days are dates, money is cents.
-- Rows that must not change are guarded by triggers. Where a column is often null its index leaves those rows out.

-- What staff change while the program runs, one row a key.
CREATE TABLE settings (
    name TEXT NOT NULL CHECK (length(name) <= 64),
    value TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (name)
) STRICT;

-- The tree of tenants: the vendor, companies and agents.
CREATE TABLE nodes (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    parent_id BLOB CHECK (length(parent_id) = 16) REFERENCES nodes (id),
    kind TEXT NOT NULL CHECK (length(kind) <= 16),  -- the vendor, companies, agents
    name TEXT NOT NULL CHECK (length(name) <= 200),
    name_search TEXT NOT NULL CHECK (length(name_search) <= 200),
    code TEXT CHECK (length(code) <= 32),  -- names the company in its registration link
    email TEXT CHECK (length(email) <= 254),
    suspended_at TEXT,
    suspension_note TEXT CHECK (length(suspension_note) <= 500),
    suspended_by BLOB CHECK (length(suspended_by) = 16) REFERENCES nodes (id),  -- whose stop: lifted by it or a node above; null: the vendor's
    credit_limit_cents INTEGER NOT NULL DEFAULT 0,
    discount_bp INTEGER NOT NULL DEFAULT 0,
    license_quota INTEGER,
    trial_quota INTEGER,
    payment_days INTEGER NOT NULL DEFAULT 30,
    may_defer INTEGER CHECK (may_defer IN (0, 1)),  -- null: as the rule says (deferred payment follows from a credit limit)
    may_collect INTEGER NOT NULL DEFAULT 0 CHECK (may_collect IN (0, 1)),
    may_validate INTEGER NOT NULL DEFAULT 0 CHECK (may_validate IN (0, 1)),
    may_create_subs INTEGER NOT NULL DEFAULT 1 CHECK (may_create_subs IN (0, 1)),
    wants_agent INTEGER NOT NULL DEFAULT 0 CHECK (wants_agent IN (0, 1)),
    created_at TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT nodes_kind CHECK (kind IN ('fornitore', 'rivenditore', 'sottoazienda', 'agente')),
    CONSTRAINT nodes_root CHECK ((kind = 'fornitore') = (parent_id IS NULL)),
    CONSTRAINT nodes_discount CHECK (discount_bp BETWEEN 0 AND 10000),
    CONSTRAINT nodes_code_unique UNIQUE (code),
    CONSTRAINT nodes_id_parent_id_unique UNIQUE (id, parent_id)
) STRICT;
CREATE INDEX nodes_parent_id ON nodes (parent_id);
CREATE INDEX nodes_name_search_id ON nodes (name_search, id);

-- Every pair of a node and one below it (itself at depth 0).
CREATE TABLE node_tree (
    ancestor_id BLOB NOT NULL CHECK (length(ancestor_id) = 16) REFERENCES nodes (id),
    descendant_id BLOB NOT NULL CHECK (length(descendant_id) = 16) REFERENCES nodes (id),
    depth INTEGER NOT NULL,
    PRIMARY KEY (ancestor_id, descendant_id)
) STRICT;
CREATE INDEX node_tree_descendant_id_depth ON node_tree (descendant_id, depth);

-- What of the products' rules a company has otherwise, for the licences at and below it; null is as above.
CREATE TABLE company_rules (
    node_id BLOB NOT NULL PRIMARY KEY CHECK (length(node_id) = 16) REFERENCES nodes (id),
    by_vendor INTEGER NOT NULL CHECK (by_vendor IN (0, 1)),  -- the vendor may set anything, a company narrows
    trial_days INTEGER CHECK (trial_days > 0),
    offline_days INTEGER CHECK (offline_days >= 0),
    pending_days INTEGER CHECK (pending_days >= 0),
    grace_days INTEGER CHECK (grace_days >= 0),
    release_max INTEGER CHECK (release_max >= 0),
    release_days INTEGER CHECK (release_days > 0),
    revision INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE products (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    code TEXT NOT NULL CHECK (length(code) <= 40),
    name TEXT NOT NULL CHECK (length(name) <= 200),
    description TEXT NOT NULL,
    current_version TEXT NOT NULL CHECK (length(current_version) <= 40),
    license_kinds TEXT NOT NULL CHECK (length(license_kinds) <= 60),  -- the kinds it is sold as, separated by commas
    base_price_cents INTEGER NOT NULL DEFAULT 0,
    currency TEXT NOT NULL CHECK (length(currency) <= 3),
    trial_days INTEGER NOT NULL,
    period_months INTEGER NOT NULL,
    offline_days INTEGER NOT NULL,
    offline_unlimited INTEGER NOT NULL CHECK (offline_unlimited IN (0, 1)),
    grace_days INTEGER NOT NULL,
    pending_days INTEGER NOT NULL,
    start_rule TEXT NOT NULL CHECK (length(start_rule) <= 16),
    release_max INTEGER NOT NULL,
    release_days INTEGER NOT NULL,
    properties TEXT NOT NULL,
    signing_key_id BLOB NOT NULL CHECK (length(signing_key_id) = 16),  -- the pair in use; see signing_keys
    archived_at TEXT,
    created_at TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT products_code_unique UNIQUE (code)
) STRICT;

-- The products that a company may sell, with all below it. One that has none here may sell all that its line may.
CREATE TABLE company_products (
    node_id BLOB NOT NULL CHECK (length(node_id) = 16) REFERENCES nodes (id),
    product_id BLOB NOT NULL CHECK (length(product_id) = 16) REFERENCES products (id),
    PRIMARY KEY (node_id, product_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX company_products_product_id ON company_products (product_id);

-- What a licence switches on, a feature of a product.
CREATE TABLE modules (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    product_id BLOB NOT NULL CHECK (length(product_id) = 16) REFERENCES products (id),
    code TEXT NOT NULL CHECK (length(code) <= 40),
    name TEXT NOT NULL CHECK (length(name) <= 200),
    bit INTEGER,  -- 0 to 31: its place in the mask
    base_price_cents INTEGER NOT NULL DEFAULT 0,
    included INTEGER NOT NULL DEFAULT 0 CHECK (included IN (0, 1)),
    archived_at TEXT,
    created_at TEXT NOT NULL,
    CONSTRAINT modules_bit CHECK (bit IS NULL OR bit BETWEEN 0 AND 31),
    CONSTRAINT modules_product_id_code_unique UNIQUE (product_id, code),
    CONSTRAINT modules_product_id_bit_unique UNIQUE (product_id, bit)
) STRICT;

CREATE TABLE product_versions (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    product_id BLOB NOT NULL CHECK (length(product_id) = 16) REFERENCES products (id),
    version TEXT NOT NULL CHECK (length(version) <= 40),
    released_on TEXT NOT NULL,
    notes TEXT NOT NULL,
    url TEXT CHECK (length(url) <= 500),
    checksum TEXT CHECK (length(checksum) <= 128),
    announced_at TEXT,  -- when it was decided to tell its customers
    announce_after BLOB CHECK (length(announce_after) = 16),  -- while they are told: the last who was
    created_at TEXT NOT NULL,
    CONSTRAINT product_versions_product_id_version_unique UNIQUE (product_id, version)
) STRICT;
CREATE INDEX product_versions_product_id_released_on ON product_versions (product_id, released_on);
CREATE INDEX product_versions_announce_after ON product_versions (announce_after);

-- The vendor's price lists: what one thing costs for a period, for companies of a level, from a day to a day.
CREATE TABLE prices (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    product_id BLOB NOT NULL CHECK (length(product_id) = 16) REFERENCES products (id),
    module_id BLOB CHECK (length(module_id) = 16) REFERENCES modules (id),
    license_kind TEXT NOT NULL CHECK (length(license_kind) <= 16),
    period_months INTEGER,
    company_level TEXT CHECK (length(company_level) <= 16),
    per_seat INTEGER NOT NULL DEFAULT 0 CHECK (per_seat IN (0, 1)),
    amount_cents INTEGER NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) <= 3),
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    created_at TEXT NOT NULL,
    CONSTRAINT prices_amount CHECK (amount_cents >= 0)
) STRICT;
CREATE INDEX prices_product_id_valid_from ON prices (product_id, valid_from);

-- Ed25519 pairs of a product; seeds are sealed with the installation's secret.
CREATE TABLE signing_keys (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    product_id BLOB NOT NULL CHECK (length(product_id) = 16) REFERENCES products (id),
    kid TEXT NOT NULL CHECK (length(kid) <= 43),
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    seed_sealed BLOB NOT NULL,
    state TEXT NOT NULL CHECK (length(state) <= 8),  -- current, next, retired, revoked
    created_at TEXT NOT NULL,
    activated_at TEXT,
    retired_at TEXT,
    CONSTRAINT signing_keys_state CHECK (state IN ('current', 'next', 'retired', 'revoked')),
    CONSTRAINT signing_keys_kid_unique UNIQUE (kid)
) STRICT;
CREATE INDEX signing_keys_product_id_state ON signing_keys (product_id, state);

-- Who uses licences: a company or a person.
CREATE TABLE customers (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    company_id BLOB CHECK (length(company_id) = 16) REFERENCES nodes (id),
    agent_id BLOB CHECK (length(agent_id) = 16) REFERENCES nodes (id),
    name TEXT NOT NULL CHECK (length(name) <= 200),
    name_search TEXT NOT NULL CHECK (length(name_search) <= 200),
    state TEXT NOT NULL CHECK (length(state) <= 16),
    state_note TEXT CHECK (length(state_note) <= 500),
    state_before TEXT CHECK (length(state_before) <= 16),  -- what a suspension interrupted
    suspended_by BLOB CHECK (length(suspended_by) = 16) REFERENCES nodes (id),  -- whose stop: lifted by it or a node above; null: the vendor's
    email TEXT CHECK (length(email) <= 254),
    vat_number TEXT CHECK (length(vat_number) <= 20),
    tax_code TEXT CHECK (length(tax_code) <= 20),
    phone TEXT CHECK (length(phone) <= 40),
    address TEXT CHECK (length(address) <= 500),
    multi_site INTEGER NOT NULL DEFAULT 0 CHECK (multi_site IN (0, 1)),
    multi_user INTEGER NOT NULL DEFAULT 0 CHECK (multi_user IN (0, 1)),
    flagged_double INTEGER NOT NULL DEFAULT 0 CHECK (flagged_double IN (0, 1)),  -- shares an e-mail or VAT number with another; shown to the vendor only
    privacy_consent_at TEXT,
    erasure_asked_at TEXT,  -- when they asked for their data to be erased; nothing happens by itself
    email_confirmed_at TEXT,
    decided_at TEXT,
    proposed_at TEXT,  -- when somebody who may not decide spoke for it
    proposed_note TEXT CHECK (length(proposed_note) <= 500),
    anonymised_at TEXT,
    archived_at TEXT,
    merged_into BLOB CHECK (length(merged_into) = 16) REFERENCES customers (id),  -- who stayed; logs and ledger keep this id, and are found from there
    created_at TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT customers_state CHECK (state IN ('in_attesa', 'convalidato', 'sospeso')),
    CONSTRAINT customers_id_company_id_unique UNIQUE (id, company_id),
    CONSTRAINT customers_agent_of_company_fk FOREIGN KEY (agent_id, company_id) REFERENCES nodes (id, parent_id)
) STRICT;
CREATE INDEX customers_company_id_id ON customers (company_id, id);
CREATE INDEX customers_agent_id_id ON customers (agent_id, id);
CREATE INDEX customers_name_search_id ON customers (name_search, id);
CREATE INDEX customers_email ON customers (email);
CREATE INDEX customers_vat_number ON customers (vat_number);
CREATE INDEX customers_state_id ON customers (state, id);
CREATE INDEX customers_merged_into ON customers (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX customers_company_id_state_id ON customers (company_id, state, id);
CREATE INDEX customers_agent_id_state_id ON customers (agent_id, state, id);

-- A person at a customer.
CREATE TABLE contacts (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    customer_id BLOB NOT NULL CHECK (length(customer_id) = 16) REFERENCES customers (id),
    name TEXT NOT NULL CHECK (length(name) <= 200),
    email TEXT CHECK (length(email) <= 254),
    phone TEXT CHECK (length(phone) <= 40),
    position INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX contacts_customer_id ON contacts (customer_id);

-- A customer's place.
CREATE TABLE sites (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    customer_id BLOB NOT NULL CHECK (length(customer_id) = 16) REFERENCES customers (id),
    name TEXT NOT NULL CHECK (length(name) <= 200),
    address TEXT CHECK (length(address) <= 500),
    seats INTEGER,
    position INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX sites_customer_id ON sites (customer_id);

-- Who signs in: each belongs to one node or to one customer.
CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    node_id BLOB CHECK (length(node_id) = 16) REFERENCES nodes (id),
    customer_id BLOB CHECK (length(customer_id) = 16) REFERENCES customers (id),
    email TEXT NOT NULL CHECK (length(email) <= 254),
    name TEXT NOT NULL CHECK (length(name) <= 200),
    password_hash TEXT CHECK (length(password_hash) <= 100),
    language TEXT NOT NULL CHECK (length(language) <= 2),
    state TEXT NOT NULL CHECK (length(state) <= 16),
    read_only INTEGER NOT NULL DEFAULT 0 CHECK (read_only IN (0, 1)),
    credentials_changed_at TEXT NOT NULL,
    last_seen_at TEXT,
    created_at TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT users_home CHECK ((node_id IS NULL) <> (customer_id IS NULL)),
    CONSTRAINT users_state CHECK (state IN ('attivo', 'invitato', 'disabilitato')),
    CONSTRAINT users_email_unique UNIQUE (email)
) STRICT;
CREATE INDEX users_node_id_id ON users (node_id, id);
CREATE INDEX users_customer_id_id ON users (customer_id, id);

-- Somebody signed in at a browser; the cookie's secret is stored hashed.
CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16) REFERENCES users (id),
    secret_hash BLOB NOT NULL CHECK (length(secret_hash) = 32),
    created_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    confirmed_at TEXT NOT NULL,  -- when the password was last given
    ended_at TEXT,
    address TEXT NOT NULL CHECK (length(address) <= 45),
    user_agent TEXT NOT NULL CHECK (length(user_agent) <= 300),
    seen_user_id BLOB CHECK (length(seen_user_id) = 16) REFERENCES users (id),  -- with whose eyes the portal is looked at
    seen_since TEXT,
    CONSTRAINT sessions_secret_hash_unique UNIQUE (secret_hash)
) STRICT;
CREATE INDEX sessions_user_id_id ON sessions (user_id, id);

-- Bearer tokens of the API, stored hashed.
CREATE TABLE api_tokens (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16) REFERENCES users (id),
    name TEXT NOT NULL CHECK (length(name) <= 100),
    prefix TEXT NOT NULL CHECK (length(prefix) <= 12),
    secret_hash BLOB NOT NULL CHECK (length(secret_hash) = 32),
    read_only INTEGER NOT NULL CHECK (read_only IN (0, 1)),
    expires_at TEXT,
    last_used_at TEXT,
    revoked_at TEXT,
    created_at TEXT NOT NULL,
    CONSTRAINT api_tokens_secret_hash_unique UNIQUE (secret_hash)
) STRICT;
CREATE INDEX api_tokens_user_id_id ON api_tokens (user_id, id);

-- Set-up, invitation, password reset, confirmation of an e-mail address.
CREATE TABLE one_time_links (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BLOB CHECK (length(user_id) = 16) REFERENCES users (id),
    customer_id BLOB CHECK (length(customer_id) = 16) REFERENCES customers (id),
    purpose TEXT NOT NULL CHECK (length(purpose) <= 16),
    email TEXT NOT NULL CHECK (length(email) <= 254),  -- where it was mailed: what following it proves
    password_hash TEXT CHECK (length(password_hash) <= 100),  -- of the user whom following it makes
    secret_hash BLOB NOT NULL CHECK (length(secret_hash) = 32),
    expires_at TEXT NOT NULL,
    used_at TEXT,
    created_at TEXT NOT NULL,
    CONSTRAINT one_time_links_secret_hash_unique UNIQUE (secret_hash)
) STRICT;
CREATE INDEX one_time_links_user_id ON one_time_links (user_id);

-- A customer's own request; its code is stored hashed.
CREATE TABLE registrations (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    customer_id BLOB NOT NULL CHECK (length(customer_id) = 16) REFERENCES customers (id),
    case_hash BLOB NOT NULL CHECK (length(case_hash) = 32),
    product_id BLOB CHECK (length(product_id) = 16) REFERENCES products (id),
    node_id BLOB CHECK (length(node_id) = 16) REFERENCES nodes (id),  -- whose link was followed
    created_at TEXT NOT NULL,
    decided_at TEXT,
    CONSTRAINT registrations_case_hash_unique UNIQUE (case_hash)
) STRICT;
CREATE INDEX registrations_customer_id ON registrations (customer_id);
CREATE INDEX registrations_node_id_id ON registrations (node_id, id);

-- Licences that were generated together.
CREATE TABLE batches (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    product_id BLOB NOT NULL CHECK (length(product_id) = 16) REFERENCES products (id),
    company_id BLOB CHECK (length(company_id) = 16) REFERENCES nodes (id),
    agent_id BLOB CHECK (length(agent_id) = 16) REFERENCES nodes (id),
    customer_id BLOB CHECK (length(customer_id) = 16) REFERENCES customers (id),
    label TEXT CHECK (length(label) <= 200),
    quantity INTEGER NOT NULL,
    created_by BLOB CHECK (length(created_by) = 16) REFERENCES users (id),
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX batches_company_id_id ON batches (company_id, id);
CREATE INDEX batches_agent_id_id ON batches (agent_id, id) WHERE agent_id IS NOT NULL;

-- What the hot path reads. Commercial terms stand in license_terms.
CREATE TABLE licenses (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    product_id BLOB NOT NULL CHECK (length(product_id) = 16) REFERENCES products (id),
    customer_id BLOB CHECK (length(customer_id) = 16) REFERENCES customers (id),
    company_id BLOB CHECK (length(company_id) = 16) REFERENCES nodes (id),
    agent_id BLOB CHECK (length(agent_id) = 16) REFERENCES nodes (id),
    batch_id BLOB CHECK (length(batch_id) = 16) REFERENCES batches (id),
    key_hash BLOB NOT NULL CHECK (length(key_hash) = 32),  -- HMAC of the canonical key
    key_sealed BLOB NOT NULL,  -- the key, encrypted
    key_tail TEXT NOT NULL CHECK (length(key_tail) <= 5),  -- its last group, for search
    kind TEXT NOT NULL CHECK (length(kind) <= 16),
    binding TEXT NOT NULL CHECK (length(binding) <= 16),
    duration_days INTEGER,  -- runs so many days from its start
    period_months INTEGER,  -- or so many months, and renews
    starts_on TEXT,
    anchor_day INTEGER,
    expires_on TEXT,  -- the last valid day
    maintenance_until TEXT,
    activated_at TEXT,
    revoked_at TEXT,
    suspensions INTEGER NOT NULL DEFAULT 0,  -- how many stand
    stopped INTEGER GENERATED ALWAYS AS (CASE WHEN revoked_at IS NOT NULL THEN 2 WHEN suspensions > 0 THEN 1 END) VIRTUAL,  -- for its index
    settled INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),  -- something was paid for it: full terms although its customer is pending
    max_devices INTEGER,
    devices_used INTEGER NOT NULL DEFAULT 0,
    max_users INTEGER,
    users_used INTEGER NOT NULL DEFAULT 0,
    max_seats INTEGER,
    seats_used INTEGER NOT NULL DEFAULT 0,
    reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved IN (0, 1)),  -- only for the devices in reserved_devices
    offline_days INTEGER,
    label TEXT CHECK (length(label) <= 200),
    archived_at TEXT,  -- left out of lists and figures; never asked by what it may do (decision 0021)
    created_at TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT licenses_devices CHECK (devices_used >= 0 AND (max_devices IS NULL OR devices_used <= max_devices)),
    CONSTRAINT licenses_users CHECK (users_used >= 0 AND (max_users IS NULL OR users_used <= max_users)),
    CONSTRAINT licenses_seats CHECK (seats_used >= 0 AND (max_seats IS NULL OR seats_used <= max_seats)),
    CONSTRAINT licenses_suspensions CHECK (suspensions >= 0),
    CONSTRAINT licenses_kind CHECK (kind IN ('permanente', 'trial', 'abbonamento')),
    CONSTRAINT licenses_binding CHECK (binding IN ('dispositivo', 'utente', 'flottante', 'nessuno')),
    CONSTRAINT licenses_permanent CHECK (kind <> 'permanente' OR expires_on IS NULL),
    CONSTRAINT licenses_key_hash_unique UNIQUE (key_hash),
    CONSTRAINT licenses_customer_of_company_fk FOREIGN KEY (customer_id, company_id) REFERENCES customers (id, company_id) ON UPDATE CASCADE,
    CONSTRAINT licenses_agent_of_company_fk FOREIGN KEY (agent_id, company_id) REFERENCES nodes (id, parent_id)
) STRICT;
CREATE INDEX licenses_company_id_id ON licenses (company_id, id) WHERE company_id IS NOT NULL;
CREATE INDEX licenses_agent_id_id ON licenses (agent_id, id) WHERE agent_id IS NOT NULL;
CREATE INDEX licenses_customer_id_id ON licenses (customer_id, id) WHERE customer_id IS NOT NULL;
CREATE INDEX licenses_product_id_id ON licenses (product_id, id);
CREATE INDEX licenses_batch_id_id ON licenses (batch_id, id) WHERE batch_id IS NOT NULL;
-- Those of a batch that were activated.
CREATE INDEX licenses_of_batch_activated ON licenses (batch_id, company_id, agent_id) WHERE batch_id IS NOT NULL AND activated_at IS NOT NULL;
CREATE INDEX licenses_key_tail ON licenses (key_tail);
CREATE INDEX licenses_expires_on_id ON licenses (expires_on, id);
CREATE INDEX licenses_kind_expires_on_id ON licenses (kind, expires_on, id);
-- The few that are revoked or suspended, the newest at the end.
CREATE INDEX licenses_stopped_id ON licenses (stopped, id) WHERE stopped IS NOT NULL;
CREATE INDEX licenses_maintenance_until ON licenses (maintenance_until) WHERE maintenance_until IS NOT NULL;
-- Those that may wait for a company or an agent.
CREATE INDEX licenses_unassigned ON licenses (company_id, agent_id, activated_at, settled) WHERE agent_id IS NULL AND revoked_at IS NULL AND archived_at IS NULL AND (activated_at IS NOT NULL OR settled = 1);
-- The archive.
CREATE INDEX licenses_archived ON licenses (archived_at, id) WHERE archived_at IS NOT NULL;

-- What a licence costs and how it renews; not read when software activates.
CREATE TABLE license_terms (
    license_id BLOB NOT NULL CHECK (length(license_id) = 16) REFERENCES licenses (id),
    price_cents INTEGER,
    discount_bp INTEGER,
    auto_renew INTEGER NOT NULL DEFAULT 0 CHECK (auto_renew IN (0, 1)),
    renewal_method TEXT CHECK (length(renewal_method) <= 16),
    properties TEXT NOT NULL,
    revoked_note TEXT CHECK (length(revoked_note) <= 500),
    PRIMARY KEY (license_id)
) STRICT;

CREATE TABLE license_modules (
    license_id BLOB NOT NULL CHECK (length(license_id) = 16) REFERENCES licenses (id),
    module_id BLOB NOT NULL CHECK (length(module_id) = 16) REFERENCES modules (id),
    expires_on TEXT,
    PRIMARY KEY (license_id, module_id)
) STRICT;
CREATE INDEX license_modules_module_id ON license_modules (module_id);

-- The only devices that a reserved licence admits.
CREATE TABLE reserved_devices (
    license_id BLOB NOT NULL CHECK (length(license_id) = 16) REFERENCES licenses (id),
    device TEXT NOT NULL CHECK (length(device) <= 255),
    PRIMARY KEY (license_id, device)
) STRICT;

CREATE TABLE suspensions (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    license_id BLOB NOT NULL CHECK (length(license_id) = 16) REFERENCES licenses (id),
    reason TEXT NOT NULL CHECK (length(reason) <= 16),
    note TEXT CHECK (length(note) <= 500),
    node_id BLOB CHECK (length(node_id) = 16) REFERENCES nodes (id),  -- whose: lifted by it or a node above
    created_by BLOB CHECK (length(created_by) = 16) REFERENCES users (id),
    created_at TEXT NOT NULL,
    lifted_at TEXT,
    lifted_by BLOB CHECK (length(lifted_by) = 16) REFERENCES users (id)
) STRICT;
CREATE INDEX suspensions_license_id ON suspensions (license_id);

-- Named users of a licence; live is 1 or null, so that one name holds one place.
CREATE TABLE license_users (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    license_id BLOB NOT NULL CHECK (length(license_id) = 16) REFERENCES licenses (id),
    name TEXT NOT NULL CHECK (length(name) <= 254),
    live INTEGER,
    created_at TEXT NOT NULL,
    released_at TEXT,
    CONSTRAINT license_users_live CHECK (live IS NULL OR live = 1),
    CONSTRAINT license_users_license_id_name_live_unique UNIQUE (license_id, name, live)
) STRICT;

-- A licence on a device; live is 1 or null, so that one device holds one place.
CREATE TABLE activations (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    license_id BLOB NOT NULL CHECK (length(license_id) = 16) REFERENCES licenses (id),
    license_user_id BLOB CHECK (length(license_user_id) = 16) REFERENCES license_users (id),
    device TEXT NOT NULL CHECK (length(device) <= 255),
    device_name TEXT CHECK (length(device_name) <= 200),
    platform TEXT CHECK (length(platform) <= 100),
    live INTEGER,
    activated_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    released_at TEXT,
    released_by BLOB CHECK (length(released_by) = 16) REFERENCES users (id),  -- null: by the device itself
    release_note TEXT CHECK (length(release_note) <= 500),
    CONSTRAINT activations_live CHECK (live IS NULL OR live = 1),
    CONSTRAINT activations_license_id_device_live_unique UNIQUE (license_id, device, live)
) STRICT;
CREATE INDEX activations_device ON activations (device);
CREATE INDEX activations_last_seen_at_license_id ON activations (last_seen_at, license_id) WHERE live IS NOT NULL;

-- One trial per device and product.
CREATE TABLE trial_uses (
    product_id BLOB NOT NULL CHECK (length(product_id) = 16) REFERENCES products (id),
    device TEXT NOT NULL CHECK (length(device) <= 255),
    license_id BLOB NOT NULL CHECK (length(license_id) = 16) REFERENCES licenses (id),
    created_at TEXT NOT NULL,
    PRIMARY KEY (product_id, device)
) STRICT;

-- Every activation, validation and release with its outcome; whose it was is kept as it was then.
CREATE TABLE activation_log (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    at TEXT NOT NULL,
    license_id BLOB CHECK (length(license_id) = 16),
    product_id BLOB CHECK (length(product_id) = 16),
    company_id BLOB CHECK (length(company_id) = 16),
    agent_id BLOB CHECK (length(agent_id) = 16),
    customer_id BLOB CHECK (length(customer_id) = 16),
    key_kind TEXT NOT NULL CHECK (length(key_kind) <= 12),  -- activation, computer
    operation TEXT NOT NULL CHECK (length(operation) <= 16),
    device TEXT CHECK (length(device) <= 255),
    outcome TEXT NOT NULL CHECK (length(outcome) <= 32),
    address TEXT NOT NULL CHECK (length(address) <= 45),
    request_id TEXT NOT NULL CHECK (length(request_id) <= 36)
) STRICT;
CREATE INDEX activation_log_license_id_id ON activation_log (license_id, id) WHERE license_id IS NOT NULL;
CREATE INDEX activation_log_company_id_id ON activation_log (company_id, id) WHERE company_id IS NOT NULL;
CREATE INDEX activation_log_agent_id_id ON activation_log (agent_id, id) WHERE agent_id IS NOT NULL;
CREATE INDEX activation_log_customer_id_id ON activation_log (customer_id, id) WHERE customer_id IS NOT NULL;
CREATE TRIGGER activation_log_no_update BEFORE UPDATE ON activation_log BEGIN SELECT RAISE(ABORT, 'activation_log is append-only'); END;
-- What is kept no longer may go: log_cuts says up to where.
CREATE TRIGGER activation_log_no_delete BEFORE DELETE ON activation_log WHEN OLD.id >= COALESCE((SELECT c.before_id FROM log_cuts AS c WHERE c.log = 'activation_log'), zeroblob(16)) BEGIN SELECT RAISE(ABORT, 'activation_log is append-only'); END;

-- Sign-ins and what users did.
CREATE TABLE access_log (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    at TEXT NOT NULL,
    user_id BLOB CHECK (length(user_id) = 16),
    seen_user_id BLOB CHECK (length(seen_user_id) = 16),  -- with whose eyes it was looked at
    node_id BLOB CHECK (length(node_id) = 16),
    customer_id BLOB CHECK (length(customer_id) = 16),
    action TEXT NOT NULL CHECK (length(action) <= 100),
    outcome TEXT NOT NULL CHECK (length(outcome) <= 32),
    address TEXT NOT NULL CHECK (length(address) <= 45),
    user_agent TEXT NOT NULL CHECK (length(user_agent) <= 300),
    detail TEXT CHECK (length(detail) <= 300),
    request_id TEXT NOT NULL CHECK (length(request_id) <= 36)
) STRICT;
CREATE INDEX access_log_node_id_id ON access_log (node_id, id) WHERE node_id IS NOT NULL;
CREATE INDEX access_log_user_id_id ON access_log (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX access_log_customer_id_id ON access_log (customer_id, id) WHERE customer_id IS NOT NULL;
CREATE TRIGGER access_log_no_update BEFORE UPDATE ON access_log BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END;
-- What is kept no longer may go: log_cuts says up to where.
CREATE TRIGGER access_log_no_delete BEFORE DELETE ON access_log WHEN OLD.id >= COALESCE((SELECT c.before_id FROM log_cuts AS c WHERE c.log = 'access_log'), zeroblob(16)) BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END;

-- Who changed what. Whose it was is kept as it was then.
CREATE TABLE audit_log (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    at TEXT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (length(actor_kind) <= 12),  -- user, client, public, system, operator
    user_id BLOB CHECK (length(user_id) = 16),
    token_id BLOB CHECK (length(token_id) = 16),
    actor_name TEXT NOT NULL CHECK (length(actor_name) <= 254),
    company_id BLOB CHECK (length(company_id) = 16),
    agent_id BLOB CHECK (length(agent_id) = 16),
    customer_id BLOB CHECK (length(customer_id) = 16),
    action TEXT NOT NULL CHECK (length(action) <= 40),
    subject_kind TEXT NOT NULL CHECK (length(subject_kind) <= 16),
    subject_id BLOB CHECK (length(subject_id) = 16),
    details TEXT NOT NULL,
    address TEXT CHECK (length(address) <= 45),
    request_id TEXT CHECK (length(request_id) <= 36)
) STRICT;
CREATE INDEX audit_log_company_id_id ON audit_log (company_id, id) WHERE company_id IS NOT NULL;
CREATE INDEX audit_log_agent_id_id ON audit_log (agent_id, id) WHERE agent_id IS NOT NULL;
CREATE INDEX audit_log_customer_id_id ON audit_log (customer_id, id) WHERE customer_id IS NOT NULL;
CREATE INDEX audit_log_subject_id_id ON audit_log (subject_id, id) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_log_user_id_id ON audit_log (user_id, id) WHERE user_id IS NOT NULL;
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;

-- Seals audit rows in order; written by a job, so that activations never wait for it.
CREATE TABLE audit_chain (
    position INTEGER NOT NULL,
    audit_id BLOB NOT NULL CHECK (length(audit_id) = 16) REFERENCES audit_log (id),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    sealed_at TEXT NOT NULL,
    PRIMARY KEY (position),
    CONSTRAINT audit_chain_audit_id_unique UNIQUE (audit_id)
) STRICT;
CREATE TRIGGER audit_chain_no_update BEFORE UPDATE ON audit_chain BEGIN SELECT RAISE(ABORT, 'audit_chain is append-only'); END;
CREATE TRIGGER audit_chain_no_delete BEFORE DELETE ON audit_chain BEGIN SELECT RAISE(ABORT, 'audit_chain is append-only'); END;

-- Money, or a promise of money, for a licence. Never edited: a mistake is a row that undoes.
CREATE TABLE transactions (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    license_id BLOB CHECK (length(license_id) = 16) REFERENCES licenses (id),
    customer_id BLOB CHECK (length(customer_id) = 16) REFERENCES customers (id),
    company_id BLOB CHECK (length(company_id) = 16) REFERENCES nodes (id),
    agent_id BLOB CHECK (length(agent_id) = 16) REFERENCES nodes (id),
    order_id BLOB CHECK (length(order_id) = 16),
    kind TEXT NOT NULL CHECK (length(kind) <= 16),
    method TEXT CHECK (length(method) <= 16),
    payer TEXT NOT NULL DEFAULT 'azienda' CHECK (length(payer) <= 8),  -- whose debt or payment it is; the company's is hidden from its customer
    amount_cents INTEGER NOT NULL,
    vat_bp INTEGER NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) <= 3),
    due_on TEXT,
    period_from TEXT,
    period_to TEXT,
    undoes_id BLOB CHECK (length(undoes_id) = 16) REFERENCES transactions (id),
    note TEXT CHECK (length(note) <= 500),
    details TEXT NOT NULL,
    created_by BLOB CHECK (length(created_by) = 16),
    created_at TEXT NOT NULL,
    CONSTRAINT transactions_payer CHECK (payer IN ('azienda', 'cliente')),
    CONSTRAINT transactions_undoes_id_unique UNIQUE (undoes_id)
) STRICT;
CREATE INDEX transactions_license_id_id ON transactions (license_id, id);
CREATE INDEX transactions_customer_id_id ON transactions (customer_id, id);
CREATE INDEX transactions_company_id_id ON transactions (company_id, id);
CREATE INDEX transactions_agent_id_id ON transactions (agent_id, id);
CREATE INDEX transactions_due_on ON transactions (due_on);
CREATE TRIGGER transactions_no_update BEFORE UPDATE ON transactions BEGIN SELECT RAISE(ABORT, 'transactions is append-only'); END;
CREATE TRIGGER transactions_no_delete BEFORE DELETE ON transactions BEGIN SELECT RAISE(ABORT, 'transactions is append-only'); END;

-- What part of a payment settles which row.
CREATE TABLE settlements (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    payment_id BLOB NOT NULL CHECK (length(payment_id) = 16) REFERENCES transactions (id),
    transaction_id BLOB NOT NULL CHECK (length(transaction_id) = 16) REFERENCES transactions (id),
    amount_cents INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    CONSTRAINT settlements_amount CHECK (amount_cents > 0)
) STRICT;
CREATE INDEX settlements_transaction_id ON settlements (transaction_id);
CREATE INDEX settlements_payment_id ON settlements (payment_id);
CREATE TRIGGER settlements_no_update BEFORE UPDATE ON settlements BEGIN SELECT RAISE(ABORT, 'settlements is append-only'); END;
CREATE TRIGGER settlements_no_delete BEFORE DELETE ON settlements BEGIN SELECT RAISE(ABORT, 'settlements is append-only'); END;

-- What somebody set out to buy; not yet money.
CREATE TABLE orders (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    license_id BLOB CHECK (length(license_id) = 16) REFERENCES licenses (id),
    customer_id BLOB CHECK (length(customer_id) = 16) REFERENCES customers (id),
    product_id BLOB NOT NULL CHECK (length(product_id) = 16) REFERENCES products (id),
    company_id BLOB CHECK (length(company_id) = 16) REFERENCES nodes (id),
    provider TEXT NOT NULL CHECK (length(provider) <= 16),
    business_key TEXT CHECK (length(business_key) <= 120),
    state TEXT NOT NULL CHECK (length(state) <= 16),
    what TEXT NOT NULL,
    amount_cents INTEGER NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) <= 3),
    url TEXT CHECK (length(url) <= 1000),
    expires_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT orders_provider_business_key_unique UNIQUE (provider, business_key)
) STRICT;
CREATE INDEX orders_license_id ON orders (license_id);
CREATE INDEX orders_company_id_id ON orders (company_id, id);

-- What shops sent, raw, once each.
CREATE TABLE payment_events (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    provider TEXT NOT NULL CHECK (length(provider) <= 16),
    event_id TEXT NOT NULL CHECK (length(event_id) <= 120),
    kind TEXT NOT NULL CHECK (length(kind) <= 80),
    live_mode INTEGER NOT NULL CHECK (live_mode IN (0, 1)),
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (length(state) <= 16),
    verdict TEXT CHECK (length(verdict) <= 300),
    order_id BLOB CHECK (length(order_id) = 16) REFERENCES orders (id),
    received_at TEXT NOT NULL,
    handled_at TEXT,
    CONSTRAINT payment_events_provider_event_id_unique UNIQUE (provider, event_id)
) STRICT;
CREATE INDEX payment_events_state_id ON payment_events (state, id);

-- Messages, queued with what causes them and sent afterwards.
CREATE TABLE outbox (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind TEXT NOT NULL CHECK (length(kind) <= 40),
    recipient TEXT NOT NULL CHECK (length(recipient) <= 254),
    language TEXT NOT NULL CHECK (length(language) <= 2),
    company_id BLOB CHECK (length(company_id) = 16) REFERENCES nodes (id),
    customer_id BLOB CHECK (length(customer_id) = 16) REFERENCES customers (id),
    user_id BLOB CHECK (length(user_id) = 16) REFERENCES users (id),
    payload BLOB NOT NULL,  -- sealed: it may hold a key or a link
    state TEXT NOT NULL CHECK (length(state) <= 12),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at TEXT NOT NULL,
    message_id TEXT NOT NULL CHECK (length(message_id) <= 120),
    last_error TEXT CHECK (length(last_error) <= 500),
    lease_until TEXT,
    lease_owner TEXT CHECK (length(lease_owner) <= 36),
    created_at TEXT NOT NULL,
    sent_at TEXT,
    CONSTRAINT outbox_message_id_unique UNIQUE (message_id)
) STRICT;
CREATE INDEX outbox_state_next_attempt_at ON outbox (state, next_attempt_at);
CREATE INDEX outbox_company_id_id ON outbox (company_id, id);
CREATE INDEX outbox_customer_id_id ON outbox (customer_id, id);
CREATE INDEX outbox_recipient_state_id ON outbox (recipient, state, id);
CREATE INDEX outbox_kind_id ON outbox (kind, id);

-- What messages say in place of the texts that come with the program: every version, of which the last holds.
CREATE TABLE message_texts (
    node_id BLOB NOT NULL CHECK (length(node_id) = 16) REFERENCES nodes (id),  -- the vendor's, or a company's
    kind TEXT NOT NULL CHECK (length(kind) <= 40),
    language TEXT NOT NULL CHECK (length(language) <= 2),
    version INTEGER NOT NULL CHECK (version > 0),
    subject TEXT CHECK (length(subject) <= 200),  -- null, like the body: back to what comes from above
    body TEXT,
    user_id BLOB NOT NULL CHECK (length(user_id) = 16) REFERENCES users (id),
    created_at TEXT NOT NULL,
    PRIMARY KEY (node_id, kind, language, version),
    CHECK ((subject IS NULL) = (body IS NULL))
) STRICT;
CREATE INDEX message_texts_user_id ON message_texts (user_id);
CREATE TRIGGER message_texts_no_update BEFORE UPDATE ON message_texts BEGIN SELECT RAISE(ABORT, 'message_texts is append-only'); END;
CREATE TRIGGER message_texts_no_delete BEFORE DELETE ON message_texts BEGIN SELECT RAISE(ABORT, 'message_texts is append-only'); END;

-- Whether a kind of message goes out on behalf of a node and of those below it; where nothing stands, as above.
CREATE TABLE message_switches (
    node_id BLOB NOT NULL CHECK (length(node_id) = 16) REFERENCES nodes (id),
    kind TEXT NOT NULL CHECK (length(kind) <= 40),
    is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
    PRIMARY KEY (node_id, kind)
) STRICT;

-- Logos as this program encoded them anew. Their ids are secret: who has one may see it.
CREATE TABLE logos (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    node_id BLOB NOT NULL CHECK (length(node_id) = 16) REFERENCES nodes (id),
    png BLOB NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX logos_node_id ON logos (node_id);

-- How a node shows itself to its customers; what is null is as above.
CREATE TABLE brands (
    node_id BLOB NOT NULL PRIMARY KEY CHECK (length(node_id) = 16) REFERENCES nodes (id),
    name TEXT CHECK (length(name) <= 60),
    sender TEXT CHECK (length(sender) <= 60),  -- the name beside the installation's address
    reply_to TEXT CHECK (length(reply_to) <= 254),
    color TEXT CHECK (length(color) <= 7),
    logo_id BLOB CHECK (length(logo_id) = 16) REFERENCES logos (id),
    revision INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX brands_logo_id ON brands (logo_id);

-- What runs by the clock: who holds it, when it ran, how it went.
CREATE TABLE jobs (
    name TEXT NOT NULL CHECK (length(name) <= 40),
    lease_owner TEXT CHECK (length(lease_owner) <= 36),
    lease_until TEXT,
    fence INTEGER NOT NULL DEFAULT 0,
    next_run_at TEXT NOT NULL,
    last_run_at TEXT,
    last_duration_ms INTEGER,
    last_outcome TEXT CHECK (length(last_outcome) <= 300),
    running_since TEXT,
    failures INTEGER NOT NULL DEFAULT 0,  -- in a row
    PRIMARY KEY (name)
) STRICT;

-- Each run of what runs by the clock.
CREATE TABLE job_runs (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    job TEXT NOT NULL CHECK (length(job) <= 40),
    owner TEXT NOT NULL CHECK (length(owner) <= 36),
    started_at TEXT NOT NULL,
    ended_at TEXT,
    duration_ms INTEGER,
    outcome TEXT CHECK (length(outcome) <= 12),
    counts TEXT NOT NULL CHECK (length(counts) <= 300),
    error TEXT CHECK (length(error) <= 300)
) STRICT;
CREATE INDEX job_runs_job_id ON job_runs (job, id);

-- What was sent about what: about a licence, of which last valid day, how many days before it (below zero: after). Written
-- with the message, so that nobody sends it twice.
CREATE TABLE reminders (
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    kind TEXT NOT NULL CHECK (length(kind) <= 40),
    about TEXT NOT NULL,
    threshold INTEGER NOT NULL,
    sent_at TEXT NOT NULL,
    PRIMARY KEY (subject_id, kind, about, threshold)
) STRICT;

-- Up to where a log may be taken away: what is kept no longer.
CREATE TABLE log_cuts (
    log TEXT NOT NULL CHECK (length(log) <= 16),
    before_id BLOB NOT NULL CHECK (length(before_id) = 16),
    updated_at TEXT NOT NULL,
    PRIMARY KEY (log)
) STRICT;

-- Answers to repeat for 24 hours; the body is sealed, for it may hold keys.
CREATE TABLE idempotency_keys (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 32),  -- SHA-256 of caller, route and key
    body_hash BLOB NOT NULL CHECK (length(body_hash) = 32),
    status INTEGER NOT NULL,
    answer BLOB NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);

-- How often somebody tried lately: sign-ins, resets. Shared by all nodes; what is over is forgotten.
CREATE TABLE throttles (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 32),  -- keyed hash of what is counted
    count INTEGER NOT NULL,
    since TEXT NOT NULL
) STRICT;
CREATE INDEX throttles_since ON throttles (since);

-- Figures of many rows, kept beside them (decision 0018): what changes one writes a delta in its own transaction; deltas
-- are folded into tallies a little later, and a figure is the sum of both.
CREATE TABLE tally_deltas (
    id INTEGER NOT NULL PRIMARY KEY,
    what INTEGER NOT NULL,  -- 0 licences, 1 customers, 2 sales, 3 tries to activate, 4 modules, 7 what is owed, 8 licences in the archive
    n INTEGER NOT NULL,
    cents INTEGER NOT NULL DEFAULT 0,
    company_id BLOB CHECK (length(company_id) = 16),
    agent_id BLOB CHECK (length(agent_id) = 16),
    product_id BLOB CHECK (length(product_id) = 16),  -- of modules their own
    word TEXT NOT NULL CHECK (length(word) <= 24),
    flags INTEGER NOT NULL DEFAULT 0,
    day TEXT,
    began_at TEXT,
    ended_at TEXT,
    of_id BLOB CHECK (length(of_id) = 16)
) STRICT;

-- Nobody and never are written as zeros and as 9999-12-31, so that they stand in a key.
CREATE TABLE tallies (
    what INTEGER NOT NULL,
    company_id BLOB NOT NULL CHECK (length(company_id) = 16),
    agent_id BLOB NOT NULL CHECK (length(agent_id) = 16),
    day TEXT NOT NULL,
    product_id BLOB NOT NULL CHECK (length(product_id) = 16),
    word TEXT NOT NULL CHECK (length(word) <= 24),
    flags INTEGER NOT NULL,
    n INTEGER NOT NULL,
    cents INTEGER NOT NULL,
    PRIMARY KEY (what, company_id, agent_id, day, product_id, word, flags)
) STRICT, WITHOUT ROWID;
CREATE INDEX tallies_agent_id_what_day ON tallies (agent_id, what, day);

-- One row: in which zone a day is one, and up to which identifier the activation log is in the tallies.
CREATE TABLE tally_state (
    id INTEGER NOT NULL PRIMARY KEY,
    zone TEXT NOT NULL CHECK (length(zone) <= 64),
    log_before BLOB NOT NULL CHECK (length(log_before) = 16),
    revision INTEGER NOT NULL DEFAULT 1
) STRICT;
INSERT INTO tally_state (id, zone, log_before) VALUES (1, '', zeroblob(16));

-- The company of a customer's licences follows by itself: on SQLite as a change of theirs, which is counted as one.
CREATE TRIGGER licenses_counted_insert AFTER INSERT ON licenses BEGIN
    INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day, began_at, ended_at) SELECT CASE WHEN NEW.archived_at IS NULL THEN 0 ELSE 8 END, 1, NEW.company_id, NEW.agent_id, NEW.product_id, NEW.kind, (NEW.activated_at IS NOT NULL) + 2 * (NEW.suspensions > 0) + 16 * NEW.settled + 32 * (NEW.revoked_at IS NOT NULL) + COALESCE((SELECT CASE c.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END FROM customers AS c WHERE c.id = NEW.customer_id), 0), CASE WHEN NEW.revoked_at IS NULL THEN NEW.expires_on END, NEW.activated_at, NEW.revoked_at;
END;
CREATE TRIGGER licenses_counted_update AFTER UPDATE OF company_id, agent_id, customer_id, kind, expires_on, activated_at, revoked_at, suspensions, settled, archived_at ON licenses WHEN OLD.archived_at IS NOT NEW.archived_at OR OLD.company_id IS NOT NEW.company_id OR OLD.agent_id IS NOT NEW.agent_id OR OLD.customer_id IS NOT NEW.customer_id OR OLD.kind IS NOT NEW.kind OR OLD.expires_on IS NOT NEW.expires_on OR OLD.activated_at IS NOT NEW.activated_at OR OLD.revoked_at IS NOT NEW.revoked_at OR OLD.suspensions IS NOT NEW.suspensions OR OLD.settled IS NOT NEW.settled BEGIN
    INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day, began_at, ended_at) SELECT CASE WHEN OLD.archived_at IS NULL THEN 0 ELSE 8 END, -1, OLD.company_id, OLD.agent_id, OLD.product_id, OLD.kind, (OLD.activated_at IS NOT NULL) + 2 * (OLD.suspensions > 0) + 16 * OLD.settled + 32 * (OLD.revoked_at IS NOT NULL) + COALESCE((SELECT CASE c.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END FROM customers AS c WHERE c.id = OLD.customer_id), 0), CASE WHEN OLD.revoked_at IS NULL THEN OLD.expires_on END, OLD.activated_at, OLD.revoked_at;
    INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day, began_at, ended_at) SELECT CASE WHEN NEW.archived_at IS NULL THEN 0 ELSE 8 END, 1, NEW.company_id, NEW.agent_id, NEW.product_id, NEW.kind, (NEW.activated_at IS NOT NULL) + 2 * (NEW.suspensions > 0) + 16 * NEW.settled + 32 * (NEW.revoked_at IS NOT NULL) + COALESCE((SELECT CASE c.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END FROM customers AS c WHERE c.id = NEW.customer_id), 0), CASE WHEN NEW.revoked_at IS NULL THEN NEW.expires_on END, NEW.activated_at, NEW.revoked_at;
END;
CREATE TRIGGER license_modules_counted_move AFTER UPDATE OF company_id, agent_id, expires_on, revoked_at, archived_at ON licenses WHEN OLD.archived_at IS NOT NEW.archived_at OR OLD.company_id IS NOT NEW.company_id OR OLD.agent_id IS NOT NEW.agent_id OR OLD.expires_on IS NOT NEW.expires_on OR OLD.revoked_at IS NOT NEW.revoked_at BEGIN
    INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day) SELECT 4, -1, OLD.company_id, OLD.agent_id, m.module_id, '', 0, CASE WHEN m.expires_on IS NULL THEN OLD.expires_on WHEN OLD.expires_on IS NULL OR m.expires_on < OLD.expires_on THEN m.expires_on ELSE OLD.expires_on END FROM license_modules AS m WHERE m.license_id = OLD.id AND OLD.revoked_at IS NULL AND OLD.archived_at IS NULL;
    INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day) SELECT 4, 1, NEW.company_id, NEW.agent_id, m.module_id, '', 0, CASE WHEN m.expires_on IS NULL THEN NEW.expires_on WHEN NEW.expires_on IS NULL OR m.expires_on < NEW.expires_on THEN m.expires_on ELSE NEW.expires_on END FROM license_modules AS m WHERE m.license_id = NEW.id AND NEW.revoked_at IS NULL AND NEW.archived_at IS NULL;
END;
CREATE TRIGGER license_modules_counted_insert AFTER INSERT ON license_modules BEGIN
    INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day) SELECT 4, 1, l.company_id, l.agent_id, NEW.module_id, '', 0, CASE WHEN NEW.expires_on IS NULL THEN l.expires_on WHEN l.expires_on IS NULL OR NEW.expires_on < l.expires_on THEN NEW.expires_on ELSE l.expires_on END FROM licenses AS l WHERE l.id = NEW.license_id AND l.revoked_at IS NULL AND l.archived_at IS NULL;
END;
CREATE TRIGGER license_modules_counted_update AFTER UPDATE ON license_modules BEGIN
    INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day) SELECT 4, -1, l.company_id, l.agent_id, OLD.module_id, '', 0, CASE WHEN OLD.expires_on IS NULL THEN l.expires_on WHEN l.expires_on IS NULL OR OLD.expires_on < l.expires_on THEN OLD.expires_on ELSE l.expires_on END FROM licenses AS l WHERE l.id = OLD.license_id AND l.revoked_at IS NULL AND l.archived_at IS NULL;
    INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day) SELECT 4, 1, l.company_id, l.agent_id, NEW.module_id, '', 0, CASE WHEN NEW.expires_on IS NULL THEN l.expires_on WHEN l.expires_on IS NULL OR NEW.expires_on < l.expires_on THEN NEW.expires_on ELSE l.expires_on END FROM licenses AS l WHERE l.id = NEW.license_id AND l.revoked_at IS NULL AND l.archived_at IS NULL;
END;
CREATE TRIGGER license_modules_counted_delete AFTER DELETE ON license_modules BEGIN
    INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day) SELECT 4, -1, l.company_id, l.agent_id, OLD.module_id, '', 0, CASE WHEN OLD.expires_on IS NULL THEN l.expires_on WHEN l.expires_on IS NULL OR OLD.expires_on < l.expires_on THEN OLD.expires_on ELSE l.expires_on END FROM licenses AS l WHERE l.id = OLD.license_id AND l.revoked_at IS NULL AND l.archived_at IS NULL;
END;
CREATE TRIGGER customers_counted_insert AFTER INSERT ON customers WHEN NEW.archived_at IS NULL BEGIN
    INSERT INTO tally_deltas (what, n, company_id, agent_id, word, flags, of_id) SELECT 1, 1, NEW.company_id, NEW.agent_id, '', CASE NEW.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END, NEW.id;
END;
CREATE TRIGGER customers_counted_update AFTER UPDATE OF company_id, agent_id, state, archived_at ON customers WHEN OLD.company_id IS NOT NEW.company_id OR OLD.agent_id IS NOT NEW.agent_id OR OLD.state IS NOT NEW.state OR OLD.archived_at IS NOT NEW.archived_at BEGIN
    INSERT INTO tally_deltas (what, n, company_id, agent_id, word, flags, of_id) SELECT 1, -1, OLD.company_id, OLD.agent_id, '', CASE OLD.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END, OLD.id WHERE OLD.archived_at IS NULL;
    INSERT INTO tally_deltas (what, n, company_id, agent_id, word, flags, of_id) SELECT 1, 1, NEW.company_id, NEW.agent_id, '', CASE NEW.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END, NEW.id WHERE NEW.archived_at IS NULL;
END;
CREATE TRIGGER customers_counted_licenses AFTER UPDATE OF state ON customers WHEN OLD.state <> NEW.state BEGIN
    INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day, began_at, ended_at) SELECT CASE WHEN l.archived_at IS NULL THEN 0 ELSE 8 END, -1, OLD.company_id, l.agent_id, l.product_id, l.kind, (l.activated_at IS NOT NULL) + 2 * (l.suspensions > 0) + 16 * l.settled + 32 * (l.revoked_at IS NOT NULL) + CASE OLD.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END, CASE WHEN l.revoked_at IS NULL THEN l.expires_on END, l.activated_at, l.revoked_at FROM licenses AS l WHERE l.customer_id = NEW.id;
    INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day, began_at, ended_at) SELECT CASE WHEN l.archived_at IS NULL THEN 0 ELSE 8 END, 1, OLD.company_id, l.agent_id, l.product_id, l.kind, (l.activated_at IS NOT NULL) + 2 * (l.suspensions > 0) + 16 * l.settled + 32 * (l.revoked_at IS NOT NULL) + CASE NEW.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END, CASE WHEN l.revoked_at IS NULL THEN l.expires_on END, l.activated_at, l.revoked_at FROM licenses AS l WHERE l.customer_id = NEW.id;
END;
CREATE TRIGGER transactions_counted AFTER INSERT ON transactions BEGIN
    INSERT INTO tally_deltas (what, n, cents, company_id, agent_id, product_id, word, of_id) SELECT 2, 1, NEW.amount_cents, NEW.company_id, NEW.agent_id, (SELECT l.product_id FROM licenses AS l WHERE l.id = NEW.license_id), NEW.kind || ' ' || NEW.currency, NEW.id WHERE NEW.kind NOT IN ('incasso', 'ricarica', 'trasferimento') AND NOT (NEW.kind = 'storno' AND EXISTS (SELECT 1 FROM transactions AS u WHERE u.id = NEW.undoes_id AND u.kind IN ('incasso', 'ricarica', 'trasferimento')));
    INSERT INTO tally_deltas (what, n, cents, company_id, agent_id, word) SELECT 7, 1, NEW.amount_cents, NEW.company_id, NEW.agent_id, '' WHERE NEW.due_on IS NOT NULL;
    INSERT INTO tally_deltas (what, n, cents, company_id, agent_id, word) SELECT 7, -1, COALESCE((SELECT SUM(p.amount_cents) FROM settlements AS p WHERE p.transaction_id = x.id), 0) - x.amount_cents, x.company_id, x.agent_id, '' FROM transactions AS x WHERE x.id = NEW.undoes_id AND x.due_on IS NOT NULL;
END;
CREATE TRIGGER settlements_counted AFTER INSERT ON settlements BEGIN
    INSERT INTO tally_deltas (what, n, cents, company_id, agent_id, word) SELECT 7, 0, -NEW.amount_cents, x.company_id, x.agent_id, '' FROM transactions AS x WHERE x.id = NEW.transaction_id AND x.due_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM transactions AS u WHERE u.undoes_id = x.id);
END;
CREATE TRIGGER activation_log_counted AFTER INSERT ON activation_log WHEN NEW.operation = 'attiva' AND NEW.id < (SELECT s.log_before FROM tally_state AS s) BEGIN
    INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, of_id) SELECT 3, 1, NEW.company_id, NEW.agent_id, NEW.product_id, '', CASE NEW.outcome WHEN 'attivata' THEN 0 WHEN 'gia_attiva' THEN 1 ELSE 2 END, NEW.id;
END;
-- What somebody asks of a list again and again, under a name; shared with a node, or the user's own.
CREATE TABLE saved_views (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    list TEXT NOT NULL CHECK (length(list) <= 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16) REFERENCES users (id),
    node_id BLOB CHECK (length(node_id) = 16) REFERENCES nodes (id),  -- shared with all of this node
    name TEXT NOT NULL CHECK (length(name) <= 60),
    query TEXT NOT NULL CHECK (length(query) <= 1000),
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX saved_views_user_id_id ON saved_views (user_id, id);
CREATE INDEX saved_views_node_id_id ON saved_views (node_id, id);

-- What a user's list opens with.
CREATE TABLE default_views (
    user_id BLOB NOT NULL CHECK (length(user_id) = 16) REFERENCES users (id),
    list TEXT NOT NULL CHECK (length(list) <= 16),
    view_id BLOB NOT NULL CHECK (length(view_id) = 16) REFERENCES saved_views (id),
    PRIMARY KEY (user_id, list)
) STRICT;
CREATE INDEX default_views_view_id ON default_views (view_id);

-- What the form that creates licences holds, under a name; shared with a node, or the user's own.
CREATE TABLE license_templates (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16) REFERENCES users (id),
    node_id BLOB CHECK (length(node_id) = 16) REFERENCES nodes (id),  -- shared with all of this node
    name TEXT NOT NULL CHECK (length(name) <= 60),
    fields TEXT NOT NULL CHECK (length(fields) <= 4000),
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX license_templates_user_id_id ON license_templates (user_id, id);
CREATE INDEX license_templates_node_id_id ON license_templates (node_id, id);
-- What users of the portal are told there.
CREATE TABLE notices (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16) REFERENCES users (id),
    kind TEXT NOT NULL CHECK (length(kind) <= 32),
    subject_kind TEXT NOT NULL CHECK (length(subject_kind) <= 16),
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),  -- what it is about: not shown to who sees it no more
    details TEXT NOT NULL,
    created_at TEXT NOT NULL,
    read_at TEXT
) STRICT;
CREATE INDEX notices_user_id_id ON notices (user_id, id);
CREATE INDEX notices_user_id_read_at ON notices (user_id, read_at);

-- What a user wants to be told of, and how; without a row it is as the topic has it.
CREATE TABLE notice_choices (
    user_id BLOB NOT NULL CHECK (length(user_id) = 16) REFERENCES users (id),
    topic TEXT NOT NULL CHECK (length(topic) <= 16),
    by_mail INTEGER NOT NULL CHECK (by_mail IN (0, 1)),
    in_portal INTEGER NOT NULL CHECK (in_portal IN (0, 1)),
    PRIMARY KEY (user_id, topic)
) STRICT;

-- What was told once, and is not told again.
CREATE TABLE told (
    kind TEXT NOT NULL CHECK (length(kind) <= 32),
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    mark TEXT NOT NULL CHECK (length(mark) <= 64),
    at TEXT NOT NULL,
    PRIMARY KEY (kind, subject_id, mark)
) STRICT;

-- Addresses that a company's events are sent to, its own and of all below it; the vendor's hear of everything.
CREATE TABLE webhooks (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    node_id BLOB NOT NULL CHECK (length(node_id) = 16) REFERENCES nodes (id),
    url TEXT NOT NULL CHECK (length(url) <= 500),
    note TEXT CHECK (length(note) <= 200),
    secret BLOB NOT NULL,  -- sealed
    old_secret BLOB,  -- sealed; signs too while the new one is put in place
    old_until TEXT,
    failing_since TEXT,
    disabled_at TEXT,
    created_by BLOB CHECK (length(created_by) = 16) REFERENCES users (id),
    created_at TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX webhooks_node_id_id ON webhooks (node_id, id);

-- What each waits for: actions of the audit log.
CREATE TABLE webhook_events (
    event TEXT NOT NULL CHECK (length(event) <= 40),
    webhook_id BLOB NOT NULL CHECK (length(webhook_id) = 16) REFERENCES webhooks (id),
    PRIMARY KEY (event, webhook_id)
) STRICT;
CREATE INDEX webhook_events_webhook_id ON webhook_events (webhook_id);

-- Records that some address waits for, and that are not deliveries yet.
CREATE TABLE webhook_queue (
    audit_id BLOB NOT NULL PRIMARY KEY CHECK (length(audit_id) = 16)
) STRICT;
CREATE TRIGGER audit_log_queued AFTER INSERT ON audit_log WHEN EXISTS (SELECT 1 FROM webhook_events AS w WHERE w.event = NEW.action) BEGIN
    INSERT INTO webhook_queue (audit_id) VALUES (NEW.id);
END;

CREATE TABLE webhook_deliveries (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    webhook_id BLOB NOT NULL CHECK (length(webhook_id) = 16) REFERENCES webhooks (id),
    event TEXT NOT NULL CHECK (length(event) <= 40),
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (length(state) <= 12),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at TEXT NOT NULL,
    lease_until TEXT,
    lease_owner TEXT CHECK (length(lease_owner) <= 36),
    status INTEGER,
    answer TEXT CHECK (length(answer) <= 1024),  -- how it began
    last_error TEXT CHECK (length(last_error) <= 300),
    created_at TEXT NOT NULL,
    delivered_at TEXT
) STRICT;
CREATE INDEX webhook_deliveries_webhook_id_id ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_state_next_attempt_at ON webhook_deliveries (state, next_attempt_at);
CREATE INDEX webhook_deliveries_webhook_id_state ON webhook_deliveries (webhook_id, state);
