// Chromium with an eye on everything that a page must never do.
import { chromium } from "playwright-core";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function open() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
  });
}

// A person at a browser: what goes wrong on any page that they see is remembered.
export async function person(browser, base, options = {}) {
  const context = await browser.newContext({
    baseURL: base,
    locale: "it-IT",
    timezoneId: "Europe/Rome",
    viewport: { width: 1440, height: 900 },
    ...options,
  });
  const wrong = [];
  // How long a page takes is measured elsewhere: on a busy machine it may take its time.
  context.setDefaultTimeout(180_000);
  const page = await context.newPage();
  let expected = [];
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !expected.some((status) => text.includes(`status of ${status}`))) {
      wrong.push(`${page.url()}: console: ${text}`);
    }
  });
  page.on("pageerror", (error) => wrong.push(`${page.url()}: script: ${error.message}`));
  page.on("dialog", (dialog) => {
    if (dialog.type() !== "beforeunload") wrong.push(`${page.url()}: dialog: ${dialog.message()}`);
    dialog.accept();
  });
  page.on("response", (response) => {
    if (response.status() >= 500) wrong.push(`${response.url()}: ${response.status()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`stopped by the content security policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return {
    context,
    page,
    wrong,
    // Statuses that a page is about to be refused with, and that the browser's console may speak of.
    expect: (...statuses) => { expected = statuses; },
    async signIn(email, password) {
      await page.goto("/accedi");
      await page.fill("#email", email);
      await page.fill("#password", password);
      await Promise.all([page.waitForURL((url) => url.pathname !== "/accedi"), page.click("main form button.btn--primary")]);
    },
    async theme(theme) {
      await context.addCookies([{ name: "sigillo_tema", value: theme, url: base }]);
    },
    async language(code) {
      await page.goto("/profilo");
      await page.selectOption("#lingua", code);
      // Sent without a script: only a whole new page tells that it was saved, also when the language stays the same.
      await Promise.all([
        page.waitForNavigation(),
        page.$eval("form[action='/profilo']", (form) => form.submit()),
      ]);
      await page.waitForSelector(`html[lang=${code}]`);
    },
    // What axe finds that is serious or critical.
    async axe() {
      await page.evaluate(axeSource);
      const found = await page.evaluate(async () => {
        const report = await globalThis.axe.run(document, { resultTypes: ["violations"] });
        return report.violations
          .filter((one) => ["serious", "critical"].includes(one.impact))
          .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
      });
      return found.map((one) => `${page.url()}: axe: ${one}`);
    },
  };
}

// The same page for many ids: what tells pages apart is their pattern.
export function pattern(path) {
  return path
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<id>")
    .replace(/^\/prodotti\/(?!nuovo)[^/?]+/, "/prodotti/<codice>");
}

// Every page that links lead to from the first, one of each pattern, in the order in which they were met.
export async function crawl(someone, most = 120) {
  const { page } = someone;
  const seen = new Map();
  const queue = ["/"];
  while (queue.length > 0 && seen.size < most) {
    const path = queue.shift();
    const key = pattern(path.split(/[?#]/)[0]);
    if (seen.has(key)) continue;
    const response = await page.goto(path);
    seen.set(key, path);
    if (!response) continue;
    if (response.status() >= 400) someone.wrong.push(`${path}: ${response.status()}, and a link leads to it`);
    const links = await page.$$eval("a[href]", (anchors) => anchors.map((anchor) => anchor.href));
    for (const link of links) {
      const url = new URL(link);
      const file = /^\/(static|api\/(?!docs)|\.well-known)|\.(csv|txt|xlsx|json|pem)$|\/(scarica|csv|xlsx|txt|json)(\/|$)/.test(url.pathname);
      if (url.origin === new URL(page.url()).origin && !file && url.hash === "") queue.push(url.pathname + url.search);
    }
  }
  return [...seen.values()];
}
