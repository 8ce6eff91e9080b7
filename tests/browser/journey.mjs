// From the first link to an activated key and its release, first with a script and then without one, as the vendor would
// do it. Reads {base, link} and prints what went wrong.
import { open, person } from "./browser.mjs";

const { base, link } = JSON.parse(process.env.SIGILLO_TOUR);
const email = "vendor@example.it";
const password = "quattro-cavalli-viola-in-fila";
const wrong = [];
const must = (holds, what) => { if (!holds) wrong.push(what); };
const text = (page, selector) => page.textContent(selector).then((found) => (found ?? "").trim());

// Sends the page's form and waits for the next page.
async function send(page, selector = "main form .btn--primary") {
  await Promise.all([page.waitForEvent("load"), page.click(selector)]);
}

async function setUp(page) {
  await page.goto(link);
  await page.fill("#nome", "Vittoria Fornitore");
  await page.fill("#email", email);
  await page.fill("#password", "corta");
  await send(page);
  must((await page.inputValue("#nome")) === "Vittoria Fornitore", "a form with a fault lost what was typed");
  must((await text(page, "#password-e")) !== "", "a short password is not spoken of beside its field");
  await page.fill("#password", password);
  await send(page);
  must(new URL(page.url()).pathname === "/accedi", `after the first link: ${page.url()}`);
}

async function defineProduct(page) {
  await page.goto("/prodotti/nuovo");
  await page.fill("#codice", "GESTIONALE");
  await page.fill("#nome_prodotto", "Gestionale \"Brenta\" <b>");
  await page.fill("#versione", "1.0");
  await send(page, "form[action='/prodotti/nuovo'] .btn--primary");
  must(new URL(page.url()).pathname === "/prodotti/GESTIONALE", `after a new product: ${page.url()}`);
}

async function generate(page, quantity) {
  await page.goto("/licenze/nuova?prodotto=GESTIONALE");
  await page.fill("#quantita", String(quantity));
  await page.fill("#numero_dispositivi", "2");
  await send(page, "#new-form .form-actions .btn--primary");
  must(/^\/lotti\//.test(new URL(page.url()).pathname), `after generating: ${page.url()}`);
  const keys = await page.$$eval("tbody .key a", (links) => links.map((one) => [one.href, one.lastChild.textContent.trim()]));
  must(keys.length === quantity, `${keys.length} keys of ${quantity}`);
  return keys[0];
}

async function activate(key, device) {
  const answer = await fetch(`${base}/api/licenze/attiva`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ chiave_licenza: key, dispositivo: { id: device, nome: device } }),
  });
  const said = await answer.json();
  must(answer.status === 200 && said.esito === "attivata", `activating: ${answer.status} ${JSON.stringify(said)}`);
}

async function release(page, sheet, device, script) {
  await page.goto(sheet);
  must((await page.content()).includes(device), `${device} does not stand on the licence's page`);
  await page.goto(`${sheet}/dispositivi`);
  const button = "a[href$='/rilascia']";
  if (script) {
    await page.click(button);
    await page.waitForSelector("#modal[open] #motivo");
    await page.fill("#modal #motivo", "PC sostituito");
    await send(page, "#modal form button:not([type='button'])");
  } else {
    await send(page, button);
    await page.fill("#motivo", "PC sostituito");
    await send(page, "main form .form-actions button");
  }
  await page.goto(sheet);
  must(!(await page.$(button)), `${device} still holds its place`);
}

const browser = await open();
try {
  for (const script of [true, false]) {
    const vendor = await person(browser, base, { javaScriptEnabled: script });
    const { page } = vendor;
    vendor.expect(422);
    if (script) await setUp(page);
    await vendor.signIn(email, password);
    if (script) await defineProduct(page);
    const [sheet, key] = await generate(page, script ? 3 : 1);
    const device = script ? "PC-CONTABILITA" : "PC-MAGAZZINO";
    await activate(key, device);
    await release(page, new URL(sheet).pathname, device, script);
    await page.goto("/");
    must(page.url().startsWith(base), "the dashboard does not open");
    await page.click(".topbar details.menu > summary");
    await send(page, "form[action='/esci'] button");
    must(new URL(page.url()).pathname === "/accedi", `after signing out: ${page.url()}`);
    await page.goto("/licenze");
    must(new URL(page.url()).pathname === "/accedi", "licences show without signing in");
    wrong.push(...vendor.wrong);
    await vendor.context.close();
  }
} catch (error) {
  wrong.push(String(error.stack ?? error));
} finally {
  await browser.close();
}
console.log(JSON.stringify({ wrong }));
