//! Who sells, and who signs in: a vendor, two resellers with what is below them.

use super::{SignIn, chance::Chance, posts::POSTS, season::Season};
use crate::{
    domain::{
        access::Permit,
        actor::{Actor, Origin, Place, Rights, Role, SignedIn},
        company::NodeKind,
        error::{Error, Result},
        ids::{CustomerId, NodeId, UserId},
        secrets,
        user::check_password,
    },
    gateways::clock::Clock,
    operations::{
        App, Once, Replayable,
        companies::{create, suspend},
        users::{
            NewPassword, found,
            invite::{self, Home},
        },
    },
};
use chrono::{Duration, NaiveDateTime};
use std::net::{IpAddr, Ipv4Addr};

/// Who sells.
#[derive(Debug, Clone)]
pub(super) struct Seller {
    /// The company; none for the vendor itself.
    pub(super) company: Option<NodeId>,
    pub(super) agent: Option<NodeId>,
    pub(super) code: &'static str,
    /// What its company buys at.
    pub(super) discount_bp: i32,
    /// Days to pay; none where nothing is deferred.
    pub(super) payment_days: Option<i32>,
    /// Who does its work.
    pub(super) desk: Actor,
    weight: i64,
}

/// Everybody who works.
pub(super) struct Staff {
    app: App,
    /// The superadmin.
    pub(super) root: Actor,
    /// Who sells without anybody between.
    vendor: Seller,
    /// Companies and agents.
    pub(super) sellers: Vec<Seller>,
    pub(super) sign_ins: Vec<SignIn>,
    /// Who they are, in the same order.
    pub(super) people: Vec<Actor>,
}

impl Staff {
    /// The vendor's first user.
    pub(super) async fn found(app: &App, season: &Season) -> Result<Self> {
        let at = season.at_hour(season.first - Duration::days(4), 9);
        let email = "superadmin@example.it".to_owned();
        let password = new_password(&email)?;
        let permit = Permit::ask(&Actor::operator())?;
        let first = NewPassword(password.clone());
        let user = found::superadmin(&app_at(app, at), permit, email.clone(), first).await?;
        let root = actor(user, &email, Place::Vendor, 10);
        Ok(Self {
            app: app.clone(),
            vendor: Seller {
                company: None,
                agent: None,
                code: "",
                discount_bp: 0,
                payment_days: None,
                desk: root.clone(),
                weight: 1,
            },
            sellers: Vec::new(),
            people: vec![root.clone()],
            root,
            sign_ins: vec![SignIn {
                role: Role::Superadmin,
                email,
                password,
            }],
        })
    }

    /// What operations need, at an instant.
    pub(super) fn app_at(&self, at: NaiveDateTime) -> App {
        app_at(&self.app, at)
    }

    /// A seller, by chance.
    pub(super) fn seller(&self, chance: &mut Chance) -> &Seller {
        let sum: i64 = self.sellers.iter().map(|seller| seller.weight).sum();
        let mut drawn = chance.of_range(1..=sum + self.vendor.weight);
        for seller in &self.sellers {
            if drawn <= seller.weight {
                return seller;
            }
            drawn -= seller.weight;
        }
        &self.vendor
    }

    /// A seller by its code; the vendor by none.
    pub(super) fn seller_of(&self, code: &str) -> &Seller {
        self.sellers
            .iter()
            .find(|seller| seller.code == code)
            .unwrap_or(&self.vendor)
    }

    /// Opens companies and agents in the first days.
    pub(super) async fn open(&mut self, season: &Season) -> Result<()> {
        let mut opened: Vec<NodeId> = Vec::new();
        for (post, n) in POSTS.iter().zip(0_i64..) {
            let at = season.at_hour(season.first - Duration::days(2), 9) + Duration::minutes(20 * n);
            let above = post
                .below
                .and_then(|below| self.sellers.get(below).zip(opened.get(below).copied()));
            let new = create::New {
                kind: post.kind,
                name: post.name.into(),
                parent: above.map(|(_, node)| node),
                code: Some(post.code.into()),
                email: Some(post.address()),
                password: None,
                terms: post.terms(),
            };
            let app = self.app_at(at);
            let done = create::create(&app, Permit::ask(&self.root)?, new, Once::each_time()).await?;
            let Replayable::Done(node) = done else {
                return Err(lost());
            };
            opened.push(node.id);
            let desk = match above {
                Some((above, _)) if !post.signs_in => above.desk.clone(),
                _ => self.root.clone(),
            };
            let payment_days = match post.kind {
                NodeKind::Agent => above.and_then(|(above, _)| above.payment_days),
                _ => Some(post.payment_days),
            };
            let discount_bp = match above {
                Some((above, _)) if post.kind == NodeKind::Agent => above.discount_bp,
                _ => post.discount_bp,
            };
            self.sellers.push(Seller {
                company: Some(node.company()),
                agent: (!node.kind.is_company()).then_some(node.id),
                code: post.code,
                discount_bp,
                payment_days,
                desk,
                weight: post.weight,
            });
        }
        self.let_sign_in(&opened, season).await
    }

    /// Gives posts their users: some with a password that is printed, some only invited.
    async fn let_sign_in(&mut self, opened: &[NodeId], season: &Season) -> Result<()> {
        for ((post, node), n) in POSTS.iter().zip(opened).zip(0..) {
            let at = season.at_hour(season.first - Duration::days(1), 9) + Duration::minutes(10 * n);
            if !post.signs_in {
                if post.kind != NodeKind::Agent {
                    self.user(
                        season.now - Duration::days(n),
                        post.address(),
                        post.name,
                        Home::Node(*node),
                        None,
                    )
                    .await?;
                }
                continue;
            }
            let (role, place) = match post.kind {
                NodeKind::Agent => (Role::Agent, Place::Agent(*node)),
                NodeKind::SubCompany => (Role::SubCompany, Place::SubCompany(*node)),
                NodeKind::Reseller | NodeKind::Vendor => (Role::Reseller, Place::Reseller(*node)),
            };
            let email = post.address();
            let user = self
                .user(at, email.clone(), post.name, Home::Node(*node), Some(role))
                .await?;
            let desk = actor(user, &email, place, 20 + u8::try_from(n).unwrap_or_default());
            self.people.push(desk.clone());
            for (other, below) in self.sellers.iter_mut().zip(POSTS) {
                if other.code == post.code || below.works_at(post.code) {
                    other.desk = desk.clone();
                }
            }
        }
        Ok(())
    }

    /// Makes a user; one of a role can sign in.
    pub(super) async fn user(
        &mut self,
        at: NaiveDateTime,
        email: String,
        name: &str,
        home: Home,
        role: Option<Role>,
    ) -> Result<UserId> {
        let password = role.map(|_| new_password(&email)).transpose()?;
        let new = invite::New {
            email: email.clone(),
            name: name.into(),
            home: Some(home),
            language: None,
            read_only: false,
            password: password.clone().map(NewPassword),
        };
        let app = self.app_at(at);
        let done = invite::invite(&app, Permit::ask(&self.root)?, new, Once::each_time()).await?;
        if let (Some(role), Some(password)) = (role, password) {
            self.sign_ins.push(SignIn {
                role,
                email,
                password,
            });
        }
        match done {
            Replayable::Done(user) => Ok(user.id),
            Replayable::Replayed(..) => Err(lost()),
        }
    }

    /// A customer's own user.
    pub(super) async fn customer_signs_in(&mut self, customer: CustomerId, season: &Season) -> Result<()> {
        let email = "cliente@example.it".to_owned();
        let at = season.at_hour(season.first + Duration::days(21), 15);
        let home = Home::Customer(customer);
        let user = self
            .user(
                at,
                email.clone(),
                "Ornella Selvascura",
                home,
                Some(Role::Customer),
            )
            .await?;
        self.people
            .push(actor(user, &email, Place::Customer(customer), 90));
        Ok(())
    }

    /// Lately an agent was stopped.
    pub(super) async fn stop_an_agent(&self, season: &Season) -> Result<()> {
        let agent = self.seller_of("QOMBRALTA").agent.ok_or(Error::NotFound)?;
        let app = self.app_at(season.now - Duration::days(9));
        let permit = Permit::ask(&self.seller_of("SETTEQUERCE").desk)?;
        suspend::suspend(&app, permit, agent, "Mandato in scadenza, da rinnovare.".into()).await
    }
}

/// An operation that is not repeated was answered as if it were.
pub(super) fn lost() -> Error {
    Error::internal("an operation was replayed")
}

fn app_at(app: &App, at: NaiveDateTime) -> App {
    App {
        clock: Clock::standing(at),
        ..app.clone()
    }
}

/// Somebody who signed in, from an address kept for documentation (RFC 5737).
fn actor(user: UserId, email: &str, place: Place, host: u8) -> Actor {
    let company = matches!(place, Place::Vendor | Place::Reseller(_) | Place::SubCompany(_));
    let who = SignedIn {
        user,
        token: None,
        name: email.to_owned(),
        place,
        rights: Rights {
            validate: company,
            create_subs: company,
        },
        read_only: false,
    };
    Actor::user(who, origin([192, 0, 2, host]))
}

/// Where a request came from.
pub(super) fn origin(address: [u8; 4]) -> Origin {
    Origin {
        address: Some(IpAddr::V4(Ipv4Addr::from(address))),
        request_id: String::new(),
    }
}

/// The signs of a password: none that looks like another.
const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A password that was never used before and will not be guessed.
fn new_password(email: &str) -> Result<String> {
    loop {
        let bytes = secrets::random::<20>()?;
        let groups: Vec<String> = bytes
            .chunks(5)
            .map(|group| {
                let sign = |byte: &u8| SIGNS.get(usize::from(byte & 31)).copied().map(char::from);
                group.iter().filter_map(sign).collect()
            })
            .collect();
        let password = groups.join("-");
        if check_password(&password, email).is_ok() {
            return Ok(password);
        }
    }
}
