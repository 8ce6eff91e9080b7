//! Runs the table: every route, by every caller, about a thing in every place.

use super::{
    dump::{self, Dump},
    people::{Aim, Caller, People, Place, Target},
    table::{Row, TABLE, When},
};
use crate::{
    on_both,
    support::{Reply, World, is_page},
};
use rocket::http::{ContentType, Header, Method};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The status that the rule gives.
pub fn expected(row: &Row, caller: Caller, place: Place) -> u16 {
    if row.is_public() {
        return row.good;
    }
    match caller {
        Caller::Nobody | Caller::BadToken => return 401,
        Caller::Reader if row.writes() => return 403,
        _ => {}
    }
    let letter = caller.letter();
    if !(row.may.contains(letter) || (letter == 'v' && row.may.contains('A'))) {
        return 403;
    }
    // The vendor's own node is nobody's to name, not even the superadmin's.
    let seen = caller.sees(place) && !(row.target == Target::Node && place == Place::Vendor);
    if row.target != Target::Nothing && !seen {
        return 404;
    }
    let fits = |when: &When| match when {
        When::Agent => place.is_agent(),
        When::Company => place.is_company(),
        When::OwnNode => place == caller.home(),
        When::NotRoot => caller != Caller::Root,
    };
    row.but
        .iter()
        .find(|(when, _)| fits(when))
        .map_or(row.good, |(_, status)| *status)
}

/// Whether the rule alone decides: the caller has no good token, lacks the right, or does not see the target.
fn is_refused(row: &Row, caller: Caller, place: Place) -> bool {
    let anyhow = Row {
        good: 200,
        but: &[],
        ..*row
    };
    expected(&anyhow, caller, place) != 200
}

/// The places that a row is asked about.
pub fn places(row: &Row) -> &'static [Place] {
    if row.target == Target::Nothing {
        &[Place::Vendor]
    } else {
        &Place::ALL
    }
}

impl People {
    /// The caller's own things that a request names beside its target.
    pub async fn filled(&self, text: &str, caller: Caller, aim: &Aim, fresh: bool) -> String {
        let home = caller.home();
        let company = if home == Place::Vendor {
            Place::Alfa
        } else {
            home.company().unwrap()
        };
        let mut text = text
            .replace("{}", &aim.id)
            .replace("{licenza}", &aim.license)
            .replace("{chiave}", &self.things[&Place::Alfa].key)
            .replace("{pratica}", &self.case_code)
            .replace("{casa}", &self.things[&company].node)
            .replace("{n}", &self.next().to_string());
        let agent = match company {
            Place::Nord => Place::Nino,
            Place::Beta => Place::Bruno,
            _ => Place::Anna,
        };
        for (name, target, place) in [
            ("{mia-licenza}", Target::License, home),
            ("{mio-cliente}", Target::Customer, home),
            ("{mio-agente}", Target::Node, agent),
        ] {
            if text.contains(name) {
                let mine = if fresh {
                    self.fresh(target, place).await
                } else {
                    self.standing(target, place)
                };
                text = text.replace(name, &mine.id);
            }
        }
        text
    }

    /// Asks as a row says, about a thing.
    pub async fn ask(&self, row: &Row, caller: Caller, aim: &Aim, fresh: bool) -> Reply {
        let path = self.filled(row.path, caller, aim, fresh).await;
        let body = self.filled(row.body, caller, aim, fresh).await;
        self.send(row.method(), &path, caller, body).await
    }

    pub async fn send(&self, method: &str, path: &str, caller: Caller, body: String) -> Reply {
        let method: Method = method.parse().unwrap();
        let mut request = self.world.request(method, path);
        if let Some(token) = self.tokens.get(&caller) {
            request = request.header(Header::new("Authorization", format!("Bearer {token}")));
        }
        if method == Method::Patch && path.starts_with("/api/admin/licenze/") {
            request = request.header(Header::new("If-Match", "\"1\""));
        }
        if !body.is_empty() {
            request = request.header(ContentType::JSON).body(body);
        }
        Reply::of(request).await
    }
}

/// An answer without what differs between any two.
fn essence(reply: &Reply) -> (u16, Vec<(String, String)>, Value) {
    let mut body = reply.body.clone();
    if let Some(problem) = body.as_object_mut() {
        problem.remove("id_richiesta");
    }
    let mut headers = reply.headers.clone();
    headers.retain(|(name, _)| name != "x-request-id");
    headers.sort();
    (reply.status.code, headers, body)
}

#[rocket::async_test]
async fn every_mounted_route_has_a_row_and_every_row_a_mounted_route() {
    let world = World::new(crate::support::database::Database::sqlite()).await;
    let mounted: BTreeSet<String> = world
        .client
        .rocket()
        .routes()
        .filter(|route| !is_page(route))
        .map(|route| format!("{} {}", route.method, route.uri))
        .collect();
    let known: BTreeSet<String> = TABLE.iter().map(|row| row.route.to_owned()).collect();
    let unknown: Vec<_> = mounted.difference(&known).collect();
    let gone: Vec<_> = known.difference(&mounted).collect();
    assert!(
        unknown.is_empty(),
        "routes without a row in tests/it/tenancy/table.rs: {unknown:#?}"
    );
    assert!(gone.is_empty(), "rows without a mounted route: {gone:#?}");
}

on_both!(
    who_may_not_is_refused_as_if_there_were_nothing_and_changes_nothing,
    |world| async {
        let people = People::new(world).await;
        // When a token was last used is noted for every call; nothing else may change.
        let dump = Dump::but(
            &people.world.database,
            &["api_tokens.last_used_at", "access_log.*"],
        );
        let mut wrong = Vec::new();
        let mut cells = 0;
        let mut before = dump.take(&people.world.database);
        for row in TABLE {
            for caller in Caller::ALL {
                let mut nothing = None;
                // What does not exist comes first: the others are compared with it.
                for place in places(row).iter().rev() {
                    if !is_refused(row, caller, *place) {
                        continue;
                    }
                    let status = expected(row, caller, *place);
                    cells += 1;
                    let aim = people.standing(row.target, *place);
                    let reply = people.ask(row, caller, &aim, false).await;
                    let cell = || {
                        format!(
                            "{caller:?} about {place:?} ({:?}): {} {}",
                            caller.relation(*place),
                            row.method(),
                            row.path
                        )
                    };
                    if reply.status.code != status {
                        wrong.push(format!("{} gives {} and not {status}", cell(), reply.text));
                    }
                    let essence = essence(&reply);
                    if nothing.get_or_insert_with(|| essence.clone()) != &essence {
                        wrong.push(format!(
                            "{} differs from what does not exist: {essence:?}",
                            cell()
                        ));
                    }
                }
            }
            let after = dump.take(&people.world.database);
            dump::same(&before, &after, &format!("{} {}", row.method(), row.path));
            before = after;
        }
        println!("{cells} cells are refused");
        assert!(
            wrong.is_empty(),
            "{} of {cells} cells:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
        assert!(cells > 3000, "{cells} cells");
    }
);

on_both!(who_may_is_served, |world| async {
    let people = People::new(world).await;
    let mut wrong = Vec::new();
    let mut cells = 0;
    let mut answered: BTreeMap<&str, bool> = BTreeMap::new();
    for row in TABLE {
        for caller in Caller::ALL {
            for place in places(row) {
                if is_refused(row, caller, *place) {
                    continue;
                }
                let status = expected(row, caller, *place);
                let own_node = row.target == Target::Node && *place == caller.home();
                cells += 1;
                // Nobody has a spare of their own node; whatever else a request may change is made for it.
                let aim = if !row.writes() || own_node {
                    people.standing(row.target, *place)
                } else {
                    people.fresh(row.target, *place).await
                };
                if let (Some(first), true) = (row.first, status == row.good) {
                    let step = TABLE
                        .iter()
                        .find(|step| {
                            step.route.ends_with(&format!("/{first}"))
                                && step.action == row.action
                                && step.target == row.target
                        })
                        .unwrap();
                    let done = people.ask(step, caller, &aim, true).await;
                    assert_eq!(done.status.code, 200, "{caller:?} {}: {}", step.path, done.text);
                }
                let reply = people.ask(row, caller, &aim, true).await;
                if reply.status.code != status {
                    wrong.push(format!(
                        "{caller:?} about {place:?} ({:?}): {} {} {} gives {} and not {status}: {}",
                        caller.relation(*place),
                        row.method(),
                        row.path,
                        row.body,
                        reply.status.code,
                        reply.text
                    ));
                }
                *answered.entry(row.route).or_default() |= reply.status.code < 300;
            }
        }
    }
    println!("{cells} cells are served");
    assert!(
        wrong.is_empty(),
        "{} of {cells} cells:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    // A refusal proves little on a route that nobody ever gets through.
    // Licences of the matrix have nobody to be sent to: `pages::notices` sends keys.
    let elsewhere = [
        "POST /api/licenze/disattiva",
        "POST /api/admin/licenze/<id>/invia",
    ];
    let never: Vec<_> = answered
        .iter()
        .filter(|(route, served)| !**served && !elsewhere.contains(route))
        .collect();
    assert!(never.is_empty(), "{never:?}");
});
