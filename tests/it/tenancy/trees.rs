//! Random trees, and random moves in them: what lists show is what `model` says.

use super::model::{Dice, Model, Owner, Thing, Viewer};
use crate::{
    on_both,
    support::{World, database::Database},
};
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
fn permit<R: sigillo::domain::access::Right>() -> Permit<R> {
    Permit::ask(&Actor::operator()).unwrap()
}

fn done<T>(outcome: Result<Replayable<T>, Error>) -> T {
    match outcome.unwrap() {
        Replayable::Done(value) => value,
        Replayable::Replayed(..) => panic!("replayed"),
    }
}

struct Forest {
    world: World,
    model: Model,
    dice: Dice,
    count: usize,
}

impl Forest {
    async fn new(database: Database, seed: u64) -> Self {
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
    async fn plant(&mut self) -> Vec<NodeId> {
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
    async fn shift(&mut self, node: NodeId, parent: Option<NodeId>) {
        let outcome = shift::shift(&self.world.app, permit(), node, parent).await;
        match (self.model.shift(node, parent), &outcome) {
            (Ok(()), Ok(()))
            | (Err(true), Err(Error::Conflict(Conflict::Cycle)))
            | (Err(false), Err(Error::Invalid(_))) => {}
            (told, _) => panic!("{node} below {parent:?}: {outcome:?}, and the model says {told:?}"),
        }
    }

    /// Holds all lists of a viewer, page by page, against the model.
    async fn check(&mut self, viewer: Viewer) {
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
                            &[],
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

/// Plants trees, and moves their nodes about, also from one tree to another.
async fn run(database: Database, trees: usize, seed: u64) {
    let mut forest = Forest::new(database, seed).await;
    let mut moved = [0; 2];
    for _ in 0..trees {
        let nodes = forest.plant().await;
        for _ in 0..2 {
            let viewer = Viewer::Node(forest.dice.one(&nodes));
            forest.check(viewer).await;
        }
        if let Some((customer, _)) = forest.model.customers.last_key_value() {
            let viewer = Viewer::Customer(*customer);
            forest.check(viewer).await;
        }
        for _ in 0..2 {
            let node = forest.dice.one(&nodes);
            let everybody: Vec<NodeId> = forest.model.parents.keys().rev().take(40).copied().collect();
            let parent = if forest.dice.below(2) == 0 {
                forest.dice.maybe(&nodes)
            } else {
                forest.dice.maybe(&everybody)
            };
            let before = forest.model.line(node);
            forest.shift(node, parent).await;
            let after = forest.model.line(node);
            moved[usize::from(before != after)] += 1;
            // Who lost sight of it, who gained it, and it itself.
            let mut viewers: BTreeSet<NodeId> = before.into_iter().chain(after).collect();
            let below = forest.model.below(node);
            viewers.insert(forest.dice.one(&below));
            for viewer in viewers {
                forest.check(Viewer::Node(viewer)).await;
            }
        }
    }
    forest.check(Viewer::Root).await;
    println!(
        "{trees} trees, {} nodes, {} moves done, {} refused",
        forest.model.parents.len(),
        moved[1],
        moved[0]
    );
    assert!(moved[0] > trees / 20 && moved[1] > trees / 4, "{moved:?}");
}

#[allow(clippy::disallowed_methods)]
fn trees(usual: usize) -> (usize, u64) {
    match std::env::var("SIGILLO_LONG") {
        // A seed of its own for each long run; it is printed.
        Ok(_) => (1000, u64::from_be_bytes(UserId::new().0[8..].try_into().unwrap())),
        Err(_) => (usual, 20_261_123),
    }
}

mod lists_show_what_the_model_says_in_random_trees_and_after_random_moves {
    use super::*;

    #[rocket::async_test]
    async fn sqlite() {
        let (trees, seed) = trees(200);
        run(Database::sqlite(), trees, seed).await;
    }

    #[rocket::async_test]
    async fn mariadb() {
        let (trees, seed) = trees(30);
        run(Database::mariadb(), trees, seed).await;
    }
}

on_both!(
    what_happened_before_a_move_stays_with_whom_it_happened_to,
    |world| async {
        let cast = world.cast().await;
        let log = |token: String| {
            let world = &world;
            async move {
                let reply = world
                    .get("/api/admin/registro?limite=200", &token)
                    .await
                    .expect(200);
                reply.body["dati"].as_array().unwrap().len()
            }
        };
        let device = serde_json::json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "D1"}});
        world.call("/api/licenze/attiva", device).await.expect(200);
        world.settle().await;
        let (alfa, beta) = (
            log(cast.alfa.token.clone()).await,
            log(cast.beta.token.clone()).await,
        );
        let path = format!("/api/admin/clienti/{}/assegna", cast.rossi.id);
        world
            .post(&path, &cast.root, serde_json::json!({"azienda": cast.beta.id}))
            .await
            .expect(200);
        // The new company has the licence and its device, and not what the old one did with it.
        let license = format!("/api/admin/licenze/{}", cast.rossi.license);
        let sheet = world.get(&license, &cast.beta.token).await.expect(200);
        assert_eq!(sheet.body["dispositivi"].as_array().unwrap().len(), 1);
        assert_eq!(sheet.body["storico"], serde_json::json!([]));
        world
            .get(&license, &cast.alfa.token)
            .await
            .refused(404, "NON_TROVATO");
        assert_eq!(log(cast.beta.token.clone()).await, beta);
        assert_eq!(log(cast.alfa.token.clone()).await, alfa + 1);
        for (token, rows) in [(&cast.alfa.token, 1), (&cast.beta.token, 0)] {
            let log = world.get("/api/admin/attivazioni", token).await.expect(200);
            assert_eq!(log.body["dati"].as_array().unwrap().len(), rows, "{}", log.text);
        }
    }
);

on_both!(two_moves_at_once_close_no_circle, |world| async {
    let cast = world.cast().await;
    let id = |text: &str| text.parse::<NodeId>().unwrap();
    let (alfa, beta) = (id(&cast.alfa.id), id(&cast.beta.id));
    for round in 0..20 {
        let (one, other) = tokio::join!(
            shift::shift(&world.app, permit(), alfa, Some(beta)),
            shift::shift(&world.app, permit(), beta, Some(alfa)),
        );
        assert_eq!(
            u8::from(one.is_ok()) + u8::from(other.is_ok()),
            1,
            "round {round}: {one:?} {other:?}"
        );
        let refused = one.err().or(other.err());
        assert!(
            matches!(refused, Some(Error::Conflict(Conflict::Cycle))),
            "round {round}: {refused:?}"
        );
        let sql = "SELECT COUNT(*) AS n FROM nodes WHERE parent_id IS NOT NULL AND kind = 'rivenditore'";
        assert_eq!(world.database.count(sql), 1, "one of the two is a reseller still");
        // Every node stands at each depth of its line once: nothing is its own ancestor, nothing hangs loose.
        let tree = "SELECT COUNT(*) AS n FROM node_tree WHERE depth > 0 AND ancestor_id = descendant_id";
        assert_eq!(world.database.count(tree), 0);
        let lines = "SELECT COUNT(*) AS n FROM nodes n WHERE n.kind <> 'fornitore' AND (SELECT COUNT(*) FROM node_tree t
            JOIN nodes top ON top.id = t.ancestor_id AND top.kind = 'fornitore' WHERE t.descendant_id = n.id) <> 1";
        assert_eq!(world.database.count(lines), 0);
        let below = if is_below(&world, alfa).await { alfa } else { beta };
        shift::shift(&world.app, permit(), below, None).await.unwrap();
    }
});

async fn is_below(world: &World, node: NodeId) -> bool {
    let scope = Actor::operator().scope();
    let found = world
        .app
        .db
        .read(move |tx| store::nodes::get(tx, scope, node))
        .await
        .unwrap();
    found.kind == NodeKind::SubCompany
}
