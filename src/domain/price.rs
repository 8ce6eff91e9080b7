//! Price lists: what one thing costs for a period, for whom, from a day to a day. A price is never edited: it ends, and
//! another begins.

use super::{
    company::NodeKind,
    ids::{ModuleId, PriceId, ProductId},
    license::LicenseKind,
};
use chrono::NaiveDate;

/// A price of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// Identifier.
    pub id: PriceId,
    /// The product.
    pub product_id: ProductId,
    /// The module that costs this; none for the product itself.
    pub module_id: Option<ModuleId>,
    /// The kind of licence.
    pub kind: LicenseKind,
    /// For a period of so many months; none for the product's own, or once.
    pub period_months: Option<i32>,
    /// For companies of this kind; none for everybody.
    pub level: Option<NodeKind>,
    /// For each device or seat beyond the first.
    pub per_seat: bool,
    /// Net, in cents.
    pub amount_cents: i64,
    /// ISO 4217.
    pub currency: String,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The last day; none for ever. Before the first day: it was withdrawn and never held.
    pub valid_to: Option<NaiveDate>,
}

impl Price {
    /// Whether it was taken back before it held.
    pub fn is_withdrawn(&self) -> bool {
        self.valid_to.is_some_and(|last| last < self.valid_from)
    }

    /// Whether it holds on a day.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    /// Whether both say what the same thing costs, and on a day both would hold.
    pub fn overlaps(&self, other: &Self) -> bool {
        let same = self.product_id == other.product_id
            && self.module_id == other.module_id
            && self.kind == other.kind
            && self.period_months == other.period_months
            && self.level == other.level
            && self.per_seat == other.per_seat;
        same && !self.is_withdrawn()
            && !other.is_withdrawn()
            && self.valid_to.is_none_or(|last| other.valid_from <= last)
            && other.valid_to.is_none_or(|last| self.valid_from <= last)
    }
}

/// What a thing costs by the list, on a day: the price for just this period and company before the more general one;
/// none where the list does not say.
pub fn listed(
    list: &[Price],
    module: Option<ModuleId>,
    kind: LicenseKind,
    period_months: Option<i32>,
    level: Option<NodeKind>,
    day: NaiveDate,
) -> Option<i64> {
    list.iter()
        .filter(|price| {
            price.module_id == module && price.kind == kind && !price.per_seat && price.holds(day)
        })
        .filter(|price| price.period_months.is_none() || price.period_months == period_months)
        .filter(|price| price.level.is_none() || price.level == level)
        .max_by_key(|price| (price.level.is_some(), price.period_months.is_some()))
        .map(|price| price.amount_cents)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn price(from: &str, to: Option<&str>) -> Price {
        Price {
            id: PriceId::new(),
            product_id: ProductId([1; 16]),
            module_id: None,
            kind: LicenseKind::Subscription,
            period_months: None,
            level: None,
            per_seat: false,
            amount_cents: 100,
            currency: "EUR".into(),
            valid_from: day(from),
            valid_to: to.map(day),
        }
    }

    #[test]
    fn prices_of_the_same_thing_overlap_where_they_share_a_day() {
        for (a, b, shared) in [
            (("2026-01-01", None), ("2027-01-01", None), true),
            (("2026-01-01", Some("2026-12-31")), ("2027-01-01", None), false),
            (("2026-01-01", Some("2027-01-01")), ("2027-01-01", None), true),
            (
                ("2026-05-01", Some("2026-05-01")),
                ("2026-01-01", Some("2026-12-31")),
                true,
            ),
            // Withdrawn.
            (("2027-01-01", Some("2026-12-31")), ("2026-01-01", None), false),
        ] {
            let (a, b) = (price(a.0, a.1), price(b.0, b.1));
            assert_eq!(a.overlaps(&b), shared, "{a:?} {b:?}");
            assert_eq!(b.overlaps(&a), shared, "{b:?} {a:?}");
        }
        let other = Price {
            level: Some(NodeKind::Reseller),
            ..price("2026-01-01", None)
        };
        assert!(!other.overlaps(&price("2026-01-01", None)));
    }

    #[test]
    fn the_price_for_just_this_company_and_period_goes_before_the_general_one() {
        let general = price("2026-01-01", None);
        let yearly = Price {
            period_months: Some(12),
            amount_cents: 90,
            ..general.clone()
        };
        let resellers = Price {
            level: Some(NodeKind::Reseller),
            amount_cents: 70,
            ..general.clone()
        };
        let list = [general, yearly, resellers];
        let asked =
            |months, level, on| listed(&list, None, LicenseKind::Subscription, months, level, day(on));
        assert_eq!(asked(None, None, "2026-06-01"), Some(100));
        assert_eq!(asked(Some(12), None, "2026-06-01"), Some(90));
        assert_eq!(asked(Some(12), Some(NodeKind::Reseller), "2026-06-01"), Some(70));
        assert_eq!(
            asked(Some(12), Some(NodeKind::SubCompany), "2026-06-01"),
            Some(90)
        );
        assert_eq!(asked(None, None, "2025-12-31"), None);
    }
}
