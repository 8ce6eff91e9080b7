//! What customers order, who activates it, how it goes on: renewals, payments, what ends.

use super::{
    money::{Sale, Then, due_on},
    names,
    products::Ware,
    steps::{Device, What, Which},
    story::Draft,
    tree::Seller,
};
use crate::{
    domain::{
        calendar,
        license::{Binding, LicenseKind, SuspensionReason, days_after, term},
        payment::{Payment, TransactionKind},
        product::StartRule,
    },
    operations::licenses::issue,
};
use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime};

/// Times a year's price for what runs for ever.
const FOR_EVER: i64 = 4;

impl Draft<'_> {
    /// An order as most are: of a kind, for one device each.
    pub(super) fn order(&mut self, ware: &Ware, kind: LicenseKind, quantity: usize) -> issue::Order {
        let mut modules = Vec::new();
        for (code, _, _, included) in ware.modules {
            if !included && kind != LicenseKind::Trial && self.chance.percent(35) {
                modules.push((*code).to_owned());
            }
        }
        issue::Order {
            product: ware.code.into(),
            kind,
            quantity,
            modules,
            duration_days: None,
            expires_on: None,
            maintenance_until: None,
            max_devices: None,
            max_users: None,
            max_seats: None,
            binding: None,
            reserved_devices: Vec::new(),
            customer: None,
            company: None,
            agent: None,
            price_cents: None,
            discount_bp: None,
            label: None,
        }
    }

    /// Has an order generated, and gives its number.
    pub(super) fn issue(&mut self, order: issue::Order, at: NaiveDateTime) -> usize {
        let number = self.orders;
        self.orders += 1;
        self.push(at, What::Issue(number, Box::new(order)));
        number
    }

    /// A usual order.
    pub(super) fn issued(
        &mut self,
        ware: &Ware,
        kind: LicenseKind,
        quantity: usize,
        binding: Binding,
        at: NaiveDateTime,
    ) -> usize {
        let order = issue::Order {
            binding: Some(binding),
            ..self.order(ware, kind, quantity)
        };
        self.issue(order, at)
    }

    /// Licences without a customer, for a company or for nobody; a few are in use already.
    pub(super) fn stock(&mut self, seller: &Seller, ware: &'static Ware, quantity: usize) {
        let day = self.season.today - Duration::days(self.chance.of_range(25..=70));
        let at = self.season.at_work(day, &mut self.chance);
        let order = issue::Order {
            company: seller.company,
            label: Some(format!("scorta {}", day.format("%m/%Y"))),
            ..self.order(ware, LicenseKind::Subscription, quantity.max(3))
        };
        let number = self.issue(order, at);
        for n in 0..quantity.div_ceil(5) {
            let days = self.chance.of_range(1..=24);
            let device = self.new_device(ware);
            let first = self.later(at, days);
            self.push(first, What::Activate((number, n), device));
        }
    }

    /// Sells licences, and lets them live.
    pub(super) fn sold(&mut self, ware: &'static Ware, quantity: usize, at: NaiveDateTime) {
        let for_ever = ware.kinds.contains(&LicenseKind::Permanent) && self.chance.percent(22);
        let kind = if for_ever {
            LicenseKind::Permanent
        } else {
            LicenseKind::Subscription
        };
        let devices = match self.chance.of_range(1..=10) {
            1..=6 => 1,
            7..=9 => 2,
            _ => 5,
        };
        let day = self.season.day_of(at);
        let maintenance = (for_ever && self.chance.percent(70)).then(|| days_after(day, 365));
        let mut order = issue::Order {
            max_devices: Some(devices),
            maintenance_until: maintenance,
            ..self.order(ware, kind, quantity)
        };
        let price = price(ware, &order.modules) * if for_ever { FOR_EVER } else { 1 };
        order.price_cents = for_ever.then_some(price);
        let number = self.issue(order, at);
        let sale = self.sale(TransactionKind::Sale, price, day);
        let paid_at = at + Duration::minutes(3);
        let paid = sale.due_on.is_none() && sale.method != Payment::Free;
        let sold = self.sell(number, None, sale, paid_at);
        if quantity == 1 && paid && self.chance.percent(4) {
            let back = self.later(paid_at, 9);
            let how = (TransactionKind::Refund, Payment::Transfer);
            self.push(back, What::Undo(sold, how, "Reso entro i termini."));
            self.push(
                back + Duration::minutes(1),
                What::Revoke((number, 0), "Rimborso del primo acquisto."),
            );
            return;
        }
        for n in 0..quantity {
            self.live((number, n), ware, kind, at, devices, price);
            if let Some(day) = maintenance {
                self.maintain((number, n), day, price);
            }
        }
    }

    /// A year of new versions more, or not.
    fn maintain(&mut self, (order, n): Which, until: NaiveDate, price: i64) {
        let at = self.season.at_work(until - Duration::days(8), &mut self.chance);
        if at >= self.season.now || !self.chance.percent(60) {
            return;
        }
        let next = days_after(until, 365);
        let sale = Sale {
            period: Some((days_after(until, 1), next)),
            then: Then::Maintained(next),
            ..self.sale(TransactionKind::Renewal, price / 5, self.season.day_of(at))
        };
        self.sell(order, Some(n), sale, at);
    }

    /// A licence's life: devices, checks, renewals.
    pub(super) fn live(
        &mut self,
        which: Which,
        ware: &'static Ware,
        kind: LicenseKind,
        at: NaiveDateTime,
        devices: i32,
        price: i64,
    ) {
        if self.chance.percent(9) {
            return;
        }
        let days = self.chance.of_range(0..=9);
        let first = self.later(at, days);
        let used = if devices > 1 {
            self.chance.small(1..=devices)
        } else {
            1
        };
        let end = match kind {
            LicenseKind::Subscription => {
                let start = match ware.starts {
                    StartRule::Activation => self.season.day_of(first),
                    StartRule::Creation => self.season.day_of(at),
                };
                self.renewals(which, ware, start, price)
            }
            LicenseKind::Permanent | LicenseKind::Trial => self.season.today,
        };
        for n in 0..used {
            let wait = if n == 0 { 0 } else { self.chance.of_range(1..=30) };
            let since = self.later(first, wait);
            let mut device = self.new_device(ware);
            device.version = version_of(ware, self.season.first, self.season.day_of(since));
            self.push(since, What::Activate(which, device.clone()));
            if n == 0 && used == devices && self.chance.percent(6) {
                let extra = self.new_device(ware);
                let again = self.later(since, 40);
                self.push(again, What::Activate(which, extra));
            }
            if self.chance.percent(5) {
                let moved = self.later(since, 60);
                let other = self.new_device(ware);
                if self.chance.percent(60) {
                    self.push(moved, What::Leave(which, device));
                } else {
                    self.push(moved, What::Release(which, device, "Computer sostituito."));
                }
                device = other;
                self.push(
                    moved + Duration::minutes(30),
                    What::Activate(which, device.clone()),
                );
            }
            self.checks(which, &device, since, end);
        }
    }

    /// The software looks in now and then, more lately, and some time after the end.
    fn checks(&mut self, which: Which, device: &Device, since: NaiveDateTime, end: NaiveDate) {
        let plain = Device {
            version: None,
            ..device.clone()
        };
        for _ in 0..self.chance.of_range(1..=3) {
            let day = self.season.day_from(self.season.day_of(since), &mut self.chance);
            let at = self.season.at_work(day, &mut self.chance);
            if at > since && day <= end {
                self.push(at, What::Check(which, plain.clone()));
            }
        }
        if end >= self.season.today {
            let hours = self.chance.of_range(1..=24 * 13);
            let at =
                self.season.now - Duration::hours(hours) + Duration::seconds(self.chance.of_range(0..=3000));
            if at > since && self.chance.percent(35) {
                self.push(at, What::Check(which, plain));
            }
        } else if self.chance.percent(35) {
            let days = self.chance.of_range(1..=50);
            let at = self
                .season
                .at_work(days_after(end, 1) + Duration::days(days), &mut self.chance);
            self.push(at, What::Check(which, plain));
        }
    }

    /// The renewals of a subscription that starts on a day; the last day that is paid.
    pub(super) fn renewals(&mut self, which: Which, ware: &Ware, start: NaiveDate, price: i64) -> NaiveDate {
        let months = u32::try_from(ware.period_months).unwrap_or(12);
        let Some(mut end) = calendar::period_end(start, months, start.day()) else {
            return start;
        };
        loop {
            let patient = self.chance.percent(72);
            let days = if patient {
                -self.chance.of_range(0..=24)
            } else {
                self.chance.of_range(1..=14)
            };
            let at = self.season.at_work(end + Duration::days(days), &mut self.chance);
            let next = calendar::next_period_end(end, months, start.day());
            let (Some(next), true) = (next, at < self.season.now) else {
                return end;
            };
            if self.chance.percent(13) {
                return end;
            }
            let (order, n) = which;
            let sale = Sale {
                period: Some((end + Duration::days(1), next)),
                then: Then::Until(next),
                auto_renew: self.chance.percent(30),
                ..self.sale(TransactionKind::Renewal, price, self.season.day_of(at))
            };
            self.sell(order, Some(n), sale, at);
            end = next;
        }
    }

    /// A trial that is used from an instant on, and bought or not.
    pub(super) fn trial(&mut self, order: usize, ware: &'static Ware, first: NaiveDateTime) {
        let device = self.new_device(ware);
        let which = (order, 0);
        self.push(first, What::Activate(which, device.clone()));
        let begun = self.season.day_of(first);
        let ends = days_after(begun, ware.trial_days);
        if !self.chance.percent(45) {
            self.checks(which, &device, first, ends);
            return;
        }
        let days = self.chance.of_range(4..=i64::from(ware.trial_days) - 1);
        let at = self
            .season
            .at_work(begun + Duration::days(days), &mut self.chance);
        let start = self.season.day_of(at);
        let term = term(start, None, None, Some(ware.period_months));
        let price = price(ware, &[]);
        let sale = Sale {
            period: term.expires_on.map(|end| (start, end)),
            then: Then::Subscription(term, ware.period_months),
            ..self.sale(TransactionKind::Conversion, price, start)
        };
        self.sell(order, Some(0), sale, at);
        if at < self.season.now {
            let end = self.renewals(which, ware, start, price);
            self.checks(which, &device, at, end);
        }
    }

    /// How something is sold on a day.
    pub(super) fn sale(&mut self, kind: TransactionKind, price_cents: i64, day: NaiveDate) -> Sale {
        let method = match (self.chance.of_range(1..=100), self.seller.payment_days) {
            (1..=55, Some(_)) => Payment::Deferred,
            (56..=82, _) => Payment::Transfer,
            (83..=86, _) => Payment::Cash,
            (87, _) => Payment::Free,
            _ => Payment::Card,
        };
        let due = self.seller.payment_days.filter(|_| method == Payment::Deferred);
        Sale {
            kind,
            method,
            price_cents,
            period: None,
            due_on: due.map(|days| due_on(day, days)),
            then: Then::Stays,
            auto_renew: false,
        }
    }

    /// Sells, and lets what is deferred be paid: in time, in parts, late, or not.
    pub(super) fn sell(&mut self, order: usize, one: Option<usize>, sale: Sale, at: NaiveDateTime) -> usize {
        let number = self.sales;
        self.sales += 1;
        self.push(at, What::Sell(number, (order, one), sale.clone()));
        let Some(due) = sale.due_on else { return number };
        let method = self.chance.pick(&[
            Some(Payment::Transfer),
            Some(Payment::Transfer),
            Some(Payment::Card),
        ]);
        let method = method.unwrap_or(Payment::Cash);
        let day = |draft: &mut Self, from: i64, to: i64| {
            let days = draft.chance.of_range(from..=to);
            draft
                .season
                .at_work(due + Duration::days(days), &mut draft.chance)
        };
        match self.chance.of_range(1..=100) {
            1..=76 => {
                let paid = day(self, -9, 6);
                self.push(paid, What::Collect(number, 100, method));
            }
            77..=86 => {
                let (some, rest) = (day(self, -3, 5), day(self, 25, 60));
                self.push(some, What::Collect(number, 50, method));
                self.push(rest, What::Collect(number, 100, method));
            }
            87..=95 => {
                let paid = day(self, 15, 70);
                self.push(paid, What::Collect(number, 100, method));
            }
            96..=98 => {
                let which = (order, one.unwrap_or(0));
                let stop = day(self, 31, 33);
                let paid = day(self, 50, 190);
                self.push(
                    stop,
                    What::Suspend(which, SuspensionReason::Unpaid, "Scaduto da oltre 30 giorni."),
                );
                self.push(paid, What::Collect(number, 100, method));
                self.push(paid + Duration::minutes(2), What::Resume(which, "Saldato."));
            }
            _ => {
                let again = self.sales;
                self.sales += 1;
                self.push(at + Duration::minutes(9), What::Sell(again, (order, one), sale));
                let how = (TransactionKind::Reversal, Payment::Deferred);
                self.push(
                    at + Duration::days(4),
                    What::Undo(again, how, "Registrata due volte."),
                );
            }
        }
        number
    }

    /// A named user of the customer.
    pub(super) fn user(&self, n: usize) -> String {
        names::user(&self.party, n)
    }
}

/// The list price of a licence with these modules.
pub(super) fn price(ware: &Ware, modules: &[String]) -> i64 {
    ware.modules
        .iter()
        .filter(|(code, _, _, included)| !included && modules.iter().any(|module| module == code))
        .fold(ware.price_cents, |sum, (_, _, price, _)| sum + price)
}

/// The newest version on a day.
pub(super) fn version_of(ware: &Ware, first: NaiveDate, day: NaiveDate) -> Option<&'static str> {
    ware.versions
        .iter()
        .rev()
        .find(|(_, days, _)| first + Duration::days(*days) <= day)
        .map(|(version, ..)| *version)
}
