//! A customer's story: how it came, what it bought, what became of that. All is decided here, before any of it runs.

use super::{
    chance::Chance,
    names::{self, Party},
    products::{AURORA, LEVANTE, PONENTE, WARES, Ware},
    season::Season,
    steps::{Device, Guess, Step, What},
    tree::{Seller, Staff},
};
use crate::domain::license::{Binding, LicenseKind, SuspensionReason};
use chrono::{Duration, NaiveDateTime};

/// A story, to be told in order.
#[derive(Debug)]
pub(super) struct Story<'a> {
    pub(super) number: usize,
    pub(super) seller: &'a Seller,
    pub(super) steps: Vec<Step>,
}

/// A story in the making.
pub(super) struct Draft<'a> {
    pub(super) season: &'a Season,
    pub(super) seller: &'a Seller,
    pub(super) chance: Chance,
    pub(super) party: Party,
    pub(super) steps: Vec<Step>,
    pub(super) orders: usize,
    pub(super) sales: usize,
}

/// The customer who can sign in, and whose first order has a place left: the one of the activation call.
pub(super) const SHOWCASE: usize = 0;

/// The story of a customer.
pub(super) fn of_customer<'a>(number: usize, staff: &'a Staff, season: &'a Season) -> Story<'a> {
    let mut chance = Chance::of(number);
    let seller = match number {
        SHOWCASE => staff.seller_of("SETTEQUERCE"),
        _ => staff.seller(&mut chance),
    };
    let mut draft = Draft {
        season,
        seller,
        party: names::party(number, &mut chance),
        chance,
        steps: Vec::new(),
        orders: 0,
        sales: 0,
    };
    match number % 40 {
        7 | 27 => draft.waits(),
        8 => draft.waited_too_long(),
        9 => draft.refused(),
        _ => draft.usual(number),
    }
    draft.told(number)
}

/// The story of what belongs to nobody yet, and of who tries keys that are none.
pub(super) fn of_nobody<'a>(
    number: usize,
    customers: usize,
    staff: &'a Staff,
    season: &'a Season,
) -> Story<'a> {
    let mut chance = Chance::of(number);
    let mut draft = Draft {
        season,
        seller: staff.seller_of(""),
        party: names::party(number, &mut chance),
        chance,
        steps: Vec::new(),
        orders: 0,
        sales: 0,
    };
    for (code, ware, share) in [
        ("SETTEQUERCE", AURORA, 3),
        ("LANTERNABLU", LEVANTE, 5),
        ("", AURORA, 10),
        ("", PONENTE, 10),
    ] {
        draft.stock(staff.seller_of(code), ware, customers / share);
    }
    for n in 0..customers {
        let day = season.day_from(season.first, &mut draft.chance);
        let at = season.at_work(day, &mut draft.chance);
        draft.push(at, What::Guess(guess(n)));
    }
    for n in 0..4 {
        let minutes = draft.chance.of_range(5..=1300);
        draft.push(season.now - Duration::minutes(minutes), What::Guess(guess(n)));
    }
    draft.told(number)
}

fn guess(n: usize) -> Guess {
    match n % 4 {
        0 | 2 => Guess::Mistyped,
        1 => Guess::Unknown,
        _ => Guess::Forged,
    }
}

impl<'a> Draft<'a> {
    pub(super) fn push(&mut self, at: NaiveDateTime, what: What) {
        self.steps.push(Step { at, what });
    }

    /// In the order of time, up to now.
    fn told(mut self, number: usize) -> Story<'a> {
        self.steps.retain(|step| step.at < self.season.now);
        self.steps.sort_by_key(|step| step.at);
        Story {
            number,
            seller: self.seller,
            steps: self.steps,
        }
    }

    pub(super) fn later(&mut self, from: NaiveDateTime, days: i64) -> NaiveDateTime {
        self.season.later(from, days, &mut self.chance)
    }

    /// An instant so many days ago.
    fn ago(&mut self, days: i64) -> NaiveDateTime {
        let hours = self.chance.of_range(1..=22);
        self.season.now - Duration::days(days) - Duration::hours(hours)
    }

    pub(super) fn new_device(&mut self, ware: &Ware) -> Device {
        let (id, name, platform) = names::device(&mut self.chance);
        Device {
            id,
            name,
            platform,
            user: None,
            product: Some(ware.code),
            version: None,
        }
    }

    /// Registered a day or two ago, and nobody has looked yet.
    fn waits(&mut self) {
        let days = self.chance.of_range(0..=2);
        let at = self.ago(days);
        let ware = self.chance_ware();
        let party = Box::new(self.party.clone());
        self.push(at, What::Register(party, Some(ware.code)));
        if self.chance.percent(75) {
            let device = self.new_device(ware);
            self.push(at + Duration::minutes(25), What::Activate((0, 0), device));
        }
    }

    /// Registered a week ago: the trial has stopped, since the address was never confirmed.
    fn waited_too_long(&mut self) {
        let days = self.chance.of_range(6..=11);
        let at = self.ago(days);
        let party = Box::new(self.party.clone());
        let device = self.new_device(AURORA);
        self.push(at, What::Register(party, Some(AURORA.code)));
        self.push(at + Duration::minutes(12), What::Activate((0, 0), device.clone()));
        self.push(at + Duration::days(5), What::Check((0, 0), device.clone()));
        let minutes = self.chance.of_range(20..=600);
        self.push(
            self.season.now - Duration::minutes(minutes),
            What::Check((0, 0), device),
        );
    }

    /// Registered, and refused.
    fn refused(&mut self) {
        let days = self.chance.of_range(20..=500);
        let at = self.ago(days);
        let party = Box::new(self.party.clone());
        let device = self.new_device(LEVANTE);
        self.push(at, What::Register(party, Some(LEVANTE.code)));
        self.push(at + Duration::hours(1), What::Activate((0, 0), device.clone()));
        self.push(
            at + Duration::hours(9),
            What::Refuse("Partita IVA di un'altra azienda, recapiti inesistenti."),
        );
        self.push(at + Duration::days(2), What::Check((0, 0), device));
    }

    /// A customer like most: a trial sometimes, and orders over the time.
    fn usual(&mut self, number: usize) {
        let season = self.season;
        // Customers came early, so that what they buy shows the growth.
        let drawn = (0..4)
            .map(|_| season.day_from(season.first, &mut self.chance))
            .min();
        let last = season.first + Duration::days(if number.is_multiple_of(10) { 600 } else { 250 });
        let joined = match number {
            SHOWCASE => season.at_hour(season.first + Duration::days(20), 9),
            _ => season.at_work(drawn.unwrap_or(last).min(last), &mut self.chance),
        };
        let party = Box::new(self.party.clone());
        if number != SHOWCASE && self.chance.percent(25) {
            let ware = self.chance_ware();
            self.push(joined, What::Register(party, Some(ware.code)));
            self.orders = 1;
            self.push(joined + Duration::minutes(90), What::Validate);
            self.trial(0, ware, joined + Duration::minutes(20));
        } else {
            self.push(joined, What::Join(party));
        }
        self.orders_of(number, joined + Duration::hours(2));
    }

    fn orders_of(&mut self, number: usize, from: NaiveDateTime) {
        let season = self.season;
        if number == SHOWCASE {
            self.showcase(from);
        }
        self.special(number, from);
        let (orders, most) = match number % 10 {
            0 => (self.chance.small(6..=9), 10),
            1 | 4 | 6 => (self.chance.small(3..=6), 4),
            _ => (self.chance.small(1..=4), 2),
        };
        for _ in 0..orders {
            let day = season.day_from(season.day_of(from), &mut self.chance);
            let at = season.at_work(day, &mut self.chance).max(from);
            let ware = self.chance_ware();
            if self.chance.percent(21) {
                let order = self.issued(ware, LicenseKind::Trial, 1, Binding::Device, at);
                let first = self.later(at, 1);
                self.trial(order, ware, first);
            } else {
                let quantity = usize::try_from(self.chance.small(1..=most)).unwrap_or(1);
                self.sold(ware, quantity, at);
            }
        }
    }

    /// What happens to few, to one after the other.
    fn special(&mut self, number: usize, from: NaiveDateTime) {
        let day = self.chance.of_range(0..=25);
        let at = self.later(from, day);
        match number % 20 {
            2 => self.reserved(at),
            3 => self.named_users(at),
            5 => self.floating(at),
            6 => self.uncounted(at),
            11 => self.stopped(
                at,
                SuspensionReason::Fraud,
                "La stessa chiave da tre province in un giorno.",
            ),
            12 => self.stopped(at, SuspensionReason::Customer, "Ufficio chiuso per trasloco."),
            13 => self.revoked(at),
            14 => self.released_too_often(at),
            15 => self.second_trial(at),
            16 => self.not_maintained(at),
            17 => self.full(at),
            18 if number % 40 == 18 => self.trial_that_ends(5),
            18 => self.trial_that_ends(-5),
            1 => self.year_that_ends(-7),
            4 => self.year_that_ends(5),
            19 if number % 40 == 19 => self.paused(at),
            19 => self.refunded(at),
            _ => {}
        }
    }

    pub(super) fn chance_ware(&mut self) -> &'static Ware {
        match self.chance.of_range(1..=10) {
            1..=5 => AURORA,
            6..=8 => LEVANTE,
            _ => WARES.last().copied().unwrap_or(PONENTE),
        }
    }
}
