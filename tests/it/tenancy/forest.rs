//! A program with random trees in it, and the model that knows what should be seen of them.

use super::model::{Dice, Model, Owner, Thing, Viewer};
use crate::support::{World, database::Database};
use sigillo::{
    domain::{
        access::Permit,
        actor::{Actor, Origin, Place, Rights, SignedIn},
        company::NodeKind,
        error::{Conflict, Error},
        ids::{CustomerId, NodeId, UserId},
        license::LicenseKind,
        scope::Scope,
    },
    operations::{
        Once, Replayable,
        companies::{create, shift},
        customers, licenses, users,
    },
    store::{
        self,
        page::{Page, Slice},
    },
};
use std::collections::BTreeSet;

/// Levels below the vendor in a tree as it is made.
const LEVELS: usize = 6;
pub fn permit<R: sigillo::domain::access::Right>() -> Permit<R> {
    Permit::ask(&Actor::operator()).unwrap()
}

fn done<T>(outcome: Result<Replayable<T>, Error>) -> T {
    match outcome.unwrap() {
        Replayable::Done(value) => value,
        Replayable::Replayed(..) => panic!("replayed"),
    }
}

pub struct Forest {
    world: World,
    pub model: Model,
    pub dice: Dice,
    count: usize,
}

impl Forest {
    pub async fn new(database: Database, seed: u64) -> Self {
        let world = World::new(database).await;
        let root = world.root().await;
        world.product(&root).await;
        let forest = Self {
            world,
            model: Model::default(),
            dice: Dice(seed),
            count: 0,
        };
        println!("seed {seed}");
        forest
    }

    fn scope(&self, viewer: Viewer) -> Scope {
        let place = match viewer {
            Viewer::Root => Place::Vendor,
            Viewer::Node(node) if self.model.agents.contains(&node) => Place::Agent(node),
            Viewer::Node(node) if self.model.parents[&node].is_none() => Place::Reseller(node),
            Viewer::Node(node) => Place::SubCompany(node),
            Viewer::Customer(customer) => Place::Customer(customer),
        };
        let rights = Rights {
            validate: true,
            create_subs: true,
        };
        let who = SignedIn {
            user: UserId::new(),
            token: None,
            name: "chi guarda".into(),
            place,
            rights,
            read_only: false,
        };
        Actor::user(
            who,
            Origin {
                address: None,
                request_id: String::new(),
            },
        )
        .scope()
    }

    async fn open(&mut self, kind: NodeKind, parent: Option<NodeId>) -> NodeId {
        self.count += 1;
        let new = create::New {
            kind,
            name: format!("nodo {}", self.count),
            parent,
            code: None,
            email: None,
            password: None,
            terms: create::Terms::default(),
        };
        let id = done(create::create(&self.world.app, permit(), new, Once::each_time()).await).id;
        self.model.parents.insert(id, parent);
        if kind == NodeKind::Agent {
            self.model.agents.insert(id);
        }
        id
    }

    /// A reseller with a random tree below it, customers, licences, users.
    pub async fn plant(&mut self) -> Vec<NodeId> {
        let mut nodes = vec![self.open(NodeKind::Reseller, None).await];
        for _ in 0..self.dice.below(9) {
            let roomy: Vec<NodeId> = self
                .model
                .companies(&nodes)
                .into_iter()
                .filter(|node| self.model.line(*node).len() < LEVELS)
                .collect();
            // Rather deep than wide.
            let parent = if self.dice.below(2) == 0 {
                *roomy.last().unwrap()
            } else {
                self.dice.one(&roomy)
            };
            let kind = self
                .dice
                .one(&[NodeKind::SubCompany, NodeKind::SubCompany, NodeKind::Agent]);
            nodes.push(self.open(kind, Some(parent)).await);
        }
        let companies = self.model.companies(&nodes);
        let mut customers = Vec::new();
        for _ in 0..self.dice.below(4) {
            let owner = self.owner(&companies);
            customers.push(self.customer(owner).await);
        }
        for _ in 0..self.dice.below(5) {
            let customer = self.dice.maybe(&customers);
            let owner = match customer {
                Some(customer) => Owner {
                    customer: Some(customer),
                    ..self.model.customers[&customer]
                },
                None => Owner {
                    customer: None,
                    ..self.owner(&companies)
                },
            };
            self.license(owner).await;
        }
        for _ in 0..self.dice.below(4) {
            let home = match self.dice.maybe(&customers) {
                Some(customer) if self.dice.below(2) == 0 => Err(customer),
                _ => Ok(self.dice.one(&nodes)),
            };
            self.user(home).await;
        }
        nodes
    }

    fn owner(&mut self, companies: &[NodeId]) -> Owner {
        let company = self.dice.one(companies);
        let agents: Vec<NodeId> = self
            .model
            .agents
            .iter()
            .filter(|agent| self.model.parents[agent] == Some(company))
            .copied()
            .collect();
        Owner {
            company: Some(company),
            agent: self.dice.maybe(&agents),
            customer: None,
        }
    }

    async fn customer(&mut self, owner: Owner) -> CustomerId {
        self.count += 1;
        let data = customers::create::Data {
            name: format!("cliente {}", self.count),
            email: None,
            vat_number: None,
            tax_code: None,
            phone: None,
            address: None,
            multi_site: false,
            multi_user: false,
            contacts: Vec::new(),
            sites: Vec::new(),
        };
        let new = customers::create::New {
            data,
            company: owner.company,
            agent: owner.agent,
            password: None,
        };
        let made = customers::create::create(&self.world.app, permit(), new, Once::each_time()).await;
        let id = done(made).customer.id;
        self.model.customers.insert(
            id,
            Owner {
                customer: Some(id),
                ..owner
            },
        );
        id
    }

    async fn license(&mut self, owner: Owner) {
        let order = licenses::issue::Order {
            product: "GESTIONALE".into(),
            kind: LicenseKind::Subscription,
            quantity: 1,
            modules: Vec::new(),
            duration_days: None,
            expires_on: None,
            maintenance_until: None,
            max_devices: None,
            max_users: None,
            max_seats: None,
            binding: None,
            reserved_devices: Vec::new(),
            customer: owner.customer,
            company: owner.company,
            agent: owner.agent,
            price_cents: None,
            discount_bp: None,
            label: None,
            start: None,
            mails_keys: false,
        };
        let issued = done(licenses::issue::issue(&self.world.app, permit(), order, Once::each_time()).await);
        self.model
            .licenses
            .insert(issued.licenses[0].sheet.license.id, owner);
    }

    async fn user(&mut self, home: Result<NodeId, CustomerId>) {
        self.count += 1;
        let new = users::invite::New {
            email: format!("utente{}@example.org", self.count),
            name: "utente".into(),
            home: Some(home.map_or_else(users::invite::Home::Customer, users::invite::Home::Node)),
            language: None,
            read_only: false,
            password: None,
        };
        let user = done(users::invite::invite(&self.world.app, permit(), new, Once::each_time()).await);
        self.model.users.insert(user.id, home);
    }

    /// Moves a node, and holds the outcome against the model's.
    pub async fn shift(&mut self, node: NodeId, parent: Option<NodeId>) {
        let outcome = shift::shift(&self.world.app, permit(), node, parent).await;
        match (self.model.shift(node, parent), &outcome) {
            (Ok(()), Ok(()))
            | (Err(true), Err(Error::Conflict(Conflict::Cycle)))
            | (Err(false), Err(Error::Invalid(_))) => {}
            (told, _) => panic!("{node} below {parent:?}: {outcome:?}, and the model says {told:?}"),
        }
    }

    /// Holds all lists of a viewer, page by page, against the model.
    pub async fn check(&mut self, viewer: Viewer) {
        let scope = self.scope(viewer);
        let limit = if matches!(viewer, Viewer::Root) {
            200
        } else {
            1 + self.dice.below(7)
        };
        let shown = self
            .world
            .app
            .db
            .read(move |tx| {
                let mut shown = Vec::new();
                all(
                    limit,
                    |page| {
                        let slice = store::nodes::list(tx, scope, &store::nodes::Filter::default(), page)?;
                        Ok(slice.map(|row| Thing::Node(row.id)))
                    },
                    &mut shown,
                )?;
                all(
                    limit,
                    |page| {
                        let slice =
                            store::customers::list(tx, scope, &store::customers::Filter::default(), page)?;
                        Ok(slice.map(|row| Thing::Customer(row.id)))
                    },
                    &mut shown,
                )?;
                all(
                    limit,
                    |page| {
                        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
                        let slice = store::licenses::list(
                            tx,
                            scope,
                            &store::licenses::Filter::default(),
                            today,
                            &sigillo::domain::company_rules::Graces::default(),
                            page,
                        )?;
                        Ok(slice.map(|row| Thing::License(row.license.id)))
                    },
                    &mut shown,
                )?;
                all(
                    limit,
                    |page| Ok(store::users::list(tx, scope, page)?.map(|row| Thing::User(row.id))),
                    &mut shown,
                )?;
                Ok(shown)
            })
            .await
            .unwrap();
        let mut wanted = self.model.visible(viewer);
        let set: BTreeSet<Thing> = shown
            .iter()
            .copied()
            .filter(|thing| self.is_known(*thing))
            .collect();
        if matches!(viewer, Viewer::Root) {
            wanted.retain(|thing| self.is_known(*thing));
        } else {
            assert_eq!(
                set.len(),
                shown.len(),
                "{viewer:?}: something twice, or of nobody"
            );
        }
        let (more, less): (Vec<_>, Vec<_>) = (
            set.difference(&wanted).collect(),
            wanted.difference(&set).collect(),
        );
        assert!(
            more.is_empty() && less.is_empty(),
            "{viewer:?} sees too much: {more:?}; too little: {less:?}"
        );
    }

    /// The superadmin also sees themselves, whom the model does not know.
    fn is_known(&self, thing: Thing) -> bool {
        match thing {
            Thing::User(id) => self.model.users.contains_key(&id),
            _ => true,
        }
    }
}

/// Follows the pages of a list to its end.
fn all(
    limit: usize,
    mut list: impl FnMut(&Page) -> sigillo::domain::error::Result<Slice<Thing>>,
    shown: &mut Vec<Thing>,
) -> sigillo::domain::error::Result<()> {
    let mut page = Page::first(limit);
    loop {
        let slice = list(&page)?;
        assert!(slice.rows.len() <= limit);
        shown.extend(slice.rows);
        match slice.next {
            Some(next) => page.before = Some(next),
            None => return Ok(()),
        }
    }
}
