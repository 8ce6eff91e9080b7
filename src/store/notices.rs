//! What users are told in the portal, and how each wants to be told. A notice holds no name: what it is about is looked
//! up when it is shown, so that who sees it no more is told nothing of it.

use super::{
    db::{Db, Ran, ReadTx, WriteTx},
    outbox,
    page::{Page, Slice},
    schema::{activations, customers, notice_choices, notices, products, told, users},
    sql_types::At,
    tenancy::{self, Visible},
};
use crate::domain::{
    actor::Actor,
    error::{Error, Result},
    ids::*,
    license::License,
    notice::{About, Choice, NoticeKind, Topic},
    scope::Scope,
    user::{User, UserState},
};
use chrono::NaiveDateTime;
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Users of one event who are told at most.
const LISTENERS: i64 = 100;

/// Seals what fills a message in, under the message's own identifier.
pub type Seal<'a> = &'a dyn Fn(MessageId, &Value) -> Result<Vec<u8>>;

/// Something that happened, for those whom it concerns.
#[derive(Debug)]
pub struct Telling<'a> {
    /// What.
    pub kind: NoticeKind,
    /// All users of these nodes who may sign in.
    pub nodes: &'a [NodeId],
    /// But the one who did it.
    pub but: Option<UserId>,
    /// What it is about.
    pub about: (About, [u8; 16]),
    /// Whose customer's name a message may say: erased with it.
    pub customer: Option<CustomerId>,
    /// Numbers and words of ours: no names.
    pub details: Value,
    /// What fills the message in, but the reader's name.
    pub mail: Map<String, Value>,
}

/// Tells those whom it concerns, each as they want to be: a row in the portal, a message, both or neither.
///
/// # Errors
/// Of the database, or of the seal.
pub fn tell(tx: &mut WriteTx<'_>, seal: Seal<'_>, telling: &Telling<'_>) -> Result<()> {
    let now = tx.now();
    for listener in listeners(tx, telling.nodes, telling.kind.topic())? {
        if telling.but == Some(listener.user) {
            continue;
        }
        if listener.choice.in_portal {
            diesel::insert_into(notices::table)
                .values((
                    notices::id.eq(NoticeId::at(now)),
                    notices::user_id.eq(listener.user),
                    notices::kind.eq(telling.kind.code()),
                    notices::subject_kind.eq(telling.about.0.code()),
                    notices::subject_id.eq(AnyId(telling.about.1)),
                    notices::details.eq(telling.details.to_string()),
                    notices::created_at.eq(At(now)),
                ))
                .execute(tx.conn)?;
        }
        if listener.choice.by_mail {
            let mut payload = telling.mail.clone();
            payload.insert("nome".into(), Value::String(listener.name));
            let id = MessageId::at(now);
            let sealed = seal(id, &Value::Object(payload))?;
            let message = outbox::NewMessage {
                id,
                kind: telling.kind.mail().code(),
                recipient: &listener.email,
                language: &listener.language,
                company: listener.node,
                customer: telling.customer,
                user: Some(listener.user),
                payload_sealed: &sealed,
            };
            outbox::queue(tx, &message)?;
        }
    }
    Ok(())
}

struct Listener {
    user: UserId,
    node: Option<NodeId>,
    email: String,
    name: String,
    language: String,
    choice: Choice,
}

fn listeners(tx: &mut ReadTx<'_>, nodes: &[NodeId], topic: Topic) -> Result<Vec<Listener>> {
    type Row = (
        UserId,
        Option<NodeId>,
        String,
        String,
        String,
        Option<bool>,
        Option<bool>,
    );
    if nodes.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = users::table
        .left_join(
            notice_choices::table.on(notice_choices::user_id
                .eq(users::id)
                .and(notice_choices::topic.eq(topic.code()))),
        )
        .filter(users::node_id.eq_any(nodes.iter().copied().map(Some).collect::<Vec<_>>()))
        .filter(users::state.eq(UserState::Active))
        .order(users::id)
        .limit(LISTENERS)
        .select((
            users::id,
            users::node_id,
            users::email,
            users::name,
            users::language,
            notice_choices::by_mail.nullable(),
            notice_choices::in_portal.nullable(),
        ))
        .load(tx.conn)?;
    let default = topic.default_choice();
    Ok(rows
        .into_iter()
        .map(
            |(user, node, email, name, language, by_mail, in_portal)| Listener {
                user,
                node,
                email,
                name,
                language,
                choice: Choice {
                    by_mail: by_mail.unwrap_or(default.by_mail),
                    in_portal: in_portal.unwrap_or(default.in_portal),
                },
            },
        )
        .collect())
}

/// Whether this is told for the first time: it is noted that it was.
///
/// # Errors
/// Of the database.
pub fn first_time(tx: &mut WriteTx<'_>, kind: NoticeKind, subject: [u8; 16], mark: &str) -> Result<bool> {
    if was_told(tx, kind, subject, mark)? {
        return Ok(false);
    }
    let at = At(tx.now());
    let inserted = diesel::insert_into(told::table)
        .values((
            told::kind.eq(kind.code()),
            told::subject_id.eq(AnyId(subject)),
            told::mark.eq(mark),
            told::at.eq(at),
        ))
        .execute(tx.conn);
    if super::fault::is_taken(&inserted) {
        return Ok(false);
    }
    inserted?;
    Ok(true)
}

/// Whether it was told already.
///
/// # Errors
/// Of the database.
pub fn was_told(tx: &mut ReadTx<'_>, kind: NoticeKind, subject: [u8; 16], mark: &str) -> Result<bool> {
    let found: Option<String> = told::table
        .find((kind.code(), AnyId(subject), mark))
        .select(told::mark)
        .first(tx.conn)
        .optional()?;
    Ok(found.is_some())
}

/// The names that a message to staff says of a licence: its customer's, its product's, the end of its key.
#[derive(Debug, Default)]
pub struct LicenseNames {
    /// The customer's.
    pub customer: Option<String>,
    /// The product's.
    pub product: String,
    /// The last group of the key.
    pub tail: String,
}

/// The same of one that was met by its key.
///
/// # Errors
/// Of the database.
pub fn names_of_license(tx: &mut ReadTx<'_>, id: LicenseId) -> Result<LicenseNames> {
    use super::schema::licenses;
    let (customer, product, tail): (Option<CustomerId>, String, String) = licenses::table
        .inner_join(products::table.on(products::id.eq(licenses::product_id)))
        .filter(licenses::id.eq(id))
        .select((licenses::customer_id, products::name, licenses::key_tail))
        .first(tx.conn)?;
    let customer = match customer {
        Some(id) => Some(name_of_customer(tx, id)?),
        None => None,
    };
    Ok(LicenseNames {
        customer,
        product,
        tail,
    })
}

/// A customer's name, and its company and agent as they are now.
///
/// # Errors
/// Of the database.
pub fn keepers_of(tx: &mut ReadTx<'_>, id: CustomerId) -> Result<(String, Option<NodeId>, Option<NodeId>)> {
    Ok(customers::table
        .find(id)
        .select((customers::name, customers::company_id, customers::agent_id))
        .first(tx.conn)?)
}

/// A customer's name, for a message to staff.
///
/// # Errors
/// Of the database.
pub fn name_of_customer(tx: &mut ReadTx<'_>, id: CustomerId) -> Result<String> {
    Ok(customers::table.find(id).select(customers::name).first(tx.conn)?)
}

/// Whether a company's licences want an agent.
///
/// # Errors
/// Of the database.
pub fn wants_agent(tx: &mut ReadTx<'_>, company: NodeId) -> Result<bool> {
    use super::schema::nodes;
    Ok(nodes::table
        .find(company)
        .select(nodes::wants_agent)
        .first(tx.conn)?)
}

/// The last place that a device had in a licence and gave back; none while it has one.
///
/// # Errors
/// Of the database.
pub fn released_place(tx: &mut ReadTx<'_>, license: LicenseId, device: &str) -> Result<Option<ActivationId>> {
    Ok(activations::table
        .filter(activations::license_id.eq(license))
        .filter(activations::device.eq(device))
        .filter(activations::live.is_null())
        .order(activations::id.desc())
        .select(activations::id)
        .first(tx.conn)
        .optional()?)
}

/// A notice as its reader sees it.
#[derive(Debug, Clone, Queryable)]
pub struct Notice {
    /// Identifier.
    pub id: NoticeId,
    /// What happened.
    pub kind: String,
    /// To what kind of thing.
    pub about: String,
    /// To which.
    pub subject: AnyId,
    /// Numbers and words, a JSON object.
    pub details: String,
    /// When, UTC.
    pub created_at: NaiveDateTime,
    /// When it was read, UTC.
    pub read_at: Option<NaiveDateTime>,
}

/// What a user was told of that they still see, newest first.
///
/// # Errors
/// Of the database.
pub fn list(tx: &mut ReadTx<'_>, scope: Scope, user: UserId, page: &Page) -> Result<Slice<Notice>> {
    let mut query = notices::table
        .filter(notices::user_id.eq(user))
        .filter(sql::<Bool>(&tenancy::notices_words(scope)))
        .into_boxed();
    if let Some(before) = page.before {
        query = query.filter(notices::id.lt(NoticeId(before)));
    }
    let rows = query
        .order(notices::id.desc())
        .limit(page.fetch())
        .select(COLUMNS)
        .load(tx.conn)?;
    Ok(page.slice(rows, |row: &Notice| row.id.0))
}

const COLUMNS: (
    notices::id,
    notices::kind,
    notices::subject_kind,
    notices::subject_id,
    notices::details,
    notices::created_at,
    notices::read_at,
) = (
    notices::id,
    notices::kind,
    notices::subject_kind,
    notices::subject_id,
    notices::details,
    notices::created_at,
    notices::read_at,
);

/// One of them.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &mut ReadTx<'_>, scope: Scope, user: UserId, id: NoticeId) -> Result<Notice> {
    let found: Option<Notice> = notices::table
        .filter(notices::id.eq(id))
        .filter(notices::user_id.eq(user))
        .filter(sql::<Bool>(&tenancy::notices_words(scope)))
        .select(COLUMNS)
        .first(tx.conn)
        .optional()?;
    found.ok_or(Error::NotFound)
}

/// How many a user did not read yet, in words: so many at most as are counted.
pub(super) fn unread_words(scope: Scope, user: UserId, most: i64) -> String {
    format!(
        "(SELECT COUNT(*) FROM (SELECT 1 AS one FROM notices WHERE notices.user_id = {} AND notices.read_at IS NULL \
         AND {} LIMIT {most}) AS u)",
        tenancy::literal(user.0),
        tenancy::notices_words(scope)
    )
}

/// Which notices somebody read.
#[derive(Debug, Clone, Copy)]
pub enum Which {
    /// This one.
    One(NoticeId),
    /// All.
    All,
}

impl Db {
    /// Notes that somebody read what they were told. That is theirs alone, and leaves no record.
    ///
    /// # Errors
    /// As [`operation`](Self::operation).
    pub async fn mark_notices(&self, actor: &Actor, now: NaiveDateTime, which: Which) -> Result<usize> {
        let user = actor.user_id().ok_or(Error::Forbidden)?;
        self.run(actor, now, move |tx| {
            let unread = notices::table
                .filter(notices::user_id.eq(user))
                .filter(notices::read_at.is_null());
            let set = notices::read_at.eq(At(now));
            let marked = match which {
                Which::One(id) => diesel::update(unread.filter(notices::id.eq(id)))
                    .set(set)
                    .execute(tx.conn)?,
                Which::All => diesel::update(unread).set(set).execute(tx.conn)?,
            };
            Ok(Ran::Counted(marked))
        })
        .await
    }
}

/// Takes all notices for read: those of people who are invented.
///
/// # Errors
/// Of the database.
pub fn pass_over(tx: &mut WriteTx<'_>) -> Result<()> {
    diesel::update(notices::table.filter(notices::read_at.is_null()))
        .set(notices::read_at.eq(notices::created_at.nullable()))
        .execute(tx.conn)?;
    Ok(())
}

/// What a user chose; a topic that they never chose for is as it is for all.
///
/// # Errors
/// Of the database.
pub fn choices(tx: &mut ReadTx<'_>, user: &Visible<User>) -> Result<BTreeMap<Topic, Choice>> {
    let rows: Vec<(String, bool, bool)> = notice_choices::table
        .filter(notice_choices::user_id.eq(user.id))
        .select((
            notice_choices::topic,
            notice_choices::by_mail,
            notice_choices::in_portal,
        ))
        .load(tx.conn)?;
    let mut choices: BTreeMap<Topic, Choice> = Topic::ALL
        .iter()
        .map(|topic| (*topic, topic.default_choice()))
        .collect();
    for (topic, by_mail, in_portal) in rows {
        if let Some(topic) = Topic::from_code(&topic) {
            choices.insert(topic, Choice { by_mail, in_portal });
        }
    }
    Ok(choices)
}

/// Stores what a user chose.
///
/// # Errors
/// Of the database.
pub fn choose(tx: &mut WriteTx<'_>, user: &Visible<User>, topic: Topic, choice: Choice) -> Result<()> {
    let row = (
        notice_choices::user_id.eq(user.id),
        notice_choices::topic.eq(topic.code()),
        notice_choices::by_mail.eq(choice.by_mail),
        notice_choices::in_portal.eq(choice.in_portal),
    );
    diesel::delete(notice_choices::table.find((user.id, topic.code()))).execute(tx.conn)?;
    diesel::insert_into(notice_choices::table)
        .values(row)
        .execute(tx.conn)?;
    Ok(())
}

/// Whether a licence is nobody's to look after, now that it runs: of no company, or of one that wants an agent.
///
/// # Errors
/// Of the database.
pub fn is_unassigned(tx: &mut ReadTx<'_>, license: &Visible<License>) -> Result<bool> {
    Ok(match (license.company_id, license.agent_id) {
        (None, _) => true,
        (Some(_), Some(_)) => false,
        (Some(company), None) => wants_agent(tx, company)?,
    })
}
