//! The companies and agents of the demonstration.

use crate::{domain::company::NodeKind, operations::companies::create::Terms};

/// A company or an agent, as it is to be opened.
pub(super) struct Post {
    pub(super) name: &'static str,
    pub(super) code: &'static str,
    pub(super) kind: NodeKind,
    /// Its place in the list of posts.
    pub(super) below: Option<usize>,
    pub(super) discount_bp: i32,
    pub(super) credit_limit_cents: i64,
    pub(super) payment_days: i32,
    /// Licences at most; a fifth as many trials.
    pub(super) quota: Option<i32>,
    /// How many customers go to it, beside the others.
    pub(super) weight: i64,
    /// Whether somebody of it can sign in; else the post above does its work.
    pub(super) signs_in: bool,
    pub(super) wants_agent: bool,
}

/// An agent like most.
const PLAIN: Post = Post {
    name: "",
    code: "",
    kind: NodeKind::Agent,
    below: None,
    discount_bp: 1000,
    credit_limit_cents: 0,
    payment_days: 30,
    quota: Some(500),
    weight: 8,
    signs_in: false,
    wants_agent: false,
};

/// All of them, each after the one above it.
pub(super) const POSTS: &[Post] = &[
    Post {
        name: "Sette Querce Informatica S.r.l.",
        code: "SETTEQUERCE",
        kind: NodeKind::Reseller,
        discount_bp: 3000,
        credit_limit_cents: 25_000_000,
        quota: None,
        weight: 14,
        signs_in: true,
        ..PLAIN
    },
    Post {
        name: "Lanterna Blu Sistemi S.p.A.",
        code: "LANTERNABLU",
        kind: NodeKind::Reseller,
        discount_bp: 2500,
        credit_limit_cents: 18_000_000,
        quota: Some(3000),
        payment_days: 60,
        weight: 14,
        signs_in: true,
        ..PLAIN
    },
    Post {
        name: "Sette Querce Laghi S.r.l.",
        code: "SQLAGHI",
        kind: NodeKind::SubCompany,
        below: Some(0),
        discount_bp: 2500,
        credit_limit_cents: 10_000_000,
        weight: 10,
        signs_in: true,
        ..PLAIN
    },
    Post {
        name: "Sette Querce Alto Lago S.a.s.",
        code: "SQALTOLAGO",
        kind: NodeKind::SubCompany,
        below: Some(2),
        discount_bp: 2000,
        credit_limit_cents: 6_000_000,
        weight: 2,
        wants_agent: true,
        ..PLAIN
    },
    Post {
        name: "Sette Querce Colline S.r.l.",
        code: "SQCOLLINE",
        kind: NodeKind::SubCompany,
        below: Some(0),
        discount_bp: 2200,
        credit_limit_cents: 8_000_000,
        weight: 7,
        ..PLAIN
    },
    Post {
        name: "Lanterna Blu Marina S.r.l.",
        code: "LBMARINA",
        kind: NodeKind::SubCompany,
        below: Some(1),
        discount_bp: 2000,
        credit_limit_cents: 8_000_000,
        weight: 9,
        ..PLAIN
    },
    Post {
        name: "Ilaria Tramonti",
        code: "ITRAMONTI",
        below: Some(0),
        weight: 12,
        signs_in: true,
        ..PLAIN
    },
    Post {
        name: "Ubaldo Nevechiara",
        code: "UNEVECHIARA",
        below: Some(0),
        ..PLAIN
    },
    Post {
        name: "Delia Ripadoro",
        code: "DRIPADORO",
        below: Some(1),
        ..PLAIN
    },
    Post {
        name: "Zeno Pietramora",
        code: "ZPIETRAMORA",
        below: Some(1),
        ..PLAIN
    },
    Post {
        name: "Mirella Quattrovie",
        code: "MQUATTROVIE",
        below: Some(2),
        ..PLAIN
    },
    Post {
        name: "Corrado Lungofiume",
        code: "CLUNGOFIUME",
        below: Some(3),
        ..PLAIN
    },
    Post {
        name: "Virna Belvento",
        code: "VBELVENTO",
        below: Some(5),
        ..PLAIN
    },
    Post {
        name: "Quirino Ombralta",
        code: "QOMBRALTA",
        below: Some(4),
        weight: 2,
        ..PLAIN
    },
];

impl Post {
    /// What is agreed with it.
    pub(super) fn terms(&self) -> Terms {
        let company = self.kind != NodeKind::Agent;
        Terms {
            discount_bp: Some(self.discount_bp),
            credit_limit_cents: company.then_some(self.credit_limit_cents),
            payment_days: company.then_some(self.payment_days),
            license_quota: self.quota.map(Some),
            trial_quota: Some(self.quota.map(|quota| quota / 5)),
            may_collect: Some(company),
            may_validate: company.then_some(true),
            wants_agent: Some(self.wants_agent),
            ..Terms::default()
        }
    }

    /// Whether the nearest post above that signs in is this one.
    pub(super) fn works_at(&self, code: &str) -> bool {
        let mut post = self;
        while !post.signs_in {
            let Some(above) = post.below.and_then(|below| POSTS.get(below)) else {
                return false;
            };
            post = above;
        }
        post.code == code
    }

    /// Where its mail goes.
    pub(super) fn address(&self) -> String {
        format!("{}@example.it", self.code.to_lowercase())
    }
}
