//! Somebody at a browser: signed in at the portal, by the cookie alone.

use super::{Reply, World};
use rocket::{
    http::{ContentType, Header, Method},
    local::asynchronous::LocalRequest,
};

/// Where the portal of tests is.
const ORIGIN: &str = "https://licenze.example.it";

/// A browser in which somebody is signed in.
pub struct Browser<'w> {
    world: &'w World,
    cookie: String,
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    form.finish()
}

impl<'w> Browser<'w> {
    /// Signs in.
    pub async fn sign_in(world: &'w World, email: &str, password: &str) -> Self {
        let browser = Self {
            world,
            cookie: String::new(),
        };
        let reply = browser
            .post("/accedi", &[("email", email), ("password", password)])
            .await
            .expect(303);
        let cookie = reply
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
            .filter_map(|(_, cookie)| cookie.split(';').next())
            .collect::<Vec<_>>()
            .join("; ");
        Self { cookie, ..browser }
    }

    fn request(&self, method: Method, path: &str) -> LocalRequest<'w> {
        let request = self.world.request(method, path);
        if self.cookie.is_empty() {
            request
        } else {
            request.header(Header::new("Cookie", self.cookie.clone()))
        }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::Get, path)).await
    }

    /// Asks for the part of a page, as htmx does.
    pub async fn part(&self, path: &str) -> Reply {
        let request = self
            .request(Method::Get, path)
            .header(Header::new("HX-Request", "true"));
        Reply::of(request).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let request = self
            .request(Method::Post, path)
            .header(ContentType::Form)
            .header(Header::new("Origin", ORIGIN))
            .body(encoded(fields));
        Reply::of(request).await
    }

    /// Sends a form from another site.
    pub async fn post_from_elsewhere(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let request = self
            .request(Method::Post, path)
            .header(ContentType::Form)
            .header(Header::new("Origin", "https://example.com"))
            .body(encoded(fields));
        Reply::of(request).await
    }
}

impl Reply {
    /// Where to go next.
    #[track_caller]
    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_else(|| panic!("{}", self.text))
    }

    /// The value of the first field of a page's form with this name.
    #[track_caller]
    pub fn value(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let at = self.text.find(&mark).unwrap_or_else(|| panic!("no {name} in {}", self.text));
        let rest = &self.text[at + mark.len()..];
        rest.split('"').next().unwrap().to_owned()
    }

    /// Holds that a page shows this.
    #[track_caller]
    pub fn shows(self, text: &str) -> Self {
        assert!(self.text.contains(text), "no {text:?} in {}", self.text);
        self
    }

    /// Holds that a page does not show this.
    #[track_caller]
    pub fn hides(self, text: &str) -> Self {
        assert!(!self.text.contains(text), "{text:?} in {}", self.text);
        self
    }
}
