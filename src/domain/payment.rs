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

codes! {
    /// What a row of the ledger is.
    TransactionKind {
        /// A first sale.
        Sale = "attivazione",
        /// A further period.
        Renewal = "rinnovo",
        /// A trial becomes something that is paid.
        Conversion = "conversione",
        /// A module more.
        Module = "modulo",
        /// Seats more.
        Seats = "posti",
        /// A payment for rows that were deferred.
        Payment = "incasso",
        /// What undoes a row that was a mistake.
        Reversal = "storno",
        /// Money that goes back.
        Refund = "rimborso",
        /// Money into the wallet.
        TopUp = "ricarica",
        /// Between wallets.
        Transfer = "trasferimento",
    }
}

codes! {
    /// Who pays what a row of the ledger says. What a company pays is not its customers' to know.
    Payer {
        /// The company that sells, to the vendor.
        Company = "azienda",
        /// The customer, to the vendor or to the company.
        Customer = "cliente",
    }
}
