//! Who is to be told of what by the clock, and what was told: a row for each, written with its message.
//!
//! These reads have no scope: nobody asks, the program works for all. What they find goes to whom it belongs to, or to who
//! sells to them.

use super::{
    connection::AnyConnection,
    db::{ReadTx, WriteTx},
    fault,
    schema::{customers, reminders, users},
    sql_types::At,
    tenancy::literal,
};
use crate::domain::{
    customer::CustomerState,
    error::Result,
    ids::{AnyId, CustomerId, LicenseId, NodeId},
    license::LicenseKind,
    mail::MailKind,
    user::UserState,
};
use chrono::NaiveDate;
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Binary, Date, Text},
};
use std::collections::{BTreeMap, BTreeSet};

/// Which day of a licence is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// Its last valid day.
    Expiry,
    /// The last day of its maintenance.
    Maintenance,
}

impl Day {
    fn column(self) -> &'static str {
        match self {
            Self::Expiry => "l.expires_on",
            Self::Maintenance => "l.maintenance_until",
        }
    }
}

/// Licences of which somebody is to be told.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// As which message.
    pub mail: MailKind,
    /// Licences of this kind.
    pub kind: LicenseKind,
    /// By this day.
    pub day: Day,
    /// From here.
    pub from: NaiveDate,
    /// To here.
    pub to: NaiveDate,
    /// Days before that day; below zero after it.
    pub threshold: i32,
    /// Days that their period has at least.
    pub least_period: i32,
    /// Those of customers who wait, too.
    pub waiting_too: bool,
}

impl Wanted {
    fn words(&self) -> String {
        let day = self.day.column();
        let state = if self.waiting_too {
            format!("c.state <> '{}'", CustomerState::Suspended)
        } else {
            format!(
                "(c.state = '{}' OR (c.state = '{}' AND l.settled = 1))",
                CustomerState::Validated,
                CustomerState::Pending
            )
        };
        let period = match self.day {
            Day::Expiry => format!(
                "AND (l.period_months IS NULL OR l.period_months * 30 >= {0}) \
                 AND (l.duration_days IS NULL OR l.duration_days >= {0})",
                self.least_period
            ),
            Day::Maintenance => String::new(),
        };
        format!(
            "FROM licenses AS l JOIN customers AS c ON c.id = l.customer_id \
             WHERE l.kind = '{kind}' AND {day} >= '{from}' AND {day} <= '{to}' AND l.revoked_at IS NULL AND l.archived_at IS NULL \
             AND l.suspensions = 0 \
             AND c.archived_at IS NULL AND c.anonymised_at IS NULL AND {state} {period} \
             AND NOT EXISTS (SELECT 1 FROM reminders AS r WHERE r.subject_id = l.id AND r.kind = '{mail}' \
             AND r.about = {day} AND r.threshold = {threshold})",
            kind = self.kind,
            from = self.from,
            to = self.to,
            mail = self.mail,
            threshold = self.threshold,
        )
    }
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Binary)]
    id: Vec<u8>,
}

fn id(bytes: Vec<u8>) -> [u8; 16] {
    bytes.try_into().unwrap_or_default()
}

/// Whose licences are meant, in their order.
///
/// # Errors
/// Of the database.
pub fn customers(tx: &mut ReadTx<'_>, wanted: &Wanted) -> Result<Vec<CustomerId>> {
    let query = format!(
        "SELECT DISTINCT l.customer_id AS id {} ORDER BY 1",
        wanted.words()
    );
    let rows: Vec<Id> = sql_query(query).load(tx.conn)?;
    Ok(rows.into_iter().map(|row| CustomerId(id(row.id))).collect())
}

/// A licence of which somebody is told.
#[derive(Debug, Clone)]
pub struct Told {
    /// Which.
    pub license: LicenseId,
    /// Whose.
    pub customer: CustomerId,
    /// The last group of its key.
    pub tail: String,
    /// Its product's name.
    pub product: String,
    /// The day that it is about.
    pub about: NaiveDate,
}

#[derive(QueryableByName)]
struct ToldRow {
    #[diesel(sql_type = Binary)]
    id: Vec<u8>,
    #[diesel(sql_type = Binary)]
    customer: Vec<u8>,
    #[diesel(sql_type = Text)]
    tail: String,
    #[diesel(sql_type = Text)]
    product: String,
    #[diesel(sql_type = Date)]
    about: NaiveDate,
}

fn among(ids: impl Iterator<Item = [u8; 16]>) -> String {
    ids.map(literal).collect::<Vec<_>>().join(", ")
}

/// The licences of these customers that are meant, by their day.
///
/// # Errors
/// Of the database.
pub fn licenses(tx: &mut ReadTx<'_>, wanted: &Wanted, of: &[CustomerId]) -> Result<Vec<Told>> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let day = wanted.day.column();
    let query = format!(
        "SELECT l.id AS id, l.customer_id AS customer, l.key_tail AS tail, \
         (SELECT p.name FROM products AS p WHERE p.id = l.product_id) AS product, {day} AS about {} \
         AND l.customer_id IN ({}) ORDER BY 2, 5, 1",
        wanted.words(),
        among(of.iter().map(|id| id.0)),
    );
    let rows: Vec<ToldRow> = sql_query(query).load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|row| Told {
            license: LicenseId(id(row.id)),
            customer: CustomerId(id(row.customer)),
            tail: row.tail,
            product: row.product,
            about: row.about,
        })
        .collect())
}

/// Where a customer is written to.
#[derive(Debug, Clone)]
pub struct Reached {
    /// The customer.
    pub id: CustomerId,
    /// Its name.
    pub name: String,
    /// Its address, where one is known.
    pub email: Option<String>,
    /// The company on whose behalf.
    pub company: Option<NodeId>,
    /// The language of its first user, where it has one.
    pub language: Option<String>,
}

/// Where customers are written to, in which language.
///
/// # Errors
/// Of the database.
pub fn reached(tx: &mut ReadTx<'_>, of: &[CustomerId]) -> Result<BTreeMap<CustomerId, Reached>> {
    let languages: Vec<(Option<CustomerId>, String)> = users::table
        .filter(users::customer_id.eq_any(of.to_vec()))
        .filter(users::state.eq(UserState::Active))
        .order(users::id.desc())
        .select((users::customer_id, users::language))
        .load(tx.conn)?;
    // The first user comes last, and stays.
    let languages: BTreeMap<CustomerId, String> = languages
        .into_iter()
        .filter_map(|(customer, language)| Some((customer?, language)))
        .collect();
    let rows: Vec<(CustomerId, String, Option<String>, Option<NodeId>)> = customers::table
        .filter(customers::id.eq_any(of.to_vec()))
        .select((
            customers::id,
            customers::name,
            customers::email,
            customers::company_id,
        ))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, name, email, company)| {
            let language = languages.get(&id).cloned();
            let reached = Reached {
                id,
                name,
                email,
                company,
                language,
            };
            (id, reached)
        })
        .collect())
}

/// One thing that was told.
#[derive(Debug, Insertable)]
#[diesel(table_name = reminders)]
struct Row<'a> {
    subject_id: AnyId,
    kind: &'a str,
    about: NaiveDate,
    threshold: i32,
    sent_at: At,
}

/// Rows in one statement.
const CHUNK: usize = 250;

/// Notes what is told of each, of which day.
///
/// # Errors
/// [`Again`](fault::Class::Again) where somebody told it meanwhile.
pub fn note(
    tx: &mut WriteTx<'_>,
    kind: MailKind,
    threshold: i32,
    of: impl Iterator<Item = ([u8; 16], NaiveDate)>,
) -> Result<()> {
    let sent_at = At(tx.now());
    let rows: Vec<Row<'_>> = of
        .map(|(subject, about)| Row {
            subject_id: AnyId(subject),
            kind: kind.code(),
            about,
            threshold,
            sent_at,
        })
        .collect();
    for rows in rows.chunks(CHUNK) {
        let inserted = match &mut *tx.conn {
            AnyConnection::Sqlite(conn) => diesel::insert_into(reminders::table).values(rows).execute(conn),
            #[cfg(feature = "mariadb")]
            AnyConnection::Mysql(conn) => diesel::insert_into(reminders::table).values(rows).execute(conn),
        };
        if fault::is_taken(&inserted) {
            return Err(fault::again());
        }
        inserted?;
    }
    Ok(())
}

/// Which of some were told already, of a day.
///
/// # Errors
/// Of the database.
pub fn told(
    tx: &mut ReadTx<'_>,
    kind: MailKind,
    about: NaiveDate,
    of: impl Iterator<Item = [u8; 16]>,
) -> Result<BTreeSet<[u8; 16]>> {
    let rows: Vec<AnyId> = reminders::table
        .filter(reminders::subject_id.eq_any(of.map(AnyId).collect::<Vec<_>>()))
        .filter(reminders::kind.eq(kind.code()))
        .filter(reminders::about.eq(about))
        .select(reminders::subject_id)
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|id| id.0).collect())
}
