//! What an order would come to: when its licences would end, what they would cost, what is left of the quota.

use crate::{
    domain::{
        company::NodeKind,
        license::{LicenseKind, term},
        money,
        price::{Price, listed},
        product::{Module, Product, StartRule},
    },
    operations::licenses::{issue::Order, quota::Left},
};
use chrono::NaiveDate;
use serde_json::{Value, json};

/// What a summary follows from.
pub(super) struct Case<'a> {
    pub(super) order: &'a Order,
    pub(super) product: &'a Product,
    pub(super) modules: &'a [Module],
    pub(super) prices: &'a [Price],
    /// What the company that sells is; none for the vendor's own stock.
    pub(super) level: Option<NodeKind>,
    /// What the company buys at, in basis points.
    pub(super) discount_bp: i32,
    pub(super) quota: Option<Left>,
    pub(super) today: NaiveDate,
}

impl Case<'_> {
    /// The period by which a licence runs, where nothing else is said.
    fn months(&self) -> Option<i32> {
        let order = self.order;
        (order.kind == LicenseKind::Subscription
            && order.duration_days.is_none()
            && order.expires_on.is_none())
        .then_some(self.product.period_months)
    }

    fn days(&self) -> Option<i32> {
        let order = self.order;
        order.duration_days.or_else(|| {
            (order.kind == LicenseKind::Trial && order.expires_on.is_none())
                .then_some(self.product.trial_days)
        })
    }

    /// What one module costs, or (none) the product.
    pub(super) fn price(&self, module: Option<&Module>) -> i64 {
        let base = module.map_or(self.product.base_price_cents, |module| module.base_price_cents);
        listed(
            self.prices,
            module.map(|module| module.id),
            self.order.kind,
            self.months(),
            self.level,
            self.today,
        )
        .unwrap_or(base)
    }

    /// The summary as the page shows it.
    pub(super) fn shown(&self) -> Value {
        let order = self.order;
        let permanent = order.kind == LicenseKind::Permanent;
        let (days, months) = (self.days(), self.months());
        let ends_on = (!permanent)
            .then(|| term(self.today, order.expires_on, days, months).expires_on)
            .flatten();
        let chosen: Vec<&Module> = self
            .modules
            .iter()
            .filter(|module| !module.included && order.modules.contains(&module.code))
            .collect();
        let lines: Vec<Value> = chosen
            .iter()
            .map(|module| json!({ "name": module.name, "cents": self.price(Some(module)) }))
            .collect();
        let base = self.price(None);
        let listed = chosen
            .iter()
            .fold(base, |sum, module| sum.saturating_add(self.price(Some(module))));
        let free = order.kind == LicenseKind::Trial;
        let before = if free {
            0
        } else {
            order.price_cents.unwrap_or(listed)
        };
        let discount = order.discount_bp.unwrap_or(self.discount_bp).clamp(0, 10_000);
        let each = money::discounted(before, u32::try_from(discount).unwrap_or_default());
        let quantity = i64::try_from(order.quantity).unwrap_or(i64::MAX);
        let start = order.start.unwrap_or(self.product.start_rule);
        json!({
            "product": self.product.rules.name,
            "version": self.product.rules.version,
            "kind": order.kind,
            "quantity": quantity,
            "at_once": start == StartRule::Creation,
            "days": days,
            "months": months,
            "fixed": order.expires_on.is_some(),
            "ends_on": ends_on,
            "maintenance_until": order.maintenance_until,
            "binding": order.binding.map_or("dispositivo", |binding| binding.code()),
            "devices": order.max_devices.unwrap_or(1),
            "users": order.max_users,
            "seats": order.max_seats,
            "reserved": order.reserved_devices.len(),
            "free": free,
            "own_price": order.price_cents.is_some() && !free,
            "base_cents": base,
            "lines": lines,
            "discount_bp": discount,
            "discount_cents": each - before,
            "each_cents": each,
            "total_cents": each.saturating_mul(quantity),
            "currency": self.product.currency,
            "quota": self.quota.map(|left| {
                let after = left.used.saturating_add(quantity);
                json!({
                    "quota": left.quota,
                    "after": after,
                    "exceeded": after > left.quota,
                    "share": if left.quota > 0 { (after.min(left.quota) * 1000 / left.quota) as f64 / 10.0 } else { 100.0 },
                })
            }),
        })
    }
}
