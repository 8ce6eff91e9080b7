//! Once a week, who sells is told what there is to do: figures of exactly what each of them sees, by the same reads as the
//! portal's first page. Who has nothing to do is not written to.

use super::super::timetable::{Ended, Run};
use crate::{
    domain::{
        actor::{Actor, Origin, Place, Rights, SignedIn},
        company::NodeKind,
        company_rules::Graces,
        error::Result,
        ids::NodeId,
        jobs::Counted,
        license::days_after,
        mail::MailKind,
        scope::Scope,
    },
    operations::{
        App,
        messages::{Addressee, queue},
    },
    store::{
        ReadTx, WriteTx,
        licenses::Filter,
        reminders,
        sellers::{self, Person},
        statistics::{self, Cuts},
    },
};
use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use serde_json::{Value, json};

/// Days without a sign of life, as the portal counts them.
const IDLE_DAYS: i64 = 5;
/// Days of activations that are looked back on.
const LAST_DAYS: i64 = 7;

/// What there is to do, of a scope.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Figures {
    expiring: i64,
    trials_ending: i64,
    idle: i64,
    waiting: i64,
    activated: i64,
}

pub(super) async fn run(run: &mut Run) -> Ended {
    let sellers = run.app.db.lookup(sellers::sellers).await?;
    let (now, today, zone) = (run.now(), run.today(), run.app.zone);
    let monday = today - Duration::days(today.weekday().num_days_from_monday().into());
    for (node, kind) in sellers {
        let looked = move |tx: &mut ReadTx<'_>| {
            let mut known = sellers::people(tx, &[node])?;
            let mut people = known.remove(&node).unwrap_or_default();
            people.retain(|person| person.user.is_some());
            let Some(scope) = people.first().and_then(|person| scope(node, kind, person)) else {
                return Ok((people, Figures::default()));
            };
            Ok((people, figures(tx, scope, now, today, zone)?))
        };
        let (people, figures) = run.app.db.read(looked).await?;
        if people.is_empty() || figures == Figures::default() {
            continue;
        }
        let app = run.app.clone();
        let told = run
            .batch(move |tx| tell(&app, tx, (node, kind), &people, monday, figures))
            .await?;
        run.count(Counted::Messages, told);
    }
    Ok(())
}

/// What the users of a node see.
fn scope(node: NodeId, kind: NodeKind, person: &Person) -> Option<Scope> {
    let place = match kind {
        NodeKind::Vendor => return None,
        NodeKind::Reseller => Place::Reseller(node),
        NodeKind::SubCompany => Place::SubCompany(node),
        NodeKind::Agent => Place::Agent(node),
    };
    let who = SignedIn {
        user: person.user?,
        token: None,
        name: person.email.clone(),
        place,
        rights: Rights::default(),
        read_only: true,
    };
    let origin = Origin {
        address: None,
        request_id: String::new(),
    };
    Some(Actor::user(who, origin).scope())
}

fn figures(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    now: NaiveDateTime,
    today: NaiveDate,
    zone: Tz,
) -> Result<Figures> {
    let (from, tomorrow) = (today - Duration::days(LAST_DAYS), days_after(today, 1));
    let cuts = Cuts::at([from, tomorrow], zone);
    let board = statistics::board(tx, scope, &cuts, today, &Graces::default())?;
    let idle = Filter {
        idle_since: Some(now - Duration::days(IDLE_DAYS)),
        ..Filter::default()
    };
    let (idle, _) = statistics::matching_and_unassigned(tx, scope, &idle, today)?;
    let ending = |trial: bool| {
        board
            .lives
            .iter()
            .filter(move |row| row.in_thirty == 1 && (row.trial == 1) == trial)
    };
    Ok(Figures {
        expiring: ending(false).map(|row| row.count).sum(),
        trials_ending: ending(true)
            .filter(|row| row.week == 1)
            .map(|row| row.count)
            .sum(),
        idle,
        waiting: board
            .customers
            .iter()
            .filter(|(waits, ..)| *waits)
            .map(|(.., count)| count)
            .sum(),
        activated: board
            .lives
            .iter()
            .filter(|row| cuts.holds(row.began, from, tomorrow))
            .map(|row| row.count)
            .sum(),
    })
}

/// Tells each of a node's people who was not told this week yet.
fn tell(
    app: &App,
    tx: &mut WriteTx<'_>,
    (node, kind): (NodeId, NodeKind),
    people: &[Person],
    monday: NaiveDate,
    figures: Figures,
) -> Result<usize> {
    let mail = MailKind::WeeklyDigest;
    let users: Vec<_> = people.iter().filter_map(|person| person.user).collect();
    let told = reminders::told(tx, mail, monday, users.iter().map(|user| user.0))?;
    let mut sent = 0;
    for person in people {
        let Some(user) = person.user.filter(|user| !told.contains(&user.0)) else {
            continue;
        };
        reminders::note(tx, mail, 0, std::iter::once((user.0, monday)))?;
        let to = Addressee {
            email: &person.email,
            language: person.language.as_deref().unwrap_or(&app.language),
            // An agent's own messages are not for the company to read: its figures are the agent's.
            company: kind.is_company().then_some(node),
            customer: None,
            user: Some(user),
        };
        queue(app, tx, mail, &to, &values(person, figures))?;
        sent += 1;
    }
    Ok(sent)
}

fn values(person: &Person, figures: Figures) -> Value {
    json!({
        "nome": person.name,
        "in_scadenza": figures.expiring,
        "prove_in_scadenza": figures.trials_ending,
        "prove_ferme": figures.idle,
        "da_convalidare": figures.waiting,
        "attivazioni": figures.activated,
    })
}
