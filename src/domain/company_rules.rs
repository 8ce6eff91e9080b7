//! What of a product's rules a company has otherwise, for the licences at and below it.
//!
//! Grace is not among it: whether a licence is over is asked of thousands at once, and stays the product's.

use super::product::{Product, Rules};

/// What one company of a line sets. What is absent stays as it is above.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CompanyRules {
    /// Whether the vendor set it, who may set anything. What a company sets for those below it only narrows.
    pub by_vendor: bool,
    /// Days of a trial.
    pub trial_days: Option<i32>,
    /// Days that a computer key lasts without contact.
    pub offline_days: Option<i32>,
    /// Days for which a waiting customer's licence works.
    pub pending_days: Option<i32>,
    /// A customer's own releases at most, per licence…
    pub release_max: Option<i32>,
    /// …in so many days.
    pub release_days: Option<i32>,
}

impl CompanyRules {
    /// Whether anything is set.
    pub fn is_empty(&self) -> bool {
        Self {
            by_vendor: false,
            ..*self
        } == Self::default()
    }
}

/// What holds for a licence, but for what it has of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Days of a trial.
    pub trial_days: i32,
    /// Days that a computer key lasts without contact; none for ever.
    pub offline_days: Option<i32>,
    /// Days for which a waiting customer's licence works.
    pub pending_days: i32,
    /// A customer's own releases at most, per licence…
    pub release_max: i32,
    /// …in so many days.
    pub release_days: i32,
}

impl Terms {
    /// Those of a product.
    pub fn of(product: &Product) -> Self {
        Self {
            trial_days: product.trial_days,
            ..Self::of_rules(&product.rules)
        }
    }

    fn of_rules(rules: &Rules) -> Self {
        Self {
            trial_days: 0,
            offline_days: (!rules.offline_unlimited).then_some(rules.offline_days),
            pending_days: rules.pending_days,
            release_max: rules.release_max,
            release_days: rules.release_days,
        }
    }

    /// The same for the licences of a company: what each of its line sets, the topmost first.
    #[must_use]
    pub fn under(self, line: &[CompanyRules]) -> Self {
        line.iter().fold(self, |above, set| {
            let least = |value: Option<i32>, above: i32| match value {
                Some(value) if set.by_vendor => value,
                Some(value) => value.min(above),
                None => above,
            };
            Self {
                trial_days: least(set.trial_days, above.trial_days),
                offline_days: match (set.offline_days, above.offline_days) {
                    (Some(value), Some(above)) => Some(least(Some(value), above)),
                    (Some(value), None) => Some(value),
                    (None, above) => above,
                },
                pending_days: least(set.pending_days, above.pending_days),
                release_max: least(set.release_max, above.release_max),
                // As many releases in a longer time are fewer.
                release_days: match set.release_days {
                    Some(value) if set.by_vendor => value,
                    Some(value) => value.max(above.release_days),
                    None => above.release_days,
                },
            }
        })
    }
}

/// Days for which a waiting customer's licence works, for a company's licences.
pub fn pending_days(of_product: i32, line: &[CompanyRules]) -> i32 {
    let terms = Terms {
        trial_days: 0,
        offline_days: None,
        pending_days: of_product,
        release_max: 0,
        release_days: 0,
    };
    terms.under(line).pending_days
}

impl Rules {
    /// The rules for the licences of a company: what each of its line sets, the topmost first.
    #[must_use]
    pub fn under(&self, line: &[CompanyRules]) -> Self {
        let terms = Terms::of_rules(self).under(line);
        Self {
            offline_days: terms.offline_days.unwrap_or(self.offline_days),
            offline_unlimited: terms.offline_days.is_none(),
            pending_days: terms.pending_days,
            release_max: terms.release_max,
            release_days: terms.release_days,
            ..self.clone()
        }
    }
}

impl Product {
    /// The product as a company sells it.
    #[must_use]
    pub fn under(self, line: &[CompanyRules]) -> Self {
        Self {
            trial_days: Terms::of(&self).under(line).trial_days,
            rules: self.rules.under(line),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRODUCT: Terms = Terms {
        trial_days: 30,
        offline_days: Some(14),
        pending_days: 15,
        release_max: 2,
        release_days: 30,
    };

    #[test]
    fn the_vendor_sets_anything_and_a_company_only_narrows() {
        let vendor = CompanyRules {
            by_vendor: true,
            trial_days: Some(60),
            offline_days: Some(90),
            ..CompanyRules::default()
        };
        let company = CompanyRules {
            trial_days: Some(45),
            offline_days: Some(120),
            pending_days: Some(20),
            release_max: Some(1),
            release_days: Some(10),
            ..CompanyRules::default()
        };
        let under = PRODUCT.under(&[vendor, company]);
        assert_eq!(under.trial_days, 45);
        assert_eq!(under.offline_days, Some(90));
        assert_eq!(under.pending_days, 15);
        assert_eq!((under.release_max, under.release_days), (1, 30));
        assert_eq!(PRODUCT.under(&[]), PRODUCT);
        assert_eq!(PRODUCT.under(&[company]).trial_days, 30);
    }

    #[test]
    fn what_never_ended_ends_where_a_company_says_so() {
        let unlimited = Terms {
            offline_days: None,
            ..PRODUCT
        };
        let company = CompanyRules {
            offline_days: Some(7),
            ..CompanyRules::default()
        };
        assert_eq!(unlimited.under(&[]).offline_days, None);
        assert_eq!(unlimited.under(&[company]).offline_days, Some(7));
    }
}
