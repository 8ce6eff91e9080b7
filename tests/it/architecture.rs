//! The house's rules that the compiler does not hold: who imports whom, which words belong to which room, which reads
//! of tenants' data take no scope and who may ask them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// What each room may import. Everything goes down: `main → cli, web → operations → store, gateways → domain`.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("gateways", &["domain"]),
    ("store", &["domain"]),
    ("operations", &["store", "gateways", "domain"]),
    // Reads the bounds of rates and the database's address as their rooms define them.
    ("config", &["store", "gateways", "domain"]),
    ("web", &["operations", "store", "gateways", "domain", "config"]),
    ("demo", &["operations", "store", "gateways", "domain"]),
    ("jobs", &["operations", "store", "gateways", "domain"]),
    (
        "start",
        &["web", "operations", "store", "gateways", "domain", "config"],
    ),
    (
        "cli",
        &[
            "start",
            "web",
            "demo",
            "jobs",
            "operations",
            "store",
            "gateways",
            "domain",
            "config",
        ],
    ),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Words, and the only files or rooms that may use them.
const WORDS: &[(&str, &[&str])] = &[
    ("diesel", &["store/"]),
    ("diesel_migrations", &["store/"]),
    ("libsqlite3_sys", &["store/"]),
    // `main` runs its own executor, `config` speaks Rocket's figment, `cli` launches.
    ("rocket", &["web/", "cli/", "config.rs", "main.rs"]),
    ("rocket_prometheus", &["web/"]),
    ("utoipa", &["web/"]),
    ("fluent_templates", &["web/"]),
    ("clap", &["cli/", "main.rs"]),
    ("rpassword", &["cli/"]),
    ("Utc::now", &["gateways/clock.rs"]),
    ("Local::now", &["gateways/clock.rs"]),
    ("SystemTime", &["gateways/clock.rs"]),
    // How long something took, not what time it is.
    (
        "Instant::now",
        &[
            "web/fairings.rs",
            "store/connection.rs",
            "store/lease.rs",
            "store/migrate.rs",
            "store/writer.rs",
            "cli/serve.rs",
        ],
    ),
    ("std::env", &["config.rs"]),
    ("env::var", &["config.rs"]),
    ("std::fs", &["start.rs"]),
    ("std::process", &["main.rs", "cli/"]),
    ("std::net::TcpStream", &[]),
    ("std::thread", &["store/"]),
    ("thread::spawn", &["store/"]),
    ("governor", &["gateways/limits.rs"]),
    ("reqwest", &["gateways/webhook.rs"]),
    ("rustls", &["gateways/webhook.rs"]),
    ("zxcvbn", &["domain/user.rs"]),
    ("uuid", &["domain/ids.rs"]),
    (
        "flate2",
        &["operations/once.rs", "web/assets.rs", "web/fairings.rs"],
    ),
    ("rust_xlsxwriter", &["web/sheets.rs"]),
    ("similar", &["web/pages/texts/versions.rs"]),
    ("ImageReader", &["gateways/pictures.rs"]),
    ("getrandom", &["domain/secrets.rs"]),
    ("chacha20poly1305", &["domain/secrets.rs"]),
    ("hkdf", &["domain/secrets.rs"]),
    ("hmac", &["domain/secrets.rs"]),
    ("ed25519_compact", &["domain/license/computer_key.rs"]),
    ("println!", &["cli/"]),
    ("eprintln!", &["cli/", "main.rs"]),
    // A word of a page's policy; the compiler is told to take none of the other kind.
    ("unsafe", &["web/fairings.rs"]),
];

/// Reads and writes of tenants' data that take neither a `Scope` nor a `Visible` row: why, and who may ask.
const UNSCOPED: &[(&str, &str, &[&str])] = &[
    (
        "activations::find_unscoped",
        "the licence key is the credential",
        &[
            "operations/licenses/activate.rs",
            "operations/licenses/validate.rs",
            "operations/licenses/deactivate.rs",
            "operations/licenses/standing.rs",
        ],
    ),
    (
        "activations::lock",
        "the licence key is the credential; a customer's own is read through the scope right after",
        &[
            "operations/licenses/activate.rs",
            "operations/licenses/deactivate.rs",
            "operations/licenses/own.rs",
        ],
    ),
    (
        "users::by_token",
        "the token is the credential",
        &["web/guards.rs"],
    ),
    (
        "sessions::by_secret",
        "the cookie is the credential",
        &["web/session.rs"],
    ),
    (
        "users::holder",
        "for the mail to who has an address already",
        &["operations/users/mod.rs"],
    ),
    (
        "users::by_email",
        "for the program itself, never for an answer",
        &[
            "operations/users/create_token.rs",
            "operations/users/reset.rs",
            "operations/customers/register.rs",
            "operations/customers/confirm.rs",
        ],
    ),
    (
        "users::credentials_by_email",
        "the password is the credential",
        &["operations/users/throttle.rs"],
    ),
    (
        "links::by_secret",
        "the link is the credential",
        &[
            "operations/customers/confirm.rs",
            "operations/users/accept.rs",
            "operations/users/reset.rs",
            "operations/users/set_up.rs",
        ],
    ),
    (
        "nodes::by_code",
        "the code is public, in a link",
        &["operations/customers/register.rs", "web/pages/registration.rs"],
    ),
    (
        "customers::reached_at",
        "for mail to that address, never for an answer",
        &["operations/customers/find_keys.rs"],
    ),
    (
        "registrations::by_case_code",
        "the code is the credential of who registered",
        &["operations/customers/follow.rs"],
    ),
    (
        "customers::is_double",
        "only the vendor is told",
        &[
            "operations/customers/create.rs",
            "operations/customers/register.rs",
        ],
    ),
    (
        "brands::logo_by_id",
        "its id is the credential",
        &[
            "operations/messages/post.rs",
            "operations/messages/preview.rs",
            "web/pages/brand.rs",
        ],
    ),
    (
        "nodes::vendor",
        "the tree's root has nothing to hide, and is in nobody's scope",
        &[
            "operations/companies/create.rs",
            "operations/companies/shift.rs",
            "operations/messages/texts.rs",
            "operations/users/invite.rs",
            "operations/users/change.rs",
            "operations/users/found.rs",
        ],
    ),
];

/// The same, by ids or rows that their callers found through a scope, and that hold nothing to be shown.
const UNSCOPED_HELPERS: &[&str] = &[
    "activations::log",
    "activations::modules_of_many",
    "activations::user_name",
    "activations::version_released_on",
    "company_rules::graces",
    "company_rules::line",
    "company_rules::lines",
    "brands::of_line",
    "customers::contacts",
    "customers::insert",
    "registrations::insert",
    "customers::sites",
    "licenses::count_of",
    "licenses::standings",
    "licenses::terms",
    "message_texts::goes_out",
    "message_texts::line",
    "nodes::at_or_below",
    "nodes::greatest_discount_below",
    "nodes::height",
    "nodes::insert",
    "nodes::insert_vendor",
    "nodes::is_at_or_above",
    "nodes::line",
    "nodes::lock",
    "nodes::lock_tree",
    "users::active_superadmins",
    "users::has_superadmin",
    "users::insert",
    "links::consume",
    "links::insert",
    "links::void_set_ups",
    "batches::insert",
    "license_templates::get",
    "license_templates::insert",
    "license_templates::list",
    // Of whose one's own views are, and those of one's node.
    "saved_views::get",
    "saved_views::insert",
    "saved_views::maker_left",
    "saved_views::of_list",
    "saved_views::set_default",
];

/// Operations that no permit is asked for.
const WITHOUT_PERMIT: &[(&str, &str)] = &[
    (
        "messages/compose.rs: values",
        "only puts values into words: whoever has the message writes it",
    ),
    (
        "messages/compose.rs: compose",
        "whoever has the message writes it",
    ),
    (
        "products/announce.rs: go_on",
        "nobody asks: it is the program's own work, begun with a permit",
    ),
    (
        "webhooks/deliver.rs: deliver",
        "nobody asks: it is the program's own work",
    ),
    (
        "webhooks/deliver.rs: spread",
        "nobody asks: it is the program's own work",
    ),
    ("users/notices.rs: of", "one's own choices"),
    ("users/notices.rs: choose", "one's own choices"),
    (
        "messages/post.rs: post",
        "nobody asks: it is the program's own work",
    ),
    ("customers/confirm.rs: peek", "the mailed link is the credential"),
    (
        "customers/confirm.rs: confirm",
        "the mailed link is the credential",
    ),
    (
        "customers/follow.rs: follow",
        "the code of the request is the credential",
    ),
    (
        "customers/find_keys.rs: request",
        "anybody may ask: the answer goes to the address alone",
    ),
    (
        "licenses/standing.rs: on_device",
        "key and device together are the credential",
    ),
    (
        "licenses/activate.rs: activate",
        "the licence key is the credential",
    ),
    (
        "licenses/validate.rs: validate",
        "the licence key is the credential",
    ),
    (
        "licenses/deactivate.rs: deactivate",
        "the licence key is the credential",
    ),
    (
        "licenses/grant.rs: mistyped",
        "only writes down that a key was no key",
    ),
    ("customers/register.rs: register", "anybody may register"),
    (
        "users/sign_in.rs: sign_in",
        "e-mail address and password are the credential",
    ),
    ("users/sign_out.rs: sign_out", "one's own session"),
    ("users/see_as.rs: end", "one's own session"),
    ("users/sessions.rs: list", "one's own sessions"),
    ("users/sessions.rs: end", "one's own sessions"),
    ("users/sessions.rs: end_others", "one's own sessions"),
    ("users/confirm.rs: confirm", "one's own session and password"),
    ("users/confirm.rs: for_once", "one's own password"),
    ("users/password.rs: change", "one's own password"),
    ("users/profile.rs: change", "one's own name and language"),
    ("users/create_token.rs: create_own", "one's own token"),
    ("users/revoke_token.rs: revoke_own", "one's own token"),
    ("users/reset.rs: request", "anybody may ask, and learns nothing"),
    ("users/reset.rs: peek", "the link is the credential"),
    ("users/reset.rs: choose", "the link is the credential"),
    ("users/accept.rs: peek", "the link is the credential"),
    ("users/accept.rs: accept", "the link is the credential"),
    (
        "users/set_up.rs: link",
        "asked by the program at its start, before there is anybody",
    ),
    ("users/set_up.rs: peek", "the link is the credential"),
    ("users/set_up.rs: found", "the link is the credential"),
];

/// Ways to change something without an audit record: why, and who may.
const WITHOUT_RECORD: &[(&str, &str, &[&str])] = &[
    (
        "Done::Accessed",
        "the record is a row of the access log, in the same transaction",
        &[
            "operations/once.rs",
            "operations/users/confirm.rs",
            "operations/users/sessions.rs",
            "operations/users/sign_in.rs",
            "operations/users/sign_out.rs",
            "store/db.rs",
        ],
    ),
    (
        ".throttle(",
        "counters of tries, which Db counts itself: its closure only reads",
        &[
            // The vault's name of a bucket is made here too.
            "operations/users/throttle.rs",
        ],
    ),
    (
        ".post(now",
        "each message is its own record: Db::post gives its closure claims and ends of messages, and nothing else",
        &["operations/messages/post.rs"],
    ),
    (
        ".mark_notices(",
        "whether somebody read what they were told is theirs alone",
        &["web/pages/notices.rs"],
    ),
    (
        ".announce(&",
        "the announcement has its record; each message is its own",
        &["operations/products/announce.rs"],
    ),
    (
        ".deliver(",
        "each delivery is its own record: Db::deliver gives its closure deliveries, and nothing else",
        &["operations/webhooks/deliver.rs"],
    ),
    (
        ".fold_tallies(",
        "it changes no figure: what is told from tallies and deltas stays the same",
        &["jobs/mod.rs"],
    ),
    (
        ".turns(",
        "each run is its own record: Db::turns gives its closure turns at jobs, and nothing else",
        &["jobs/timetable.rs"],
    ),
    (
        ".in_turn(",
        "messages, what was told of whom, and what is kept no longer; what changes tenants' data comes with its events",
        &["jobs/timetable.rs"],
    ),
    (".recount_tallies(", "nor does it", &["cli/mod.rs"]),
    (
        "Ran::Counted",
        "made by Db::throttle, Db::post, Db::turns, Db::in_turn, what marks notices and announces, and by what keeps the tallies",
        &[
            "store/announcing.rs",
            "store/db.rs",
            "store/jobs.rs",
            "store/delivering.rs",
            "store/notices.rs",
            "store/posting.rs",
            "store/tallying.rs",
        ],
    ),
];

/// Lines of a file at most, unless it stands here with the reason.
const LINES: usize = 500;
const LONG: &[(&str, &str)] = &[
    ("store/schema.rs", "one table after the other, for Diesel"),
    (
        "store/licenses.rs",
        "one entity: its list with all filters, its terms, suspensions and counts",
    ),
    (
        "store/activations.rs",
        "the hot path's reads and the seats' guarded writes belong beside each other",
    ),
    (
        "web/api/views.rs",
        "every object of the contract, in the contract's order",
    ),
];

struct Source {
    /// Below `src/`.
    name: String,
    text: String,
    /// Without comments and unit tests.
    code: String,
    lines: usize,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &mut found);
    found.sort();
    assert!(found.len() > 80, "{} files", found.len());
    found
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
            let code: Vec<&str> = code
                .lines()
                .map(|line| {
                    line.split("//")
                        .next()
                        .filter(|_| !line.contains("://"))
                        .unwrap_or(line)
                })
                .collect();
            Source {
                name: path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(),
                lines: text.lines().count(),
                code: code.join("\n"),
                text,
            }
        })
        .collect()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

impl Source {
    /// `src/web/api/mod.rs` is in `web`, `src/config.rs` is `config`.
    fn room(&self) -> &str {
        self.name.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// How many modules stand above what the file defines: the crate's root is 0.
    fn depth(&self) -> usize {
        let parts = self.name.split('/').count();
        parts - usize::from(self.name.ends_with("mod.rs") || self.name == "lib.rs" || self.name == "main.rs")
    }

    /// The rooms that the file names, by `crate::` or by enough `super::`.
    fn imports(&self) -> BTreeSet<String> {
        let mut rooms = BTreeSet::new();
        let mut roots = vec!["crate::".to_owned(), "sigillo::".to_owned()];
        if self.depth() > 0 {
            roots.push("super::".repeat(self.depth()));
        }
        for root in roots {
            for (at, _) in self.code.match_indices(&root) {
                let before = self.code[..at].chars().next_back().unwrap_or(' ');
                if before == ':' || before == '_' || before == '"' || before.is_alphanumeric() {
                    continue;
                }
                rooms.extend(heads(&self.code[at + root.len()..]));
            }
        }
        rooms
    }

    /// Whether a word stands in the code, and not inside a longer one.
    fn uses(&self, word: &str) -> bool {
        let part = |c: char| c.is_alphanumeric() || c == '_';
        self.code.match_indices(word).any(|(at, _)| {
            let before = self.code[..at].chars().next_back().is_some_and(part);
            let after = self.code[at + word.len()..].chars().next().is_some_and(part);
            !before && !after
        })
    }

    /// The public functions: name and signature.
    fn functions(&self) -> Vec<(String, String)> {
        let mut functions = Vec::new();
        for start in ["\npub fn ", "\npub async fn "] {
            for (at, _) in self.code.match_indices(start) {
                let rest = &self.code[at + start.len()..];
                let name: String = rest
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                functions.push((name, rest.split(['{', ';']).next().unwrap().to_owned()));
            }
        }
        functions
    }
}

/// The first names of a path or of a tree of paths: `a::b` gives a, `{a::b, c::{d, e}}` gives a and c.
fn heads(path: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(tree) = path.strip_prefix('{') else {
        return vec![name(path)];
    };
    let (mut depth, mut heads, mut start) = (0, Vec::new(), 0);
    for (at, sign) in tree.char_indices() {
        match sign {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                heads.push(name(&tree[start..at]));
                start = at + 1;
                if sign == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

#[test]
fn imports_go_downwards_only() {
    let rooms: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for source in sources() {
        let room = source.room();
        let allowed = rooms
            .get(room)
            .unwrap_or_else(|| panic!("{} is in no room of the table", source.name));
        for import in source.imports() {
            seen += 1;
            if rooms.contains_key(import.as_str()) && import != room && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{} imports {import}", source.name));
            }
        }
    }
    assert!(seen > 100, "only {seen} imports seen");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn words_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (word, rooms) in WORDS {
            let at_home = rooms.iter().any(|room| source.name.starts_with(room));
            if !at_home && source.uses(word) {
                wrong.push(format!("{} says {word}, which belongs to {rooms:?}", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sql_is_spoken_in_the_store_alone() {
    let begins = [
        "SELECT ",
        "INSERT INTO ",
        "UPDATE ",
        "DELETE FROM ",
        "CREATE ",
        "ALTER ",
        "DROP ",
        "PRAGMA ",
        "BEGIN ",
        "1 = 0",
    ];
    for source in sources().iter().filter(|source| source.room() != "store") {
        for text in source.code.split('"').skip(1).step_by(2) {
            assert!(
                !begins.iter().any(|begin| text.starts_with(begin)),
                "{}: {text}",
                source.name
            );
        }
    }
}

#[test]
fn every_read_of_tenants_data_takes_a_scope_or_a_row_found_through_one_or_is_named_here() {
    let files = [
        "activations",
        "audit",
        "batches",
        "brands",
        "company_rules",
        "customers",
        "license_bulk",
        "license_lists",
        "license_modules",
        "license_templates",
        "licenses",
        "links",
        "logs",
        "merging",
        "message_texts",
        "names",
        "nodes",
        "payments",
        "personal",
        "registrations",
        "saved_views",
        "search",
        "statistics",
        "transactions",
        "sessions",
        "tokens",
        "users",
        "waiting",
    ];
    let sources = sources();
    let mut unscoped = BTreeSet::new();
    let mut scoped = 0;
    for file in files {
        let source = sources
            .iter()
            .find(|source| source.name == format!("store/{file}.rs"))
            .unwrap();
        for (name, signature) in source.functions() {
            if signature.contains("Scope")
                || signature.contains("&Visible<")
                || signature.contains("&[Visible<")
                || signature.contains("&[(Visible<")
            {
                scoped += 1;
            } else {
                unscoped.insert(format!("{file}::{name}"));
            }
        }
    }
    let known: BTreeSet<String> = UNSCOPED
        .iter()
        .map(|(name, ..)| *name)
        .chain(UNSCOPED_HELPERS.iter().copied())
        .map(str::to_owned)
        .collect();
    let new: Vec<_> = unscoped.difference(&known).collect();
    let gone: Vec<_> = known.difference(&unscoped).collect();
    assert!(new.is_empty(), "without a scope, and not in the list: {new:?}");
    assert!(gone.is_empty(), "in the list, and there no more: {gone:?}");
    assert!(scoped > 20, "{scoped} with a scope");
}

#[test]
fn reads_without_a_scope_are_asked_by_those_who_may() {
    for (name, why, callers) in UNSCOPED {
        let function = name.split("::").nth(1).unwrap();
        // Short names are only told apart by the module that they are called through.
        let word = if ["lock", "vendor", "by_secret"].contains(&function) {
            *name
        } else {
            function
        };
        let found: BTreeSet<String> = sources()
            .into_iter()
            .filter(|source| source.room() != "store" && source.uses(word))
            .map(|source| source.name)
            .collect();
        let known: BTreeSet<String> = callers.iter().map(|caller| (*caller).to_owned()).collect();
        assert_eq!(found, known, "{name} ({why})");
    }
}

#[test]
fn a_scope_is_made_from_an_actor_alone_and_turned_into_sql_in_tenancy_alone() {
    for source in sources() {
        if !["domain/scope.rs", "domain/actor.rs"].contains(&source.name.as_str()) {
            assert!(!source.code.contains("Scope("), "{} makes a scope", source.name);
        }
        if !["domain/scope.rs", "domain/actor.rs", "store/tenancy.rs"].contains(&source.name.as_str()) {
            assert!(
                !source.uses("Reach") && !source.uses("reach"),
                "{} looks into a scope",
                source.name
            );
        }
        if !source.name.starts_with("store/") {
            assert!(
                !source.code.contains("Visible::new"),
                "{} calls a row visible",
                source.name
            );
        }
    }
}

#[test]
fn every_operation_takes_its_permit() {
    let mut without = BTreeSet::new();
    for source in sources()
        .iter()
        .filter(|source| source.name.starts_with("operations/"))
    {
        for (name, signature) in source.functions() {
            if signature.contains("app: &App")
                && !signature.contains("Permit<")
                && !signature.contains("tx: &mut ReadTx")
            {
                without.insert(format!(
                    "{}: {name}",
                    source.name.trim_start_matches("operations/")
                ));
            }
        }
    }
    let known: BTreeSet<String> = WITHOUT_PERMIT
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(without, known);
}

#[test]
fn what_changes_without_an_audit_record_is_named_here() {
    for (word, why, callers) in WITHOUT_RECORD {
        let found: BTreeSet<String> = sources()
            .into_iter()
            .filter(|source| source.code.contains(word))
            .map(|source| source.name)
            .collect();
        let known: BTreeSet<String> = callers.iter().map(|caller| (*caller).to_owned()).collect();
        assert_eq!(found, known, "{word} ({why})");
    }
}

#[test]
fn every_file_says_why_it_is_there_and_stays_short() {
    let mut wrong = Vec::new();
    let long: BTreeMap<&str, &str> = LONG.iter().copied().collect();
    for source in sources() {
        if !source.text.starts_with("//! ") {
            wrong.push(format!("{} does not begin with //!", source.name));
        }
        match (source.lines > LINES, long.contains_key(source.name.as_str())) {
            (true, false) => wrong.push(format!("{} has {} lines", source.name, source.lines)),
            (false, true) => wrong.push(format!("{} is short by now: take it off the list", source.name)),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
