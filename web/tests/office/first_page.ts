// How long a page takes that is opened cold: a new browser context each time, so nothing is cached. Prints JSON.
//
//   tools/with_node.sh node tests/office/first_page.ts ADDRESS PORT COOKIE [PATH]
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const [address = "", port = "", cookie = "", path = "/"] = process.argv.slice(2);
const rounds = 11;
const program = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
if (program === undefined) throw new Error("chromium is missing (packaging/debian-packages.txt)");
const browser = await chromium.launch({ executablePath: program, args: [`--host-resolver-rules=MAP localhost ${address}`, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])] });
const took: number[] = [];
let octets = 0;
for (let round = 0; round <= rounds; ++round) {
  const context = await browser.newContext({ locale: "de-DE", ignoreHTTPSErrors: true, viewport: { width: 1280, height: 900 } });
  const [name = "", value = ""] = cookie.split("=");
  await context.addCookies([{ name, value, domain: "localhost", path: "/", secure: true, httpOnly: true, sameSite: "Strict" }]);
  const page = await context.newPage();
  // Noted by the page itself: when its heading stands there, and no placeholder is left.
  await page.addInitScript(() => {
    const look = (): void => {
      if (document.querySelector("h1") !== null && document.querySelector(".skeleton") === null) document.documentElement.dataset["usable"] = String(performance.now());
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(`https://localhost:${port}${path}`);
  const usable = await page.waitForFunction(() => document.documentElement.dataset["usable"]);
  const seen = await page.evaluate(() => performance.getEntriesByType("resource").reduce((sum, one) => sum + (one as PerformanceResourceTiming).encodedBodySize, 0));
  // The first one starts the browser's own processes.
  if (round > 0) took.push(Number(await usable.jsonValue()));
  octets = seen;
  await context.close();
}
await browser.close();
took.sort((a, b) => a - b);
console.log(JSON.stringify({ median_ms: took[Math.floor(took.length / 2)], worst_ms: took.at(-1), octets }));
