//! Runs a story: each step is the operation that anybody would ask for, at the step's own time.

use super::{
    money,
    names::Party,
    steps::{Device, Guess, Step, What, Which},
    story::Story,
    tree::{Seller, Staff, lost, origin},
};
use crate::{
    domain::{
        access::{Permit, Right},
        actor::{Actor, Role},
        customer::{Contact, Site},
        error::{Conflict, Error, Result},
        ids::{ActivationId, CustomerId, LicenseId, TransactionId},
        license::key::ActivationKey,
        secrets,
    },
    operations::{
        App, Once, Replayable,
        customers::{create, decide, register, suspend as stop},
        licenses::{
            activate, deactivate, issue, mistyped, release, resume, revoke, suspend, validate, view::View,
        },
    },
    store::log::Operation,
};
use std::collections::HashMap;

/// A licence that was made.
#[derive(Debug, Clone)]
struct Made {
    id: LicenseId,
    key: ActivationKey,
}

/// A story under way.
pub(super) struct Run<'a> {
    staff: &'a Staff,
    seller: &'a Seller,
    /// Whose software asks.
    client: Actor,
    pub(super) customer: Option<CustomerId>,
    orders: HashMap<usize, Vec<Made>>,
    sales: HashMap<usize, Vec<TransactionId>>,
    places: HashMap<(Which, String), ActivationId>,
}

impl<'a> Run<'a> {
    /// Tells a story from its beginning to now.
    pub(super) async fn tell(staff: &'a Staff, story: Story<'a>) -> Result<Self> {
        // Addresses kept for documentation (RFC 5737).
        let host = 1 + u8::try_from(story.number % 250).unwrap_or_default();
        let address = if story.number.is_multiple_of(2) {
            [198, 51, 100, host]
        } else {
            [203, 0, 113, host]
        };
        let mut run = Self {
            staff,
            seller: story.seller,
            client: Actor::client(origin(address)),
            customer: None,
            orders: HashMap::new(),
            sales: HashMap::new(),
            places: HashMap::new(),
        };
        for step in story.steps {
            match run.step(&step).await {
                // Client software hears no, and that it did is written down. What was revoked cannot be suspended.
                Ok(()) | Err(Error::Refused(_) | Error::Conflict(Conflict::WrongState)) => {}
                Err(error) => {
                    return Err(Error::internal(format!(
                        "story {}, {:?} at {}: {error}",
                        story.number, step.what, step.at
                    )));
                }
            }
        }
        Ok(run)
    }

    /// The key of a licence.
    pub(super) fn key(&self, which: Which) -> Option<String> {
        self.made(which).map(|made| made.key.to_string())
    }

    fn made(&self, (order, n): Which) -> Option<&Made> {
        self.orders.get(&order)?.get(n)
    }

    async fn step(&mut self, step: &Step) -> Result<()> {
        let app = &self.staff.app_at(step.at);
        match &step.what {
            What::Join(party) => self.join(app, party).await,
            What::Register(party, product) => self.register(app, party, *product).await,
            What::Validate => {
                let id = self.customer.ok_or(Error::NotFound)?;
                decide::validate(app, self.permit()?, id).await
            }
            What::Refuse(note) => {
                let id = self.customer.ok_or(Error::NotFound)?;
                let why = decide::Refusal {
                    note: (*note).into(),
                    told: false,
                };
                decide::refuse(app, self.permit()?, id, why).await
            }
            What::Stop(note) => {
                let id = self.customer.ok_or(Error::NotFound)?;
                stop::suspend(app, self.permit()?, id, (*note).into()).await
            }
            What::Issue(number, order) => self.issue(app, *number, order).await,
            What::Sell(..) | What::Collect(..) | What::Undo(..) => self.money(app, &step.what).await,
            What::Activate(..) | What::Check(..) | What::Leave(..) => self.device(app, &step.what).await,
            What::Guess(guess) => self.guess(app, *guess).await,
            What::Release(which, device, note) => {
                let Some(made) = self.made(*which) else {
                    return Ok(());
                };
                let Some(place) = self.places.get(&(*which, device.id.clone())) else {
                    return Ok(());
                };
                release::release(app, self.permit()?, made.id, *place, (*note).into()).await
            }
            What::Suspend(which, reason, note) => {
                let Some(made) = self.made(*which) else {
                    return Ok(());
                };
                suspend::suspend(app, self.permit()?, made.id, None, *reason, Some((*note).into())).await
            }
            What::Resume(which, note) => {
                let Some(made) = self.made(*which) else {
                    return Ok(());
                };
                let permit = Permit::ask(&self.staff.root)?;
                resume::resume(app, permit, made.id, Some((*note).into())).await
            }
            What::Revoke(which, note) => {
                let Some(made) = self.made(*which) else {
                    return Ok(());
                };
                let permit = Permit::ask(&self.staff.root)?;
                revoke::revoke(app, permit, made.id, (*note).into()).await
            }
        }
    }

    /// The permit of the seller's desk, or where it has no right to it the vendor's.
    fn permit<R: Right>(&self) -> Result<Permit<R>> {
        Permit::ask(&self.seller.desk).or_else(|_| Permit::ask(&self.staff.root))
    }

    async fn join(&mut self, app: &App, party: &Party) -> Result<()> {
        let desk = &self.seller.desk;
        let own = desk.role() == Some(Role::Agent);
        let new = create::New {
            data: data(party),
            company: self
                .seller
                .company
                .filter(|_| !own && self.seller.agent.is_none()),
            agent: self.seller.agent.filter(|_| !own),
            password: None,
        };
        match create::create(app, Permit::ask(desk)?, new, Once::each_time()).await? {
            Replayable::Done(view) => {
                self.customer = Some(view.customer.id);
                Ok(())
            }
            Replayable::Replayed(..) => Err(lost()),
        }
    }

    async fn register(&mut self, app: &App, party: &Party, product: Option<&str>) -> Result<()> {
        let actor = Actor::public(self.client.origin().clone());
        let request = register::Request {
            name: party.name.clone(),
            email: party.email.clone(),
            vat_number: party.vat_number.clone(),
            tax_code: party.tax_code.clone(),
            phone: Some(party.phone.clone()),
            address: Some(party.address.clone()),
            contact: party.is_company.then(|| contact(party)),
            seller_code: Some(self.seller.code.to_owned()).filter(|code| !code.is_empty()),
            product: product.map(str::to_owned),
            password: None,
            language: app.language.clone(),
        };
        let done = register::register(app, &actor, request, Once::each_time()).await?;
        let Replayable::Done(registered) = done else {
            return Err(lost());
        };
        self.customer = Some(registered.customer.id);
        if product.is_some() {
            self.orders.insert(0, made(&registered.licenses)?);
        }
        Ok(())
    }

    async fn issue(&mut self, app: &App, number: usize, order: &issue::Order) -> Result<()> {
        let order = issue::Order {
            customer: self.customer,
            ..order.clone()
        };
        // What costs something is generated by the vendor alone; trials by whoever sells.
        let trial = order.kind == crate::domain::license::LicenseKind::Trial;
        let actor = if trial {
            &self.seller.desk
        } else {
            &self.staff.root
        };
        match issue::issue(app, Permit::ask(actor)?, order, Once::each_time()).await? {
            Replayable::Done(issued) => {
                self.orders.insert(number, made(&issued.licenses)?);
                Ok(())
            }
            Replayable::Replayed(..) => Err(lost()),
        }
    }

    async fn money(&mut self, app: &App, what: &What) -> Result<()> {
        let root = &self.staff.root;
        match what {
            What::Sell(number, (order, which), sale) => {
                let licenses = self.orders.get(order).map_or(&[][..], Vec::as_slice);
                let of: Vec<LicenseId> = licenses
                    .iter()
                    .enumerate()
                    .filter(|(n, _)| which.is_none_or(|which| which == *n))
                    .map(|(_, made)| made.id)
                    .collect();
                let rows = money::sell(app, root, self.seller, &of, sale).await?;
                self.sales.insert(*number, rows);
                Ok(())
            }
            What::Collect(sale, percent, method) => match self.sales.get(sale) {
                Some(rows) => money::collect(app, root, rows, *method, *percent).await,
                None => Ok(()),
            },
            What::Undo(sale, how, note) => match self.sales.get(sale) {
                Some(rows) => money::undo(app, root, rows, *how, note).await,
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    async fn device(&mut self, app: &App, what: &What) -> Result<()> {
        match what {
            What::Activate(which, device) => {
                let Some(made) = self.made(*which) else {
                    return Ok(());
                };
                let request = activate::Request {
                    key: made.key.clone(),
                    device: described(device),
                    user: device.user.clone(),
                    product: device.product.map(str::to_owned),
                    version: device.version.map(str::to_owned),
                    nonce: None,
                };
                let activated = activate::activate(app, &self.client, request).await?;
                self.places
                    .insert((*which, device.id.clone()), activated.granted.place.id);
                Ok(())
            }
            What::Check(which, device) => {
                let Some(made) = self.made(*which) else {
                    return Ok(());
                };
                let shown = validate::Shown::Key(Some(made.key.clone()));
                self.check(app, shown, Some(device)).await
            }
            What::Leave(which, device) => {
                let Some(made) = self.made(*which) else {
                    return Ok(());
                };
                deactivate::deactivate(app, &self.client, &made.key, device.id.clone()).await?;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn guess(&self, app: &App, guess: Guess) -> Result<()> {
        match guess {
            Guess::Mistyped => mistyped(app, &self.client, Operation::Activate, None).await,
            Guess::Unknown => {
                let key = ActivationKey::from_entropy(secrets::random()?);
                self.check(app, validate::Shown::Key(Some(key)), None).await
            }
            Guess::Forged => {
                let shown = validate::Shown::Computer("e30.e30.c2lnaWxsbw".into());
                self.check(app, shown, None).await
            }
        }
    }

    async fn check(&self, app: &App, shown: validate::Shown, device: Option<&Device>) -> Result<()> {
        let request = validate::Request {
            shown,
            device: device.map(described),
            product: device.and_then(|device| device.product).map(str::to_owned),
            version: device.and_then(|device| device.version).map(str::to_owned),
            nonce: None,
        };
        validate::validate(app, &self.client, request).await?;
        Ok(())
    }
}

fn made(views: &[View]) -> Result<Vec<Made>> {
    views
        .iter()
        .map(|view| {
            let key = ActivationKey::parse(&view.key).map_err(Error::internal)?;
            Ok(Made {
                id: view.sheet.license.id,
                key,
            })
        })
        .collect()
}

fn described(device: &Device) -> crate::operations::licenses::Device {
    crate::operations::licenses::Device {
        id: device.id.clone(),
        name: Some(device.name.clone()),
        platform: Some(device.platform.to_owned()),
    }
}

fn contact(party: &Party) -> Contact {
    let (name, email) = party.contact.clone();
    Contact {
        name,
        email: Some(email),
        phone: Some(party.phone.clone()),
    }
}

fn data(party: &Party) -> create::Data {
    create::Data {
        name: party.name.clone(),
        email: Some(party.email.clone()),
        vat_number: party.vat_number.clone(),
        tax_code: party.tax_code.clone(),
        phone: Some(party.phone.clone()),
        address: Some(party.address.clone()),
        multi_site: !party.sites.is_empty(),
        multi_user: party.is_company,
        contacts: if party.is_company {
            vec![contact(party)]
        } else {
            Vec::new()
        },
        sites: party
            .sites
            .iter()
            .map(|(name, address)| Site {
                name: name.clone(),
                address: Some(address.clone()),
            })
            .collect(),
    }
}
