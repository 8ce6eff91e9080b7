// Every page of the demonstration, for every role: no error in the console, nothing stopped by the content security
// policy, nothing that axe calls serious. Reads {base, people: [{role, email, password}]} and prints what it found.
import { crawl, open, pattern, person } from "./browser.mjs";

const { base, people } = JSON.parse(process.env.SIGILLO_TOUR);
// The vendor sees every page: in each language and each theme, with the long counts in every pair of them. What others
// see are the same pages, once each.
function looks(role) {
  if (role !== "superadmin") return [["it", "light"]];
  const once = [["it", "light"], ["en", "dark"]];
  return process.env.SIGILLO_LONG ? [...once, ["it", "dark"], ["en", "light"]] : once;
}

const wrong = [];
const visited = {};
const browser = await open();
try {
  for (const one of people) {
    const someone = await person(browser, base);
    await someone.signIn(one.email, one.password);
    const paths = await crawl(someone);
    visited[one.role] = paths.map((path) => pattern(path.split("?")[0]));
    for (const [language, theme] of looks(one.role)) {
      await someone.language(language);
      await someone.theme(theme);
      for (const path of paths) {
        await someone.page.goto(path);
        wrong.push(...(await someone.axe()).map((found) => `${one.role}, ${language}, ${theme}: ${found}`));
      }
    }
    wrong.push(...someone.wrong.map((found) => `${one.role}: ${found}`));
    await someone.context.close();
  }
  const visitor = await person(browser, base);
  for (const path of ["/accedi", "/password/dimenticata", "/api/docs"]) {
    for (const theme of ["light", "dark"]) {
      await visitor.theme(theme);
      await visitor.page.goto(path);
      wrong.push(...(await visitor.axe()));
    }
  }
  wrong.push(...visitor.wrong);
} finally {
  await browser.close();
}
console.log(JSON.stringify({ visited, wrong: [...new Set(wrong)] }));
