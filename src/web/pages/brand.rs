//! How a company shows itself to its customers: on its page, and for the vendor among the settings. And the logos, for who
//! has their address.

use super::companies;
use crate::{
    domain::{
        access::{
            Action, Permit, may,
            right::{ChangeSettings, EditTexts, ReadSettings, ReadTexts},
        },
        actor::Actor,
        brand::{BadColor, BadLogo, Brand, Color, NAME_MAX},
        company::{Node, NodeKind},
        error::{Error, Fault, FieldErrors, Result},
        ids::{LogoId, NodeId},
        mail::{MailKind, wording::Wording},
    },
    operations::{
        App,
        companies::brand,
        messages::{
            compose::styles,
            preview::{Stage, logo_path, stage},
            texts::{Which, place},
        },
    },
    store::{Visible, brands, directory},
    web::{
        form::{Difference, Form, Sent},
        guards::Id,
        input::Check,
        messages,
        page::{Answer, Goto, Page},
        reader::Language,
        upload::Upload,
    },
};
use rocket::{
    Request, Response, State, get,
    http::{ContentType, Status},
    post,
    response::{self, Responder},
};
use serde_json::{Value, json};
use std::io::Cursor;

/// The fields.
const NAMES: [&str; 4] = ["nome_marchio", "nome_mittente", "rispondi_a", "colore"];

fn values(brand: &Brand) -> [Option<String>; 4] {
    [
        brand.name.clone(),
        brand.sender.clone(),
        brand.reply_to.clone(),
        brand.color.map(|color| color.to_string()),
    ]
}

/// The page of a node's brand.
fn path(at: NodeId) -> String {
    if at == NodeId::VENDOR {
        "/impostazioni/marchio".to_owned()
    } else {
        format!("/aziende/{at}/marchio")
    }
}

/// All that the page shows.
struct Seen {
    node: Visible<Node>,
    parent: Option<String>,
    own: Brand,
    revision: i32,
    /// What comes from above.
    above: Brand,
    which: Which,
    stage: Stage,
}

impl Seen {
    /// The form as it is filled at first. A revision of 0 would be none.
    fn form(&self) -> Result<Form> {
        let fields = NAMES.into_iter().zip(values(&self.own));
        let form = fields.fold(Form::new()?, |form, (name, value)| form.with_some(name, value));
        Ok(form.revision(self.revision + 1))
    }
}

async fn see(app: &App, actor: &Actor, at: NodeId, language: Language) -> Result<Seen> {
    let actor = actor.clone();
    app.db
        .read(move |tx| {
            let node = place(tx, &actor, at)?;
            let (own, revision) = brands::get(tx, &node)?;
            let above: Vec<NodeId> = node.parent_id.into_iter().collect();
            let mut names = directory::node_names(tx, actor.scope(), &above)?;
            let above = match node.parent_id {
                Some(parent) => brands::of_line(tx, Some(parent))?,
                None => Brand::default(),
            };
            let which = Which {
                // It has a button.
                kind: MailKind::Invitation,
                language: language.code(),
            };
            let stage = stage(tx, actor.scope(), &node, which)?;
            Ok(Seen {
                parent: node.parent_id.and_then(|id| names.remove(&id)),
                node,
                own,
                revision,
                above,
                which,
                stage,
            })
        })
        .await
}

fn page(
    app: &App,
    seen: &Seen,
    actor: &Actor,
    form: &Form,
    stale: Option<Vec<Difference>>,
    logo_error: Option<String>,
) -> Answer {
    let status = match logo_error {
        Some(_) => Status::UnprocessableEntity,
        None => form.status_of(stale.as_deref()),
    };
    let at = seen.node.id;
    let usual = Wording::usual(seen.which.kind, seen.which.language);
    let wording = seen.stage.manner.wordings.first().unwrap_or(&usual);
    let shown = seen.stage.show(app, seen.which, wording);
    let inherited = NAMES.into_iter().zip(values(&seen.above));
    let holds = seen.own.logo.or(seen.above.logo);
    let vendor = seen.node.kind == NodeKind::Vendor;
    let shown = json!({
        "can": companies::rights(actor),
        "node": companies::head(&seen.node, seen.parent.as_ref(), actor, &app.base_url),
        "vendor": vendor,
        "path": format!("/aziende/{at}"),
        "here": path(at),
        "tab": "brand",
        "editable": may(actor, Action::EditTexts) && (!vendor || may(actor, Action::ChangeSettings)),
        "form": form,
        "stale": stale,
        "name_max": NAME_MAX,
        "above": inherited.map(|(name, value)| (name.to_owned(), json!(value))).collect::<serde_json::Map<String, Value>>(),
        "logo": holds.map(logo_path),
        "logo_own": seen.own.logo.is_some(),
        "logo_error": logo_error,
        "sender": seen.stage.manner.sender().unwrap_or(&seen.stage.manner.settings.name),
        "reply_to": seen.stage.manner.help(),
        "html": shown.map(|message| message.html),
    });
    Page::new("pages/brand", shown)?
        .styles(styles(&seen.stage.manner))
        .status(status)
        .reply()
}

/// What was typed.
fn wanted(sent: &Sent) -> Result<Brand> {
    let mut check = Check::default();
    let name = check.line("nome_marchio", sent.get("nome_marchio"), NAME_MAX);
    let sender = check.line("nome_mittente", sent.get("nome_mittente"), NAME_MAX);
    let reply_to = check.email("rispondi_a", sent.get("rispondi_a"));
    let color = match sent.get("colore").map(Color::parse) {
        None => None,
        Some(Ok(color)) => Some(color),
        Some(Err(BadColor::TooPale)) => {
            check.fault("colore", Fault::OutOfRange);
            None
        }
        Some(Err(BadColor::Unreadable)) => {
            check.fault("colore", Fault::Invalid);
            None
        }
    };
    check.finish()?;
    Ok(Brand {
        name,
        sender,
        reply_to,
        color,
        logo: None,
    })
}

async fn show(app: &App, actor: &Actor, at: NodeId, language: Language) -> Answer {
    let seen = see(app, actor, at, language).await?;
    page(app, &seen, actor, &seen.form()?, None, None)
}

async fn save(app: &App, permit: Permit<EditTexts>, at: NodeId, language: Language, sent: &Sent) -> Answer {
    let actor = permit.actor().clone();
    let revision = sent.revision()?.map(|shown| shown.saturating_sub(1));
    let saved = match wanted(sent) {
        Ok(wanted) => brand::set(app, permit, at, revision, wanted).await,
        Err(wrong) => Err(wrong),
    };
    match saved {
        Ok(()) => Goto::to(path(at)).saying("brand-saved").reply(),
        Err(Error::Stale) => {
            let seen = see(app, &actor, at, language).await?;
            let stands = seen.form()?;
            let wanted = Form::again(sent, &FieldErrors::default(), language).revision(seen.revision + 1);
            let differing = wanted.differing(&stands, &NAMES);
            page(app, &seen, &actor, &wanted, Some(differing), None)
        }
        Err(error) => {
            let pale = matches!(&error, Error::Invalid(wrong) if wrong.has("colore", Fault::OutOfRange));
            let words = if pale {
                "brand-color-pale"
            } else {
                "brand-color-bad"
            };
            let form = Form::refused(sent, error, language)?;
            let form = form.explained("colore", messages::text(language, words));
            let seen = see(app, &actor, at, language).await?;
            page(app, &seen, &actor, &form, None, None)
        }
    }
}

async fn upload(
    app: &App,
    permit: Permit<EditTexts>,
    at: NodeId,
    language: Language,
    upload: Upload,
) -> Answer {
    let actor = permit.actor().clone();
    // Who may not is told so before the file is looked at.
    let seen = see(app, &actor, at, language).await?;
    let read = match upload.0 {
        None => Err("brand-logo-missing"),
        Some(file) => brand::read_logo(file).await?.map_err(|bad| match bad {
            BadLogo::TooLarge => "brand-logo-large",
            BadLogo::TooManyPixels => "brand-logo-pixels",
            BadLogo::Unreadable => "brand-logo-bad",
        }),
    };
    match read {
        Ok(logo) => {
            brand::set_logo(app, permit, at, Some(logo)).await?;
            Goto::to(path(at)).saying("brand-logo-saved").reply()
        }
        Err(words) => {
            let words = messages::text(language, words);
            page(app, &seen, &actor, &seen.form()?, None, Some(words))
        }
    }
}

async fn remove(app: &App, permit: Permit<EditTexts>, at: NodeId) -> Answer {
    brand::set_logo(app, permit, at, None).await?;
    Goto::to(path(at)).saying("brand-logo-removed").reply()
}

/// A company's brand.
#[get("/aziende/<id>/marchio")]
pub(crate) async fn marchio(
    app: &State<App>,
    permit: Permit<ReadTexts>,
    id: Id<NodeId>,
    language: Language,
) -> Answer {
    show(app, permit.actor(), of_company(&id)?, language).await
}

/// Sets it.
#[post("/aziende/<id>/marchio", data = "<sent>")]
pub(crate) async fn salva(
    app: &State<App>,
    permit: Permit<EditTexts>,
    id: Id<NodeId>,
    language: Language,
    sent: Sent,
) -> Answer {
    save(app, permit, of_company(&id)?, language, &sent).await
}

/// Shows another logo.
#[post("/aziende/<id>/marchio/logo", data = "<file>")]
pub(crate) async fn logo(
    app: &State<App>,
    permit: Permit<EditTexts>,
    id: Id<NodeId>,
    language: Language,
    file: Upload,
) -> Answer {
    upload(app, permit, of_company(&id)?, language, file).await
}

/// Shows no logo of its own any more.
#[post("/aziende/<id>/marchio/logo/togli", data = "<_sent>")]
pub(crate) async fn togli(
    app: &State<App>,
    permit: Permit<EditTexts>,
    id: Id<NodeId>,
    _sent: Sent,
) -> Answer {
    remove(app, permit, of_company(&id)?).await
}

/// The vendor's brand stands among the settings.
fn of_company(id: &Id<NodeId>) -> Result<NodeId> {
    match id.get()? {
        NodeId::VENDOR => Err(Error::NotFound),
        company => Ok(company),
    }
}

/// The vendor's brand.
#[get("/impostazioni/marchio")]
pub(crate) async fn marchio_fornitore(
    app: &State<App>,
    _settings: Permit<ReadSettings>,
    permit: Permit<ReadTexts>,
    language: Language,
) -> Answer {
    show(app, permit.actor(), NodeId::VENDOR, language).await
}

/// Sets it.
#[post("/impostazioni/marchio", data = "<sent>")]
pub(crate) async fn salva_fornitore(
    app: &State<App>,
    _settings: Permit<ChangeSettings>,
    permit: Permit<EditTexts>,
    language: Language,
    sent: Sent,
) -> Answer {
    save(app, permit, NodeId::VENDOR, language, &sent).await
}

/// Shows another logo.
#[post("/impostazioni/marchio/logo", data = "<file>")]
pub(crate) async fn logo_fornitore(
    app: &State<App>,
    _settings: Permit<ChangeSettings>,
    permit: Permit<EditTexts>,
    language: Language,
    file: Upload,
) -> Answer {
    upload(app, permit, NodeId::VENDOR, language, file).await
}

/// Shows no logo any more.
#[post("/impostazioni/marchio/logo/togli", data = "<_sent>")]
pub(crate) async fn togli_fornitore(
    app: &State<App>,
    _settings: Permit<ChangeSettings>,
    permit: Permit<EditTexts>,
    _sent: Sent,
) -> Answer {
    remove(app, permit, NodeId::VENDOR).await
}

/// A logo on its way out: a picture, and nothing else, wherever it is opened.
pub(crate) struct Picture(Vec<u8>);

impl<'r> Responder<'r, 'static> for Picture {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Response::build()
            .header(ContentType::PNG)
            .raw_header("Cache-Control", "public, max-age=31536000, immutable")
            .raw_header("Content-Security-Policy", "default-src 'none'; sandbox")
            // A preview is locked into a frame, which is of no site at all.
            .raw_header("Cross-Origin-Resource-Policy", "cross-origin")
            .sized_body(self.0.len(), Cursor::new(self.0))
            .ok()
    }
}

/// A logo, to who has its address.
#[get("/loghi/<id>")]
pub(crate) async fn loghi(
    app: &State<App>,
    id: Id<LogoId>,
) -> std::result::Result<Picture, crate::web::problem::Failure> {
    let id = id.get()?;
    let found = app.db.lookup(move |tx| brands::logo_by_id(tx, id)).await?;
    Ok(Picture(found.ok_or(Error::NotFound)?.png))
}
