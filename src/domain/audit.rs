//! What is written down of every change: who it belonged to, what it was, what was before and after.

use super::{
    actor::{Actor, Role},
    codes::codes,
    customer::Customer,
    ids::{CustomerId, NodeId},
    license::License,
};
use serde::Serialize;
use serde_json::{Map, Value};

codes! {
    /// What was done.
    EventKind {
        /// Licences were generated.
        LicensesIssued = "licenze.emesse",
        /// A licence's terms were changed.
        LicenseChanged = "licenza.modificata",
        /// A licence went to a company, an agent, a customer.
        LicenseAssigned = "licenza.assegnata",
        /// Its key was mailed to its customer.
        KeySent = "licenza.chiave_inviata",
        /// A suspension began.
        LicenseSuspended = "licenza.sospesa",
        /// Suspensions were lifted.
        LicenseResumed = "licenza.riattivata",
        /// A licence was stopped for good.
        LicenseRevoked = "licenza.revocata",
        /// A licence that runs nowhere was put away.
        LicenseArchived = "licenza.archiviata",
        /// A licence was brought back from the archive.
        LicenseRestored = "licenza.ripristinata",
        /// A licence was extended by a period.
        LicenseRenewed = "licenza.rinnovata",
        /// A trial became a licence that is paid.
        LicenseConverted = "licenza.convertita",
        /// Money, or a promise of it, was written down.
        TransactionRecorded = "transazione.registrata",
        /// Deferred rows were paid.
        TransactionCollected = "transazione.incassata",
        /// A device took a place.
        DeviceActivated = "dispositivo.attivato",
        /// A device gave its place back.
        DeviceReleased = "dispositivo.rilasciato",
        /// A customer wanted one device more than its licence has.
        DevicesExhausted = "dispositivo.esauriti",
        /// A released device still runs the software.
        DeviceReturned = "dispositivo.tornato",
        /// A customer gave a device another name.
        DeviceRenamed = "dispositivo.rinominato",
        /// A customer registered.
        CustomerRegistered = "cliente.registrato",
        /// A customer's e-mail address was proved by a mailed link.
        CustomerConfirmed = "cliente.confermato",
        /// The keys of an address's customers were mailed to it.
        KeysMailed = "cliente.chiavi_inviate",
        /// Staff made a customer.
        CustomerCreated = "cliente.creato",
        /// A customer's data were changed.
        CustomerChanged = "cliente.modificato",
        /// Somebody who may not decide spoke for a waiting customer.
        CustomerProposed = "cliente.proposto",
        /// A waiting customer was validated.
        CustomerValidated = "cliente.convalidato",
        /// A waiting customer was refused.
        CustomerRefused = "cliente.rifiutato",
        /// A customer was stopped.
        CustomerSuspended = "cliente.sospeso",
        /// A customer goes on.
        CustomerResumed = "cliente.riattivato",
        /// A customer went to a company or an agent.
        CustomerAssigned = "cliente.assegnato",
        /// All that is known of a customer was handed over.
        PersonalDataExported = "cliente.dati_esportati",
        /// A customer asked for its data to be erased.
        ErasureAsked = "cliente.cancellazione_chiesta",
        /// What tells who a customer is was taken away.
        CustomerAnonymised = "cliente.anonimizzato",
        /// Two customers became one.
        CustomersMerged = "cliente.unito",
        /// A node was opened.
        NodeCreated = "nodo.creato",
        /// A node's data were changed.
        NodeChanged = "nodo.modificato",
        /// A node was stopped.
        NodeSuspended = "nodo.sospeso",
        /// A node goes on.
        NodeResumed = "nodo.riattivato",
        /// A node moved with all below it.
        NodeMoved = "nodo.spostato",
        /// A user was made.
        UserCreated = "utente.creato",
        /// Somebody was invited, whoever has the address.
        UserInvited = "utente.invitato",
        /// A user's data were changed.
        UserChanged = "utente.modificato",
        /// A user was disabled.
        UserDisabled = "utente.disabilitato",
        /// A user may sign in again.
        UserEnabled = "utente.abilitato",
        /// All sessions of a user were ended by the vendor.
        UserSessionsEnded = "utente.sessioni_terminate",
        /// Somebody began to look with a user's eyes.
        UserSeen = "utente.visto",
        /// They stopped.
        UserUnseen = "utente.non_piu_visto",
        /// A user followed the invitation.
        UserAccepted = "utente.attivato",
        /// A link to choose another password was mailed.
        PasswordForgotten = "utente.password_dimenticata",
        /// A user chose another password.
        PasswordChanged = "utente.password_cambiata",
        /// A link to make the first superadmin was handed to whoever started the program.
        SetUpBegun = "installazione.avviata",
        /// A token was made.
        TokenCreated = "token.creato",
        /// A token was ended.
        TokenRevoked = "token.revocato",
        /// A product was defined.
        ProductCreated = "prodotto.creato",
        /// A product was changed.
        ProductChanged = "prodotto.modificato",
        /// A version was published.
        VersionPublished = "prodotto.versione",
        /// The customers whose licences cover a version are told of it.
        VersionAnnounced = "prodotto.versione_annunciata",
        /// A product is not sold any more.
        ProductArchived = "prodotto.archiviato",
        /// A product is sold again.
        ProductRestored = "prodotto.ripristinato",
        /// A price was added to the lists.
        PriceAdded = "listino.aggiunto",
        /// A price got its last day.
        PriceEnded = "listino.terminato",
        /// A signing key that is not in use is not accepted any more.
        KeyRevoked = "prodotto.chiave_revocata",
        /// The keys of a batch were downloaded.
        KeysExported = "lotto.esportato",
        /// A list of licences was downloaded, with their keys.
        LicensesExported = "licenze.esportate",
        /// A list of customers was downloaded.
        CustomersExported = "clienti.esportati",
        /// All licences of a batch were stopped for good.
        BatchRevoked = "lotto.revocato",
        /// A product's signing key was changed for the next.
        KeyRotated = "prodotto.chiave_ruotata",
        /// A message was sent once more.
        MessageResent = "messaggio.rispedito",
        /// A message was sent to try whether mail comes.
        MailTried = "posta.provata",
        /// A kind of message was worded anew.
        MailTextChanged = "testo.modificato",
        /// A kind of message says again what comes from above.
        MailTextReset = "testo.ripristinato",
        /// Words were sent to who wrote them.
        MailTextTried = "testo.provato",
        /// A kind of message was switched on or off.
        MailSwitched = "testo.invio",
        /// A company shows itself otherwise.
        BrandChanged = "marchio.modificato",
        /// The installation's settings were changed.
        SettingsChanged = "impostazioni.modificate",
        /// Somebody had a job run now.
        JobAsked = "lavoro.avviato",
        /// A view of a list was saved.
        ViewSaved = "vista.salvata",
        /// A view of a list was changed.
        ViewChanged = "vista.modificata",
        /// A view of a list was taken away.
        ViewDeleted = "vista.eliminata",
        /// What a creation form holds was kept under a name.
        TemplateSaved = "modello.salvato",
        /// It is called otherwise, or seen by others.
        TemplateChanged = "modello.modificato",
        /// It was taken away.
        TemplateDeleted = "modello.eliminato",
        /// An address for events was added.
        WebhookCreated = "webhook.creato",
        /// An address for events was changed.
        WebhookChanged = "webhook.modificato",
        /// An address for events got another secret.
        WebhookRolled = "webhook.segreto",
        /// Events are sent to an address again.
        WebhookEnabled = "webhook.riattivato",
        /// Events are not sent to an address any more.
        WebhookDisabled = "webhook.disattivato",
        /// An address for events was taken away.
        WebhookDeleted = "webhook.eliminato",
        /// An address for events was tried.
        WebhookTried = "webhook.provato",
        /// An event was sent once more.
        WebhookReplayed = "webhook.ripetuto",
        /// An address was given up that nothing came through to for days.
        WebhookLost = "webhook.perduto",
        /// An empty installation was filled with a demonstration.
        DemonstrationMade = "dimostrazione.creata",
    }
}

/// What an event is about: the kind of thing, and its identifier.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// `licenza`, `cliente`, …
    pub kind: &'static str,
    /// Its identifier.
    pub id: [u8; 16],
}

/// Whose the thing was when it happened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Owner {
    /// The company.
    pub company: Option<NodeId>,
    /// The agent.
    pub agent: Option<NodeId>,
    /// The customer.
    pub customer: Option<CustomerId>,
}

impl From<&License> for Owner {
    fn from(license: &License) -> Self {
        Self {
            company: license.company_id,
            agent: license.agent_id,
            customer: license.customer_id,
        }
    }
}

impl From<&Customer> for Owner {
    fn from(customer: &Customer) -> Self {
        Self {
            company: customer.company_id,
            agent: customer.agent_id,
            customer: Some(customer.id),
        }
    }
}

/// One row of the audit log.
#[derive(Debug, Clone)]
pub struct Event {
    /// What was done.
    pub kind: EventKind,
    /// To what.
    pub subject: Subject,
    /// Whose it was.
    pub owner: Owner,
    /// Facts, and fields that changed as `{"prima": …, "dopo": …}`.
    pub details: Map<String, Value>,
}

impl Event {
    /// An event without details yet.
    pub fn new(kind: EventKind, subject: Subject, owner: Owner) -> Self {
        Self {
            kind,
            subject,
            owner,
            details: Map::new(),
        }
    }

    /// An event about a licence, on the account of those it belongs to.
    pub fn license(kind: EventKind, license: &License) -> Self {
        Self::new(
            kind,
            Subject {
                kind: "licenza",
                id: license.id.0,
            },
            license.into(),
        )
    }

    /// An event about a customer, on the account of those it belongs to.
    pub fn customer(kind: EventKind, customer: &Customer) -> Self {
        Self::new(
            kind,
            Subject {
                kind: "cliente",
                id: customer.id.0,
            },
            customer.into(),
        )
    }

    /// An event about a node of the tree, on its own account.
    pub fn node(kind: EventKind, node: NodeId) -> Self {
        Self::new(
            kind,
            Subject {
                kind: "nodo",
                id: node.0,
            },
            Owner {
                company: Some(node),
                ..Owner::default()
            },
        )
    }

    /// A list that left the house: an event about who took it, on the account of where they belong.
    pub fn export(kind: EventKind, actor: &Actor) -> Self {
        let owner = match actor.role() {
            Some(Role::Agent) => Owner {
                agent: actor.node(),
                ..Owner::default()
            },
            _ => Owner {
                company: actor.node(),
                ..Owner::default()
            },
        };
        let who = actor.user_id().map_or([0; 16], |user| user.0);
        Self::new(
            kind,
            Subject {
                kind: "utente",
                id: who,
            },
            owner,
        )
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.details.insert(
            name.to_owned(),
            serde_json::to_value(value).unwrap_or(Value::Null),
        );
        self
    }

    /// Adds a field's change, if it changed at all.
    #[must_use]
    pub fn changed<T: Serialize + PartialEq>(self, name: &str, before: &T, after: &T) -> Self {
        if before == after {
            self
        } else {
            self.with(name, serde_json::json!({"prima": before, "dopo": after}))
        }
    }
}
