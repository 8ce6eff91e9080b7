//! Arithmetic on money: integer cents and basis points, one rounding rule, no overflow and no floats, so
//! that two places that compute the same price cannot disagree by a cent.

/// Basis points in the whole: 10,000 are 100 %.
const WHOLE: u32 = 10_000;

/// What is left of `amount_cents` after a discount of `basis_points` (3,000 are 30 %), in cents, rounded half
/// away from zero. A discount above 100 % counts as 100 %: nothing is left, never less.
pub fn discounted(amount_cents: i64, basis_points: u32) -> i64 {
    share(amount_cents, WHOLE.saturating_sub(basis_points), WHOLE)
}

/// The VAT of `basis_points` (2,200 are 22 %) on a net amount, in cents, rounded half away from zero;
/// saturating at the ends of `i64`.
pub fn vat(net_cents: i64, basis_points: u32) -> i64 {
    share(net_cents, basis_points, WHOLE)
}

/// What `days_left` days cost, in cents, where a period of `days` days costs `amount_cents`, rounded half
/// away from zero. More days than the period has cost more than the period; saturating at the ends of `i64`.
/// A period without days costs nothing.
pub fn pro_rata(amount_cents: i64, days_left: u32, days: u32) -> i64 {
    share(amount_cents, days_left, days)
}

/// `amount · part / whole`, rounded half away from zero; 0 for no whole.
fn share(amount: i64, part: u32, whole: u32) -> i64 {
    if whole == 0 {
        return 0;
    }
    // 64 + 32 + 1 bits at most: i128 holds it.
    let twice = 2 * i128::from(amount) * i128::from(part);
    let whole = i128::from(whole);
    let rounded = (twice + whole * twice.signum()) / (2 * whole);
    i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_discount_leaves_the_rest_rounded_half_away_from_zero() {
        for (amount, basis_points, expected) in [
            (72_000, 3_000, 50_400),
            (101, 5_000, 51),
            (-101, 5_000, -51),
            (100, 3_333, 67),
            (1, 5_001, 0),
            (0, 3_000, 0),
        ] {
            assert_eq!(discounted(amount, basis_points), expected, "{amount}");
        }
    }

    #[test]
    fn no_discount_changes_nothing_and_a_whole_one_leaves_nothing() {
        for amount in [0, 1, -1, 999, i64::MAX, i64::MIN] {
            assert_eq!(discounted(amount, 0), amount);
            assert_eq!(discounted(amount, 10_000), 0);
            assert_eq!(discounted(amount, 10_001), 0);
            assert_eq!(discounted(amount, u32::MAX), 0);
        }
    }

    #[test]
    fn vat_is_rounded_half_away_from_zero() {
        for (net, basis_points, expected) in [
            (50_400, 2_200, 11_088),
            (25, 2_200, 6),
            (-25, 2_200, -6),
            (225, 2_200, 50),
            (10_001, 400, 400),
            (50, 100, 1),
            (-50, 100, -1),
            (49, 100, 0),
        ] {
            assert_eq!(vat(net, basis_points), expected, "{net}");
        }
    }

    #[test]
    fn days_left_cost_their_share_of_the_period() {
        assert_eq!(pro_rata(36_500, 73, 365), 7_300);
        assert_eq!(pro_rata(100, 1, 3), 33);
        assert_eq!(pro_rata(100, 2, 3), 67);
        assert_eq!(pro_rata(1, 1, 2), 1);
        assert_eq!(pro_rata(-1, 1, 2), -1);
        assert_eq!(pro_rata(100, 0, 30), 0);
        assert_eq!(pro_rata(100, 45, 30), 150);
        assert_eq!(pro_rata(100, 10, 0), 0);
    }

    #[test]
    fn what_does_not_fit_saturates() {
        assert_eq!(vat(i64::MAX, 20_000), i64::MAX);
        assert_eq!(vat(i64::MIN, u32::MAX), i64::MIN);
        assert_eq!(pro_rata(i64::MAX, u32::MAX, 1), i64::MAX);
        assert_eq!(pro_rata(i64::MIN, u32::MAX, 1), i64::MIN);
        assert_eq!(pro_rata(i64::MIN, 7, 7), i64::MIN);
    }

    proptest! {
        #[test]
        fn a_discount_stays_between_nothing_and_the_amount(amount: i64, basis_points in 0..=12_000_u32) {
            let left = discounted(amount, basis_points);
            prop_assert!(left.unsigned_abs() <= amount.unsigned_abs());
            prop_assert!(left == 0 || left.signum() == amount.signum());
        }

        #[test]
        fn a_share_is_the_nearest_cent(
            amount in -1_000_000_000_i64..1_000_000_000, part in 0..=1_000_u32, whole in 1..=1_000_u32,
        ) {
            let cents = pro_rata(amount, part, whole);
            let error = 2 * (cents * i64::from(whole) - amount * i64::from(part));
            prop_assert!(error.abs() <= i64::from(whole));
            if error.abs() == i64::from(whole) {
                prop_assert_eq!(error.signum(), amount.signum(), "a half goes away from zero");
            }
        }

        #[test]
        fn the_opposite_amount_gives_the_opposite_result(
            amount in -i64::MAX..=i64::MAX, part: u32, whole: u32,
        ) {
            let (one, other) = (pro_rata(amount, part, whole), pro_rata(-amount, part, whole));
            // Saturation is lopsided by the one value that has no opposite.
            if one > i64::MIN && other > i64::MIN {
                prop_assert_eq!(one, -other);
            }
            prop_assert_eq!(discounted(-amount, part), -discounted(amount, part));
        }

        #[test]
        fn a_discount_and_its_complement_add_up_within_a_cent(amount: i64, basis_points in 0..=10_000_u32) {
            let parts = i128::from(discounted(amount, basis_points))
                + i128::from(discounted(amount, 10_000 - basis_points));
            prop_assert!((parts - i128::from(amount)).abs() <= 1);
        }
    }
}
