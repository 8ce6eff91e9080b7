//! The named people of all tests: a vendor, two resellers with what is below them, and one customer of each seller.
//!
//! Every name carries its tenant's marker, so that it is seen where it must not be.

use super::World;
use serde_json::json;
use sigillo::{
    domain::{access::Permit, actor::Actor},
    operations::users::{NewPassword, create_token, found},
};

/// A password that nobody guesses.
pub const PASSWORD: &str = "quattro-cavalli-viola";

/// A company or agent of the cast.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: String,
    pub email: String,
    pub token: String,
}

/// A customer of the cast, with a user and a licence.
#[derive(Debug, Clone)]
pub struct Client {
    pub id: String,
    pub token: String,
    pub license: String,
    pub key: String,
}

/// Everybody. `alfa` has a sub-company `nord` with an agent `nino`, and an agent `anna`; `beta` has an agent `bruno`.
#[derive(Debug, Clone)]
pub struct Cast {
    pub root: String,
    pub product: String,
    pub alfa: Member,
    pub anna: Member,
    pub nord: Member,
    pub nino: Member,
    pub beta: Member,
    pub bruno: Member,
    /// Of alfa, without an agent.
    pub rossi: Client,
    /// Of anna.
    pub verdi: Client,
    /// Of nord.
    pub neri: Client,
    /// Of beta.
    pub bianchi: Client,
}

impl World {
    /// A superadmin's token.
    pub async fn root(&self) -> String {
        let permit = Permit::ask(&Actor::operator()).unwrap();
        found::superadmin(
            &self.app,
            permit,
            "root@example.it".into(),
            NewPassword(PASSWORD.into()),
        )
        .await
        .unwrap();
        self.token("root@example.it", false).await
    }

    /// A token of a user.
    pub async fn token(&self, email: &str, read_only: bool) -> String {
        let permit = Permit::ask(&Actor::operator()).unwrap();
        let new = create_token::New {
            email: email.into(),
            name: "prova".into(),
            read_only,
            days: None,
        };
        create_token::create_token(&self.app, permit, new).await.unwrap()
    }

    /// The product `GESTIONALE`: free, so that everybody who may can issue it.
    pub async fn product(&self, root: &str) -> String {
        let body = json!({
            "codice": "GESTIONALE", "nome": "Gestionale", "versione": "3.2",
            "moduli": [
                {"codice": "CONTABILITA", "nome": "Contabilità", "incluso": true},
                {"codice": "MAGAZZINO", "nome": "Magazzino"},
            ],
        });
        self.post("/api/admin/prodotti", root, body)
            .await
            .expect(201)
            .str("/id")
    }

    /// Licences of `GESTIONALE`, by their keys.
    pub async fn issue(&self, token: &str, extra: serde_json::Value) -> Vec<(String, String)> {
        let mut body = json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento"});
        for (name, value) in extra.as_object().unwrap() {
            body[name] = value.clone();
        }
        let reply = self.post("/api/admin/licenze", token, body).await.expect(201);
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        reply.body["licenze"]
            .as_array()
            .unwrap()
            .iter()
            .map(|l| (text(&l["id"]), text(&l["chiave_licenza"])))
            .collect()
    }

    /// Opens a node with a user.
    pub async fn node(&self, root: &str, name: &str, role: &str, parent: Option<&str>) -> Member {
        let email = format!("{}@example.it", name.to_lowercase());
        let body = json!({
            "nome": format!("{name} srl"), "ruolo": role, "azienda_padre": parent, "email": email, "password": PASSWORD,
            "codice": name, "sconto_punti_base": 1000,
        });
        let id = self
            .post("/api/admin/agent", root, body)
            .await
            .expect(201)
            .str("/id");
        let token = self.token(&email, false).await;
        Member { id, email, token }
    }

    /// Makes a customer with a user and a licence.
    pub async fn customer(&self, root: &str, name: &str, company: &str, agent: Option<&str>) -> Client {
        let email = format!("{}@example.com", name.to_lowercase());
        let body = json!({"nome": format!("{name} spa"), "email": email, "password": PASSWORD, "azienda": company, "agente": agent});
        let id = self
            .post("/api/admin/clienti", root, body)
            .await
            .expect(201)
            .str("/id");
        let token = self.token(&email, false).await;
        let (license, key) = self
            .issue(
                root,
                json!({"cliente": id, "etichetta": format!("licenza-{name}")}),
            )
            .await
            .remove(0);
        Client {
            id,
            token,
            license,
            key,
        }
    }

    /// Everybody.
    pub async fn cast(&self) -> Cast {
        let root = self.root().await;
        let product = self.product(&root).await;
        let alfa = self.node(&root, "ALFA", "rivenditore", None).await;
        let anna = self.node(&root, "ANNA", "agente", Some(&alfa.id)).await;
        let nord = self.node(&root, "NORD", "sottoazienda", Some(&alfa.id)).await;
        let nino = self.node(&root, "NINO", "agente", Some(&nord.id)).await;
        let beta = self.node(&root, "BETA", "rivenditore", None).await;
        let bruno = self.node(&root, "BRUNO", "agente", Some(&beta.id)).await;
        let rossi = self.customer(&root, "ROSSI", &alfa.id, None).await;
        let verdi = self.customer(&root, "VERDI", &alfa.id, Some(&anna.id)).await;
        let neri = self.customer(&root, "NERI", &nord.id, None).await;
        let bianchi = self.customer(&root, "BIANCHI", &beta.id, Some(&bruno.id)).await;
        Cast {
            root,
            product,
            alfa,
            anna,
            nord,
            nino,
            beta,
            bruno,
            rossi,
            verdi,
            neri,
            bianchi,
        }
    }
}
