-- The base schema: the same tables as migrations/sqlite. Text is compared byte by byte, without padding, as SQLite does.
-- Rows that must not change are guarded by triggers; with binary logging on, creating them wants
-- log_bin_trust_function_creators=1 or the BINLOG ADMIN right.
-- MariaDB commits each statement by itself, so each can be run again after a crash: IF NOT EXISTS everywhere.

ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- What staff change while the program runs, one row a key.
CREATE TABLE IF NOT EXISTS settings (
    name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    value MEDIUMTEXT NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (name)
);

-- The tree of tenants: the vendor, companies and agents.
CREATE TABLE IF NOT EXISTS nodes (
    id BINARY(16) NOT NULL PRIMARY KEY,
    parent_id BINARY(16),
    kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,  -- the vendor, companies, agents
    name VARCHAR(200) NOT NULL,
    name_search VARCHAR(200) NOT NULL,
    code VARCHAR(32) CHARACTER SET ascii COLLATE ascii_nopad_bin,  -- names the company in its registration link
    email VARCHAR(254),
    suspended_at DATETIME(6),
    suspension_note VARCHAR(500),
    suspended_by BINARY(16),  -- whose stop: lifted by it or a node above; null: the vendor's
    credit_limit_cents BIGINT NOT NULL DEFAULT 0,
    discount_bp INTEGER NOT NULL DEFAULT 0,
    license_quota INTEGER,
    trial_quota INTEGER,
    payment_days INTEGER NOT NULL DEFAULT 30,
    may_defer BOOLEAN,  -- null: as the rule says (deferred payment follows from a credit limit)
    may_collect BOOLEAN NOT NULL DEFAULT 0,
    may_validate BOOLEAN NOT NULL DEFAULT 0,
    may_create_subs BOOLEAN NOT NULL DEFAULT 1,
    wants_agent BOOLEAN NOT NULL DEFAULT 0,
    created_at DATETIME(6) NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT nodes_kind CHECK (kind IN ('fornitore', 'rivenditore', 'sottoazienda', 'agente')),
    CONSTRAINT nodes_root CHECK ((kind = 'fornitore') = (parent_id IS NULL)),
    CONSTRAINT nodes_discount CHECK (discount_bp BETWEEN 0 AND 10000),
    CONSTRAINT nodes_code_unique UNIQUE (code),
    CONSTRAINT nodes_parent_id_fk FOREIGN KEY (parent_id) REFERENCES nodes (id),
    CONSTRAINT nodes_id_parent_id_unique UNIQUE (id, parent_id),
    CONSTRAINT nodes_suspended_by_fk FOREIGN KEY (suspended_by) REFERENCES nodes (id)
);
CREATE INDEX IF NOT EXISTS nodes_parent_id ON nodes (parent_id);
CREATE INDEX IF NOT EXISTS nodes_name_search_id ON nodes (name_search, id);

-- Every pair of a node and one below it (itself at depth 0).
CREATE TABLE IF NOT EXISTS node_tree (
    ancestor_id BINARY(16) NOT NULL,
    descendant_id BINARY(16) NOT NULL,
    depth INTEGER NOT NULL,
    PRIMARY KEY (ancestor_id, descendant_id),
    CONSTRAINT node_tree_ancestor_id_fk FOREIGN KEY (ancestor_id) REFERENCES nodes (id),
    CONSTRAINT node_tree_descendant_id_fk FOREIGN KEY (descendant_id) REFERENCES nodes (id)
);
CREATE INDEX IF NOT EXISTS node_tree_descendant_id_depth ON node_tree (descendant_id, depth);

-- What of the products' rules a company has otherwise, for the licences at and below it; null is as above.
CREATE TABLE IF NOT EXISTS company_rules (
    node_id BINARY(16) NOT NULL PRIMARY KEY,
    by_vendor BOOLEAN NOT NULL CHECK (by_vendor IN (0, 1)),  -- the vendor may set anything, a company narrows
    trial_days INTEGER CHECK (trial_days > 0),
    offline_days INTEGER CHECK (offline_days >= 0),
    pending_days INTEGER CHECK (pending_days >= 0),
    grace_days INTEGER CHECK (grace_days >= 0),
    release_max INTEGER CHECK (release_max >= 0),
    release_days INTEGER CHECK (release_days > 0),
    revision INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT company_rules_node_id_fk FOREIGN KEY (node_id) REFERENCES nodes (id)
);

CREATE TABLE IF NOT EXISTS products (
    id BINARY(16) NOT NULL PRIMARY KEY,
    code VARCHAR(40) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    name VARCHAR(200) NOT NULL,
    description MEDIUMTEXT NOT NULL,
    current_version VARCHAR(40) NOT NULL,
    license_kinds VARCHAR(60) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,  -- the kinds it is sold as, separated by commas
    base_price_cents BIGINT NOT NULL DEFAULT 0,
    currency VARCHAR(3) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    trial_days INTEGER NOT NULL,
    period_months INTEGER NOT NULL,
    offline_days INTEGER NOT NULL,
    offline_unlimited BOOLEAN NOT NULL,
    grace_days INTEGER NOT NULL,
    pending_days INTEGER NOT NULL,
    start_rule VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    release_max INTEGER NOT NULL,
    release_days INTEGER NOT NULL,
    properties MEDIUMTEXT NOT NULL,
    signing_key_id BINARY(16) NOT NULL,  -- the pair in use; see signing_keys
    archived_at DATETIME(6),
    created_at DATETIME(6) NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT products_code_unique UNIQUE (code)
);

-- The products that a company may sell, with all below it. One that has none here may sell all that its line may.
CREATE TABLE IF NOT EXISTS company_products (
    node_id BINARY(16) NOT NULL,
    product_id BINARY(16) NOT NULL,
    PRIMARY KEY (node_id, product_id),
    CONSTRAINT company_products_node_id_fk FOREIGN KEY (node_id) REFERENCES nodes (id),
    CONSTRAINT company_products_product_id_fk FOREIGN KEY (product_id) REFERENCES products (id)
);
CREATE INDEX IF NOT EXISTS company_products_product_id ON company_products (product_id);

-- What a licence switches on, a feature of a product.
CREATE TABLE IF NOT EXISTS modules (
    id BINARY(16) NOT NULL PRIMARY KEY,
    product_id BINARY(16) NOT NULL,
    code VARCHAR(40) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    name VARCHAR(200) NOT NULL,
    bit INTEGER,  -- 0 to 31: its place in the mask
    base_price_cents BIGINT NOT NULL DEFAULT 0,
    included BOOLEAN NOT NULL DEFAULT 0,
    archived_at DATETIME(6),
    created_at DATETIME(6) NOT NULL,
    CONSTRAINT modules_bit CHECK (bit IS NULL OR bit BETWEEN 0 AND 31),
    CONSTRAINT modules_product_id_code_unique UNIQUE (product_id, code),
    CONSTRAINT modules_product_id_bit_unique UNIQUE (product_id, bit),
    CONSTRAINT modules_product_id_fk FOREIGN KEY (product_id) REFERENCES products (id)
);

CREATE TABLE IF NOT EXISTS product_versions (
    id BINARY(16) NOT NULL PRIMARY KEY,
    product_id BINARY(16) NOT NULL,
    version VARCHAR(40) NOT NULL,
    released_on DATE NOT NULL,
    notes MEDIUMTEXT NOT NULL,
    url VARCHAR(500),
    checksum VARCHAR(128),
    announced_at DATETIME(6),  -- when it was decided to tell its customers
    announce_after BINARY(16),  -- while they are told: the last who was
    created_at DATETIME(6) NOT NULL,
    CONSTRAINT product_versions_product_id_version_unique UNIQUE (product_id, version),
    CONSTRAINT product_versions_product_id_fk FOREIGN KEY (product_id) REFERENCES products (id)
);
CREATE INDEX IF NOT EXISTS product_versions_product_id_released_on ON product_versions (product_id, released_on);
CREATE INDEX IF NOT EXISTS product_versions_announce_after ON product_versions (announce_after);

-- The vendor's price lists: what one thing costs for a period, for companies of a level, from a day to a day.
CREATE TABLE IF NOT EXISTS prices (
    id BINARY(16) NOT NULL PRIMARY KEY,
    product_id BINARY(16) NOT NULL,
    module_id BINARY(16),
    license_kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    period_months INTEGER,
    company_level VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin,
    per_seat BOOLEAN NOT NULL DEFAULT 0,
    amount_cents BIGINT NOT NULL,
    currency VARCHAR(3) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    created_at DATETIME(6) NOT NULL,
    CONSTRAINT prices_amount CHECK (amount_cents >= 0),
    CONSTRAINT prices_product_id_fk FOREIGN KEY (product_id) REFERENCES products (id),
    CONSTRAINT prices_module_id_fk FOREIGN KEY (module_id) REFERENCES modules (id)
);
CREATE INDEX IF NOT EXISTS prices_product_id_valid_from ON prices (product_id, valid_from);

-- Ed25519 pairs of a product; seeds are sealed with the installation's secret.
CREATE TABLE IF NOT EXISTS signing_keys (
    id BINARY(16) NOT NULL PRIMARY KEY,
    product_id BINARY(16) NOT NULL,
    kid VARCHAR(43) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    public_key BINARY(32) NOT NULL,
    seed_sealed VARBINARY(128) NOT NULL,
    state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,  -- current, next, retired, revoked
    created_at DATETIME(6) NOT NULL,
    activated_at DATETIME(6),
    retired_at DATETIME(6),
    CONSTRAINT signing_keys_state CHECK (state IN ('current', 'next', 'retired', 'revoked')),
    CONSTRAINT signing_keys_kid_unique UNIQUE (kid),
    CONSTRAINT signing_keys_product_id_fk FOREIGN KEY (product_id) REFERENCES products (id)
);
CREATE INDEX IF NOT EXISTS signing_keys_product_id_state ON signing_keys (product_id, state);

-- Who uses licences: a company or a person.
CREATE TABLE IF NOT EXISTS customers (
    id BINARY(16) NOT NULL PRIMARY KEY,
    company_id BINARY(16),
    agent_id BINARY(16),
    name VARCHAR(200) NOT NULL,
    name_search VARCHAR(200) NOT NULL,
    state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    state_note VARCHAR(500),
    state_before VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin,  -- what a suspension interrupted
    suspended_by BINARY(16),  -- whose stop: lifted by it or a node above; null: the vendor's
    email VARCHAR(254),
    vat_number VARCHAR(20),
    tax_code VARCHAR(20),
    phone VARCHAR(40),
    address VARCHAR(500),
    multi_site BOOLEAN NOT NULL DEFAULT 0,
    multi_user BOOLEAN NOT NULL DEFAULT 0,
    flagged_double BOOLEAN NOT NULL DEFAULT 0,  -- shares an e-mail or VAT number with another; shown to the vendor only
    privacy_consent_at DATETIME(6),
    erasure_asked_at DATETIME(6),  -- when they asked for their data to be erased; nothing happens by itself
    email_confirmed_at DATETIME(6),
    decided_at DATETIME(6),
    proposed_at DATETIME(6),  -- when somebody who may not decide spoke for it
    proposed_note VARCHAR(500),
    anonymised_at DATETIME(6),
    archived_at DATETIME(6),
    merged_into BINARY(16),  -- who stayed; logs and ledger keep this id, and are found from there
    created_at DATETIME(6) NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT customers_state CHECK (state IN ('in_attesa', 'convalidato', 'sospeso')),
    CONSTRAINT customers_company_id_fk FOREIGN KEY (company_id) REFERENCES nodes (id),
    CONSTRAINT customers_agent_id_fk FOREIGN KEY (agent_id) REFERENCES nodes (id),
    CONSTRAINT customers_id_company_id_unique UNIQUE (id, company_id),
    CONSTRAINT customers_agent_of_company_fk FOREIGN KEY (agent_id, company_id) REFERENCES nodes (id, parent_id),
    CONSTRAINT customers_suspended_by_fk FOREIGN KEY (suspended_by) REFERENCES nodes (id),
    CONSTRAINT customers_merged_into_fk FOREIGN KEY (merged_into) REFERENCES customers (id)
);
CREATE INDEX IF NOT EXISTS customers_company_id_id ON customers (company_id, id);
CREATE INDEX IF NOT EXISTS customers_agent_id_id ON customers (agent_id, id);
CREATE INDEX IF NOT EXISTS customers_name_search_id ON customers (name_search, id);
CREATE INDEX IF NOT EXISTS customers_email ON customers (email);
CREATE INDEX IF NOT EXISTS customers_vat_number ON customers (vat_number);
CREATE INDEX IF NOT EXISTS customers_state_id ON customers (state, id);
CREATE INDEX IF NOT EXISTS customers_merged_into ON customers (merged_into);
CREATE INDEX IF NOT EXISTS customers_company_id_state_id ON customers (company_id, state, id);
CREATE INDEX IF NOT EXISTS customers_agent_id_state_id ON customers (agent_id, state, id);

-- A person at a customer.
CREATE TABLE IF NOT EXISTS contacts (
    id BINARY(16) NOT NULL PRIMARY KEY,
    customer_id BINARY(16) NOT NULL,
    name VARCHAR(200) NOT NULL,
    email VARCHAR(254),
    phone VARCHAR(40),
    position INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT contacts_customer_id_fk FOREIGN KEY (customer_id) REFERENCES customers (id)
);
CREATE INDEX IF NOT EXISTS contacts_customer_id ON contacts (customer_id);

-- A customer's place.
CREATE TABLE IF NOT EXISTS sites (
    id BINARY(16) NOT NULL PRIMARY KEY,
    customer_id BINARY(16) NOT NULL,
    name VARCHAR(200) NOT NULL,
    address VARCHAR(500),
    seats INTEGER,
    position INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT sites_customer_id_fk FOREIGN KEY (customer_id) REFERENCES customers (id)
);
CREATE INDEX IF NOT EXISTS sites_customer_id ON sites (customer_id);

-- Who signs in: each belongs to one node or to one customer.
CREATE TABLE IF NOT EXISTS users (
    id BINARY(16) NOT NULL PRIMARY KEY,
    node_id BINARY(16),
    customer_id BINARY(16),
    email VARCHAR(254) NOT NULL,
    name VARCHAR(200) NOT NULL,
    password_hash VARCHAR(100) CHARACTER SET ascii COLLATE ascii_nopad_bin,
    language VARCHAR(2) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    read_only BOOLEAN NOT NULL DEFAULT 0,
    credentials_changed_at DATETIME(6) NOT NULL,
    last_seen_at DATETIME(6),
    created_at DATETIME(6) NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT users_home CHECK ((node_id IS NULL) <> (customer_id IS NULL)),
    CONSTRAINT users_state CHECK (state IN ('attivo', 'invitato', 'disabilitato')),
    CONSTRAINT users_email_unique UNIQUE (email),
    CONSTRAINT users_node_id_fk FOREIGN KEY (node_id) REFERENCES nodes (id),
    CONSTRAINT users_customer_id_fk FOREIGN KEY (customer_id) REFERENCES customers (id)
);
CREATE INDEX IF NOT EXISTS users_node_id_id ON users (node_id, id);
CREATE INDEX IF NOT EXISTS users_customer_id_id ON users (customer_id, id);

-- Somebody signed in at a browser; the cookie's secret is stored hashed.
CREATE TABLE IF NOT EXISTS sessions (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    secret_hash BINARY(32) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    last_seen_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    confirmed_at DATETIME(6) NOT NULL,  -- when the password was last given
    ended_at DATETIME(6),
    address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    user_agent VARCHAR(300) NOT NULL,
    seen_user_id BINARY(16),  -- with whose eyes the portal is looked at
    seen_since DATETIME(6),
    CONSTRAINT sessions_secret_hash_unique UNIQUE (secret_hash),
    CONSTRAINT sessions_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT sessions_seen_user_id_fk FOREIGN KEY (seen_user_id) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS sessions_user_id_id ON sessions (user_id, id);

-- Bearer tokens of the API, stored hashed.
CREATE TABLE IF NOT EXISTS api_tokens (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    name VARCHAR(100) NOT NULL,
    prefix VARCHAR(12) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    secret_hash BINARY(32) NOT NULL,
    read_only BOOLEAN NOT NULL,
    expires_at DATETIME(6),
    last_used_at DATETIME(6),
    revoked_at DATETIME(6),
    created_at DATETIME(6) NOT NULL,
    CONSTRAINT api_tokens_secret_hash_unique UNIQUE (secret_hash),
    CONSTRAINT api_tokens_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS api_tokens_user_id_id ON api_tokens (user_id, id);

-- Set-up, invitation, password reset, confirmation of an e-mail address.
CREATE TABLE IF NOT EXISTS one_time_links (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16),
    customer_id BINARY(16),
    purpose VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    email VARCHAR(254) NOT NULL,  -- where it was mailed: what following it proves
    password_hash VARCHAR(100) CHARACTER SET ascii COLLATE ascii_nopad_bin,  -- of the user whom following it makes
    secret_hash BINARY(32) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    used_at DATETIME(6),
    created_at DATETIME(6) NOT NULL,
    CONSTRAINT one_time_links_secret_hash_unique UNIQUE (secret_hash),
    CONSTRAINT one_time_links_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT one_time_links_customer_id_fk FOREIGN KEY (customer_id) REFERENCES customers (id)
);
CREATE INDEX IF NOT EXISTS one_time_links_user_id ON one_time_links (user_id);

-- A customer's own request; its code is stored hashed.
CREATE TABLE IF NOT EXISTS registrations (
    id BINARY(16) NOT NULL PRIMARY KEY,
    customer_id BINARY(16) NOT NULL,
    case_hash BINARY(32) NOT NULL,
    product_id BINARY(16),
    node_id BINARY(16),  -- whose link was followed
    created_at DATETIME(6) NOT NULL,
    decided_at DATETIME(6),
    CONSTRAINT registrations_case_hash_unique UNIQUE (case_hash),
    CONSTRAINT registrations_customer_id_fk FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT registrations_product_id_fk FOREIGN KEY (product_id) REFERENCES products (id),
    CONSTRAINT registrations_node_id_fk FOREIGN KEY (node_id) REFERENCES nodes (id)
);
CREATE INDEX IF NOT EXISTS registrations_customer_id ON registrations (customer_id);
CREATE INDEX IF NOT EXISTS registrations_node_id_id ON registrations (node_id, id);

-- Licences that were generated together.
CREATE TABLE IF NOT EXISTS batches (
    id BINARY(16) NOT NULL PRIMARY KEY,
    product_id BINARY(16) NOT NULL,
    company_id BINARY(16),
    agent_id BINARY(16),
    customer_id BINARY(16),
    label VARCHAR(200),
    quantity INTEGER NOT NULL,
    created_by BINARY(16),
    created_at DATETIME(6) NOT NULL,
    CONSTRAINT batches_product_id_fk FOREIGN KEY (product_id) REFERENCES products (id),
    CONSTRAINT batches_company_id_fk FOREIGN KEY (company_id) REFERENCES nodes (id),
    CONSTRAINT batches_agent_id_fk FOREIGN KEY (agent_id) REFERENCES nodes (id),
    CONSTRAINT batches_customer_id_fk FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT batches_created_by_fk FOREIGN KEY (created_by) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS batches_company_id_id ON batches (company_id, id);
CREATE INDEX IF NOT EXISTS batches_agent_id_id ON batches (agent_id, id);

-- What the hot path reads. Commercial terms stand in license_terms.
CREATE TABLE IF NOT EXISTS licenses (
    id BINARY(16) NOT NULL PRIMARY KEY,
    product_id BINARY(16) NOT NULL,
    customer_id BINARY(16),
    company_id BINARY(16),
    agent_id BINARY(16),
    batch_id BINARY(16),
    key_hash BINARY(32) NOT NULL,  -- HMAC of the canonical key
    key_sealed VARBINARY(80) NOT NULL,  -- the key, encrypted
    key_tail VARCHAR(5) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,  -- its last group, for search
    kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    binding VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    duration_days INTEGER,  -- runs so many days from its start
    period_months INTEGER,  -- or so many months, and renews
    starts_on DATE,
    anchor_day INTEGER,
    expires_on DATE,  -- the last valid day
    maintenance_until DATE,
    activated_at DATETIME(6),
    revoked_at DATETIME(6),
    suspensions INTEGER NOT NULL DEFAULT 0,  -- how many stand
    stopped INTEGER AS (CASE WHEN revoked_at IS NOT NULL THEN 2 WHEN suspensions > 0 THEN 1 END) VIRTUAL,
    settled BOOLEAN NOT NULL DEFAULT 0,  -- something was paid for it: full terms although its customer is pending
    max_devices INTEGER,
    devices_used INTEGER NOT NULL DEFAULT 0,
    max_users INTEGER,
    users_used INTEGER NOT NULL DEFAULT 0,
    max_seats INTEGER,
    seats_used INTEGER NOT NULL DEFAULT 0,
    reserved BOOLEAN NOT NULL DEFAULT 0,  -- only for the devices in reserved_devices
    offline_days INTEGER,
    label VARCHAR(200),
    archived_at DATETIME(6),  -- left out of lists and figures; never asked by what it may do (decision 0021)
    created_at DATETIME(6) NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT licenses_devices CHECK (devices_used >= 0 AND (max_devices IS NULL OR devices_used <= max_devices)),
    CONSTRAINT licenses_users CHECK (users_used >= 0 AND (max_users IS NULL OR users_used <= max_users)),
    CONSTRAINT licenses_seats CHECK (seats_used >= 0 AND (max_seats IS NULL OR seats_used <= max_seats)),
    CONSTRAINT licenses_suspensions CHECK (suspensions >= 0),
    CONSTRAINT licenses_kind CHECK (kind IN ('permanente', 'trial', 'abbonamento')),
    CONSTRAINT licenses_binding CHECK (binding IN ('dispositivo', 'utente', 'flottante', 'nessuno')),
    CONSTRAINT licenses_permanent CHECK (kind <> 'permanente' OR expires_on IS NULL),
    CONSTRAINT licenses_key_hash_unique UNIQUE (key_hash),
    CONSTRAINT licenses_product_id_fk FOREIGN KEY (product_id) REFERENCES products (id),
    CONSTRAINT licenses_customer_id_fk FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT licenses_company_id_fk FOREIGN KEY (company_id) REFERENCES nodes (id),
    CONSTRAINT licenses_agent_id_fk FOREIGN KEY (agent_id) REFERENCES nodes (id),
    CONSTRAINT licenses_batch_id_fk FOREIGN KEY (batch_id) REFERENCES batches (id),
    CONSTRAINT licenses_customer_of_company_fk FOREIGN KEY (customer_id, company_id) REFERENCES customers (id, company_id) ON UPDATE CASCADE,
    CONSTRAINT licenses_agent_of_company_fk FOREIGN KEY (agent_id, company_id) REFERENCES nodes (id, parent_id)
);
CREATE INDEX IF NOT EXISTS licenses_company_id_id ON licenses (company_id, id);
CREATE INDEX IF NOT EXISTS licenses_agent_id_id ON licenses (agent_id, id);
CREATE INDEX IF NOT EXISTS licenses_customer_id_id ON licenses (customer_id, id);
CREATE INDEX IF NOT EXISTS licenses_product_id_id ON licenses (product_id, id);
CREATE INDEX IF NOT EXISTS licenses_batch_id_id ON licenses (batch_id, id);
CREATE INDEX IF NOT EXISTS licenses_of_batch_activated ON licenses (batch_id, company_id, agent_id);
CREATE INDEX IF NOT EXISTS licenses_key_tail ON licenses (key_tail);
CREATE INDEX IF NOT EXISTS licenses_expires_on_id ON licenses (expires_on, id);
CREATE INDEX IF NOT EXISTS licenses_kind_expires_on_id ON licenses (kind, expires_on, id);
CREATE INDEX IF NOT EXISTS licenses_stopped_id ON licenses (stopped, id);
CREATE INDEX IF NOT EXISTS licenses_maintenance_until ON licenses (maintenance_until);
CREATE INDEX IF NOT EXISTS licenses_unassigned ON licenses (company_id, agent_id, activated_at, settled);
CREATE INDEX IF NOT EXISTS licenses_archived ON licenses (archived_at, id);

-- What a licence costs and how it renews; not read when software activates.
CREATE TABLE IF NOT EXISTS license_terms (
    license_id BINARY(16) NOT NULL,
    price_cents BIGINT,
    discount_bp INTEGER,
    auto_renew BOOLEAN NOT NULL DEFAULT 0,
    renewal_method VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin,
    properties MEDIUMTEXT NOT NULL,
    revoked_note VARCHAR(500),
    PRIMARY KEY (license_id),
    CONSTRAINT license_terms_license_id_fk FOREIGN KEY (license_id) REFERENCES licenses (id)
);

CREATE TABLE IF NOT EXISTS license_modules (
    license_id BINARY(16) NOT NULL,
    module_id BINARY(16) NOT NULL,
    expires_on DATE,
    PRIMARY KEY (license_id, module_id),
    CONSTRAINT license_modules_license_id_fk FOREIGN KEY (license_id) REFERENCES licenses (id),
    CONSTRAINT license_modules_module_id_fk FOREIGN KEY (module_id) REFERENCES modules (id)
);
CREATE INDEX IF NOT EXISTS license_modules_module_id ON license_modules (module_id);

-- The only devices that a reserved licence admits.
CREATE TABLE IF NOT EXISTS reserved_devices (
    license_id BINARY(16) NOT NULL,
    device VARCHAR(255) NOT NULL,
    PRIMARY KEY (license_id, device),
    CONSTRAINT reserved_devices_license_id_fk FOREIGN KEY (license_id) REFERENCES licenses (id)
);

CREATE TABLE IF NOT EXISTS suspensions (
    id BINARY(16) NOT NULL PRIMARY KEY,
    license_id BINARY(16) NOT NULL,
    reason VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    note VARCHAR(500),
    node_id BINARY(16),  -- whose: lifted by it or a node above
    created_by BINARY(16),
    created_at DATETIME(6) NOT NULL,
    lifted_at DATETIME(6),
    lifted_by BINARY(16),
    CONSTRAINT suspensions_license_id_fk FOREIGN KEY (license_id) REFERENCES licenses (id),
    CONSTRAINT suspensions_node_id_fk FOREIGN KEY (node_id) REFERENCES nodes (id),
    CONSTRAINT suspensions_created_by_fk FOREIGN KEY (created_by) REFERENCES users (id),
    CONSTRAINT suspensions_lifted_by_fk FOREIGN KEY (lifted_by) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS suspensions_license_id ON suspensions (license_id);

-- Named users of a licence; live is 1 or null, so that one name holds one place.
CREATE TABLE IF NOT EXISTS license_users (
    id BINARY(16) NOT NULL PRIMARY KEY,
    license_id BINARY(16) NOT NULL,
    name VARCHAR(254) NOT NULL,
    live INTEGER,
    created_at DATETIME(6) NOT NULL,
    released_at DATETIME(6),
    CONSTRAINT license_users_live CHECK (live IS NULL OR live = 1),
    CONSTRAINT license_users_license_id_name_live_unique UNIQUE (license_id, name, live),
    CONSTRAINT license_users_license_id_fk FOREIGN KEY (license_id) REFERENCES licenses (id)
);

-- A licence on a device; live is 1 or null, so that one device holds one place.
CREATE TABLE IF NOT EXISTS activations (
    id BINARY(16) NOT NULL PRIMARY KEY,
    license_id BINARY(16) NOT NULL,
    license_user_id BINARY(16),
    device VARCHAR(255) NOT NULL,
    device_name VARCHAR(200),
    platform VARCHAR(100),
    live INTEGER,
    activated_at DATETIME(6) NOT NULL,
    last_seen_at DATETIME(6) NOT NULL,
    released_at DATETIME(6),
    released_by BINARY(16),  -- null: by the device itself
    release_note VARCHAR(500),
    CONSTRAINT activations_live CHECK (live IS NULL OR live = 1),
    CONSTRAINT activations_license_id_device_live_unique UNIQUE (license_id, device, live),
    CONSTRAINT activations_license_id_fk FOREIGN KEY (license_id) REFERENCES licenses (id),
    CONSTRAINT activations_license_user_id_fk FOREIGN KEY (license_user_id) REFERENCES license_users (id),
    CONSTRAINT activations_released_by_fk FOREIGN KEY (released_by) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS activations_device ON activations (device);
CREATE INDEX IF NOT EXISTS activations_last_seen_at_license_id ON activations (last_seen_at, license_id);

-- One trial per device and product.
CREATE TABLE IF NOT EXISTS trial_uses (
    product_id BINARY(16) NOT NULL,
    device VARCHAR(255) NOT NULL,
    license_id BINARY(16) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    PRIMARY KEY (product_id, device),
    CONSTRAINT trial_uses_product_id_fk FOREIGN KEY (product_id) REFERENCES products (id),
    CONSTRAINT trial_uses_license_id_fk FOREIGN KEY (license_id) REFERENCES licenses (id)
);

-- Every activation, validation and release with its outcome; whose it was is kept as it was then.
CREATE TABLE IF NOT EXISTS activation_log (
    id BINARY(16) NOT NULL PRIMARY KEY,
    at DATETIME(6) NOT NULL,
    license_id BINARY(16),
    product_id BINARY(16),
    company_id BINARY(16),
    agent_id BINARY(16),
    customer_id BINARY(16),
    key_kind VARCHAR(12) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,  -- activation, computer
    operation VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    device VARCHAR(255),
    outcome VARCHAR(32) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    request_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL
);
CREATE INDEX IF NOT EXISTS activation_log_license_id_id ON activation_log (license_id, id);
CREATE INDEX IF NOT EXISTS activation_log_company_id_id ON activation_log (company_id, id);
CREATE INDEX IF NOT EXISTS activation_log_agent_id_id ON activation_log (agent_id, id);
CREATE INDEX IF NOT EXISTS activation_log_customer_id_id ON activation_log (customer_id, id);
CREATE TRIGGER IF NOT EXISTS activation_log_no_update BEFORE UPDATE ON activation_log FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'activation_log is append-only';
-- What is kept no longer may go: log_cuts says up to where.
CREATE TRIGGER IF NOT EXISTS activation_log_no_delete BEFORE DELETE ON activation_log FOR EACH ROW BEGIN IF OLD.id >= COALESCE((SELECT c.before_id FROM log_cuts AS c WHERE c.log = 'activation_log'), X'00000000000000000000000000000000') THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'activation_log is append-only'; END IF; END;

-- Sign-ins and what users did.
CREATE TABLE IF NOT EXISTS access_log (
    id BINARY(16) NOT NULL PRIMARY KEY,
    at DATETIME(6) NOT NULL,
    user_id BINARY(16),
    seen_user_id BINARY(16),  -- with whose eyes it was looked at
    node_id BINARY(16),
    customer_id BINARY(16),
    action VARCHAR(100) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    outcome VARCHAR(32) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    user_agent VARCHAR(300) NOT NULL,
    detail VARCHAR(300),
    request_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL
);
CREATE INDEX IF NOT EXISTS access_log_node_id_id ON access_log (node_id, id);
CREATE INDEX IF NOT EXISTS access_log_user_id_id ON access_log (user_id, id);
CREATE INDEX IF NOT EXISTS access_log_customer_id_id ON access_log (customer_id, id);
CREATE TRIGGER IF NOT EXISTS access_log_no_update BEFORE UPDATE ON access_log FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'access_log is append-only';
-- What is kept no longer may go: log_cuts says up to where.
CREATE TRIGGER IF NOT EXISTS access_log_no_delete BEFORE DELETE ON access_log FOR EACH ROW BEGIN IF OLD.id >= COALESCE((SELECT c.before_id FROM log_cuts AS c WHERE c.log = 'access_log'), X'00000000000000000000000000000000') THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'access_log is append-only'; END IF; END;

-- Who changed what. Whose it was is kept as it was then.
CREATE TABLE IF NOT EXISTS audit_log (
    id BINARY(16) NOT NULL PRIMARY KEY,
    at DATETIME(6) NOT NULL,
    actor_kind VARCHAR(12) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,  -- user, client, public, system, operator
    user_id BINARY(16),
    token_id BINARY(16),
    actor_name VARCHAR(254) NOT NULL,
    company_id BINARY(16),
    agent_id BINARY(16),
    customer_id BINARY(16),
    action VARCHAR(40) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    subject_kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    subject_id BINARY(16),
    details MEDIUMTEXT NOT NULL,
    address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_nopad_bin,
    request_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_nopad_bin
);
CREATE INDEX IF NOT EXISTS audit_log_company_id_id ON audit_log (company_id, id);
CREATE INDEX IF NOT EXISTS audit_log_agent_id_id ON audit_log (agent_id, id);
CREATE INDEX IF NOT EXISTS audit_log_customer_id_id ON audit_log (customer_id, id);
CREATE INDEX IF NOT EXISTS audit_log_subject_id_id ON audit_log (subject_id, id);
CREATE INDEX IF NOT EXISTS audit_log_user_id_id ON audit_log (user_id, id);
CREATE TRIGGER IF NOT EXISTS audit_log_no_update BEFORE UPDATE ON audit_log FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit_log is append-only';
CREATE TRIGGER IF NOT EXISTS audit_log_no_delete BEFORE DELETE ON audit_log FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit_log is append-only';

-- Seals audit rows in order; written by a job, so that activations never wait for it.
CREATE TABLE IF NOT EXISTS audit_chain (
    position BIGINT NOT NULL,
    audit_id BINARY(16) NOT NULL,
    hash BINARY(32) NOT NULL,
    sealed_at DATETIME(6) NOT NULL,
    PRIMARY KEY (position),
    CONSTRAINT audit_chain_audit_id_unique UNIQUE (audit_id),
    CONSTRAINT audit_chain_audit_id_fk FOREIGN KEY (audit_id) REFERENCES audit_log (id)
);
CREATE TRIGGER IF NOT EXISTS audit_chain_no_update BEFORE UPDATE ON audit_chain FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit_chain is append-only';
CREATE TRIGGER IF NOT EXISTS audit_chain_no_delete BEFORE DELETE ON audit_chain FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit_chain is append-only';

-- Money, or a promise of money, for a licence. Never edited: a mistake is a row that undoes.
CREATE TABLE IF NOT EXISTS transactions (
    id BINARY(16) NOT NULL PRIMARY KEY,
    license_id BINARY(16),
    customer_id BINARY(16),
    company_id BINARY(16),
    agent_id BINARY(16),
    order_id BINARY(16),
    kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    method VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin,
    payer VARCHAR(8) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL DEFAULT 'azienda',  -- whose debt or payment it is; the company's is hidden from its customer
    amount_cents BIGINT NOT NULL,
    vat_bp INTEGER NOT NULL,
    currency VARCHAR(3) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    due_on DATE,
    period_from DATE,
    period_to DATE,
    undoes_id BINARY(16),
    note VARCHAR(500),
    details MEDIUMTEXT NOT NULL,
    created_by BINARY(16),
    created_at DATETIME(6) NOT NULL,
    CONSTRAINT transactions_payer CHECK (payer IN ('azienda', 'cliente')),
    CONSTRAINT transactions_undoes_id_unique UNIQUE (undoes_id),
    CONSTRAINT transactions_license_id_fk FOREIGN KEY (license_id) REFERENCES licenses (id),
    CONSTRAINT transactions_customer_id_fk FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT transactions_company_id_fk FOREIGN KEY (company_id) REFERENCES nodes (id),
    CONSTRAINT transactions_agent_id_fk FOREIGN KEY (agent_id) REFERENCES nodes (id),
    CONSTRAINT transactions_undoes_id_fk FOREIGN KEY (undoes_id) REFERENCES transactions (id)
);
CREATE INDEX IF NOT EXISTS transactions_license_id_id ON transactions (license_id, id);
CREATE INDEX IF NOT EXISTS transactions_customer_id_id ON transactions (customer_id, id);
CREATE INDEX IF NOT EXISTS transactions_company_id_id ON transactions (company_id, id);
CREATE INDEX IF NOT EXISTS transactions_agent_id_id ON transactions (agent_id, id);
CREATE INDEX IF NOT EXISTS transactions_due_on ON transactions (due_on);
CREATE TRIGGER IF NOT EXISTS transactions_no_update BEFORE UPDATE ON transactions FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'transactions is append-only';
CREATE TRIGGER IF NOT EXISTS transactions_no_delete BEFORE DELETE ON transactions FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'transactions is append-only';

-- What part of a payment settles which row.
CREATE TABLE IF NOT EXISTS settlements (
    id BINARY(16) NOT NULL PRIMARY KEY,
    payment_id BINARY(16) NOT NULL,
    transaction_id BINARY(16) NOT NULL,
    amount_cents BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    CONSTRAINT settlements_amount CHECK (amount_cents > 0),
    CONSTRAINT settlements_payment_id_fk FOREIGN KEY (payment_id) REFERENCES transactions (id),
    CONSTRAINT settlements_transaction_id_fk FOREIGN KEY (transaction_id) REFERENCES transactions (id)
);
CREATE INDEX IF NOT EXISTS settlements_transaction_id ON settlements (transaction_id);
CREATE INDEX IF NOT EXISTS settlements_payment_id ON settlements (payment_id);
CREATE TRIGGER IF NOT EXISTS settlements_no_update BEFORE UPDATE ON settlements FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'settlements is append-only';
CREATE TRIGGER IF NOT EXISTS settlements_no_delete BEFORE DELETE ON settlements FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'settlements is append-only';

-- What somebody set out to buy; not yet money.
CREATE TABLE IF NOT EXISTS orders (
    id BINARY(16) NOT NULL PRIMARY KEY,
    license_id BINARY(16),
    customer_id BINARY(16),
    product_id BINARY(16) NOT NULL,
    company_id BINARY(16),
    provider VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    business_key VARCHAR(120),
    state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    what MEDIUMTEXT NOT NULL,
    amount_cents BIGINT NOT NULL,
    currency VARCHAR(3) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    url VARCHAR(1000),
    expires_at DATETIME(6) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT orders_provider_business_key_unique UNIQUE (provider, business_key),
    CONSTRAINT orders_license_id_fk FOREIGN KEY (license_id) REFERENCES licenses (id),
    CONSTRAINT orders_customer_id_fk FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT orders_product_id_fk FOREIGN KEY (product_id) REFERENCES products (id),
    CONSTRAINT orders_company_id_fk FOREIGN KEY (company_id) REFERENCES nodes (id)
);
CREATE INDEX IF NOT EXISTS orders_license_id ON orders (license_id);
CREATE INDEX IF NOT EXISTS orders_company_id_id ON orders (company_id, id);

-- What shops sent, raw, once each.
CREATE TABLE IF NOT EXISTS payment_events (
    id BINARY(16) NOT NULL PRIMARY KEY,
    provider VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    event_id VARCHAR(120) NOT NULL,
    kind VARCHAR(80) NOT NULL,
    live_mode BOOLEAN NOT NULL,
    body MEDIUMTEXT NOT NULL,
    state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    verdict VARCHAR(300),
    order_id BINARY(16),
    received_at DATETIME(6) NOT NULL,
    handled_at DATETIME(6),
    CONSTRAINT payment_events_provider_event_id_unique UNIQUE (provider, event_id),
    CONSTRAINT payment_events_order_id_fk FOREIGN KEY (order_id) REFERENCES orders (id)
);
CREATE INDEX IF NOT EXISTS payment_events_state_id ON payment_events (state, id);

-- Messages, queued with what causes them and sent afterwards.
CREATE TABLE IF NOT EXISTS outbox (
    id BINARY(16) NOT NULL PRIMARY KEY,
    kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    recipient VARCHAR(254) NOT NULL,
    language VARCHAR(2) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    company_id BINARY(16),
    customer_id BINARY(16),
    user_id BINARY(16),
    payload MEDIUMBLOB NOT NULL,  -- sealed: it may hold a key or a link
    state VARCHAR(12) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at DATETIME(6) NOT NULL,
    message_id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    last_error VARCHAR(500),
    lease_until DATETIME(6),
    lease_owner VARCHAR(36) CHARACTER SET ascii COLLATE ascii_nopad_bin,
    created_at DATETIME(6) NOT NULL,
    sent_at DATETIME(6),
    CONSTRAINT outbox_message_id_unique UNIQUE (message_id),
    CONSTRAINT outbox_company_id_fk FOREIGN KEY (company_id) REFERENCES nodes (id),
    CONSTRAINT outbox_customer_id_fk FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT outbox_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS outbox_state_next_attempt_at ON outbox (state, next_attempt_at);
CREATE INDEX IF NOT EXISTS outbox_company_id_id ON outbox (company_id, id);
CREATE INDEX IF NOT EXISTS outbox_customer_id_id ON outbox (customer_id, id);
CREATE INDEX IF NOT EXISTS outbox_recipient_state_id ON outbox (recipient, state, id);
CREATE INDEX IF NOT EXISTS outbox_kind_id ON outbox (kind, id);

-- What messages say in place of the texts that come with the program: every version, of which the last holds.
CREATE TABLE IF NOT EXISTS message_texts (
    node_id BINARY(16) NOT NULL,  -- the vendor's, or a company's
    kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    language VARCHAR(2) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    subject VARCHAR(200),  -- null, like the body: back to what comes from above
    body MEDIUMTEXT,
    user_id BINARY(16) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    PRIMARY KEY (node_id, kind, language, version),
    CONSTRAINT message_texts_node_id_fk FOREIGN KEY (node_id) REFERENCES nodes (id),
    CONSTRAINT message_texts_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT message_texts_whole CHECK ((subject IS NULL) = (body IS NULL))
);
CREATE INDEX IF NOT EXISTS message_texts_user_id ON message_texts (user_id);
CREATE TRIGGER IF NOT EXISTS message_texts_no_update BEFORE UPDATE ON message_texts FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'message_texts is append-only';
CREATE TRIGGER IF NOT EXISTS message_texts_no_delete BEFORE DELETE ON message_texts FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'message_texts is append-only';

-- Whether a kind of message goes out on behalf of a node and of those below it; where nothing stands, as above.
CREATE TABLE IF NOT EXISTS message_switches (
    node_id BINARY(16) NOT NULL,
    kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    is_on BOOLEAN NOT NULL CHECK (is_on IN (0, 1)),
    PRIMARY KEY (node_id, kind),
    CONSTRAINT message_switches_node_id_fk FOREIGN KEY (node_id) REFERENCES nodes (id)
);

-- Logos as this program encoded them anew. Their ids are secret: who has one may see it.
CREATE TABLE IF NOT EXISTS logos (
    id BINARY(16) NOT NULL PRIMARY KEY,
    node_id BINARY(16) NOT NULL,
    png MEDIUMBLOB NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created_at DATETIME(6) NOT NULL,
    CONSTRAINT logos_node_id_fk FOREIGN KEY (node_id) REFERENCES nodes (id)
);
CREATE INDEX IF NOT EXISTS logos_node_id ON logos (node_id);

-- How a node shows itself to its customers; what is null is as above.
CREATE TABLE IF NOT EXISTS brands (
    node_id BINARY(16) NOT NULL PRIMARY KEY,
    name VARCHAR(60),
    sender VARCHAR(60),  -- the name beside the installation's address
    reply_to VARCHAR(254),
    color VARCHAR(7) CHARACTER SET ascii COLLATE ascii_nopad_bin,
    logo_id BINARY(16),
    revision INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT brands_node_id_fk FOREIGN KEY (node_id) REFERENCES nodes (id),
    CONSTRAINT brands_logo_id_fk FOREIGN KEY (logo_id) REFERENCES logos (id)
);
CREATE INDEX IF NOT EXISTS brands_logo_id ON brands (logo_id);

-- What runs by the clock: who holds it, when it ran, how it went.
CREATE TABLE IF NOT EXISTS jobs (
    name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    lease_owner VARCHAR(36) CHARACTER SET ascii COLLATE ascii_nopad_bin,
    lease_until DATETIME(6),
    fence BIGINT NOT NULL DEFAULT 0,
    next_run_at DATETIME(6) NOT NULL,
    last_run_at DATETIME(6),
    last_duration_ms BIGINT,
    last_outcome VARCHAR(300),
    running_since DATETIME(6),
    failures INTEGER NOT NULL DEFAULT 0,  -- in a row
    PRIMARY KEY (name)
);

-- Each run of what runs by the clock.
CREATE TABLE IF NOT EXISTS job_runs (
    id BINARY(16) NOT NULL PRIMARY KEY,
    job VARCHAR(40) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    owner VARCHAR(36) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    started_at DATETIME(6) NOT NULL,
    ended_at DATETIME(6),
    duration_ms BIGINT,
    outcome VARCHAR(12) CHARACTER SET ascii COLLATE ascii_nopad_bin,
    counts VARCHAR(300) NOT NULL,
    error VARCHAR(300)
);
CREATE INDEX IF NOT EXISTS job_runs_job_id ON job_runs (job, id);

-- What was sent about what: about a licence, of which last valid day, how many days before it (below zero: after). Written
-- with the message, so that nobody sends it twice.
CREATE TABLE IF NOT EXISTS reminders (
    subject_id BINARY(16) NOT NULL,
    kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    about DATE NOT NULL,
    threshold INTEGER NOT NULL,
    sent_at DATETIME(6) NOT NULL,
    PRIMARY KEY (subject_id, kind, about, threshold)
);

-- Up to where a log may be taken away: what is kept no longer.
CREATE TABLE IF NOT EXISTS log_cuts (
    log VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    before_id BINARY(16) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    PRIMARY KEY (log)
);

-- Answers to repeat for 24 hours; the body is sealed, for it may hold keys.
CREATE TABLE IF NOT EXISTS idempotency_keys (
    id BINARY(32) NOT NULL PRIMARY KEY,  -- SHA-256 of caller, route and key
    body_hash BINARY(32) NOT NULL,
    status INTEGER NOT NULL,
    answer MEDIUMBLOB NOT NULL,
    created_at DATETIME(6) NOT NULL
);
CREATE INDEX IF NOT EXISTS idempotency_keys_created_at ON idempotency_keys (created_at);

-- How often somebody tried lately: sign-ins, resets. Shared by all nodes; what is over is forgotten.
CREATE TABLE IF NOT EXISTS throttles (
    id BINARY(32) NOT NULL PRIMARY KEY,  -- keyed hash of what is counted
    count INTEGER NOT NULL,
    since DATETIME(6) NOT NULL
);
CREATE INDEX IF NOT EXISTS throttles_since ON throttles (since);

-- Figures of many rows, kept beside them (decision 0018): what changes one writes a delta in its own transaction; deltas
-- are folded into tallies a little later, and a figure is the sum of both.
CREATE TABLE IF NOT EXISTS tally_deltas (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    what INTEGER NOT NULL,
    n BIGINT NOT NULL,
    cents BIGINT NOT NULL DEFAULT 0,
    company_id BINARY(16),
    agent_id BINARY(16),
    product_id BINARY(16),
    word VARCHAR(24) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    flags INTEGER NOT NULL DEFAULT 0,
    day DATE,
    began_at DATETIME(6),
    ended_at DATETIME(6),
    of_id BINARY(16)
);

-- Nobody and never are written as zeros and as 9999-12-31, so that they stand in a key.
CREATE TABLE IF NOT EXISTS tallies (
    what INTEGER NOT NULL,
    company_id BINARY(16) NOT NULL,
    agent_id BINARY(16) NOT NULL,
    day DATE NOT NULL,
    product_id BINARY(16) NOT NULL,
    word VARCHAR(24) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    flags INTEGER NOT NULL,
    n BIGINT NOT NULL,
    cents BIGINT NOT NULL,
    PRIMARY KEY (what, company_id, agent_id, day, product_id, word, flags)
);
CREATE INDEX IF NOT EXISTS tallies_agent_id_what_day ON tallies (agent_id, what, day);

-- One row: in which zone a day is one, and up to which identifier the activation log is in the tallies.
CREATE TABLE IF NOT EXISTS tally_state (
    id INTEGER NOT NULL PRIMARY KEY,
    zone VARCHAR(64) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    log_before BINARY(16) NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1
);
INSERT IGNORE INTO tally_state (id, zone, log_before) VALUES (1, '', X'00000000000000000000000000000000');

-- What follows by a foreign key fires no trigger here: the licences of a customer who moves are counted by the customer.
-- Licences whose customer changes state are touched, so that nodes of a cluster cannot count one differently at a time.
CREATE TRIGGER IF NOT EXISTS licenses_counted_insert AFTER INSERT ON licenses FOR EACH ROW BEGIN INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day, began_at, ended_at) SELECT CASE WHEN NEW.archived_at IS NULL THEN 0 ELSE 8 END, 1, NEW.company_id, NEW.agent_id, NEW.product_id, NEW.kind, (NEW.activated_at IS NOT NULL) + 2 * (NEW.suspensions > 0) + 16 * NEW.settled + 32 * (NEW.revoked_at IS NOT NULL) + COALESCE((SELECT CASE c.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END FROM customers AS c WHERE c.id = NEW.customer_id), 0), CASE WHEN NEW.revoked_at IS NULL THEN NEW.expires_on END, NEW.activated_at, NEW.revoked_at FROM DUAL; END;
CREATE TRIGGER IF NOT EXISTS licenses_counted_update AFTER UPDATE ON licenses FOR EACH ROW BEGIN IF NOT OLD.archived_at <=> NEW.archived_at OR NOT OLD.company_id <=> NEW.company_id OR NOT OLD.agent_id <=> NEW.agent_id OR NOT OLD.customer_id <=> NEW.customer_id OR NOT OLD.kind <=> NEW.kind OR NOT OLD.expires_on <=> NEW.expires_on OR NOT OLD.activated_at <=> NEW.activated_at OR NOT OLD.revoked_at <=> NEW.revoked_at OR NOT OLD.suspensions <=> NEW.suspensions OR NOT OLD.settled <=> NEW.settled THEN INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day, began_at, ended_at) SELECT CASE WHEN OLD.archived_at IS NULL THEN 0 ELSE 8 END, -1, OLD.company_id, OLD.agent_id, OLD.product_id, OLD.kind, (OLD.activated_at IS NOT NULL) + 2 * (OLD.suspensions > 0) + 16 * OLD.settled + 32 * (OLD.revoked_at IS NOT NULL) + COALESCE((SELECT CASE c.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END FROM customers AS c WHERE c.id = OLD.customer_id), 0), CASE WHEN OLD.revoked_at IS NULL THEN OLD.expires_on END, OLD.activated_at, OLD.revoked_at FROM DUAL; INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day, began_at, ended_at) SELECT CASE WHEN NEW.archived_at IS NULL THEN 0 ELSE 8 END, 1, NEW.company_id, NEW.agent_id, NEW.product_id, NEW.kind, (NEW.activated_at IS NOT NULL) + 2 * (NEW.suspensions > 0) + 16 * NEW.settled + 32 * (NEW.revoked_at IS NOT NULL) + COALESCE((SELECT CASE c.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END FROM customers AS c WHERE c.id = NEW.customer_id), 0), CASE WHEN NEW.revoked_at IS NULL THEN NEW.expires_on END, NEW.activated_at, NEW.revoked_at FROM DUAL; END IF; END;
CREATE TRIGGER IF NOT EXISTS license_modules_counted_move AFTER UPDATE ON licenses FOR EACH ROW BEGIN IF NOT OLD.archived_at <=> NEW.archived_at OR NOT OLD.company_id <=> NEW.company_id OR NOT OLD.agent_id <=> NEW.agent_id OR NOT OLD.expires_on <=> NEW.expires_on OR NOT OLD.revoked_at <=> NEW.revoked_at THEN INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day) SELECT 4, -1, OLD.company_id, OLD.agent_id, m.module_id, '', 0, CASE WHEN m.expires_on IS NULL THEN OLD.expires_on WHEN OLD.expires_on IS NULL OR m.expires_on < OLD.expires_on THEN m.expires_on ELSE OLD.expires_on END FROM license_modules AS m WHERE m.license_id = OLD.id AND OLD.revoked_at IS NULL AND OLD.archived_at IS NULL; INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day) SELECT 4, 1, NEW.company_id, NEW.agent_id, m.module_id, '', 0, CASE WHEN m.expires_on IS NULL THEN NEW.expires_on WHEN NEW.expires_on IS NULL OR m.expires_on < NEW.expires_on THEN m.expires_on ELSE NEW.expires_on END FROM license_modules AS m WHERE m.license_id = NEW.id AND NEW.revoked_at IS NULL AND NEW.archived_at IS NULL; END IF; END;
CREATE TRIGGER IF NOT EXISTS license_modules_counted_insert AFTER INSERT ON license_modules FOR EACH ROW BEGIN INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day) SELECT 4, 1, l.company_id, l.agent_id, NEW.module_id, '', 0, CASE WHEN NEW.expires_on IS NULL THEN l.expires_on WHEN l.expires_on IS NULL OR NEW.expires_on < l.expires_on THEN NEW.expires_on ELSE l.expires_on END FROM licenses AS l WHERE l.id = NEW.license_id AND l.revoked_at IS NULL AND l.archived_at IS NULL; END;
CREATE TRIGGER IF NOT EXISTS license_modules_counted_update AFTER UPDATE ON license_modules FOR EACH ROW BEGIN INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day) SELECT 4, -1, l.company_id, l.agent_id, OLD.module_id, '', 0, CASE WHEN OLD.expires_on IS NULL THEN l.expires_on WHEN l.expires_on IS NULL OR OLD.expires_on < l.expires_on THEN OLD.expires_on ELSE l.expires_on END FROM licenses AS l WHERE l.id = OLD.license_id AND l.revoked_at IS NULL AND l.archived_at IS NULL; INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day) SELECT 4, 1, l.company_id, l.agent_id, NEW.module_id, '', 0, CASE WHEN NEW.expires_on IS NULL THEN l.expires_on WHEN l.expires_on IS NULL OR NEW.expires_on < l.expires_on THEN NEW.expires_on ELSE l.expires_on END FROM licenses AS l WHERE l.id = NEW.license_id AND l.revoked_at IS NULL AND l.archived_at IS NULL; END;
CREATE TRIGGER IF NOT EXISTS license_modules_counted_delete AFTER DELETE ON license_modules FOR EACH ROW BEGIN INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day) SELECT 4, -1, l.company_id, l.agent_id, OLD.module_id, '', 0, CASE WHEN OLD.expires_on IS NULL THEN l.expires_on WHEN l.expires_on IS NULL OR OLD.expires_on < l.expires_on THEN OLD.expires_on ELSE l.expires_on END FROM licenses AS l WHERE l.id = OLD.license_id AND l.revoked_at IS NULL AND l.archived_at IS NULL; END;
CREATE TRIGGER IF NOT EXISTS customers_counted_insert AFTER INSERT ON customers FOR EACH ROW BEGIN IF NEW.archived_at IS NULL THEN INSERT INTO tally_deltas (what, n, company_id, agent_id, word, flags, of_id) SELECT 1, 1, NEW.company_id, NEW.agent_id, '', CASE NEW.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END, NEW.id FROM DUAL; END IF; END;
CREATE TRIGGER IF NOT EXISTS customers_counted_update AFTER UPDATE ON customers FOR EACH ROW BEGIN IF NOT OLD.company_id <=> NEW.company_id OR NOT OLD.agent_id <=> NEW.agent_id OR NOT OLD.state <=> NEW.state OR NOT OLD.archived_at <=> NEW.archived_at THEN INSERT INTO tally_deltas (what, n, company_id, agent_id, word, flags, of_id) SELECT 1, -1, OLD.company_id, OLD.agent_id, '', CASE OLD.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END, OLD.id FROM DUAL WHERE OLD.archived_at IS NULL; INSERT INTO tally_deltas (what, n, company_id, agent_id, word, flags, of_id) SELECT 1, 1, NEW.company_id, NEW.agent_id, '', CASE NEW.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END, NEW.id FROM DUAL WHERE NEW.archived_at IS NULL; END IF; END;
CREATE TRIGGER IF NOT EXISTS customers_counted_licenses AFTER UPDATE ON customers FOR EACH ROW BEGIN IF OLD.state <> NEW.state OR NOT OLD.company_id <=> NEW.company_id THEN INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day, began_at, ended_at) SELECT CASE WHEN l.archived_at IS NULL THEN 0 ELSE 8 END, -1, OLD.company_id, l.agent_id, l.product_id, l.kind, (l.activated_at IS NOT NULL) + 2 * (l.suspensions > 0) + 16 * l.settled + 32 * (l.revoked_at IS NOT NULL) + CASE OLD.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END, CASE WHEN l.revoked_at IS NULL THEN l.expires_on END, l.activated_at, l.revoked_at FROM licenses AS l WHERE l.customer_id = NEW.id; INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day, began_at, ended_at) SELECT CASE WHEN l.archived_at IS NULL THEN 0 ELSE 8 END, 1, NEW.company_id, l.agent_id, l.product_id, l.kind, (l.activated_at IS NOT NULL) + 2 * (l.suspensions > 0) + 16 * l.settled + 32 * (l.revoked_at IS NOT NULL) + CASE NEW.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END, CASE WHEN l.revoked_at IS NULL THEN l.expires_on END, l.activated_at, l.revoked_at FROM licenses AS l WHERE l.customer_id = NEW.id; IF NOT OLD.company_id <=> NEW.company_id THEN INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day) SELECT 4, -1, OLD.company_id, l.agent_id, m.module_id, '', 0, CASE WHEN m.expires_on IS NULL THEN l.expires_on WHEN l.expires_on IS NULL OR m.expires_on < l.expires_on THEN m.expires_on ELSE l.expires_on END FROM licenses AS l JOIN license_modules AS m ON m.license_id = l.id WHERE l.customer_id = NEW.id AND l.revoked_at IS NULL AND l.archived_at IS NULL; INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, day) SELECT 4, 1, NEW.company_id, l.agent_id, m.module_id, '', 0, CASE WHEN m.expires_on IS NULL THEN l.expires_on WHEN l.expires_on IS NULL OR m.expires_on < l.expires_on THEN m.expires_on ELSE l.expires_on END FROM licenses AS l JOIN license_modules AS m ON m.license_id = l.id WHERE l.customer_id = NEW.id AND l.revoked_at IS NULL AND l.archived_at IS NULL; END IF; IF OLD.state <> NEW.state THEN UPDATE licenses SET revision = revision + 1 WHERE customer_id = NEW.id; END IF; END IF; END;
CREATE TRIGGER IF NOT EXISTS transactions_counted AFTER INSERT ON transactions FOR EACH ROW BEGIN INSERT INTO tally_deltas (what, n, cents, company_id, agent_id, product_id, word, of_id) SELECT 2, 1, NEW.amount_cents, NEW.company_id, NEW.agent_id, (SELECT l.product_id FROM licenses AS l WHERE l.id = NEW.license_id), CONCAT(NEW.kind, ' ', NEW.currency), NEW.id FROM DUAL WHERE NEW.kind NOT IN ('incasso', 'ricarica', 'trasferimento') AND NOT (NEW.kind = 'storno' AND EXISTS (SELECT 1 FROM transactions AS u WHERE u.id = NEW.undoes_id AND u.kind IN ('incasso', 'ricarica', 'trasferimento'))); INSERT INTO tally_deltas (what, n, cents, company_id, agent_id, word) SELECT 7, 1, NEW.amount_cents, NEW.company_id, NEW.agent_id, '' FROM DUAL WHERE NEW.due_on IS NOT NULL; INSERT INTO tally_deltas (what, n, cents, company_id, agent_id, word) SELECT 7, -1, CAST(COALESCE((SELECT SUM(p.amount_cents) FROM settlements AS p WHERE p.transaction_id = x.id), 0) AS SIGNED) - x.amount_cents, x.company_id, x.agent_id, '' FROM transactions AS x WHERE x.id = NEW.undoes_id AND x.due_on IS NOT NULL; END;
CREATE TRIGGER IF NOT EXISTS settlements_counted AFTER INSERT ON settlements FOR EACH ROW BEGIN INSERT INTO tally_deltas (what, n, cents, company_id, agent_id, word) SELECT 7, 0, -NEW.amount_cents, x.company_id, x.agent_id, '' FROM transactions AS x WHERE x.id = NEW.transaction_id AND x.due_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM transactions AS u WHERE u.undoes_id = x.id); END;
CREATE TRIGGER IF NOT EXISTS activation_log_counted AFTER INSERT ON activation_log FOR EACH ROW BEGIN IF NEW.operation = 'attiva' AND NEW.id < (SELECT s.log_before FROM tally_state AS s) THEN INSERT INTO tally_deltas (what, n, company_id, agent_id, product_id, word, flags, of_id) SELECT 3, 1, NEW.company_id, NEW.agent_id, NEW.product_id, '', CASE NEW.outcome WHEN 'attivata' THEN 0 WHEN 'gia_attiva' THEN 1 ELSE 2 END, NEW.id FROM DUAL; END IF; END;
-- What somebody asks of a list again and again, under a name; shared with a node, or the user's own.
CREATE TABLE IF NOT EXISTS saved_views (
    id BINARY(16) NOT NULL PRIMARY KEY,
    list VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    user_id BINARY(16) NOT NULL,
    node_id BINARY(16),  -- shared with all of this node
    name VARCHAR(60) NOT NULL,
    query VARCHAR(1000) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    CONSTRAINT saved_views_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT saved_views_node_id_fk FOREIGN KEY (node_id) REFERENCES nodes (id)
);
CREATE INDEX IF NOT EXISTS saved_views_user_id_id ON saved_views (user_id, id);
CREATE INDEX IF NOT EXISTS saved_views_node_id_id ON saved_views (node_id, id);

-- What a user's list opens with.
CREATE TABLE IF NOT EXISTS default_views (
    user_id BINARY(16) NOT NULL,
    list VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    view_id BINARY(16) NOT NULL,
    PRIMARY KEY (user_id, list),
    CONSTRAINT default_views_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT default_views_view_id_fk FOREIGN KEY (view_id) REFERENCES saved_views (id)
);
CREATE INDEX IF NOT EXISTS default_views_view_id ON default_views (view_id);

-- What the form that creates licences holds, under a name; shared with a node, or the user's own.
CREATE TABLE IF NOT EXISTS license_templates (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    node_id BINARY(16),  -- shared with all of this node
    name VARCHAR(60) NOT NULL,
    fields VARCHAR(4000) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    CONSTRAINT license_templates_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT license_templates_node_id_fk FOREIGN KEY (node_id) REFERENCES nodes (id)
);
CREATE INDEX IF NOT EXISTS license_templates_user_id_id ON license_templates (user_id, id);
CREATE INDEX IF NOT EXISTS license_templates_node_id_id ON license_templates (node_id, id);
-- What users of the portal are told there.
CREATE TABLE IF NOT EXISTS notices (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    subject_kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    subject_id BINARY(16) NOT NULL,  -- what it is about: not shown to who sees it no more
    details MEDIUMTEXT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    read_at DATETIME(6),
    CONSTRAINT notices_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS notices_user_id_id ON notices (user_id, id);
CREATE INDEX IF NOT EXISTS notices_user_id_read_at ON notices (user_id, read_at);

-- What a user wants to be told of, and how; without a row it is as the topic has it.
CREATE TABLE IF NOT EXISTS notice_choices (
    user_id BINARY(16) NOT NULL,
    topic VARCHAR(16) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    by_mail BOOLEAN NOT NULL,
    in_portal BOOLEAN NOT NULL,
    PRIMARY KEY (user_id, topic),
    CONSTRAINT notice_choices_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id)
);

-- What was told once, and is not told again.
CREATE TABLE IF NOT EXISTS told (
    kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    subject_id BINARY(16) NOT NULL,
    mark VARCHAR(64) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    at DATETIME(6) NOT NULL,
    PRIMARY KEY (kind, subject_id, mark)
);

-- Addresses that a company's events are sent to, its own and of all below it; the vendor's hear of everything.
CREATE TABLE IF NOT EXISTS webhooks (
    id BINARY(16) NOT NULL PRIMARY KEY,
    node_id BINARY(16) NOT NULL,
    url VARCHAR(500) NOT NULL,
    note VARCHAR(200),
    secret VARBINARY(200) NOT NULL,  -- sealed
    old_secret VARBINARY(200),  -- sealed; signs too while the new one is put in place
    old_until DATETIME(6),
    failing_since DATETIME(6),
    disabled_at DATETIME(6),
    created_by BINARY(16),
    created_at DATETIME(6) NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT webhooks_node_id_fk FOREIGN KEY (node_id) REFERENCES nodes (id),
    CONSTRAINT webhooks_created_by_fk FOREIGN KEY (created_by) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS webhooks_node_id_id ON webhooks (node_id, id);

-- What each waits for: actions of the audit log.
CREATE TABLE IF NOT EXISTS webhook_events (
    event VARCHAR(40) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    webhook_id BINARY(16) NOT NULL,
    PRIMARY KEY (event, webhook_id),
    CONSTRAINT webhook_events_webhook_id_fk FOREIGN KEY (webhook_id) REFERENCES webhooks (id)
);
CREATE INDEX IF NOT EXISTS webhook_events_webhook_id ON webhook_events (webhook_id);

-- Records that some address waits for, and that are not deliveries yet.
CREATE TABLE IF NOT EXISTS webhook_queue (
    audit_id BINARY(16) NOT NULL PRIMARY KEY
);
CREATE TRIGGER IF NOT EXISTS audit_log_queued AFTER INSERT ON audit_log FOR EACH ROW BEGIN IF EXISTS (SELECT 1 FROM webhook_events AS w WHERE w.event = NEW.action) THEN INSERT INTO webhook_queue (audit_id) VALUES (NEW.id); END IF; END;

CREATE TABLE IF NOT EXISTS webhook_deliveries (
    id BINARY(16) NOT NULL PRIMARY KEY,
    webhook_id BINARY(16) NOT NULL,
    event VARCHAR(40) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    body MEDIUMTEXT NOT NULL,
    state VARCHAR(12) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at DATETIME(6) NOT NULL,
    lease_until DATETIME(6),
    lease_owner VARCHAR(36) CHARACTER SET ascii COLLATE ascii_nopad_bin,
    status INTEGER,
    answer VARCHAR(1024),  -- how it began
    last_error VARCHAR(300),
    created_at DATETIME(6) NOT NULL,
    delivered_at DATETIME(6),
    CONSTRAINT webhook_deliveries_webhook_id_fk FOREIGN KEY (webhook_id) REFERENCES webhooks (id)
);
CREATE INDEX IF NOT EXISTS webhook_deliveries_webhook_id_id ON webhook_deliveries (webhook_id, id);
CREATE INDEX IF NOT EXISTS webhook_deliveries_state_next_attempt_at ON webhook_deliveries (state, next_attempt_at);
CREATE INDEX IF NOT EXISTS webhook_deliveries_webhook_id_state ON webhook_deliveries (webhook_id, state);
