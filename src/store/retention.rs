//! Taking away what is kept no longer: a few rows at a time, by their identifiers, so that MariaDB locks no range in which
//! others write.

use super::{
    db::{ReadTx, WriteTx},
    schema::{
        access_log, activation_log, activations, customers, idempotency_keys, job_runs, licenses, log_cuts,
        notices, one_time_links, outbox, registrations, sessions, tally_state, throttles, transactions,
        users, webhook_deliveries,
    },
    sql_types::{At, Hash32},
};
use crate::domain::{
    codes::codes,
    customer::CustomerState,
    error::Result,
    ids::{self, CustomerId, DeliveryId, JobRunId, LinkId, LogId, MessageId, NoticeId, SessionId},
    mail::MailState,
    webhook::DeliveryState,
};
use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use diesel::{
    dsl::{exists, not},
    prelude::*,
};

/// Rows that go at once.
pub const AT_ONCE: i64 = 500;

codes! {
    /// A log that may be cut: its table's name.
    Log {
        /// What client software asked for.
        Activations = "activation_log",
        /// What people did.
        Accesses = "access_log",
    }
}

/// Answers that were to be repeated, of before an instant.
///
/// # Errors
/// Of the database.
pub fn answers(tx: &mut WriteTx<'_>, before: NaiveDateTime) -> Result<usize> {
    let old: Vec<Hash32> = idempotency_keys::table
        .filter(idempotency_keys::created_at.le(At(before)))
        .limit(AT_ONCE)
        .select(idempotency_keys::id)
        .load(tx.conn)?;
    Ok(diesel::delete(idempotency_keys::table.filter(idempotency_keys::id.eq_any(old))).execute(tx.conn)?)
}

/// Counters of tries that began before an instant.
///
/// # Errors
/// Of the database.
pub fn tries(tx: &mut WriteTx<'_>, before: NaiveDateTime) -> Result<usize> {
    let old: Vec<Hash32> = throttles::table
        .filter(throttles::since.le(At(before)))
        .limit(AT_ONCE)
        .select(throttles::id)
        .load(tx.conn)?;
    let over = throttles::table
        .filter(throttles::id.eq_any(old))
        .filter(throttles::since.le(At(before)));
    Ok(diesel::delete(over).execute(tx.conn)?)
}

/// Sessions that were over before an instant.
///
/// # Errors
/// Of the database.
pub fn sessions(tx: &mut WriteTx<'_>, before: NaiveDateTime) -> Result<usize> {
    let ended = sessions::ended_at
        .is_not_null()
        .and(sessions::ended_at.le(At(before)).assume_not_null());
    let old: Vec<SessionId> = sessions::table
        .filter(sessions::id.lt(SessionId(ids::before(before))))
        .filter(ended.or(sessions::expires_at.le(At(before))))
        .limit(AT_ONCE)
        .select(sessions::id)
        .load(tx.conn)?;
    Ok(diesel::delete(sessions::table.filter(sessions::id.eq_any(old))).execute(tx.conn)?)
}

/// Links that were over before an instant.
///
/// # Errors
/// Of the database.
pub fn links(tx: &mut WriteTx<'_>, before: NaiveDateTime) -> Result<usize> {
    let used = one_time_links::used_at
        .is_not_null()
        .and(one_time_links::used_at.le(At(before)).assume_not_null());
    let old: Vec<LinkId> = one_time_links::table
        .filter(one_time_links::id.lt(LinkId(ids::before(before))))
        .filter(used.or(one_time_links::expires_at.le(At(before))))
        .limit(AT_ONCE)
        .select(one_time_links::id)
        .load(tx.conn)?;
    Ok(diesel::delete(one_time_links::table.filter(one_time_links::id.eq_any(old))).execute(tx.conn)?)
}

/// What was told in the portal before an instant.
///
/// # Errors
/// Of the database.
pub fn notices(tx: &mut WriteTx<'_>, before: NaiveDateTime) -> Result<usize> {
    let old: Vec<NoticeId> = notices::table
        .filter(notices::id.lt(NoticeId(ids::before(before))))
        .limit(AT_ONCE)
        .select(notices::id)
        .load(tx.conn)?;
    Ok(diesel::delete(notices::table.filter(notices::id.eq_any(old))).execute(tx.conn)?)
}

/// Deliveries of webhooks that ended, of before an instant.
///
/// # Errors
/// Of the database.
pub fn deliveries(tx: &mut WriteTx<'_>, before: NaiveDateTime) -> Result<usize> {
    let old: Vec<DeliveryId> = webhook_deliveries::table
        .filter(webhook_deliveries::id.lt(DeliveryId(ids::before(before))))
        .filter(webhook_deliveries::state.ne(DeliveryState::Queued.code()))
        .limit(AT_ONCE)
        .select(webhook_deliveries::id)
        .load(tx.conn)?;
    Ok(
        diesel::delete(webhook_deliveries::table.filter(webhook_deliveries::id.eq_any(old)))
            .execute(tx.conn)?,
    )
}

/// Runs of jobs of before an instant.
///
/// # Errors
/// Of the database.
pub fn runs(tx: &mut WriteTx<'_>, before: NaiveDateTime) -> Result<usize> {
    let old: Vec<JobRunId> = job_runs::table
        .filter(job_runs::id.lt(JobRunId(ids::before(before))))
        .filter(job_runs::ended_at.is_not_null())
        .limit(AT_ONCE)
        .select(job_runs::id)
        .load(tx.conn)?;
    Ok(diesel::delete(job_runs::table.filter(job_runs::id.eq_any(old))).execute(tx.conn)?)
}

/// What filled in messages that are through since before an instant. The messages stay, without what they said.
///
/// # Errors
/// Of the database.
pub fn payloads(tx: &mut WriteTx<'_>, before: NaiveDateTime) -> Result<usize> {
    let old: Vec<MessageId> = outbox::table
        .filter(outbox::id.lt(MessageId(ids::before(before))))
        .filter(outbox::state.ne(MailState::Queued.code()))
        .filter(outbox::payload.ne(Vec::<u8>::new()))
        .limit(AT_ONCE)
        .select(outbox::id)
        .load(tx.conn)?;
    Ok(diesel::update(outbox::table.filter(outbox::id.eq_any(old)))
        .set(outbox::payload.eq(Vec::<u8>::new()))
        .execute(tx.conn)?)
}

/// Says up to where a log may be taken away: not beyond what figures were told from it already. The database refuses to
/// take more.
///
/// # Errors
/// Of the database.
pub fn set_cut(tx: &mut WriteTx<'_>, log: Log, before: NaiveDateTime) -> Result<()> {
    let folded: LogId = tally_state::table
        .select(tally_state::log_before)
        .first(tx.conn)?;
    let cut = LogId(ids::before(before)).min(folded);
    let known: Option<LogId> = log_cuts::table
        .find(log.code())
        .select(log_cuts::before_id)
        .first(tx.conn)
        .optional()?;
    let now = At(tx.now());
    match known {
        Some(known) if known >= cut => {}
        Some(_) => {
            diesel::update(log_cuts::table.find(log.code()))
                .set((log_cuts::before_id.eq(cut), log_cuts::updated_at.eq(now)))
                .execute(tx.conn)?;
        }
        None => {
            diesel::insert_into(log_cuts::table)
                .values((
                    log_cuts::log.eq(log.code()),
                    log_cuts::before_id.eq(cut),
                    log_cuts::updated_at.eq(now),
                ))
                .execute(tx.conn)?;
        }
    }
    Ok(())
}

/// The day in which a log begins now, where it was cut.
pub(super) fn first_day(tx: &mut ReadTx<'_>, log: Log, zone: Tz) -> Result<Option<NaiveDate>> {
    let cut: Option<LogId> = log_cuts::table
        .find(log.code())
        .select(log_cuts::before_id)
        .first(tx.conn)
        .optional()?;
    Ok(cut.map(|cut| crate::domain::calendar::today(ids::instant_of(cut.0), zone)))
}

/// Rows of a log that lie before its cut.
///
/// # Errors
/// Of the database.
pub fn log(tx: &mut WriteTx<'_>, log: Log) -> Result<usize> {
    let cut: Option<LogId> = log_cuts::table
        .find(log.code())
        .select(log_cuts::before_id)
        .first(tx.conn)
        .optional()?;
    let Some(cut) = cut else { return Ok(0) };
    macro_rules! gone {
        ($table:ident) => {{
            let old: Vec<LogId> = $table::table
                .filter($table::id.lt(cut))
                .order($table::id)
                .limit(AT_ONCE)
                .select($table::id)
                .load(tx.conn)?;
            diesel::delete($table::table.filter($table::id.eq_any(old))).execute(tx.conn)?
        }};
    }
    Ok(match log {
        Log::Activations => gone!(activation_log),
        Log::Accesses => gone!(access_log),
    })
}

/// Customers who registered before an instant and came to nothing: they never proved their address, nobody spoke for them
/// or decided, and nothing of theirs was used or paid.
///
/// # Errors
/// Of the database.
pub fn unconfirmed(tx: &mut ReadTx<'_>, before: NaiveDateTime) -> Result<Vec<CustomerId>> {
    let asked = registrations::table.filter(registrations::customer_id.eq(customers::id));
    let people = users::table.filter(users::customer_id.eq(customers::id.nullable()));
    let used = licenses::table
        .filter(licenses::customer_id.eq(customers::id.nullable()))
        .filter(
            licenses::activated_at
                .is_not_null()
                .or(licenses::settled.eq(true)),
        );
    let devices = activations::table
        .inner_join(licenses::table.on(licenses::id.eq(activations::license_id)))
        .filter(licenses::customer_id.eq(customers::id.nullable()));
    let sales = transactions::table.filter(transactions::customer_id.eq(customers::id.nullable()));
    Ok(customers::table
        .filter(customers::state.eq(CustomerState::Pending))
        .filter(customers::id.lt(CustomerId(ids::before(before))))
        .filter(customers::email_confirmed_at.is_null())
        .filter(customers::proposed_at.is_null())
        .filter(customers::decided_at.is_null())
        .filter(customers::archived_at.is_null())
        .filter(customers::anonymised_at.is_null())
        .filter(exists(asked))
        .filter(not(exists(people)))
        .filter(not(exists(used)))
        .filter(not(exists(devices)))
        .filter(not(exists(sales)))
        .order(customers::id)
        .limit(AT_ONCE)
        .select(customers::id)
        .load(tx.conn)?)
}
