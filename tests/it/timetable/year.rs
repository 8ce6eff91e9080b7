//! A year, day by day, with gaps: each reminder once, none after a renewal.

use super::{count, days, only, quiet, sent, set, tick, until};
use crate::{
    on_both,
    support::{World, cast::Cast, rounds},
};
use chrono::{Datelike as _, Duration, NaiveDate};
use serde_json::json;
use sigillo::{
    domain::{calendar, jobs::JobName},
    jobs::timetable::{Worker, run_due},
};

/// The day that it is.
fn today(world: &World) -> NaiveDate {
    calendar::today(world.app.clock.now(), world.app.zone)
}

fn in_days(world: &World, n: i64) -> String {
    (today(world) + Duration::days(n)).to_string()
}

const EXPIRY: &str = "promemoria_scadenza";

/// A cast whose own licences are far from their end.
async fn cast(world: &World, at: &str) -> Cast {
    world.clock_to(at, 0);
    let cast = world.cast().await;
    quiet(world);
    cast
}

/// How far away the days were that messages told of.
fn told(world: &World, kind: &str) -> Vec<String> {
    sent(world, kind)
        .into_iter()
        .map(|(_, values)| values["quando"].as_str().unwrap().to_owned())
        .collect()
}

on_both!(each_threshold_is_told_once_over_half_a_year_day_by_day, |world| {
    async move {
        // Over both changes of the clocks and a leap day.
        let cast = cast(&world, "2027-09-15T06:30:00Z").await;
        let license = until(&world, &cast.root, &cast.rossi.id, "2028-02-29").await;
        let before = count(&world, EXPIRY);
        for _ in 0..190 {
            tick(&world).await;
            days(&world, 1);
        }
        assert_eq!(
            told(&world, EXPIRY)[usize::try_from(before).unwrap()..],
            [
                "fra 60 giorni",
                "fra 30 giorni",
                "fra 7 giorni",
                "domani",
                "ieri",
                "15 giorni fa"
            ]
        );
        let (to, values) = sent(&world, EXPIRY).remove(0);
        assert_eq!(to, "rossi@example.com");
        let line = values["licenze"][0].as_str().unwrap();
        assert!(
            line.starts_with("Gestionale …") && line.contains("29/02/2028"),
            "{line}"
        );
        assert_eq!(values["nome"], "ROSSI spa");
        // It goes out on its company's behalf, and is noted beside the licence.
        let noted = world.database.count(&format!(
            "SELECT COUNT(*) AS n FROM reminders WHERE subject_id = X'{}'",
            license.replace('-', "")
        ));
        assert_eq!(noted, 6);
        let of_company = world.database.count(&format!(
            "SELECT COUNT(*) AS n FROM outbox WHERE kind = '{EXPIRY}' AND company_id = X'{}'",
            cast.alfa.id.replace('-', "")
        ));
        assert_eq!(of_company, 6);
        // Runs are kept for ninety days.
        let runs = world
            .database
            .count("SELECT COUNT(*) AS n FROM job_runs WHERE job = 'promemoria_scadenza'");
        assert!((88..=92).contains(&runs), "{runs}");
    }
});

on_both!(after_a_gap_only_the_last_threshold_is_told, |world| {
    async move {
        let cast = cast(&world, "2027-03-01T09:00:00Z").await;
        until(&world, &cast.root, &cast.rossi.id, &in_days(&world, 12)).await;
        tick(&world).await;
        assert_eq!(
            told(&world, EXPIRY),
            ["fra 12 giorni"],
            "it was within thirty days"
        );
        // The machine is off for a week.
        days(&world, 7);
        assert!(!tick(&world).await.is_empty());
        assert_eq!(told(&world, EXPIRY)[1..], ["fra 5 giorni"]);
        // It is looked at again and again, also by another program.
        for _ in 0..3 {
            assert!(tick(&world).await.is_empty());
            let second = world.second().await;
            second.clock.advance(world.app.clock.now() - second.clock.now());
            let ran = run_due(&second, &Worker::new()).await.unwrap();
            assert!(ran.is_empty(), "{ran:?}");
        }
        // Off for two months: too late to tell anybody.
        days(&world, 60);
        tick(&world).await;
        assert_eq!(count(&world, EXPIRY), 2);
    }
});

on_both!(a_renewal_starts_over, |world| {
    async move {
        let cast = cast(&world, "2027-03-01T09:00:00Z").await;
        let license = until(&world, &cast.root, &cast.rossi.id, &in_days(&world, 8)).await;
        for _ in 0..3 {
            tick(&world).await;
            days(&world, 1);
        }
        assert_eq!(told(&world, EXPIRY), ["fra 8 giorni", "fra 7 giorni"]);
        // Renewed for a year: nothing for months, then the first one again.
        let renewed = (today(&world) + Duration::days(365)).to_string();
        set(&world, &license, "expires_on", &renewed);
        for _ in 0..305 {
            only(&world, JobName::ExpiryReminders).await;
            days(&world, 1);
        }
        assert_eq!(count(&world, EXPIRY), 2);
        tick(&world).await;
        assert_eq!(told(&world, EXPIRY)[2..], ["fra 60 giorni"]);
    }
});

on_both!(who_is_not_to_be_told_is_not, |world| {
    async move {
        let cast = cast(&world, "2027-03-01T09:00:00Z").await;
        let day = in_days(&world, 20);
        let revoked = until(&world, &cast.root, &cast.rossi.id, &day).await;
        let suspended = until(&world, &cast.root, &cast.rossi.id, &day).await;
        let trial =
            json!({"cliente": cast.rossi.id, "tipo_licenza": "trial", "data_scadenza": in_days(&world, 20)});
        world.issue(&cast.root, trial).await;
        until(&world, &cast.root, &cast.bianchi.id, &day).await;
        let stock = json!({"data_scadenza": day});
        world.issue(&cast.root, stock).await;
        let monthly = until(&world, &cast.root, &cast.verdi.id, &in_days(&world, 28)).await;
        set(&world, &monthly, "period_months", "1");
        for (id, path) in [(&revoked, "revoca"), (&suspended, "sospendi")] {
            let path = format!("/api/admin/licenze/{id}/{path}");
            world
                .post(&path, &cast.root, json!({"motivo": "prova"}))
                .await
                .expect(200);
        }
        let path = format!("/api/admin/clienti/{}/sospendi", cast.bianchi.id);
        world
            .post(&path, &cast.root, json!({"motivo": "prova"}))
            .await
            .expect(200);
        tick(&world).await;
        assert_eq!(sent(&world, EXPIRY), []);
        // A month is too short for thirty days before its end, not for seven.
        days(&world, 21);
        tick(&world).await;
        let all = sent(&world, EXPIRY);
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!(
            (all[0].0.as_str(), &all[0].1["quando"]),
            ("verdi@example.com", &json!("fra 7 giorni"))
        );
    }
});

on_both!(many_licences_of_one_customer_are_one_message, |world| {
    async move {
        let cast = cast(&world, "2027-03-01T09:00:00Z").await;
        let day = in_days(&world, 30);
        let many = rounds(120, 2000);
        let body = json!({"cliente": cast.rossi.id, "quantita": many, "data_scadenza": day});
        world.issue(&cast.root, body).await;
        until(&world, &cast.root, &cast.verdi.id, &day).await;
        // The customer's own user reads English.
        world
            .database
            .execute("UPDATE users SET language = 'en' WHERE email = 'rossi@example.com'")
            .unwrap();
        tick(&world).await;
        let all = sent(&world, EXPIRY);
        assert_eq!(all.len(), 2, "{all:?}");
        let rossi = &all.iter().find(|(to, _)| to == "rossi@example.com").unwrap().1;
        let lines = rossi["licenze"].as_array().unwrap();
        assert_eq!(lines.len(), 101);
        assert_eq!(lines[100], json!(format!("… and {} more", many - 100)));
        assert_eq!(rossi["quando"], "in 30 days");
        let noted = i64::try_from(many).unwrap() + 1;
        assert_eq!(
            world
                .database
                .count("SELECT COUNT(*) AS n FROM reminders WHERE kind = 'promemoria_scadenza'"),
            noted
        );
        let counts = world
            .database
            .texts("SELECT counts AS t FROM job_runs WHERE job = 'promemoria_scadenza'");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(counts[0].as_ref().unwrap()).unwrap(),
            json!({"licenze": noted, "messaggi": 2})
        );
    }
});

on_both!(who_has_no_address_is_told_once_there_is_one, |world| {
    async move {
        let cast = cast(&world, "2027-03-01T09:00:00Z").await;
        until(&world, &cast.root, &cast.rossi.id, &in_days(&world, 20)).await;
        let email = |to: &str| {
            world
                .database
                .execute(&format!(
                    "UPDATE customers SET email = {to} WHERE name = 'ROSSI spa'"
                ))
                .unwrap();
        };
        email("NULL");
        tick(&world).await;
        assert_eq!(count(&world, EXPIRY), 0);
        email("'nuova@example.com'");
        days(&world, 1);
        tick(&world).await;
        days(&world, 1);
        tick(&world).await;
        let all = sent(&world, EXPIRY);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].0, "nuova@example.com");
    }
});

on_both!(maintenance_and_trials_are_told_by_their_own_days, |world| {
    async move {
        let cast = cast(&world, "2027-12-20T09:00:00Z").await;
        let permanent = json!({"cliente": cast.rossi.id, "tipo_licenza": "permanente"});
        let permanent = world.issue(&cast.root, permanent).await.remove(0).0;
        set(&world, &permanent, "maintenance_until", &in_days(&world, 40));
        let trial = json!({"cliente": cast.verdi.id, "tipo_licenza": "trial", "durata_giorni": 30});
        let trial = world.issue(&cast.root, trial).await.remove(0).0;
        set(&world, &trial, "expires_on", &in_days(&world, 40));
        for _ in 0..60 {
            tick(&world).await;
            days(&world, 1);
        }
        assert_eq!(
            told(&world, "promemoria_manutenzione"),
            ["fra 30 giorni", "fra 7 giorni", "ieri"]
        );
        assert_eq!(told(&world, "prova_in_scadenza"), ["fra 7 giorni", "domani"]);
        assert_eq!(count(&world, EXPIRY), 0);
    }
});

on_both!(month_ends_are_days_like_all_others, |world| {
    async move {
        let cast = cast(&world, "2027-01-15T09:00:00Z").await;
        // One licence for each month's end of a year and a bit.
        let mut ends = Vec::new();
        for month in 2..=12_u32 {
            let first = NaiveDate::from_ymd_opt(2027, month, 1).unwrap();
            let last = first + Duration::days(i64::from(first.num_days_in_month()) - 1);
            ends.push(last);
            until(&world, &cast.root, &cast.rossi.id, &last.to_string()).await;
        }
        let first = today(&world);
        tick(&world).await;
        for _ in 0..400 {
            only(&world, JobName::ExpiryReminders).await;
            days(&world, 1);
        }
        for (threshold, sent) in [(60, 9), (30, 10), (7, 11), (1, 11), (-1, 11), (-15, 11)] {
            let noted = world.database.texts(&format!(
                "SELECT CONCAT(about, ' ', sent_at) AS t FROM reminders WHERE threshold = {threshold} ORDER BY about"
            ));
            let on_time = noted.iter().flatten().filter(|row| {
                let (about, at) = row.split_once(' ').unwrap();
                let about: NaiveDate = about.parse().unwrap();
                let at: NaiveDate = at[..10].parse().unwrap();
                about - at == Duration::days(threshold) && ends.contains(&about)
            });
            let on_time = on_time.count();
            let expected = ends
                .iter()
                .filter(|end| **end - Duration::days(threshold) >= first)
                .count();
            assert_eq!(on_time, expected, "{threshold}: {noted:?}");
            assert!(on_time >= sent, "{threshold}");
        }
    }
});
