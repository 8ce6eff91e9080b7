//! What happens to few customers: other bindings, stops, and every way in which client software can be refused.

use super::{
    money::{Sale, Then},
    orders::version_of,
    products::{AURORA, LEVANTE, PONENTE, Ware},
    sales::price,
    steps::{Device, What, Which},
    story::Draft,
};
use crate::{
    domain::{
        license::{Binding, LicenseKind, SuspensionReason, days_after},
        payment::{Payment, TransactionKind},
    },
    operations::licenses::issue,
};
use chrono::{Duration, NaiveDateTime};

impl Draft<'_> {
    /// Five devices, two of which are in use; the others are for whoever reads.
    pub(super) fn showcase(&mut self, at: NaiveDateTime) {
        let order = issue::Order {
            max_devices: Some(5),
            label: Some("dimostrazione".into()),
            ..self.order(AURORA, LicenseKind::Subscription, 1)
        };
        let price = price(AURORA, &order.modules);
        let number = self.issue(order, at);
        let sale = self.online_sale(TransactionKind::Sale, price, self.season.day_of(at));
        self.sell(number, None, sale, at + Duration::minutes(2));
        for n in 0..2 {
            let device = self.new_device(AURORA);
            let since = self.later(at, n * 3);
            self.push(since, What::Activate((number, 0), device.clone()));
            let hours = self.chance.of_range(2..=90);
            self.push(
                self.season.now - Duration::hours(hours),
                What::Check((number, 0), device),
            );
        }
        // In time, each year: it has to run whenever somebody reads.
        let mut end = days_after(self.season.day_of(at), 364);
        while end < days_after(self.season.today, 20) {
            let sold_at = self.season.at_hour(end - Duration::days(25), 10);
            let next = days_after(end, 365);
            let sale = Sale {
                period: Some((days_after(end, 1), next)),
                then: Then::Until(next),
                auto_renew: true,
                ..self.online_sale(TransactionKind::Renewal, price, self.season.day_of(sold_at))
            };
            self.sell(number, Some(0), sale, sold_at);
            end = next;
        }
    }

    /// Sells one licence and gives which it is, with its price.
    fn one(&mut self, ware: &'static Ware, order: issue::Order, at: NaiveDateTime) -> (Which, i64) {
        let price = price(ware, &order.modules);
        let number = self.issue(order, at);
        let sale = self.sale(TransactionKind::Sale, price, self.season.day_of(at));
        self.sell(number, None, sale, at + Duration::minutes(2));
        ((number, 0), price)
    }

    fn activates(&mut self, which: Which, ware: &Ware, at: NaiveDateTime) -> Device {
        let device = self.new_device(ware);
        self.push(at, What::Activate(which, device.clone()));
        device
    }

    /// Minutes ago: among what was refused in the last day.
    fn just_now(&mut self) -> NaiveDateTime {
        let minutes = self.chance.of_range(15..=1380);
        self.season.now - Duration::minutes(minutes)
    }

    /// Some time after an instant, and now and then just now.
    fn asks_after(&mut self, after: NaiveDateTime) -> NaiveDateTime {
        let days = self.chance.of_range(0..=30);
        let asks = if self.chance.percent(30) {
            self.just_now()
        } else {
            self.later(after, days)
        };
        let known = after + Duration::minutes(1);
        asks.min(self.season.now - Duration::minutes(2)).max(known)
    }

    /// For two known machines alone; a third one tries.
    pub(super) fn reserved(&mut self, at: NaiveDateTime) {
        let (a, b) = (self.new_device(AURORA), self.new_device(AURORA));
        let order = issue::Order {
            max_devices: Some(2),
            reserved_devices: vec![a.id.clone(), b.id.clone()],
            ..self.order(AURORA, LicenseKind::Subscription, 1)
        };
        let (which, price) = self.one(AURORA, order, at);
        let since = self.later(at, 1);
        self.push(since, What::Activate(which, a));
        let start = self.season.day_of(since);
        self.renewals(which, AURORA, start, price);
        let other = self.later(since, 6);
        self.activates(which, AURORA, other);
    }

    /// For three named users; a fourth one tries.
    pub(super) fn named_users(&mut self, at: NaiveDateTime) {
        let order = issue::Order {
            binding: Some(Binding::User),
            max_users: Some(3),
            ..self.order(LEVANTE, LicenseKind::Subscription, 1)
        };
        let (which, price) = self.one(LEVANTE, order, at);
        for n in 0..4 {
            let wait = i64::try_from(n).unwrap_or_default() * 2;
            let since = self.later(at, 1 + wait);
            let device = Device {
                user: Some(self.user(n)),
                ..self.new_device(LEVANTE)
            };
            self.push(since, What::Activate(which, device));
            if n == 0 {
                let start = self.season.day_of(since);
                self.renewals(which, LEVANTE, start, price);
            }
        }
    }

    /// Seats that are leased; a device tries to keep one.
    pub(super) fn floating(&mut self, at: NaiveDateTime) {
        let order = issue::Order {
            binding: Some(Binding::Floating),
            max_seats: Some(self.chance.small(3..=12)),
            ..self.order(LEVANTE, LicenseKind::Subscription, 2)
        };
        let (which, _) = self.one(LEVANTE, order, at);
        let tries = self.later(at, 2);
        self.activates(which, LEVANTE, tries);
    }

    /// Whatever number of devices.
    pub(super) fn uncounted(&mut self, at: NaiveDateTime) {
        let order = issue::Order {
            binding: Some(Binding::None),
            ..self.order(PONENTE, LicenseKind::Subscription, 1)
        };
        let (which, price) = self.one(PONENTE, order, at);
        let start = self.season.day_of(at);
        self.renewals(which, PONENTE, start, price);
        for n in 0..6 {
            let since = self.later(at, 1 + n * 4);
            self.activates(which, PONENTE, since);
        }
    }

    /// Suspended lately; its software asks on.
    pub(super) fn stopped(&mut self, at: NaiveDateTime, reason: SuspensionReason, note: &'static str) {
        let order = self.order(AURORA, LicenseKind::Subscription, 1);
        let (which, price) = self.one(AURORA, order, at);
        let since = self.later(at, 1);
        let device = self.activates(which, AURORA, since);
        let start = self.season.day_of(since);
        self.renewals(which, AURORA, start, price);
        let days = self.chance.of_range(1..=12);
        let stop = (self.season.now - Duration::days(days)).max(since + Duration::hours(1));
        self.push(stop, What::Suspend(which, reason, note));
        let asks = self.asks_after(stop);
        self.push(asks, What::Check(which, device));
    }

    /// The customer is stopped, and with it all that it has.
    pub(super) fn paused(&mut self, at: NaiveDateTime) {
        let order = self.order(AURORA, LicenseKind::Subscription, 1);
        let (which, price) = self.one(AURORA, order, at);
        let since = self.later(at, 1);
        let device = self.activates(which, AURORA, since);
        let start = self.season.day_of(since);
        self.renewals(which, AURORA, start, price);
        let stop = self.season.now - Duration::days(self.chance.of_range(2..=50));
        self.push(stop, What::Stop("Chiede una pausa fino al nuovo esercizio."));
        let asks = self.asks_after(stop);
        self.push(asks, What::Check(which, device));
    }

    /// Paid, and given back.
    pub(super) fn refunded(&mut self, at: NaiveDateTime) {
        let order = self.order(PONENTE, LicenseKind::Subscription, 1);
        let price = price(PONENTE, &order.modules);
        let number = self.issue(order, at);
        let sale = Sale {
            method: Payment::Card,
            due_on: None,
            ..self.sale(TransactionKind::Sale, price, self.season.day_of(at))
        };
        let sold = self.sell(number, None, sale, at + Duration::minutes(2));
        let days = self.chance.of_range(2..=12);
        let back = self.later(at, days);
        let how = (TransactionKind::Refund, Payment::Card);
        self.push(back, What::Undo(sold, how, "Reso entro i termini."));
        let gone = back + Duration::minutes(1);
        self.push(gone, What::Revoke((number, 0), "Rimborso del primo acquisto."));
    }

    /// A trial whose last day is so many days from today.
    pub(super) fn trial_that_ends(&mut self, days: i64) {
        let spread = self.chance.of_range(0..=2);
        let begun = self.season.today + Duration::days(days - spread - i64::from(AURORA.trial_days));
        let since = self.season.at_hour(begun, 11);
        let order = self.issued(
            AURORA,
            LicenseKind::Trial,
            1,
            Binding::Device,
            since - Duration::hours(1),
        );
        let device = self.activates((order, 0), AURORA, since);
        let asks = self.just_now();
        self.push(asks, What::Check((order, 0), device));
    }

    /// A subscription whose year ends so many days from today, and that nobody has renewed yet.
    pub(super) fn year_that_ends(&mut self, days: i64) {
        let spread = self.chance.of_range(0..=4);
        let day = self.season.today + Duration::days(days - spread - 364);
        let at = self.season.at_hour(day, 9);
        let order = self.order(AURORA, LicenseKind::Subscription, 1);
        let (which, _) = self.one(AURORA, order, at);
        let device = self.activates(which, AURORA, at + Duration::hours(2));
        let hours = self.chance.of_range(30..=90);
        self.push(
            self.season.now - Duration::hours(hours),
            What::Check(which, device),
        );
    }

    /// A key that leaked.
    pub(super) fn revoked(&mut self, at: NaiveDateTime) {
        let order = self.order(LEVANTE, LicenseKind::Subscription, 1);
        let (which, _) = self.one(LEVANTE, order, at);
        let since = self.later(at, 1);
        let device = self.activates(which, LEVANTE, since);
        let gone = self.later(since, 12);
        self.push(gone, What::Revoke(which, "Chiave pubblicata in rete."));
        let asks = self.asks_after(gone);
        self.push(asks, What::Check(which, device));
    }

    /// Goes from machine to machine until it has to wait.
    pub(super) fn released_too_often(&mut self, at: NaiveDateTime) {
        let order = self.order(AURORA, LicenseKind::Subscription, 1);
        let (which, _) = self.one(AURORA, order, at);
        for n in 0..4 {
            let since = at + Duration::days(n) + Duration::hours(1);
            let device = self.activates(which, AURORA, since);
            self.push(since + Duration::hours(3), What::Leave(which, device));
        }
        let device = self.new_device(AURORA);
        self.push(at + Duration::days(6), What::Leave(which, device));
    }

    /// The same machine tries the same product again.
    pub(super) fn second_trial(&mut self, at: NaiveDateTime) {
        let device = self.new_device(PONENTE);
        for n in 0..2 {
            let order = self.issued(
                PONENTE,
                LicenseKind::Trial,
                1,
                Binding::Device,
                at + Duration::days(n * 20),
            );
            let since = at + Duration::days(n * 20) + Duration::minutes(40);
            self.push(since, What::Activate((order, 0), device.clone()));
        }
    }

    /// For ever, with a maintenance date that has passed: a newer version is not covered.
    pub(super) fn not_maintained(&mut self, at: NaiveDateTime) {
        let day = self.season.day_of(at);
        let order = issue::Order {
            maintenance_until: Some(days_after(day, 20)),
            price_cents: Some(price(LEVANTE, &[]) * 3),
            modules: Vec::new(),
            ..self.order(LEVANTE, LicenseKind::Permanent, 1)
        };
        let number = self.issue(order, at);
        let sale = self.sale(TransactionKind::Sale, price(LEVANTE, &[]) * 3, day);
        self.sell(number, None, sale, at + Duration::minutes(2));
        let since = self.later(at, 1);
        let mut device = self.activates((number, 0), LEVANTE, since);
        device.version = version_of(LEVANTE, self.season.first, self.season.today);
        let covered = self.season.at_hour(self.season.first + Duration::days(640), 9);
        let asks = self.asks_after(since.max(covered));
        self.push(asks, What::Check((number, 0), device));
    }

    /// Two places, both taken, and a third machine that tried a moment ago; another one has the wrong software.
    pub(super) fn full(&mut self, at: NaiveDateTime) {
        let order = issue::Order {
            max_devices: Some(2),
            price_cents: None,
            ..self.order(LEVANTE, LicenseKind::Permanent, 1)
        };
        let (which, _) = self.one(LEVANTE, order, at);
        for n in 0..2 {
            let since = self.later(at, 1 + n);
            self.activates(which, LEVANTE, since);
        }
        for _ in 0..2 {
            let asks = self.asks_after(at + Duration::days(9));
            self.activates(which, LEVANTE, asks);
        }
        let wrong = Device {
            product: Some(AURORA.code),
            ..self.new_device(LEVANTE)
        };
        let asks = self.asks_after(at + Duration::days(9));
        self.push(asks, What::Activate(which, wrong));
    }
}
