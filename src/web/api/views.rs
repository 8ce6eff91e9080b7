//! The objects of the contract, as they leave.

use crate::{
    domain::{
        company::{Node, NodeKind},
        company_rules::CompanyRules,
        customer::{Contact, Site},
        license::License,
        product::{Module, Rules, Version},
        user::User,
    },
    operations::{customers, licenses, products},
    store::page::Slice,
    web::body::objects,
};
use chrono::{NaiveDate, NaiveDateTime, SecondsFormat};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// An instant: RFC 3339 in UTC, whole seconds.
pub(super) fn instant(at: NaiveDateTime) -> String {
    at.and_utc().to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A day.
pub(super) fn day(day: NaiveDate) -> String {
    day.to_string()
}

/// A slice of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct Lista<T> {
    /// Newest first.
    pub dati: Vec<T>,
    /// Where the next slice begins; null at the end.
    pub cursore: Option<String>,
}

impl<T> Lista<T> {
    pub(super) fn new<U>(slice: Slice<U>, view: impl FnMut(U) -> T) -> Self {
        Self {
            cursore: slice.next.map(|id| crate::domain::ids::AnyId(id).to_string()),
            dati: slice.rows.into_iter().map(view).collect(),
        }
    }
}

/// The product of a licence.
#[derive(Serialize, ToSchema)]
pub(super) struct ProdottoBreve {
    codice: String,
    nome: String,
    versione: String,
}

impl From<&Rules> for ProdottoBreve {
    fn from(rules: &Rules) -> Self {
        Self {
            codice: rules.code.clone(),
            nome: rules.name.clone(),
            versione: rules.version.clone(),
        }
    }
}

/// A licence, as client software sees it.
#[derive(Serialize, ToSchema)]
pub(super) struct Licenza {
    id: String,
    prodotto: ProdottoBreve,
    tipo_licenza: &'static str,
    stato: &'static str,
    data_attivazione: Option<String>,
    data_scadenza: Option<String>,
    manutenzione_al: Option<String>,
    in_tolleranza: bool,
    moduli_attivi: Vec<String>,
    maschera_moduli: u32,
    moduli_scadenze: BTreeMap<String, String>,
    numero_dispositivi: Option<i32>,
    dispositivi_attivi: i32,
    numero_utenti: Option<i32>,
    utenti_attivi: i32,
    posti_flottanti: Option<i32>,
    proprieta: Map<String, Value>,
}

struct Computed<'a> {
    state: &'static str,
    in_grace: bool,
    mask: u32,
    modules: &'a [crate::domain::product::ActiveModule],
    properties: Map<String, Value>,
}

fn licenza(license: &License, rules: &Rules, computed: Computed<'_>) -> Licenza {
    Licenza {
        id: license.id.to_string(),
        prodotto: rules.into(),
        tipo_licenza: license.kind.code(),
        stato: computed.state,
        data_attivazione: license.activated_at.map(instant),
        data_scadenza: license.expires_on.map(day),
        manutenzione_al: license.maintenance_until.map(day),
        in_tolleranza: computed.in_grace,
        moduli_attivi: computed
            .modules
            .iter()
            .map(|module| module.code.clone())
            .collect(),
        maschera_moduli: computed.mask,
        moduli_scadenze: computed
            .modules
            .iter()
            .filter_map(|m| Some((m.code.clone(), day(m.expires_on?))))
            .collect(),
        numero_dispositivi: license.max_devices,
        dispositivi_attivi: license.devices_used,
        numero_utenti: license.max_users,
        utenti_attivi: license.users_used,
        posti_flottanti: license.max_seats,
        proprieta: computed.properties,
    }
}

impl From<&licenses::ClientView> for Licenza {
    fn from(view: &licenses::ClientView) -> Self {
        let computed = Computed {
            state: view.state().code(),
            in_grace: view.in_grace(),
            mask: view.mask(),
            modules: &view.modules,
            properties: view.properties.clone(),
        };
        licenza(&view.license, &view.rules, computed)
    }
}

/// A licence, as who registered for it sees it.
#[derive(Serialize, ToSchema)]
pub(super) struct LicenzaCliente {
    #[serde(flatten)]
    licenza: Licenza,
    chiave_licenza: String,
}

impl From<&licenses::view::View> for LicenzaCliente {
    fn from(view: &licenses::view::View) -> Self {
        let computed = Computed {
            state: view.state().code(),
            in_grace: view.in_grace(),
            mask: view.mask(),
            modules: &view.modules,
            properties: view.rules.properties_with(&view.terms.properties),
        };
        Self {
            licenza: licenza(&view.sheet, &view.rules, computed),
            chiave_licenza: view.key.clone(),
        }
    }
}

/// A licence, as staff see it.
#[derive(Serialize, ToSchema)]
pub(super) struct LicenzaStaff {
    #[serde(flatten)]
    licenza: LicenzaCliente,
    cliente: Option<String>,
    azienda: Option<String>,
    agente: Option<String>,
    vincolo: &'static str,
    riservata: bool,
    giorni_offline: Option<i32>,
    prezzo_centesimi: Option<i64>,
    sconto_punti_base: Option<i32>,
    rinnovo_automatico: bool,
    modalita_rinnovo: Option<String>,
    etichetta: Option<String>,
    lotto: Option<String>,
    creata_il: String,
    archiviata_il: Option<String>,
    revisione: i32,
}

impl From<&licenses::view::View> for LicenzaStaff {
    fn from(view: &licenses::view::View) -> Self {
        let sheet = &view.sheet;
        Self {
            licenza: view.into(),
            cliente: sheet.customer_id.map(|id| id.to_string()),
            azienda: sheet.company_id.map(|id| id.to_string()),
            agente: sheet.agent_id.map(|id| id.to_string()),
            vincolo: sheet.binding.code(),
            riservata: sheet.reserved,
            giorni_offline: sheet.offline_days,
            prezzo_centesimi: view.terms.price_cents,
            sconto_punti_base: view.terms.discount_bp,
            rinnovo_automatico: view.terms.auto_renew,
            modalita_rinnovo: view.terms.renewal_method.clone(),
            etichetta: sheet.label.clone(),
            lotto: sheet.batch_id.map(|id| id.to_string()),
            creata_il: instant(sheet.created_at),
            archiviata_il: sheet.archived_at.map(instant),
            revisione: sheet.revision,
        }
    }
}

/// A device.
#[derive(Serialize, ToSchema)]
pub(super) struct Dispositivo {
    pub id: String,
    pub nome: Option<String>,
    pub piattaforma: Option<String>,
}

/// A device that holds a place in a licence; `id` is the activation's.
#[derive(Serialize, ToSchema)]
pub(super) struct DispositivoAttivo {
    id: String,
    dispositivo: Dispositivo,
    utente: Option<String>,
    data_attivazione: String,
    ultimo_contatto: String,
}

/// A suspension that stands.
#[derive(Serialize, ToSchema)]
pub(super) struct Sospensione {
    causale: &'static str,
    motivo: Option<String>,
    azienda: Option<String>,
    dal: String,
}

/// A licence with all that its page shows.
#[derive(Serialize, ToSchema)]
pub(super) struct LicenzaScheda {
    #[serde(flatten)]
    licenza: LicenzaStaff,
    dispositivi: Vec<DispositivoAttivo>,
    sospensioni: Vec<Sospensione>,
    storico: Vec<super::logs::RigaRegistro>,
}

impl LicenzaScheda {
    pub(super) fn new(detail: &licenses::view::Detail, history: Vec<super::logs::RigaRegistro>) -> Self {
        Self {
            licenza: (&detail.view).into(),
            dispositivi: detail
                .devices
                .iter()
                .map(|device| DispositivoAttivo {
                    id: device.id.to_string(),
                    dispositivo: Dispositivo {
                        id: device.device.clone(),
                        nome: device.name.clone(),
                        piattaforma: device.platform.clone(),
                    },
                    utente: device.user.clone(),
                    data_attivazione: instant(device.since),
                    ultimo_contatto: instant(device.last_seen),
                })
                .collect(),
            sospensioni: detail
                .suspensions
                .iter()
                .map(|suspension| Sospensione {
                    causale: suspension.reason.code(),
                    motivo: suspension.note.clone(),
                    azienda: suspension.node.map(|node| node.to_string()),
                    dal: instant(suspension.since),
                })
                .collect(),
            storico: history,
        }
    }
}

/// A person at a customer.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(remote = "Self")]
pub(super) struct Referente {
    pub nome: Option<String>,
    pub email: Option<String>,
    pub telefono: Option<String>,
}

objects!(Referente, Sede);

impl Serialize for Referente {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, out)
    }
}

impl Serialize for Sede {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, out)
    }
}

impl From<&Contact> for Referente {
    fn from(contact: &Contact) -> Self {
        Self {
            nome: Some(contact.name.clone()),
            email: contact.email.clone(),
            telefono: contact.phone.clone(),
        }
    }
}

/// A customer's place.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(remote = "Self")]
pub(super) struct Sede {
    pub nome: Option<String>,
    pub indirizzo: Option<String>,
}

impl From<&Site> for Sede {
    fn from(site: &Site) -> Self {
        Self {
            nome: Some(site.name.clone()),
            indirizzo: site.address.clone(),
        }
    }
}

/// A customer, as staff see it.
#[derive(Serialize, ToSchema)]
pub(super) struct Cliente {
    id: String,
    nome: String,
    stato: &'static str,
    motivo_stato: Option<String>,
    email: Option<String>,
    partita_iva: Option<String>,
    codice_fiscale: Option<String>,
    telefono: Option<String>,
    indirizzo: Option<String>,
    multi_sede: bool,
    multi_utente: bool,
    sedi: Vec<Sede>,
    referenti: Vec<Referente>,
    azienda: Option<String>,
    agente: Option<String>,
    creato_il: String,
    revisione: i32,
    /// Shares an e-mail address or VAT number with another: the superadmin's to see.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    possibile_doppione: Option<bool>,
}

impl Cliente {
    pub(super) fn new(view: &customers::view::View, is_superadmin: bool) -> Self {
        let customer = &view.customer;
        Self {
            id: customer.id.to_string(),
            nome: customer.name.clone(),
            stato: customer.state.code(),
            motivo_stato: customer.state_note.clone(),
            email: customer.email.clone(),
            partita_iva: customer.vat_number.clone(),
            codice_fiscale: customer.tax_code.clone(),
            telefono: customer.phone.clone(),
            indirizzo: customer.address.clone(),
            multi_sede: customer.multi_site,
            multi_utente: customer.multi_user,
            sedi: view.sites.iter().map(Into::into).collect(),
            referenti: view.contacts.iter().map(Into::into).collect(),
            azienda: customer.company_id.map(|id| id.to_string()),
            agente: customer.agent_id.map(|id| id.to_string()),
            creato_il: instant(customer.created_at),
            revisione: customer.revision,
            possibile_doppione: is_superadmin.then_some(customer.flagged_double),
        }
    }
}

/// What a node may do beside its role.
#[derive(Serialize, ToSchema)]
pub(super) struct Diritti {
    posticipato: bool,
    incassa: bool,
    convalida: bool,
    crea_sottoaziende: bool,
}

/// A company or agent.
#[derive(Serialize, ToSchema)]
pub(super) struct Nodo {
    id: String,
    nome: String,
    ruolo: &'static str,
    azienda_padre: Option<String>,
    stato: &'static str,
    /// Why it is suspended.
    motivo_stato: Option<String>,
    codice: Option<String>,
    email: Option<String>,
    fido_centesimi: i64,
    sconto_punti_base: i32,
    quota_licenze: Option<i32>,
    quota_prove: Option<i32>,
    giorni_pagamento: i32,
    richiede_agente: bool,
    diritti: Diritti,
    /// What a company has otherwise than the products, for the licences at and below it. Agents have none.
    regole: Option<Regole>,
    creato_il: String,
    revisione: i32,
}

/// What a company has otherwise than the products. Null is as the line above and the product say.
#[derive(Serialize, ToSchema)]
pub(super) struct Regole {
    durata_prova_giorni: Option<i32>,
    giorni_offline: Option<i32>,
    giorni_tolleranza: Option<i32>,
    attesa_giorni: Option<i32>,
    rilasci_max: Option<i32>,
    rilasci_giorni: Option<i32>,
}

impl From<CompanyRules> for Regole {
    fn from(rules: CompanyRules) -> Self {
        Self {
            durata_prova_giorni: rules.trial_days,
            giorni_offline: rules.offline_days,
            giorni_tolleranza: rules.grace_days,
            attesa_giorni: rules.pending_days,
            rilasci_max: rules.release_max,
            rilasci_giorni: rules.release_days,
        }
    }
}

impl Nodo {
    /// The revision of it and its rules: it grows with every change of either.
    pub(super) fn revision(&self) -> i32 {
        self.revisione
    }

    /// A node with its rules and their revision; none where it never had any.
    pub(super) fn new(node: &Node, rules: Option<&(CompanyRules, i32)>) -> Self {
        let (rules, stands) = rules.copied().unwrap_or_default();
        // The vendor above a reseller is nobody's company.
        let parent = node.parent_id.filter(|_| node.kind != NodeKind::Reseller);
        Self {
            id: node.id.to_string(),
            nome: node.name.clone(),
            ruolo: node.kind.code(),
            azienda_padre: parent.map(|id| id.to_string()),
            stato: if node.suspended_at.is_some() {
                "sospeso"
            } else {
                "attivo"
            },
            motivo_stato: node.suspension_note.clone(),
            codice: node.code.clone(),
            email: node.email.clone(),
            fido_centesimi: node.credit_limit_cents,
            sconto_punti_base: node.discount_bp,
            quota_licenze: node.license_quota,
            quota_prove: node.trial_quota,
            giorni_pagamento: node.payment_days,
            richiede_agente: node.wants_agent,
            diritti: Diritti {
                posticipato: node.defers(),
                incassa: node.may_collect,
                convalida: node.may_validate,
                crea_sottoaziende: node.may_create_subs,
            },
            regole: (node.kind != NodeKind::Agent).then(|| rules.into()),
            creato_il: instant(node.created_at),
            revisione: node.revision + stands,
        }
    }
}

/// A user.
#[derive(Serialize, ToSchema)]
pub(super) struct Utente {
    id: String,
    email: String,
    nome: String,
    lingua: String,
    stato: &'static str,
    sola_lettura: bool,
    nodo: Option<String>,
    cliente: Option<String>,
    creato_il: String,
    revisione: i32,
}

impl From<&User> for Utente {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email.clone(),
            nome: user.name.clone(),
            lingua: user.language.clone(),
            stato: user.state.code(),
            sola_lettura: user.read_only,
            nodo: user.node_id.map(|id| id.to_string()),
            cliente: user.customer_id.map(|id| id.to_string()),
            creato_il: instant(user.created_at),
            revisione: user.revision,
        }
    }
}

/// A module of a product.
#[derive(Serialize, ToSchema)]
pub(super) struct Modulo {
    codice: String,
    nome: String,
    bit: Option<i32>,
    prezzo_base_centesimi: i64,
    incluso: bool,
}

impl From<&Module> for Modulo {
    fn from(module: &Module) -> Self {
        Self {
            codice: module.code.clone(),
            nome: module.name.clone(),
            bit: module.bit,
            prezzo_base_centesimi: module.base_price_cents,
            incluso: module.included,
        }
    }
}

/// A version of a product.
#[derive(Serialize, ToSchema)]
pub(super) struct Versione {
    versione: String,
    data_rilascio: String,
    note: String,
    url: Option<String>,
}

impl From<&Version> for Versione {
    fn from(version: &Version) -> Self {
        Self {
            versione: version.version.clone(),
            data_rilascio: day(version.released_on),
            note: version.notes.clone(),
            url: version.url.clone(),
        }
    }
}

/// A product.
#[derive(Serialize, ToSchema)]
pub(super) struct Prodotto {
    id: String,
    codice: String,
    nome: String,
    versione: String,
    descrizione: String,
    tipi_licenza: Vec<&'static str>,
    prezzo_base_centesimi: i64,
    valuta: String,
    durata_prova_giorni: i32,
    periodo_mesi: i32,
    giorni_offline: i32,
    offline_illimitato: bool,
    giorni_tolleranza: i32,
    attesa_giorni: i32,
    decorrenza: &'static str,
    rilasci_max: i32,
    rilasci_giorni: i32,
    proprieta: Map<String, Value>,
    moduli: Vec<Modulo>,
    versioni: Vec<Versione>,
    creato_il: String,
    revisione: i32,
}

impl From<&products::view::View> for Prodotto {
    fn from(view: &products::view::View) -> Self {
        let product = &view.product;
        let rules = &product.rules;
        Self {
            id: rules.id.to_string(),
            codice: rules.code.clone(),
            nome: rules.name.clone(),
            versione: rules.version.clone(),
            descrizione: product.description.clone(),
            tipi_licenza: product.license_kinds.iter().map(|kind| kind.code()).collect(),
            prezzo_base_centesimi: product.base_price_cents,
            valuta: product.currency.clone(),
            durata_prova_giorni: product.trial_days,
            periodo_mesi: product.period_months,
            giorni_offline: rules.offline_days,
            offline_illimitato: rules.offline_unlimited,
            giorni_tolleranza: rules.grace_days,
            attesa_giorni: rules.pending_days,
            decorrenza: product.start_rule.code(),
            rilasci_max: rules.release_max,
            rilasci_giorni: rules.release_days,
            proprieta: rules.properties.clone(),
            moduli: view.modules.iter().map(Into::into).collect(),
            versioni: view.versions.iter().map(Into::into).collect(),
            creato_il: instant(product.created_at),
            revisione: product.revision,
        }
    }
}
