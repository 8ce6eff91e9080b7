//! What customers order, who activates it, how it goes on: renewals, payments, what ends.

use super::{
    money::{Sale, Then},
    names,
    products::Ware,
    sales::price,
    steps::{Device, What, Which},
    story::Draft,
    tree::Seller,
};
use crate::{
    domain::{
        license::{Binding, LicenseKind, days_after, term},
        payment::{Payment, TransactionKind},
        product::StartRule,
    },
    operations::licenses::issue,
};
use chrono::{Duration, NaiveDate, NaiveDateTime};

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
            start: None,
            mails_keys: false,
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
            let hours = self.chance.of_range(1..=24 * 45);
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

    /// A named user of the customer.
    pub(super) fn user(&self, n: usize) -> String {
        names::user(&self.party, n)
    }
}

/// The newest version on a day.
pub(super) fn version_of(ware: &Ware, first: NaiveDate, day: NaiveDate) -> Option<&'static str> {
    ware.versions
        .iter()
        .rev()
        .find(|(_, days, _)| first + Duration::days(*days) <= day)
        .map(|(version, ..)| *version)
}
