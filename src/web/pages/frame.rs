//! What belongs to no page: the theme, the language of who is not signed in, what browsers report.

use crate::{
    operations::App,
    web::{
        Settings,
        cookies::Kept,
        form::Sent,
        guards::Public,
        page::{Answer, Goto, own_path},
        reader::Language,
    },
};
use rocket::{Data, State, data::ToByteUnit, http::Status, post, time::Duration};

/// How long a choice is kept.
const YEAR: Duration = Duration::days(365);

fn back(sent: &Sent) -> Goto {
    Goto::to(sent.get("poi").and_then(own_path).unwrap_or("/"))
}

/// Chooses light, dark, or what the system has.
#[post("/aspetto", data = "<sent>")]
pub(crate) async fn aspetto(settings: &State<Settings>, sent: Sent) -> Answer {
    let theme = sent
        .get("tema")
        .filter(|theme| ["light", "dark"].contains(theme))
        .unwrap_or("system");
    let cookie = Kept::Theme.lasting(settings, theme.to_owned(), YEAR);
    back(&sent).cookie(cookie).reply()
}

/// Switches the shortcuts of a single key on or off, for this browser.
#[post("/aspetto/tasti", data = "<sent>")]
pub(crate) async fn tasti(settings: &State<Settings>, sent: Sent) -> Answer {
    let (word, said) = match sent.ticked("tasti") {
        true => ("si", "keys-on"),
        false => ("no", "keys-off"),
    };
    let cookie = Kept::Keys.lasting(settings, word.to_owned(), YEAR);
    back(&sent).saying(said).cookie(cookie).reply()
}

/// Chooses the language of public pages.
#[post("/lingua", data = "<sent>")]
pub(crate) async fn lingua(settings: &State<Settings>, sent: Sent) -> Answer {
    let language = sent
        .get("lingua")
        .and_then(Language::from_code)
        .unwrap_or(Language::Italian);
    let cookie = Kept::Language.lasting(settings, language.code().to_owned(), YEAR);
    back(&sent).cookie(cookie).reply()
}

/// Takes browsers' reports of what the content security policy stopped. Anybody can send them: they are cut short, only
/// written to the program's log, and so many of an address.
#[post("/csp", data = "<report>")]
pub(crate) async fn csp(app: &State<App>, public: Public, report: Data<'_>) -> Status {
    if app.limits.report(public.0.origin().address).is_ok()
        && let Ok(report) = report.open(4.kibibytes()).into_string().await
    {
        tracing::warn!(report = ?report.value, "a browser reports what the content security policy stopped");
    }
    Status::NoContent
}
