//! What the demonstration sells: three pieces of software that nobody wrote.

use super::{season::Season, tree::Staff};
use crate::{
    domain::{
        access::Permit,
        error::Result,
        ids::{ModuleId, ProductId, SigningKeyId, VersionId},
        license::LicenseKind,
        product::{Module, Product, Rules, StartRule, Version},
    },
    operations::{
        Once,
        products::{create, publish},
    },
};
use chrono::{Duration, NaiveDate};

/// A product, as stories need to know it.
#[derive(Debug)]
pub(super) struct Ware {
    pub(super) code: &'static str,
    name: &'static str,
    description: &'static str,
    pub(super) kinds: &'static [LicenseKind],
    pub(super) price_cents: i64,
    pub(super) trial_days: i32,
    pub(super) period_months: i32,
    grace_days: i32,
    pub(super) starts: StartRule,
    release_max: i32,
    /// Code, name, price, whether every licence has it.
    pub(super) modules: &'static [(&'static str, &'static str, i64, bool)],
    /// Version, days after the first day, what is new.
    pub(super) versions: &'static [(&'static str, i64, &'static str)],
}

const ALL_KINDS: &[LicenseKind] = &[
    LicenseKind::Permanent,
    LicenseKind::Trial,
    LicenseKind::Subscription,
];

/// Accounting.
pub(super) const AURORA: &Ware = &Ware {
    code: "AURORA",
    name: "Aurora Contabilità",
    description: "Contabilità generale, fatture e scadenze per piccole imprese.",
    kinds: &[LicenseKind::Trial, LicenseKind::Subscription],
    price_cents: 34_800,
    trial_days: 30,
    period_months: 12,
    grace_days: 30,
    starts: StartRule::Activation,
    release_max: 2,
    modules: &[
        ("CONTABILITA", "Contabilità generale", 0, true),
        ("FATTURE", "Fatture elettroniche", 9_600, false),
        ("CESPITI", "Cespiti e ammortamenti", 7_200, false),
        ("BILANCI", "Bilanci e indici", 14_400, false),
    ],
    versions: &[
        ("5.0", -120, "Nuova prima nota."),
        ("5.1", 70, "Scadenzario per cliente."),
        ("5.2", 240, "Stampa dei registri più veloce."),
        ("6.0", 430, "Nuova interfaccia, bilanci comparati."),
        ("6.1", 640, "Correzioni alle liquidazioni."),
    ],
};

/// Warehouses.
pub(super) const LEVANTE: &Ware = &Ware {
    code: "LEVANTE",
    name: "Levante Magazzino",
    description: "Carichi, scarichi, lotti e inventari, anche con lettori portatili.",
    kinds: ALL_KINDS,
    price_cents: 58_000,
    trial_days: 30,
    period_months: 12,
    grace_days: 20,
    starts: StartRule::Activation,
    release_max: 2,
    modules: &[
        ("MAGAZZINO", "Movimenti e giacenze", 0, true),
        ("LOTTI", "Lotti e scadenze", 12_000, false),
        ("PALMARI", "Lettori portatili", 18_000, false),
    ],
    versions: &[
        ("2.4", -60, "Inventario a rotazione."),
        ("2.5", 150, "Etichette con codice a barre."),
        ("3.0", 380, "Più depositi nello stesso archivio."),
        ("3.1", 610, "Lettura dei lotti con la fotocamera."),
    ],
};

/// Building sites.
pub(super) const PONENTE: &Ware = &Ware {
    code: "PONENTE",
    name: "Ponente Cantieri",
    description: "Computi, stati di avanzamento e giornale dei lavori.",
    kinds: ALL_KINDS,
    price_cents: 42_000,
    trial_days: 15,
    period_months: 6,
    grace_days: 15,
    starts: StartRule::Creation,
    release_max: 1,
    modules: &[
        ("COMPUTI", "Computi metrici", 0, true),
        ("SAL", "Stati di avanzamento", 11_000, false),
        ("SICUREZZA", "Piani di sicurezza", 16_500, false),
        ("GIORNALE", "Giornale dei lavori", 6_000, false),
    ],
    versions: &[
        ("1.8", -30, "Prezzari regionali."),
        ("2.0", 200, "Giornale dei lavori dal telefono."),
        ("2.1", 500, "Foto nei rapportini."),
    ],
};

/// All of them.
pub(super) const WARES: &[&Ware] = &[AURORA, LEVANTE, PONENTE];

/// Defines the products, and publishes their versions when each was ready.
pub(super) async fn define(staff: &Staff, season: &Season) -> Result<()> {
    for (ware, n) in WARES.iter().zip(0..) {
        let begun = season.at_hour(season.first - Duration::days(3), 9 + n);
        let (early, late): (Vec<_>, Vec<_>) = ware.versions.iter().partition(|(_, days, _)| *days < 0);
        let new = create::New {
            product: product(ware),
            modules: ware.modules.iter().map(module).collect(),
            versions: early
                .iter()
                .map(|line| version(ware, line, season.first))
                .collect(),
        };
        let app = staff.app_at(begun);
        create::create(&app, Permit::ask(&staff.root)?, new, Once::each_time()).await?;
        for line in late {
            let version = version(ware, &line, season.first);
            let app = staff.app_at(season.at_hour(version.released_on, 7));
            let permit = Permit::ask(&staff.root)?;
            publish::publish(&app, permit, ware.code.into(), version, Once::each_time()).await?;
        }
    }
    Ok(())
}

fn product(ware: &Ware) -> Product {
    let now = chrono::NaiveDateTime::default();
    let first = ware.versions.first().map_or("1.0", |(version, ..)| version);
    Product {
        rules: Rules {
            id: ProductId::at(now),
            code: ware.code.into(),
            name: ware.name.into(),
            version: first.into(),
            offline_days: 14,
            offline_unlimited: false,
            grace_days: ware.grace_days,
            pending_days: 14,
            release_max: ware.release_max,
            release_days: 30,
            properties: serde_json::Map::new(),
            signing_key_id: SigningKeyId::at(now),
        },
        description: ware.description.into(),
        license_kinds: ware.kinds.to_vec(),
        base_price_cents: ware.price_cents,
        currency: "EUR".into(),
        trial_days: ware.trial_days,
        period_months: ware.period_months,
        start_rule: ware.starts,
        created_at: now,
        revision: 1,
    }
}

fn module((code, name, price, included): &(&str, &str, i64, bool)) -> Module {
    Module {
        id: ModuleId::new(),
        code: (*code).into(),
        name: (*name).into(),
        bit: None,
        base_price_cents: *price,
        included: *included,
    }
}

fn version(ware: &Ware, (version, days, notes): &(&str, i64, &str), first: NaiveDate) -> Version {
    Version {
        id: VersionId::new(),
        version: (*version).into(),
        released_on: first + Duration::days(*days),
        notes: (*notes).into(),
        url: Some(format!(
            "https://scarica.example.it/{}/{version}",
            ware.code.to_lowercase()
        )),
    }
}
