// Every page of the demonstration as a picture: both languages, both themes, wide and on a phone.
// Reads {base, people: [{role, email, password}], folder}.
import { mkdirSync } from "node:fs";
import { crawl, open, pattern, person } from "./browser.mjs";

const { base, people, folder } = JSON.parse(process.env.SIGILLO_TOUR);
const name = (path) => pattern(path.split("?")[0]).replace(/[^a-z0-9<>]+/gi, "-").replace(/[<>]/g, "").replace(/^-|-$/g, "") || "inizio";
const browser = await open();
let count = 0;
const shoot = async (someone, paths, where) => {
  for (const [width, height, size] of [[1440, 900, "wide"], [390, 844, "phone"]]) {
    await someone.page.setViewportSize({ width, height });
    for (const path of paths) {
      await someone.page.goto(path);
      mkdirSync(`${folder}/${where}`, { recursive: true });
      await someone.page.screenshot({ path: `${folder}/${where}/${name(path)}-${size}.png`, fullPage: true });
      count += 1;
    }
  }
};
try {
  const one = people.find((someone) => someone.role === "superadmin");
  const vendor = await person(browser, base);
  await vendor.signIn(one.email, one.password);
  const paths = await crawl(vendor);
  const visitor = await person(browser, base);
  for (const language of ["it", "en"]) {
    await vendor.language(language);
    await visitor.context.addCookies([{ name: "sigillo_lingua", value: language, url: base }]);
    for (const theme of ["light", "dark"]) {
      await vendor.theme(theme);
      await visitor.theme(theme);
      await shoot(vendor, paths, `${language}-${theme}`);
      await shoot(visitor, ["/accedi", "/password/dimenticata"], `${language}-${theme}`);
    }
  }
} finally {
  await browser.close();
}
console.log(`${count} pictures in ${folder}`);
