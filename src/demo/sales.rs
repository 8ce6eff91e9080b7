//! How what customers order is sold, renewed and paid.

use super::{
    money::{Sale, Then, due_on},
    products::Ware,
    steps::{What, Which},
    story::Draft,
};
use crate::domain::{
    calendar,
    license::{SuspensionReason, days_after},
    payment::{Payment, TransactionKind},
};
use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime};

impl Draft<'_> {
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
            by_customer: false,
        }
    }

    /// The same, where the customer pays by itself and at once.
    pub(super) fn online_sale(&mut self, kind: TransactionKind, price_cents: i64, day: NaiveDate) -> Sale {
        Sale {
            method: Payment::Card,
            due_on: None,
            by_customer: true,
            ..self.sale(kind, price_cents, day)
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

    /// A year of new versions more, or not.
    pub(super) fn maintain(&mut self, (order, n): Which, until: NaiveDate, price: i64) {
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
}

/// The list price of a licence with these modules.
pub(super) fn price(ware: &Ware, modules: &[String]) -> i64 {
    ware.modules
        .iter()
        .filter(|(code, _, _, included)| !included && modules.iter().any(|module| module == code))
        .fold(ware.price_cents, |sum, (_, _, price, _)| sum + price)
}
