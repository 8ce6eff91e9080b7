//! Fifty texts that do harm where they are taken for anything but text. Each carries a word of its own (`mazqzq07`) in
//! the very place that would become an element, an attribute, an address or a formula, so that a parser finds it there.

use super::html::plain;
use std::fmt::Write;

/// How every text's word begins.
pub const MARK: &str = "mazqzq";

/// What `7*191` would be where somebody works it out.
pub const WORKED_OUT: &str = "1337";

/// A text that somebody hostile types.
pub struct Hostile {
    /// As it is sent; not always Unicode.
    pub bytes: Vec<u8>,
}

impl Hostile {
    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// The text as a form keeps it.
    pub fn lossy(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The text as it is kept in one line and read on a page.
    pub fn shown(&self) -> String {
        plain(&sigillo::domain::text::clean(&self.lossy()))
    }
}

/// With `§` for the word. Elements that would appear carry it as their `id`, and so does every attribute.
const TEXTS: [&str; 46] = [
    // Out of an element's text, an attribute, a raw text, a comment.
    "\"><script id=§>alert(1)</script>",
    "'><img src=x id=§ onerror=alert(1)>",
    "</title></textarea></style></script></noscript><svg id=§ onload=alert(1)>",
    "--><iframe name=§ src=javascript:alert(1)></iframe><!--",
    "</option></select><b id=§>",
    "</form><form id=§ action=//example.com/§><input name=§>",
    "§\" autofocus onfocus=\"alert('§')\" x=\"§",
    "§' onmouseover='alert(1)' x='§",
    "§ onclick=alert(1) x=§",
    "`§` onmouseover=`alert(1)",
    "<base href=//example.com/§><meta http-equiv=refresh content=\"0;url=//example.com/§\">",
    "<style id=§>*{background:url(//example.com/§)}</style><link rel=stylesheet href=//example.com/§>",
    "<math id=§><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x id=§ onerror=alert(1)&gt;\">",
    "<!--[if gte IE 4]><script id=§>alert(1)</script><![endif]--><![CDATA[<b id=§>]]>",
    "<details open ontoggle=alert(1) id=§><summary>§</summary><object data=\"data:text/html,§\">",
    // Addresses that run.
    "javascript:alert('§')//",
    "java\tscript:alert('§')",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==§",
    "https://example.com/\"><b id=§>",
    "//example.com/§",
    "/\\example.com/§",
    // htmx.
    "\"><b hx-get=/§ hx-trigger=load>",
    "\" hx-post=\"/esci?§\" hx-trigger=\"load",
    "<div id=§ hx-on:click=\"alert(1)\" data-hx-get=\"/§\" hx-vals='js:{x:alert(1)}'></div>",
    // Templates and messages.
    "{{ 7*191 }}§{{ 7*191 }}{{ get_env(name=\"HOME\") }}",
    "{% include \"§\" %}{% raw %}{# § #}{% endraw %}{{ __tera_context }}",
    "§${7*191}§#{7*191}§<%= 7*191 %>§[[7*191]]§",
    "{ $name } { -brand } { \"§\" } { NUMBER(7) } { $n -> [one] § *[other] § }",
    // References and escapes of other notations.
    "&lt;b id=§&gt; &#x3c;b id=§&#x3e; &amp;quot; &quot;§",
    "<!DOCTYPE x [<!ENTITY § SYSTEM \"file:///etc/passwd\">]><x>&§;</x>",
    "\\u003cb id=§\\u003e \\x3cb\\x3e \\\"§\\' ",
    "%3Cb%20id=§%3E%253Cb%253E%u003cb%00+§",
    "§%s%n%x{}{:?}{0}%p$(id)`id`|id;id&&id",
    // Databases.
    "§'; DROP TABLE users; -- ",
    "§%' OR '1'='1' /* _%\\\\ */ \" OR \"\"=\"",
    // Formulas.
    "=cmd|' /C calc'!A0§",
    "+§+39*1",
    "-2+3+§",
    "@SUM(1+1)*§",
    "\r\n=HYPERLINK(\"//example.com/§\";\"x\")",
    // Lines, headers, mail.
    "§\r\nSet-Cookie: §=1\r\n\r\n<b id=§>\u{2028}alert(1)\u{2029}\u{85}",
    "§@example.com\r\nBcc: §@example.com\n",
    // What cannot be seen, or looks like something else.
    "§\0<b id=§>\0\u{1}\u{8}\u{1b}[31m\u{7f}\u{9b}",
    "\u{202e}§\u{202c}\u{2066}exe.\u{2069}\u{200b}\u{feff}\u{2060}\u{e0041}\u{200f}§",
    "§ مرحبا שלום 👩‍👩‍👧‍👦🏳️‍🌈🇮🇹 рауpаl \u{ff1c}b id=§\u{ff1e} İıẞß",
    "../../../../etc/passwd/§ ..%2f..%2f§%00.html ..\\..\\§",
];

/// All fifty.
pub fn texts() -> Vec<Hostile> {
    let word = |n: usize| format!("{MARK}{n:02}");
    let mut all: Vec<Hostile> = TEXTS
        .iter()
        .enumerate()
        .map(|(n, text)| Hostile {
            bytes: text.replace('§', &word(n)).into_bytes(),
        })
        .collect();
    let mut add = |make: &dyn Fn(&str) -> Vec<u8>| {
        let word = word(all.len());
        all.push(Hostile { bytes: make(&word) });
    };
    // Marks upon marks, and letters that grow when they are folded.
    add(&|word| format!("{word} Z{}{}", "\u{335}\u{489}".repeat(60), "\u{fdfa}".repeat(12)).into_bytes());
    // Far too long.
    add(&|word| {
        let mut text = format!("{word}<b id={word}>");
        for _ in 0..1000 {
            write!(text, "lungo à ").unwrap();
        }
        text.into_bytes()
    });
    // Halves of a surrogate pair, as bytes.
    add(&|word| {
        [
            word.as_bytes(),
            b"\xed\xa0\x80<b id=",
            word.as_bytes(),
            b">\xed\xb0\x80",
        ]
        .concat()
    });
    // `<` in more bytes than it needs, the end of a character alone, bytes that are never part of one.
    add(&|word| {
        [
            word.as_bytes(),
            b"\xc0\xbcb id=",
            word.as_bytes(),
            b"\xc0\xbe\x80\xf8\xff\xfe",
        ]
        .concat()
    });
    all
}
