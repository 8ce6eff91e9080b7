//! What of a product's rules a company has otherwise, for the licences at and below it.

use super::{
    ids::{NodeId, ProductId},
    product::{Product, Rules},
};
use std::collections::BTreeMap;

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
    /// Days for which a subscription works beyond its last.
    pub grace_days: Option<i32>,
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
    /// Days for which a subscription works beyond its last.
    pub grace_days: i32,
    /// A customer's own releases at most, per licence…
    pub release_max: i32,
    /// …in so many days.
    pub release_days: i32,
}

impl Terms {
    const NONE: Self = Self {
        trial_days: 0,
        offline_days: None,
        pending_days: 0,
        grace_days: 0,
        release_max: 0,
        release_days: 0,
    };

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
            grace_days: rules.grace_days,
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
                grace_days: least(set.grace_days, above.grace_days),
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
        pending_days: of_product,
        ..Terms::NONE
    };
    terms.under(line).pending_days
}

/// Days for which subscriptions work beyond their last: each product's, and where companies have them otherwise.
#[derive(Debug, Clone, Default)]
pub struct Graces {
    of_products: BTreeMap<ProductId, i32>,
    /// Of each company that something is set for: what its line sets, the topmost first.
    lines: BTreeMap<NodeId, Vec<CompanyRules>>,
    /// The companies that set it, those at the bottom first.
    setters: Vec<NodeId>,
}

/// What is made of a product's days of grace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grace {
    /// They are so many, whatever the product's.
    Exactly(i32),
    /// They are the product's, and so many at most.
    AtMost(i32),
}

impl Graces {
    /// Those of products, and of companies that have them otherwise: each with who sets it on its line and what, the
    /// topmost first.
    pub fn new(
        of_products: impl IntoIterator<Item = (ProductId, i32)>,
        set: impl IntoIterator<Item = (NodeId, NodeId, CompanyRules)>,
    ) -> Self {
        let mut graces = Self {
            of_products: of_products.into_iter().collect(),
            ..Self::default()
        };
        for (company, setter, rules) in set {
            graces.lines.entry(company).or_default().push(rules);
            if setter == company {
                graces.setters.push(company);
            }
        }
        // Whoever stands below another has a longer line.
        let lines = &graces.lines;
        graces
            .setters
            .sort_by_key(|node| std::cmp::Reverse(lines.get(node).map(Vec::len)));
        graces
    }

    /// Of a product's licences that a company has.
    pub fn days(&self, product: ProductId, company: Option<NodeId>) -> i32 {
        let line = company.and_then(|company| self.lines.get(&company));
        Self::under(self.of_product(product), line.map_or(&[], Vec::as_slice))
    }

    /// Of a product, where no company has it otherwise.
    pub fn of_product(&self, product: ProductId) -> i32 {
        self.of_products.get(&product).copied().unwrap_or(0)
    }

    fn under(of_product: i32, line: &[CompanyRules]) -> i32 {
        let terms = Terms {
            grace_days: of_product,
            ..Terms::NONE
        };
        terms.under(line).grace_days
    }

    /// The products that have grace.
    pub fn products(&self) -> impl Iterator<Item = (ProductId, i32)> {
        let all = self.of_products.iter().map(|(id, days)| (*id, *days));
        all.filter(|(_, days)| *days > 0)
    }

    /// The companies that set it, those at the bottom first, and what holds at each and below it.
    pub fn setters(&self) -> impl Iterator<Item = (NodeId, Grace)> {
        self.setters.iter().map(|node| {
            let line = self.lines.get(node).map_or(&[][..], Vec::as_slice);
            let (none, all) = (Self::under(0, line), Self::under(i32::MAX, line));
            let grace = if none == all {
                Grace::Exactly(all)
            } else {
                Grace::AtMost(all)
            };
            (*node, grace)
        })
    }

    /// Whether a company has it otherwise than the products say.
    pub fn is_set_for(&self, company: NodeId) -> bool {
        self.lines.contains_key(&company)
    }

    /// The most days that there are anywhere; none where no company sets any.
    pub fn longest_set(&self) -> Option<i32> {
        let set = self.setters().map(|(_, grace)| match grace {
            Grace::Exactly(days) => days,
            Grace::AtMost(_) => 0,
        });
        let set = set.max()?;
        Some(self.products().map(|(_, days)| days).fold(set, i32::max))
    }
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
            grace_days: terms.grace_days,
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
        grace_days: 30,
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
    fn grace_of_many_is_what_the_line_makes_of_each() {
        let (product, other) = (ProductId([1; 16]), ProductId([2; 16]));
        let (top, below, free) = (NodeId([3; 16]), NodeId([4; 16]), NodeId([5; 16]));
        let days = |by_vendor, days| CompanyRules {
            by_vendor,
            grace_days: Some(days),
            ..CompanyRules::default()
        };
        let graces = Graces::new(
            [(product, 30), (other, 5)],
            [
                (top, top, days(false, 10)),
                (below, top, days(false, 10)),
                (below, below, days(true, 60)),
            ],
        );
        let of = |product, company| graces.days(product, Some(company));
        assert_eq!((of(product, top), of(other, top)), (10, 5));
        assert_eq!((of(product, below), of(other, below)), (60, 60));
        assert_eq!((of(product, free), graces.days(product, None)), (30, 30));
        let setters: Vec<_> = graces.setters().collect();
        assert_eq!(setters, [(below, Grace::Exactly(60)), (top, Grace::AtMost(10))]);
        assert_eq!(graces.longest_set(), Some(60));
        assert_eq!(Graces::new([(product, 30)], []).longest_set(), None);
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
