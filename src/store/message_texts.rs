//! What messages say in place of the texts that come with the program: every version, of which the last holds; and which
//! kinds are switched off.

use super::{
    connection::MultiBackend,
    db::{ReadTx, WriteTx},
    fault,
    schema::{message_switches, message_texts, node_tree},
    sql_types::At,
    tenancy::Visible,
};
use crate::domain::{
    company::Node,
    error::{Error, Result},
    ids::{NodeId, UserId},
    mail::{MailKind, wording::Wording},
};
use chrono::NaiveDateTime;
use diesel::{dsl::sql, prelude::*, sql_types::Bool};

/// A version of a text.
#[derive(Debug, Clone)]
pub struct Version {
    /// Counts from 1.
    pub version: i32,
    /// What it says; none: what comes from above.
    pub wording: Option<Wording>,
    /// Who wrote it.
    pub user: UserId,
    /// When, UTC.
    pub created_at: NaiveDateTime,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = message_texts, check_for_backend(MultiBackend))]
struct Row {
    version: i32,
    subject: Option<String>,
    body: Option<String>,
    user_id: UserId,
    created_at: NaiveDateTime,
}

fn wording(subject: Option<String>, body: Option<String>) -> Option<Wording> {
    Some(Wording {
        subject: subject?,
        body: body?,
    })
}

impl From<Row> for Version {
    fn from(row: Row) -> Self {
        Self {
            version: row.version,
            wording: wording(row.subject, row.body),
            user: row.user_id,
            created_at: row.created_at,
        }
    }
}

/// No later version stands beside it.
const LAST: &str = "NOT EXISTS (SELECT 1 FROM message_texts AS later WHERE later.node_id = message_texts.node_id \
     AND later.kind = message_texts.kind AND later.language = message_texts.language \
     AND later.version > message_texts.version)";

/// A node's own versions of a text, the last first, from below a version on.
///
/// # Errors
/// Of the database.
pub fn versions(
    tx: &mut ReadTx<'_>,
    node: &Visible<Node>,
    kind: MailKind,
    language: &str,
    below: Option<i32>,
    most: i64,
) -> Result<Vec<Version>> {
    let rows: Vec<Row> = message_texts::table
        .filter(message_texts::node_id.eq(node.id))
        .filter(message_texts::kind.eq(kind.code()))
        .filter(message_texts::language.eq(language.to_owned()))
        .filter(message_texts::version.lt(below.unwrap_or(i32::MAX)))
        .order(message_texts::version.desc())
        .limit(most)
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// One of a node's own versions.
///
/// # Errors
/// [`Error::NotFound`].
pub fn version(
    tx: &mut ReadTx<'_>,
    node: &Visible<Node>,
    kind: MailKind,
    language: &str,
    version: i32,
) -> Result<Version> {
    let found = versions(tx, node, kind, language, version.checked_add(1), 1)?;
    found
        .into_iter()
        .find(|found| found.version == version)
        .ok_or(Error::NotFound)
}

/// Adds a version after the one that was read (0: there was none).
///
/// # Errors
/// [`Again`](fault::Class::Again) where somebody else did meanwhile.
pub fn add(
    tx: &mut WriteTx<'_>,
    node: &Visible<Node>,
    kind: MailKind,
    language: &str,
    was: i32,
    wanted: Option<&Wording>,
    user: UserId,
) -> Result<()> {
    let inserted = diesel::insert_into(message_texts::table)
        .values((
            message_texts::node_id.eq(node.id),
            message_texts::kind.eq(kind.code()),
            message_texts::language.eq(language),
            message_texts::version.eq(was + 1),
            message_texts::subject.eq(wanted.map(|wanted| wanted.subject.as_str())),
            message_texts::body.eq(wanted.map(|wanted| wanted.body.as_str())),
            message_texts::user_id.eq(user),
            message_texts::created_at.eq(At(tx.now())),
        ))
        .execute(tx.conn);
    if fault::is_taken(&inserted) {
        return Err(fault::again());
    }
    inserted?;
    Ok(())
}

/// What stands at a node and above it for one text, the nearest first.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Whose.
    pub node: NodeId,
    /// What it says.
    pub wording: Wording,
}

/// The texts that hold for messages on behalf of a node, the nearest first: of a guarded kind only the vendor's.
///
/// # Errors
/// Of the database.
pub fn line(
    tx: &mut ReadTx<'_>,
    of: Option<NodeId>,
    kind: MailKind,
    language: &str,
) -> Result<Vec<Standing>> {
    let of = match of {
        Some(node) if !kind.is_guarded() => node,
        _ => NodeId::VENDOR,
    };
    let rows: Vec<(NodeId, Option<String>, Option<String>)> = message_texts::table
        .inner_join(node_tree::table.on(node_tree::ancestor_id.eq(message_texts::node_id)))
        .filter(node_tree::descendant_id.eq(of))
        .filter(message_texts::kind.eq(kind.code()))
        .filter(message_texts::language.eq(language.to_owned()))
        .filter(sql::<Bool>(LAST))
        .order(node_tree::depth)
        .select((
            message_texts::node_id,
            message_texts::subject,
            message_texts::body,
        ))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(node, subject, body)| {
            Some(Standing {
                node,
                wording: wording(subject, body)?,
            })
        })
        .collect())
}

/// A text that stands at a node or above it, without its words.
#[derive(Debug, Clone, Queryable)]
pub struct Known {
    /// Whose.
    pub node: NodeId,
    /// How far above; 0 is the node's own.
    pub depth: i32,
    /// Of which kind.
    pub kind: String,
    /// In which language.
    pub language: String,
    /// Whether it says anything, or takes back what it said.
    pub says: bool,
    /// Who wrote it.
    pub user: UserId,
    /// When, UTC.
    pub created_at: NaiveDateTime,
}

/// All texts that stand at a node and above it, the nearest first.
///
/// # Errors
/// Of the database.
pub fn known(tx: &mut ReadTx<'_>, node: &Visible<Node>) -> Result<Vec<Known>> {
    Ok(message_texts::table
        .inner_join(node_tree::table.on(node_tree::ancestor_id.eq(message_texts::node_id)))
        .filter(node_tree::descendant_id.eq(node.id))
        .filter(sql::<Bool>(LAST))
        .order(node_tree::depth)
        .select((
            message_texts::node_id,
            node_tree::depth,
            message_texts::kind,
            message_texts::language,
            message_texts::body.is_not_null(),
            message_texts::user_id,
            message_texts::created_at,
        ))
        .load(tx.conn)?)
}

/// What a node and those above it say of whether kinds go out, the nearest first: how far above, which kind, yes or no.
///
/// # Errors
/// Of the database.
pub fn switches(tx: &mut ReadTx<'_>, node: &Visible<Node>) -> Result<Vec<(i32, String, bool)>> {
    Ok(message_switches::table
        .inner_join(node_tree::table.on(node_tree::ancestor_id.eq(message_switches::node_id)))
        .filter(node_tree::descendant_id.eq(node.id))
        .order(node_tree::depth)
        .select((node_tree::depth, message_switches::kind, message_switches::is_on))
        .load(tx.conn)?)
}

/// Whether messages of a kind go out on behalf of a company (none: of the vendor): what the nearest says.
///
/// # Errors
/// Of the database.
pub fn goes_out(tx: &mut ReadTx<'_>, company: Option<NodeId>, kind: MailKind) -> Result<bool> {
    let nearest = message_switches::table
        .inner_join(node_tree::table.on(node_tree::ancestor_id.eq(message_switches::node_id)))
        .filter(node_tree::descendant_id.eq(company.unwrap_or(NodeId::VENDOR)))
        .filter(message_switches::kind.eq(kind.code()))
        .order(node_tree::depth)
        .select(message_switches::is_on)
        .first::<bool>(tx.conn)
        .optional()?;
    Ok(nearest.unwrap_or(true))
}

/// What a node itself says of a kind.
///
/// # Errors
/// Of the database.
pub fn switch_of(tx: &mut ReadTx<'_>, node: &Visible<Node>, kind: MailKind) -> Result<Option<bool>> {
    Ok(message_switches::table
        .find((node.id, kind.code()))
        .select(message_switches::is_on)
        .first(tx.conn)
        .optional()?)
}

/// Sets whether a kind goes out; none leaves it to those above.
///
/// # Errors
/// [`Again`](fault::Class::Again) where somebody else did meanwhile.
pub fn switch(tx: &mut WriteTx<'_>, node: &Visible<Node>, kind: MailKind, to: Option<bool>) -> Result<()> {
    diesel::delete(message_switches::table.find((node.id, kind.code()))).execute(tx.conn)?;
    if let Some(is_on) = to {
        let inserted = diesel::insert_into(message_switches::table)
            .values((
                message_switches::node_id.eq(node.id),
                message_switches::kind.eq(kind.code()),
                message_switches::is_on.eq(is_on),
            ))
            .execute(tx.conn);
        if fault::is_taken(&inserted) {
            return Err(fault::again());
        }
        inserted?;
    }
    Ok(())
}
