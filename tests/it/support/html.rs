//! Pages as a browser's parser reads them: their links, their forms, and whether all that is markup was written by a
//! template.

use super::hostile::{MARK, WORKED_OUT};
use html5ever::{ParseOpts, driver::parse_document, tendril::TendrilSink, tree_builder::TreeBuilderOpts};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// A field of a form.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    /// An input's type, `textarea`, `select` or `button`.
    pub kind: String,
    /// What would be sent; none where nothing is.
    pub value: Option<String>,
    /// What can be chosen.
    pub options: Vec<String>,
}

impl Field {
    /// Whether people type into it.
    pub fn is_typed(&self) -> bool {
        ![
            "hidden", "select", "button", "checkbox", "radio", "submit", "file",
        ]
        .contains(&self.kind.as_str())
    }
}

/// A form.
#[derive(Debug, Clone)]
pub struct Form {
    pub method: String,
    pub action: String,
    /// Where its fields go besides: by another button, or by htmx.
    pub further: BTreeSet<String>,
    pub fields: Vec<Field>,
}

impl Form {
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A page, or a part of one.
pub struct Html {
    /// Where its links lead, in the order of the page.
    pub links: Vec<String>,
    pub forms: Vec<Form>,
    /// Fields that something is wrong with, by the words beside them.
    pub wrong: BTreeSet<String>,
    /// All that is read, by eyes or otherwise: texts, and attributes that are.
    pub texts: Vec<String>,
    /// What no template wrote.
    pub faults: Vec<String>,
}

/// Elements and attributes that templates write, and those that a parser adds.
static WRITTEN: LazyLock<(BTreeSet<String>, BTreeSet<String>)> = LazyLock::new(|| {
    let mut sources = vec![
        include_str!("../../../src/web/icons.rs").to_owned(),
        include_str!("../../../src/web/charts.rs").to_owned(),
    ];
    let mut folders = vec![concat!(env!("CARGO_MANIFEST_DIR"), "/templates").to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path.to_str().unwrap().to_owned());
            } else {
                sources.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '_');
    let added = [
        "html", "head", "body", "tbody", "path", "circle", "rect", "line", "polyline", "polygon", "ellipse",
    ];
    let mut elements: BTreeSet<String> = added.into_iter().map(str::to_owned).collect();
    let standing = [
        "required",
        "checked",
        "selected",
        "disabled",
        "hidden",
        "novalidate",
        "defer",
        "open",
        "autofocus",
        "multiple",
        "formnovalidate",
        "download",
        "readonly",
        "popover",
        "sandbox",
        "aria-invalid",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "x1",
        "x2",
        "y1",
        "y2",
        "d",
        "points",
        "x",
        "y",
        "width",
        "height",
        "fill",
        "stroke",
        "transform",
        "opacity",
    ];
    let mut attributes: BTreeSet<String> = standing.into_iter().map(str::to_owned).collect();
    for source in &sources {
        for tag in source.split('<').skip(1) {
            let name: String = tag.chars().take_while(|c| is_name(*c)).collect();
            if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                elements.insert(name.to_lowercase());
            }
        }
        for quote in ["=\"", "='", "=\\\""] {
            let mut parts: Vec<&str> = source.split(quote).collect();
            parts.pop();
            for part in parts {
                let name: String = part.chars().rev().take_while(|c| is_name(*c)).collect();
                attributes.insert(name.chars().rev().collect::<String>().to_lowercase());
            }
        }
        for word in source
            .split(|c: char| !is_name(c))
            .filter(|word| word.starts_with("data-"))
        {
            attributes.insert(word.to_owned());
        }
    }
    (elements, attributes)
});

/// What of a message's HTML the program did not write.
pub fn letter(text: &str) -> Vec<String> {
    fn walk(node: &Handle, faults: &mut Vec<String>) {
        if let NodeData::Element { name, attrs, .. } = &node.data {
            let name = name.local.to_string();
            let written = [
                "html", "head", "meta", "title", "body", "div", "p", "br", "a", "img",
            ];
            if !written.contains(&name.as_str()) {
                faults.push(format!("a message with <{name}>"));
            }
            for attribute in attrs.borrow().iter() {
                let (key, value) = (attribute.name.local.to_string(), attribute.value.to_string());
                let fits = match (name.as_str(), key.as_str()) {
                    ("a", "href") => ["https://", "http://", "mailto:"]
                        .iter()
                        .any(|scheme| value.starts_with(scheme)),
                    ("img", "src") => value.starts_with("/loghi/") || value == "cid:logo",
                    (_, "style") => !value.contains(MARK) && !value.contains("url("),
                    ("img", "alt" | "width") | ("html", "lang") | ("meta", _) => true,
                    _ => false,
                };
                if !fits {
                    faults.push(format!("a message with <{name} {key}={value:?}>"));
                }
            }
        }
        for child in node.children.borrow().iter() {
            walk(child, faults);
        }
    }
    let mut faults = Vec::new();
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(text);
    walk(&dom.document, &mut faults);
    faults
}

/// Attributes in which a text may stand.
const TEXTUAL: [&str; 12] = [
    "value",
    "title",
    "aria-label",
    "placeholder",
    "content",
    "alt",
    "data-copy",
    "data-value",
    "data-label",
    "datetime",
    "data-text",
    "label",
];
/// Attributes that are addresses.
const ADDRESSES: [&str; 12] = [
    "href",
    "src",
    "action",
    "formaction",
    "hx-get",
    "hx-post",
    "hx-put",
    "hx-delete",
    "hx-patch",
    "poster",
    "data",
    "hx-push-url",
];

/// A text as it is compared: white space, and what a parser puts in place of some characters, do not matter.
pub fn plain(text: &str) -> String {
    text.replace(['\0', '\u{fffd}'], "")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

impl Html {
    /// Reads a page; `element` is none for a whole page.
    pub fn read(text: &str) -> Self {
        let options = ParseOpts {
            tree_builder: TreeBuilderOpts {
                scripting_enabled: false,
                ..TreeBuilderOpts::default()
            },
            ..ParseOpts::default()
        };
        let dom = parse_document(RcDom::default(), options).one(text);
        let mut html = Self {
            links: Vec::new(),
            forms: Vec::new(),
            wrong: BTreeSet::new(),
            texts: Vec::new(),
            faults: Vec::new(),
        };
        let mut walk = Walk {
            form: None,
            posts: Vec::new(),
            name: String::new(),
        };
        html.node(&dom.document, &mut walk);
        let all = html.texts.join("\n");
        for worked_out in [format!("{WORKED_OUT}{MARK}"), format!("zq{WORKED_OUT}")] {
            if all.contains(&worked_out) {
                html.faults.push("a text was worked out".into());
            }
        }
        html
    }

    fn node(&mut self, node: &Handle, walk: &mut Walk) {
        match &node.data {
            NodeData::Text { contents } => {
                let contents = contents.borrow();
                if ["script", "style", "title-raw"].contains(&walk.name.as_str())
                    && !contents.trim().is_empty()
                {
                    self.faults.push(format!("<{}> holds {contents:?}", walk.name));
                }
                self.read_text(&contents);
            }
            NodeData::Comment { contents } if contents.to_lowercase().contains(MARK) => {
                self.faults.push(format!("a comment: {contents}"));
            }
            NodeData::Element { name, attrs, .. } => {
                let attributes: BTreeMap<String, String> = attrs
                    .borrow()
                    .iter()
                    .map(|attribute| (attribute.name.local.to_lowercase(), attribute.value.to_string()))
                    .collect();
                let name = name.local.to_lowercase();
                self.element(&name, &attributes);
                let deeper = self.forms_of(node, &name, &attributes, walk);
                let outer = std::mem::replace(&mut walk.name, name);
                for child in node.children.borrow().iter() {
                    self.node(child, walk);
                }
                walk.name = outer;
                if deeper.opened {
                    walk.form = None;
                }
                if deeper.posts {
                    walk.posts.pop();
                }
                return;
            }
            _ => {}
        }
        for child in node.children.borrow().iter() {
            self.node(child, walk);
        }
    }

    fn read_text(&mut self, text: &str) {
        let text = plain(text);
        if !text.is_empty() {
            self.texts.push(text);
        }
    }

    /// What a template would not have written.
    fn element(&mut self, name: &str, attributes: &BTreeMap<String, String>) {
        let (elements, known) = &*WRITTEN;
        let mut fault = |what: String| self.faults.push(format!("<{name} {attributes:?}>: {what}"));
        if !elements.contains(name) {
            fault("an element that no template writes".into());
        }
        let get = |attribute: &str| attributes.get(attribute).map(String::as_str).unwrap_or_default();
        match name {
            "script" if !get("src").starts_with("/static/") => fault("a script that is not ours".into()),
            "link" if !get("href").starts_with("/static/") => fault("a file that is not ours".into()),
            // A message as it is read: no script, and nothing but what the program writes into messages.
            "iframe" => {
                if attributes
                    .get("sandbox")
                    .is_none_or(|allowed| !allowed.is_empty())
                {
                    fault("not locked in".into());
                }
                for found in letter(get("srcdoc")) {
                    fault(found);
                }
            }
            "style" | "base" | "object" | "embed" | "frame" | "applet" => fault("never".into()),
            "meta" if attributes.contains_key("http-equiv") => fault("never".into()),
            _ => {}
        }
        for (attribute, value) in attributes {
            let attribute = attribute.as_str();
            let marked = value.to_lowercase().contains(MARK);
            if !known.contains(attribute) {
                fault(format!("{attribute}: no template writes it"));
            }
            if attribute == "srcdoc" && name == "iframe" {
                continue;
            }
            if attribute.starts_with("on") || ["style", "srcdoc", "ping"].contains(&attribute) {
                fault(format!("{attribute}: never"));
            }
            if ADDRESSES.contains(&attribute) {
                // What people type leads elsewhere only from a link, and only by HTTP, mail or telephone.
                let elsewhere = name == "a"
                    && attribute == "href"
                    && ["https://", "http://", "mailto:"]
                        .iter()
                        .any(|scheme| value.starts_with(scheme));
                let number = value.strip_prefix("tel:").unwrap_or_default();
                let call = name == "a"
                    && attribute == "href"
                    && !number.is_empty()
                    && number.chars().all(|c| c.is_ascii_digit() || c == '+');
                let elsewhere = elsewhere || call;
                let here = value.is_empty()
                    || value == "true"
                    || value == "false"
                    || value.starts_with('#')
                    || value.starts_with('?')
                    || (value.starts_with('/') && !value.starts_with("//") && !value.starts_with("/\\"));
                let path = value.split('?').next().unwrap_or_default().to_lowercase();
                if !elsewhere && (!here || path.contains(MARK)) || value.chars().any(char::is_control) {
                    fault(format!("{attribute} leads elsewhere"));
                }
            } else if marked && !TEXTUAL.contains(&attribute) {
                fault(format!("{attribute} holds a text"));
            }
            if TEXTUAL.contains(&attribute) {
                self.texts.push(plain(value));
            }
        }
    }

    /// Links, forms, and what is wrong with their fields.
    fn forms_of(
        &mut self,
        node: &Handle,
        name: &str,
        attributes: &BTreeMap<String, String>,
        walk: &mut Walk,
    ) -> Deeper {
        let get = |attribute: &str| attributes.get(attribute).cloned();
        let mut deeper = Deeper::default();
        if let (Some(id), Some(class)) = (get("id"), get("class"))
            && class.split(' ').any(|class| class == "error")
            && let Some(field) = id.strip_suffix("-e")
        {
            self.wrong.insert(field.to_owned());
        }
        let posts = get("hx-post");
        match name {
            "a" => {
                let href = get("href").unwrap_or_default();
                if href.starts_with('/') && !href.starts_with("//") {
                    self.links
                        .push(href.split('#').next().unwrap_or_default().to_owned());
                }
            }
            "form" => {
                deeper.opened = true;
                walk.form = Some(self.forms.len());
                self.forms.push(Form {
                    method: get("method").unwrap_or_default().to_lowercase(),
                    action: get("action").unwrap_or_default(),
                    further: walk.posts.iter().cloned().collect(),
                    fields: Vec::new(),
                });
            }
            "input" | "textarea" | "select" | "button" => self.field(node, name, attributes, walk.form),
            _ => {}
        }
        let form = walk.form.and_then(|n| self.forms.get_mut(n));
        if let Some(form) = form {
            form.further.extend(get("formaction"));
            form.further.extend(posts.clone());
        }
        if let Some(posts) = posts {
            walk.posts.push(posts);
            deeper.posts = true;
        }
        deeper
    }

    fn field(
        &mut self,
        node: &Handle,
        name: &str,
        attributes: &BTreeMap<String, String>,
        form: Option<usize>,
    ) {
        let get = |attribute: &str| attributes.get(attribute).cloned();
        let (Some(form), Some(field)) = (form.and_then(|n| self.forms.get_mut(n)), get("name")) else {
            return;
        };
        if attributes.contains_key("disabled") {
            return;
        }
        let kind = match name {
            "input" => get("type").unwrap_or_else(|| "text".into()),
            other => other.to_owned(),
        };
        let ticked = attributes.contains_key("checked");
        let mut options = Vec::new();
        let value = match kind.as_str() {
            "textarea" => Some(inner(node)),
            "select" => {
                let mut chosen = None;
                choices(node, &mut options, &mut chosen);
                chosen.or_else(|| options.first().cloned())
            }
            "button" => None,
            "checkbox" | "radio" => {
                options.extend(get("value"));
                get("value").filter(|_| ticked)
            }
            _ => Some(get("value").unwrap_or_default()),
        };
        form.fields.push(Field {
            name: field,
            kind,
            value,
            options,
        });
    }
}

/// Where a walk stands.
struct Walk {
    /// The form around.
    form: Option<usize>,
    /// Addresses that elements around post to.
    posts: Vec<String>,
    /// The element around.
    name: String,
}

#[derive(Default)]
struct Deeper {
    opened: bool,
    posts: bool,
}

fn inner(node: &Handle) -> String {
    let mut text = String::new();
    for child in node.children.borrow().iter() {
        if let NodeData::Text { contents } = &child.data {
            text.push_str(&contents.borrow());
        }
    }
    text
}

fn choices(node: &Handle, options: &mut Vec<String>, chosen: &mut Option<String>) {
    for child in node.children.borrow().iter() {
        if let NodeData::Element { name, attrs, .. } = &child.data {
            if &*name.local == "option" {
                let attrs = attrs.borrow();
                let value = attrs.iter().find(|attribute| &*attribute.name.local == "value");
                let value = value.map_or_else(|| inner(child), |attribute| attribute.value.to_string());
                if attrs.iter().any(|attribute| &*attribute.name.local == "selected") {
                    *chosen = Some(value.clone());
                }
                options.push(value);
            }
            choices(child, options, chosen);
        }
    }
}

#[test]
fn what_no_template_wrote_is_seen() {
    let clean = "<!doctype html><html lang=it><head><title>x</title></head><body><main class=\"main\"><p>mazqzq01 &lt;b&gt;</p>\
        <form method=\"post\" action=\"/a\"><input class=\"input\" name=\"n\" value=\"&quot;&gt;mazqzq01\"></form></main></body></html>";
    let page = Html::read(clean);
    assert!(page.faults.is_empty(), "{:#?}", page.faults);
    assert_eq!(page.forms[0].fields[0].value.as_deref(), Some("\">mazqzq01"));
    for hostile in super::hostile::texts() {
        let Some(text) = hostile
            .text()
            .filter(|text| text.contains('<') || text.contains("on"))
        else {
            continue;
        };
        let is_harmless = |page: &str| Html::read(page).faults.is_empty();
        let escaped = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('"', "&quot;")
            .replace('\'', "&#x27;");
        assert!(
            is_harmless(&format!("<p title=\"{escaped}\">{escaped}</p>")),
            "{text}"
        );
        if text.contains("id=maz") && !text.starts_with('%') && !text.contains('&') && !text.starts_with('\\')
        {
            assert!(!is_harmless(&format!("<p title=\"{text}\">{text}</p>")), "{text}");
        }
    }
    for raw in [
        "<p title=\"mazqzq05\" autofocus onfocus=\"alert(1)\">x</p>",
        "<p hx-get=\"/mazqzq05\">x</p>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\"//example.com\">x</a>",
        "<p>1337mazqzq25</p>",
        "<script>x</script>",
        "<iframe srcdoc=\"<p>x</p>\"></iframe>",
        "<iframe sandbox=\"allow-scripts\" srcdoc=\"<p>x</p>\"></iframe>",
        "<iframe sandbox srcdoc=\"<b>x</b>\"></iframe>",
        "<iframe sandbox srcdoc=\"<p onclick=x>x</p>\"></iframe>",
        "<iframe sandbox srcdoc=\"<a href=javascript:x>x</a>\"></iframe>",
        "<p class=\"mazqzq01\">x</p>",
    ] {
        assert!(!Html::read(raw).faults.is_empty(), "{raw}");
    }
}
