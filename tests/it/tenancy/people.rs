//! Callers, places, and what stands in each place.

use crate::support::{World, cast::PASSWORD};
use serde_json::{Value, json};
use sigillo::domain::ids::AnyId;
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
};

/// Where a thing stands: with the vendor, in a company, with an agent. An agent's things are its company's too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Vendor,
    Alfa,
    Anna,
    Nord,
    Nino,
    Beta,
    Bruno,
    /// An id that nothing has.
    Nowhere,
    /// A text that is no id.
    Garbage,
}

use Place::*;

impl Place {
    /// Places where things really stand.
    pub const REAL: [Self; 7] = [Vendor, Alfa, Anna, Nord, Nino, Beta, Bruno];
    pub const ALL: [Self; 9] = [Vendor, Alfa, Anna, Nord, Nino, Beta, Bruno, Nowhere, Garbage];

    pub fn is_agent(self) -> bool {
        matches!(self, Anna | Nino | Bruno)
    }

    pub fn is_company(self) -> bool {
        matches!(self, Alfa | Nord | Beta)
    }

    /// The company of things that stand there.
    pub fn company(self) -> Option<Self> {
        match self {
            Alfa | Anna => Some(Alfa),
            Nord | Nino => Some(Nord),
            Beta | Bruno => Some(Beta),
            Vendor | Nowhere | Garbage => None,
        }
    }

    /// The agent of things that stand there.
    pub fn agent(self) -> Option<Self> {
        self.is_agent().then_some(self)
    }

    /// The node right above, of the node itself.
    fn above(self) -> Option<Self> {
        match self {
            Anna | Nord => Some(Alfa),
            Nino => Some(Nord),
            Bruno => Some(Beta),
            _ => None,
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Alfa | Beta => "rivenditore",
            Nord => "sottoazienda",
            _ => "agente",
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Caller {
    Nobody,
    BadToken,
    /// alfa, with a token that only reads.
    Reader,
    Root,
    Alfa,
    Nord,
    /// An agent of alfa.
    Anna,
    /// An agent of nord, with the right `convalida`.
    Nino,
    /// A customer of alfa.
    Rossi,
    Beta,
    Bruno,
}

/// How a thing stands to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Own,
    Below,
    Above,
    Sibling,
    Stranger,
    Unknown,
}

impl Caller {
    pub const ALL: [Self; 11] = [
        Self::Nobody,
        Self::BadToken,
        Self::Reader,
        Self::Root,
        Self::Alfa,
        Self::Nord,
        Self::Anna,
        Self::Nino,
        Self::Rossi,
        Self::Beta,
        Self::Bruno,
    ];

    /// The role's letter, as the table of routes has it.
    pub fn letter(self) -> char {
        match self {
            Self::Nobody | Self::BadToken => '-',
            Self::Root => 'S',
            Self::Reader | Self::Alfa | Self::Beta => 'R',
            Self::Nord => 'C',
            Self::Anna | Self::Bruno => 'A',
            Self::Nino => 'v',
            Self::Rossi => 'K',
        }
    }

    /// The place that the caller belongs to.
    pub fn home(self) -> Place {
        match self {
            Self::Root => Vendor,
            Self::Nobody | Self::BadToken | Self::Reader | Self::Alfa | Self::Rossi => Alfa,
            Self::Nord => Nord,
            Self::Anna => Anna,
            Self::Nino => Nino,
            Self::Beta => Beta,
            Self::Bruno => Bruno,
        }
    }

    /// The whole truth about who stands how to whom.
    #[rustfmt::skip]
    pub fn relation(self, place: Place) -> Relation {
        use Relation::{Above, Below, Own, Sibling, Stranger, Unknown};
        let column = match place {
            Vendor => 0, Alfa => 1, Anna => 2, Nord => 3, Nino => 4, Beta => 5, Bruno => 6,
            Nowhere | Garbage => return Unknown,
        };
        let row = match self {
            //                                      vendor    alfa      anna      nord      nino      beta      bruno
            Self::Root =>                          [Own,      Below,    Below,    Below,    Below,    Below,    Below],
            Self::Alfa | Self::Reader =>           [Above,    Own,      Below,    Below,    Below,    Stranger, Stranger],
            Self::Nord =>                          [Above,    Above,    Sibling,  Own,      Below,    Stranger, Stranger],
            Self::Anna =>                          [Above,    Above,    Own,      Sibling,  Stranger, Stranger, Stranger],
            Self::Nino =>                          [Above,    Above,    Stranger, Above,    Own,      Stranger, Stranger],
            Self::Beta =>                          [Above,    Stranger, Stranger, Stranger, Stranger, Own,      Below],
            Self::Bruno =>                         [Above,    Stranger, Stranger, Stranger, Stranger, Above,    Own],
            Self::Rossi =>                         [Above,    Above,    Stranger, Stranger, Stranger, Stranger, Stranger],
            Self::Nobody | Self::BadToken =>       [Stranger; 7],
        };
        row[column]
    }

    pub fn sees(self, place: Place) -> bool {
        matches!(self.relation(place), Relation::Own | Relation::Below)
    }
}

/// One thing of each kind, in one place.
#[derive(Debug, Clone)]
pub struct Things {
    pub license: String,
    pub key: String,
    pub activation: String,
    pub customer: String,
    /// A customer who waits for validation.
    pub pending: String,
    pub node: String,
    pub user: String,
}

/// Kinds of things that requests point at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Nothing: the request points at nothing that has an owner.
    Nothing,
    License,
    Trial,
    Activation,
    Customer,
    Pending,
    Node,
    User,
}

/// Something that a request points at.
#[derive(Debug, Clone)]
pub struct Aim {
    pub id: String,
    /// The licence, of an activation.
    pub license: String,
}

/// A program with things in all places.
pub struct People {
    pub world: World,
    pub root: String,
    pub tokens: BTreeMap<Caller, String>,
    pub things: BTreeMap<Place, Things>,
    /// A registration's code.
    pub case_code: String,
    count: AtomicUsize,
}

impl People {
    pub async fn new(world: World) -> Self {
        let cast = world.cast().await;
        let mut people = Self {
            root: cast.root.clone(),
            tokens: BTreeMap::new(),
            things: BTreeMap::new(),
            case_code: String::new(),
            count: AtomicUsize::new(0),
            world,
        };
        people.tokens = BTreeMap::from([
            (
                Caller::BadToken,
                "sgl_0000000000000000000000000000000000000000000".into(),
            ),
            (Caller::Reader, people.world.token(&cast.alfa.email, true).await),
            (Caller::Root, cast.root.clone()),
            (Caller::Alfa, cast.alfa.token.clone()),
            (Caller::Nord, cast.nord.token.clone()),
            (Caller::Anna, cast.anna.token.clone()),
            (Caller::Nino, cast.nino.token.clone()),
            (Caller::Rossi, cast.rossi.token.clone()),
            (Caller::Beta, cast.beta.token.clone()),
            (Caller::Bruno, cast.bruno.token.clone()),
        ]);
        let users = people
            .world
            .get("/api/admin/utenti?limite=200", &cast.root)
            .await
            .expect(200);
        let users = users.body["dati"].as_array().unwrap().clone();
        let user = |email: &str| {
            users.iter().find(|user| user["email"] == email).map(|user| {
                let text = |name: &str| user[name].as_str().unwrap_or_default().to_owned();
                (text("id"), text("nodo"))
            })
        };
        let nodes = [
            (Vendor, user("root@example.it").unwrap()),
            (Alfa, user(&cast.alfa.email).unwrap()),
            (Anna, user(&cast.anna.email).unwrap()),
            (Nord, user(&cast.nord.email).unwrap()),
            (Nino, user(&cast.nino.email).unwrap()),
            (Beta, user(&cast.beta.email).unwrap()),
            (Bruno, user(&cast.bruno.email).unwrap()),
        ];
        for (place, (user, node)) in nodes {
            let blank = String::new();
            let things = Things {
                license: blank.clone(),
                key: blank.clone(),
                activation: blank.clone(),
                customer: blank.clone(),
                pending: blank,
                node,
                user,
            };
            people.things.insert(place, things);
        }
        let nino = format!("/api/admin/agent/{}", people.things[&Nino].node);
        people
            .world
            .ask(
                rocket::http::Method::Patch,
                &nino,
                Some(&cast.root),
                Some(json!({"diritti": {"convalida": true}})),
            )
            .await
            .expect(200);
        for place in Place::REAL {
            let (license, key, activation) = people.activated(place).await;
            let customer = people.fresh(Target::Customer, place).await.id;
            let (pending, case_code) = people.registered(place).await;
            people.case_code = case_code;
            let things = people.things.get_mut(&place).unwrap();
            (things.license, things.key, things.activation) = (license, key, activation);
            (things.customer, things.pending) = (customer, pending);
        }
        people
    }

    /// A number that no request had before.
    pub fn next(&self) -> usize {
        self.count.fetch_add(1, Ordering::Relaxed)
    }

    /// The thing that stands in a place and that all requests which must have no effect point at.
    pub fn standing(&self, target: Target, place: Place) -> Aim {
        let nowhere = || match place {
            Garbage => "nessuno".to_owned(),
            _ => AnyId::new().to_string(),
        };
        let Some(things) = self.things.get(&place) else {
            return Aim {
                id: nowhere(),
                license: nowhere(),
            };
        };
        let id = match target {
            Target::Nothing => String::new(),
            Target::License | Target::Trial => things.license.clone(),
            Target::Activation => things.activation.clone(),
            Target::Customer => things.customer.clone(),
            Target::Pending => things.pending.clone(),
            Target::Node => things.node.clone(),
            Target::User => things.user.clone(),
        };
        Aim {
            id,
            license: things.license.clone(),
        }
    }

    /// A new thing in a place, which a request may change as it likes. A node is a twin of the place's node.
    pub async fn fresh(&self, target: Target, place: Place) -> Aim {
        let node = |place: Option<Place>| place.map(|place| self.things[&place].node.clone());
        let (company, agent) = (node(place.company()), node(place.agent()));
        let n = self.next();
        let id = match target {
            Target::Nothing => String::new(),
            Target::License => self.license(place).await.0,
            Target::Trial => {
                let trial = json!({"azienda": company, "agente": agent, "tipo_licenza": "trial"});
                self.world.issue(&self.root, trial).await.remove(0).0
            }
            Target::Activation => {
                let (license, _, activation) = self.activated(place).await;
                return Aim { id: activation, license };
            }
            Target::Customer => {
                self.made(
                    "/api/admin/clienti",
                    json!({"nome": format!("cliente {n}"), "azienda": company, "agente": agent}),
                )
                .await
            }
            Target::Pending => self.registered(place).await.0,
            Target::Node => {
                self.made(
                    "/api/admin/agent",
                    json!({"nome": format!("nodo {n}"), "ruolo": place.kind(), "azienda_padre": node(place.above())}),
                )
                .await
            }
            Target::User => {
                let home = (place != Vendor).then(|| self.things[&place].node.clone());
                self.made(
                    "/api/admin/utenti",
                    json!({"email": format!("u{n}@example.org"), "nodo": home, "password": PASSWORD}),
                )
                .await
            }
        };
        Aim {
            id,
            license: String::new(),
        }
    }

    async fn made(&self, path: &str, body: Value) -> String {
        self.world
            .post(path, &self.root, body)
            .await
            .expect(201)
            .str("/id")
    }

    async fn license(&self, place: Place) -> (String, String) {
        let node = |place: Option<Place>| place.map(|place| self.things[&place].node.clone());
        self.world
            .issue(
                &self.root,
                json!({"azienda": node(place.company()), "agente": node(place.agent())}),
            )
            .await
            .remove(0)
    }

    /// A licence with an active device: its id, its key, the activation's id.
    pub async fn activated(&self, place: Place) -> (String, String, String) {
        let (license, key) = self.license(place).await;
        let body = json!({"chiave_licenza": key, "dispositivo": {"id": "matrice"}});
        let activation = self.world.call("/api/licenze/attiva", body).await.expect(200);
        (license, key, activation.str("/attivazione/id"))
    }

    /// A customer who waits, registered by the place's link, and the code of the request.
    async fn registered(&self, place: Place) -> (String, String) {
        let n = self.next();
        let code = match place {
            Vendor => Value::Null,
            place => format!("{place:?}").to_uppercase().into(),
        };
        let body = json!({
            "nome": format!("in attesa {n}"), "email": format!("attesa{n}@example.org"), "codice_rivenditore": code,
            "consenso_privacy": true,
        });
        let reply = self
            .world
            .call("/api/clienti/registrazione", body)
            .await
            .expect(201);
        (reply.str("/cliente/id"), reply.str("/codice_pratica"))
    }
}
