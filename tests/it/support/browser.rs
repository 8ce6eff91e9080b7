//! Somebody at a browser: cookies, pages, forms sent from the portal's own pages.

use super::{Reply, World};
use rocket::{
    http::{ContentType, Cookie, Header, Method, Status},
    local::asynchronous::LocalRequest,
};
use std::{cell::RefCell, collections::BTreeMap};

/// The portal's public address in tests.
const ORIGIN: &str = "https://licenze.example.it";

/// A PNG of one pixel.
pub const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82";

/// A browser with its cookies.
pub struct Browser<'w> {
    world: &'w World,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl<'w> Browser<'w> {
    /// A browser that nobody signed in at.
    pub fn new(world: &'w World) -> Self {
        Self {
            world,
            cookies: RefCell::default(),
        }
    }

    /// A browser at which a user signed in.
    pub async fn sign_in(world: &'w World, email: &str, password: &str) -> Self {
        let browser = Self::new(world);
        let reply = browser
            .post("/accedi", &[("email", email), ("password", password)])
            .await;
        assert_eq!(reply.status, Status::SeeOther, "{email}: {}", reply.text);
        browser
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::Get, path, None, &[]).await
    }

    /// Opens a part of a page, as htmx asks for it.
    pub async fn part(&self, path: &str) -> Reply {
        self.send(Method::Get, path, None, &[("HX-Request", "true")])
            .await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(Method::Post, path, Some(fields), &[("Origin", ORIGIN)])
            .await
    }

    /// Sends a form from another site.
    pub async fn post_from_elsewhere(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let headers = [("Origin", "https://example.com")];
        self.send(Method::Post, path, Some(fields), &headers).await
    }

    /// Sets a cookie: a language, a theme.
    pub fn keep(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.borrow_mut();
        if value.is_empty() {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// A request with the cookies.
    fn request(&self, method: Method, path: &str) -> LocalRequest<'w> {
        let mut request = self.world.request(method, path);
        for (name, value) in &*self.cookies.borrow() {
            request = request.cookie(Cookie::new(name.clone(), value.clone()));
        }
        request
    }

    /// Asks for anything, as a browser does that wants a page.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        fields: Option<&[(&str, &str)]>,
        headers: &[(&'static str, &'static str)],
    ) -> Reply {
        let mut request = self
            .request(method, path)
            .header(Header::new("Accept", "text/html"));
        for (name, value) in headers {
            request = request.header(Header::new(*name, *value));
        }
        if let Some(fields) = fields {
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.extend_pairs(fields);
            request = request.header(ContentType::Form).body(form.finish());
        }
        let reply = Reply::of(request).await;
        self.remember(&reply);
        reply
    }

    /// Sends a form whose body is these bytes, whatever they are.
    pub async fn post_raw(&self, path: &str, body: Vec<u8>) -> Reply {
        let request = self
            .request(Method::Post, path)
            .header(Header::new("Accept", "text/html"))
            .header(Header::new("Origin", ORIGIN))
            .header(ContentType::Form)
            .body(body);
        let reply = Reply::of(request).await;
        self.remember(&reply);
        reply
    }

    /// Sends a file, as a form does that has a field for one.
    pub async fn post_file(&self, path: &str, field: &str, file: &[u8]) -> Reply {
        let mut body = format!(
            "--xyz\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"logo.svg\"\r\n\
             Content-Type: image/svg+xml\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--xyz--\r\n");
        let request = self
            .request(Method::Post, path)
            .header(Header::new("Accept", "text/html"))
            .header(Header::new("Origin", ORIGIN))
            .header(Header::new("Content-Type", "multipart/form-data; boundary=xyz"))
            .body(body);
        let reply = Reply::of(request).await;
        self.remember(&reply);
        reply
    }

    /// Downloads a file, with its headers.
    pub async fn download(&self, path: &str) -> (Reply, Vec<u8>) {
        let response = self.request(Method::Get, path).dispatch().await;
        let headers = response.headers().iter();
        let reply = Reply {
            status: response.status(),
            headers: headers
                .map(|h| (h.name().to_string().to_lowercase(), h.value().to_owned()))
                .collect(),
            text: String::new(),
            body: serde_json::Value::Null,
        };
        (reply, response.into_bytes().await.unwrap_or_default())
    }

    /// Keeps the cookies of an answer.
    fn remember(&self, reply: &Reply) {
        for (name, value) in &reply.headers {
            if name == "set-cookie"
                && let Some((name, value)) = value.split(';').next().and_then(|pair| pair.split_once('='))
            {
                self.keep(name, value);
            }
        }
    }
}

impl Reply {
    /// Where to go next.
    #[track_caller]
    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_else(|| panic!("{}", self.text))
    }

    /// Holds that the answer leads on to another page, and gives its address.
    #[track_caller]
    pub fn leads(&self) -> String {
        assert_eq!(self.status, Status::SeeOther, "{}", self.text);
        self.location().to_owned()
    }

    /// What stands in the first field of the page's form with this name.
    #[track_caller]
    pub fn value(&self, name: &str) -> String {
        let at = format!("name=\"{name}\"");
        let field = self
            .text
            .split('<')
            .find(|tag| tag.contains(&at))
            .unwrap_or_else(|| panic!("no field {name} in {}", self.text));
        let value = field.split("value=\"").nth(1);
        value
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_default()
            .to_owned()
    }

    /// Holds that the page says this.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.text.contains(words), "no {words:?} in {}", self.text);
        self
    }

    /// Holds that the page does not say this.
    #[track_caller]
    pub fn hides(&self, words: &str) -> &Self {
        assert!(!self.text.contains(words), "{words:?} in {}", self.text);
        self
    }
}
