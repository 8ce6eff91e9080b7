//! Money for licences: how it is paid.

use super::codes::codes;

codes! {
    /// How something is paid.
    Payment {
        /// Stripe.
        Stripe = "stripe",
        /// PayPal.
        Paypal = "paypal",
        /// FastSpring.
        Fastspring = "fastspring",
        /// From the wallet.
        Wallet = "portafoglio",
        /// Later.
        Deferred = "posticipato",
        /// By bank transfer.
        Transfer = "bonifico",
        /// By card.
        Card = "carta",
        /// In cash.
        Cash = "contanti",
        /// For nothing.
        Free = "gratuito",
    }
}
