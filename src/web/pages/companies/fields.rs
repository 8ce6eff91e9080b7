//! The form of a company or an agent.

use crate::{
    domain::{
        company::Node,
        error::{Error, FieldErrors, Result},
    },
    operations::companies::create::Terms,
    web::{
        form::{Form, Sent},
        input::{CENTS_MAX, COUNT_MAX, Check, NAME_MAX},
        messages,
        reader::Language,
    },
};

/// The fields that are compared when somebody else changed the node meanwhile.
pub(super) const NAMES: &[&str] = &[
    "nome",
    "codice",
    "email",
    "quota_licenze",
    "quota_prove",
    "sconto_punti_base",
    "fido_centesimi",
    "giorni_pagamento",
    "richiede_agente",
    "diritti_posticipato",
    "diritti_incassa",
    "diritti_convalida",
    "diritti_crea_sottoaziende",
];

/// Name, code, e-mail address.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) code: Option<String>,
    pub(super) email: Option<String>,
}

/// Reads what everybody may change of their own.
pub(super) fn named(check: &mut Check, sent: &Sent) -> Named {
    Named {
        name: check.required_line("nome", sent.get("nome"), NAME_MAX),
        code: check.token("codice", sent.get("codice"), 32),
        email: check.email("email", sent.get("email")),
    }
}

/// Reads what is agreed. An empty quota is none; other fields that are empty are nothing.
pub(super) fn terms(check: &mut Check, sent: &Sent) -> Terms {
    let mut wrong = FieldErrors::default();
    let credit = sent.hundredths(&mut wrong, "fido_centesimi").or(Some(0));
    let discount = sent.hundredths(&mut wrong, "sconto_punti_base").or(Some(0));
    let licenses = sent.number(&mut wrong, "quota_licenze");
    let trials = sent.number(&mut wrong, "quota_prove");
    let days = sent.number(&mut wrong, "giorni_pagamento");
    check.faults(wrong);
    Terms {
        credit_limit_cents: check.number("fido_centesimi", credit, 0..=CENTS_MAX),
        discount_bp: check.number("sconto_punti_base", discount, 0..=10_000),
        license_quota: Some(check.number("quota_licenze", licenses, 0..=COUNT_MAX)),
        trial_quota: Some(check.number("quota_prove", trials, 0..=COUNT_MAX)),
        payment_days: check.number("giorni_pagamento", days, 0..=365),
        may_defer: Some(match sent.get("diritti_posticipato") {
            Some("si") => Some(true),
            Some("no") => Some(false),
            _ => None,
        }),
        may_collect: Some(sent.ticked("diritti_incassa")),
        may_validate: Some(sent.ticked("diritti_convalida")),
        may_create_subs: Some(sent.ticked("diritti_crea_sottoaziende")),
        wants_agent: Some(sent.ticked("richiede_agente")),
    }
}

/// Those of the terms that are to change: what stays is not asked about again.
pub(super) fn changed(terms: Terms, was: &Node) -> Terms {
    fn other<T: PartialEq>(wanted: Option<T>, was: &T) -> Option<T> {
        wanted.filter(|wanted| wanted != was)
    }
    Terms {
        credit_limit_cents: other(terms.credit_limit_cents, &was.credit_limit_cents),
        discount_bp: other(terms.discount_bp, &was.discount_bp),
        license_quota: other(terms.license_quota, &was.license_quota),
        trial_quota: other(terms.trial_quota, &was.trial_quota),
        payment_days: other(terms.payment_days, &was.payment_days),
        may_defer: other(terms.may_defer, &was.may_defer),
        may_collect: other(terms.may_collect, &was.may_collect),
        may_validate: other(terms.may_validate, &was.may_validate),
        may_create_subs: other(terms.may_create_subs, &was.may_create_subs),
        wants_agent: other(terms.wants_agent, &was.wants_agent),
    }
}

/// Hundredths as people type them.
fn hundredths(number: i64) -> String {
    let (whole, part) = (number / 100, number % 100);
    if part == 0 {
        whole.to_string()
    } else {
        format!("{whole},{part:02}")
    }
}

/// A form with what stands.
pub(super) fn filled(node: &Node) -> Result<Form> {
    Ok(fill(Form::new()?, node).revision(node.revision))
}

/// Fills a form.
pub(super) fn fill(form: Form, node: &Node) -> Form {
    let ticked = |yes: bool| yes.then_some("si");
    let defers = match node.may_defer {
        None => "",
        Some(true) => "si",
        Some(false) => "no",
    };
    form.with("nome", &node.name)
        .with_some("codice", node.code.as_ref())
        .with_some("email", node.email.as_ref())
        .with("fido_centesimi", hundredths(node.credit_limit_cents))
        .with("sconto_punti_base", hundredths(i64::from(node.discount_bp)))
        .with_some("quota_licenze", node.license_quota)
        .with_some("quota_prove", node.trial_quota)
        .with("giorni_pagamento", node.payment_days)
        .with_some("richiede_agente", ticked(node.wants_agent))
        .with("diritti_posticipato", defers)
        .with_some("diritti_incassa", ticked(node.may_collect))
        .with_some("diritti_convalida", ticked(node.may_validate))
        .with_some("diritti_crea_sottoaziende", ticked(node.may_create_subs))
}

/// The form again, with the fields called as here, and clear words where the generic ones would not help.
pub(super) fn refused(sent: &Sent, error: Error, language: Language) -> Result<Form> {
    let Error::Invalid(wrong) = error else {
        return Err(error);
    };
    let named = wrong.renamed(|field| field.replace('.', "_"));
    let mut form = Form::again(sent, &named, language);
    for (field, key) in [
        ("sconto_punti_base", "node-bad-discount"),
        ("fido_centesimi", "node-bad-credit"),
        ("quota_licenze", "node-bad-quota"),
        ("quota_prove", "node-bad-quota"),
        ("diritti_posticipato", "node-bad-right"),
        ("diritti_incassa", "node-bad-right"),
        ("diritti_convalida", "node-bad-right"),
        ("diritti_crea_sottoaziende", "node-bad-right"),
    ] {
        form = form.explained(field, messages::text(language, key));
    }
    Ok(form)
}
