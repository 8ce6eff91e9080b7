// The palette, the shortcuts and what is told of changes in place. Reads {base, people: [{role, email, password}]} and
// prints what went wrong. Every step waits for what it leads to, and none for a time.
import { open, person } from "./browser.mjs";

const { base, people } = JSON.parse(process.env.SIGILLO_TOUR);
const wrong = [];
const must = (holds, what) => { if (!holds) wrong.push(what); };
const of = (role) => people.find((one) => one.role === role);
const browser = await open();

// At a page, with the path in it.
const at = (page, path) => page.waitForURL((url) => url.pathname === path, { waitUntil: "load" });
const closed = (page) => page.waitForFunction(() => !document.querySelector("dialog[open]"));
const chosen = (page) => page.textContent("#palette-list [aria-selected=true] .truncate");
const answered = (page, typed) => page.waitForFunction(
  (asked) => {
    const list = document.querySelector("#palette-list");
    return list?.dataset.asked === asked && list.querySelector("[aria-selected=true]");
  },
  typed,
);
async function palette(page, typed = "") {
  await page.keyboard.press("Control+k");
  await page.waitForSelector("#palette[open]");
  await page.keyboard.type(typed);
  await answered(page, typed);
}
const options = (page) => page.$$eval("#palette-list [role=option]", (all) => all.map((one) => new URL(one.href).pathname));

async function throughThePalette(someone) {
  const { page } = someone;
  await page.goto("/licenze");
  await page.focus("#filters input[name=q]");
  await palette(page);
  const all = await options(page);
  must(all.includes("/licenze/nuova") && all.includes("/impostazioni"), `the vendor finds ${all}`);
  const first = await chosen(page);
  await page.keyboard.press("ArrowUp");
  const active = () => page.getAttribute("#palette-q", "aria-activedescendant");
  must((await active()) === `palette-${all.length}`, `up from the first: ${await active()}`);
  await page.keyboard.press("ArrowDown");
  must((await chosen(page)) === first, "down from the last is not the first");
  await page.keyboard.press("End");
  must((await active()) === `palette-${all.length}`, `End: ${await active()}`);
  await page.keyboard.press("Home");
  must((await active()) === "palette-1", `Home: ${await active()}`);
  wrong.push(...(await someone.axe()));
  await page.keyboard.press("Escape");
  await closed(page);
  must(await page.evaluate(() => document.activeElement.name === "q"), "the focus does not return where it was");

  await palette(page, "prodotti");
  must((await chosen(page)) === "Prodotti", `a page by its name: ${await chosen(page)}`);
  await page.keyboard.press("Enter");
  await at(page, "/prodotti");
  await palette(page, "nuovo cli");
  await page.keyboard.press("Enter");
  await at(page, "/clienti/nuovo");

  // What nothing was found for yet goes to the search's own page.
  await palette(page);
  await page.keyboard.insertText("zzz niente");
  await page.keyboard.press("Enter");
  await at(page, "/cerca");
  must(new URL(page.url()).searchParams.get("q") === "zzz niente", page.url());

  // A customer, by the beginning of a name.
  await page.goto("/clienti");
  const name = (await page.textContent("td.cell-title a")).trim();
  const href = await page.getAttribute("td.cell-title a", "href");
  await palette(page, name);
  must((await options(page)).includes(href), `${name} is not found`);
  await page.click(`#palette-list a[href="${href}"]`);
  await at(page, href);
}

async function byKeys(someone) {
  const { page } = someone;
  await page.goto("/");
  for (const [key, path] of [["l", "/licenze"], ["c", "/clienti"], ["p", "/prodotti"], ["h", "/"]]) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await at(page, path);
  }
  await page.goto("/prodotti");
  await page.keyboard.press("n");
  await at(page, "/prodotti/nuovo");
  await page.goto("/prodotti");
  await page.keyboard.press("?");
  await page.waitForSelector("#keys[open]");
  // Nothing leads away from a dialog.
  await page.keyboard.press("n");
  wrong.push(...(await someone.axe()));
  await page.keyboard.press("Escape");
  await closed(page);
  must(new URL(page.url()).pathname === "/prodotti", "a key leads away from a dialog");
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.activeElement.matches("[data-search]"));
  // In a field a letter is a letter.
  await page.keyboard.type("gln?/");
  must((await page.inputValue("[data-search]")) === "gln?/", "letters are lost in a field");
  must(!(await page.$("dialog[open]")), "a dialog opens over who types");
  await page.focus("main h1");
  await page.keyboard.press("Alt+n");
  await page.keyboard.press("g");
  await page.keyboard.press("x");
  await page.keyboard.press("l");
  must(new URL(page.url()).pathname === "/prodotti", "keys that mean nothing lead somewhere");
}

// A message that comes while a dialog is open is not under it, where nobody hears or reaches it.
async function messages(someone) {
  const { page } = someone;
  await page.goto("/prodotti");
  await page.keyboard.press("?");
  await page.waitForSelector("#keys[open]");
  await page.evaluate(() => document.dispatchEvent(new CustomEvent("toast", { detail: { level: "info", msg: "prova" } })));
  await page.click("#keys #toasts [data-dismiss]");
  await page.keyboard.press("Escape");
  await closed(page);
  must(await page.evaluate(() => document.querySelector("body > #toasts") !== null), "messages stay in a dialog that was closed");
}

async function switchedOff(someone) {
  const { page } = someone;
  await page.goto("/profilo");
  await page.uncheck("#tastiera input[name=tasti]");
  await Promise.all([page.waitForEvent("load"), page.click("#tastiera button")]);
  must((await page.textContent("#toasts")).includes("spente"), "nobody says that the keys are off");
  await page.goto("/prodotti");
  for (const key of ["n", "g", "l", "?", "/"]) await page.keyboard.press(key);
  must(!(await page.$("dialog[open]")), "? opens the list though it is off");
  must(await page.evaluate(() => !document.activeElement.matches("[data-search]")), "/ leads to the search though it is off");
  // Of the keys only those go that are one letter; and whatever went before led nowhere.
  await palette(page, "profilo");
  must(new URL(page.url()).pathname === "/prodotti", "keys lead somewhere though they are off");
  await page.keyboard.press("Enter");
  await at(page, "/profilo");
  await page.check("#tastiera input[name=tasti]");
  await Promise.all([page.waitForEvent("load"), page.click("#tastiera button")]);
  await page.keyboard.press("?");
  await page.waitForSelector("#keys[open]");
}

// Of three sessions two are closed: one in place, with a message beside it, and one without a script.
async function inPlace(one) {
  const others = [await person(browser, base), await person(browser, base)];
  for (const other of others) await other.signIn(one.email, one.password);
  const someone = await person(browser, base);
  await someone.signIn(one.email, one.password);
  const { page } = someone;
  await page.goto("/profilo");
  const rows = () => page.$$eval("#sessioni tbody tr", (all) => all.length);
  const before = await rows();
  await page.evaluate(() => { globalThis.stays = true; });
  await page.click("#sessioni tbody form button");
  await page.waitForSelector("#toasts .toast.is-ok");
  must((await page.$$("#toasts .toast")).length === 1, "a message stands twice");
  must((await page.textContent("#toasts .toast p")) === "La sessione è chiusa.", await page.textContent("#toasts"));
  must((await rows()) === before - 1, "the row stays");
  must(await page.evaluate(() => globalThis.stays), "the page was opened anew");
  must(await page.evaluate(() => document.activeElement.id === "h-sessioni"), "the focus is lost with the button");
  await page.click("#toasts [data-dismiss]");
  await page.waitForSelector("#toasts .toast", { state: "detached" });
  await page.reload();
  must(!(await page.$("#toasts .toast")), "a message is said again");

  // Who listens is told how many there are, and what is replaced says that it is.
  await page.goto("/licenze");
  await page.fill("#filters input[name=q]", "zzz niente");
  await page.waitForFunction(() => document.querySelector("main [data-tell]").textContent === "Nessuna licenza trovata");
  must(!(await page.$("#results[aria-busy=true]")), "what was replaced is still busy");
  // What does not arrive is told on the page, until something does.
  await page.route("**/licenze?*nessuno*", (route) => route.abort());
  await page.fill("#filters input[name=q]", "nessuno");
  await page.waitForSelector("#notices [data-failed]");
  await page.fill("#filters input[name=q]", "");
  await page.waitForSelector("#notices [data-failed]", { state: "detached" });

  const plain = await person(browser, base, { javaScriptEnabled: false });
  await plain.signIn(one.email, one.password);
  await plain.page.goto("/profilo");
  await Promise.all([plain.page.waitForEvent("load"), plain.page.click("#sessioni tbody form button")]);
  must((await plain.page.textContent("#toasts .toast p")) === "La sessione è chiusa.", "nothing is said without a script");
  await plain.page.fill(".search [data-search]", "zz");
  await plain.page.press(".search [data-search]", "Enter");
  await at(plain.page, "/cerca");
  for (const each of [someone, plain, ...others]) wrong.push(...each.wrong.filter((found) => !/ERR_FAILED|Failed to fetch/.test(found)));
}

// On a phone the palette opens by its button, and shows what the person may do and nothing else.
async function onAPhone(one) {
  const someone = await person(browser, base, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await someone.signIn(one.email, one.password);
  const { page } = someone;
  await page.goto("/");
  await page.tap(".topbar__find");
  await page.waitForSelector("#palette[open]");
  await answered(page, "");
  const all = await options(page);
  must(all.includes("/licenze/nuova") && all.includes("/clienti"), `an agent finds ${all}`);
  must(!all.some((path) => ["/impostazioni", "/prodotti/nuovo", "/utenti/nuovo", "/registri/attivita"].includes(path)), `an agent finds ${all}`);
  const fits = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth
    && document.querySelector("#palette").getBoundingClientRect().right <= innerWidth);
  must(fits, "the palette is wider than a phone");
  wrong.push(...(await someone.axe()), ...someone.wrong);
}

try {
  const vendor = await person(browser, base);
  await vendor.signIn(of("superadmin").email, of("superadmin").password);
  await vendor.language("it");
  await throughThePalette(vendor);
  await byKeys(vendor);
  await messages(vendor);
  await switchedOff(vendor);
  wrong.push(...vendor.wrong);
  await inPlace(of("rivenditore"));
  await onAPhone(of("agente"));
} catch (error) {
  wrong.push(String(error.stack ?? error));
} finally {
  await browser.close();
}
console.log(JSON.stringify({ wrong }));
