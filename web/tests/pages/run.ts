// Whole pages in Debian's Chromium against the API of mock/: every screen and state in both languages,
// light and dark, three widths.
//
//   tools/with_node.sh node tests/pages/run.ts DIST [--only NAME] [--language de|en] [--keep FOLDER]
//
// --keep FOLDER   leaves screenshots there
import { existsSync, mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { de } from "../../admin/src/texts/de.ts";
import { de as frameTexts } from "../../packages/frame/src/texts/de.ts";
import { scenario, type Scenario } from "../../mock/api.ts";
import { now } from "../../mock/data.ts";
import { makeServer } from "../../mock/serve.ts";
import { budgetFaults } from "./budget.ts";
import { cases, type Case } from "./cases.ts";
import { journeys } from "./journeys.ts";
import { accessibilityFaults, look } from "./look.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: "string" }, language: { type: "string" }, keep: { type: "string" } } });
const dist = resolve(positionals[0] ?? join(import.meta.dirname, "../../admin/dist"));
const keys: ReadonlySet<string> = new Set([...Object.keys(de), ...Object.keys(frameTexts)]);
const widths = [1280, 1024, 390] as const;
const program = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
if (program === undefined) throw new Error("chromium is missing (packaging/debian-packages.txt)");
if (values.keep !== undefined) mkdirSync(values.keep, { recursive: true });

let at: Scenario = scenario("full");
const server = makeServer(dist, () => at);
await new Promise<void>((done) => {
  server.listen(0, "127.0.0.1", done);
});
const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
// As root Chromium has no sandbox; it sees nothing but our own pages.
const browser = await chromium.launch({ executablePath: program, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
const faults: string[] = [];
let looks = 0;

/// What the browser complains about, such as what the policy refuses.
function listen(page: Page): string[] {
  const said: string[] = [];
  page.on("console", (line) => {
    // What the API refuses, the browser tells by itself.
    if (line.type() === "error" && !line.text().startsWith("Failed to load resource")) said.push(`console: ${line.text()}`);
  });
  page.on("pageerror", (why) => said.push(`error: ${why.message}`));
  return said;
}

async function open(page: Page, where: string): Promise<void> {
  await page.clock.setFixedTime(now * 1000);
  await page.goto(origin + where);
  await page.waitForSelector("h1");
}

async function settle(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector(".skeleton") === null && document.fonts.status === "loaded");
}

/// Where the letters stand does not depend on the colours, nor the structure on the language: the letters
/// are looked at in the light, the structure in German on a wide and in English on a narrow screen, and
/// in the dark the contrasts alone.
async function lookAt(one: Case, context: BrowserContext, language: "de" | "en"): Promise<void> {
  const axeWidth = language === "de" ? 1280 : 390;
  at = scenario(one.scenario);
  one.change?.(at);
  const page = await context.newPage();
  const said = listen(page);
  const tell = (all: readonly string[], where: string): void => {
    for (const fault of all) faults.push(`${one.name} ${language} ${where}: ${fault}`);
  };
  const shoot = async (where: string): Promise<void> => {
    ++looks;
    if (values.keep !== undefined) await page.screenshot({ path: join(values.keep, `${one.name}-${language}-${where}.png`), fullPage: await page.evaluate(() => document.querySelector('[role="dialog"]') === null && document.documentElement.scrollHeight < 6000) });
  };
  try {
    await open(page, one.path);
    await settle(page);
    await one.prepare?.(page);
    await settle(page);
    for (const width of widths) {
      await resize(page, width);
      tell(await look(page, keys), String(width));
      if (width === axeWidth) tell(await accessibilityFaults(page), String(width));
      await shoot(`light-${String(width)}`);
    }
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForFunction(() => document.documentElement.getAttribute("data-mantine-color-scheme") === "dark");
    await resize(page, axeWidth);
    tell(await accessibilityFaults(page, ["color-contrast"]), "dark");
    await shoot("dark");
  } catch (why) {
    tell([`did not come: ${why instanceof Error ? (why.message.split("\n")[0] ?? "") : String(why)}`], "");
  }
  tell(said, "");
  await page.close();
}

async function resize(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

async function contextOf(made: Browser, language: string): Promise<BrowserContext> {
  const context = await made.newContext({ locale: language, colorScheme: "light", reducedMotion: "reduce", timezoneId: "Europe/Berlin", viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(60_000); // on a machine that does much else besides
  return context;
}

const wanted = cases.filter((one) => values.only === undefined || one.name.startsWith(values.only));
const languages = (["de", "en"] as const).filter((one) => values.language === undefined || values.language === one);
for (const language of languages) {
  const context = await contextOf(browser, language === "de" ? "de-DE" : "en-GB");
  for (const one of wanted) await lookAt(one, context, language);
  await context.close();
}

let walked = 0;
for (const one of journeys.filter(({ name }) => (values.only === undefined ? values.language === undefined : name.startsWith(values.only)))) {
  const context = await contextOf(browser, "de-DE");
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  at = scenario(one.scenario);
  one.change?.(at);
  const page = await context.newPage();
  const said = listen(page);
  try {
    await open(page, one.path);
    await one.walk(page, at);
    ++walked;
  } catch (why) {
    faults.push(`${one.name}: ${why instanceof Error ? why.message : String(why)}`);
    if (values.keep !== undefined) await page.screenshot({ path: join(values.keep, `${one.name}-failed.png`) });
  }
  for (const line of said) faults.push(`${one.name}: ${line}`);
  await context.close();
}

if (values.only === undefined && values.language === undefined) {
  at = scenario("full");
  const context = await contextOf(browser, "de-DE");
  faults.push(...(await budgetFaults(context, origin, dist)));
  await context.close();
}
await browser.close();
server.close();

console.log(`${String(wanted.length)} screens looked at ${String(looks)} times, ${String(walked)} journeys, ${String(faults.length)} faults`);
for (const one of faults.slice(0, 200)) console.log(`  ${one}`);
process.exitCode = faults.length === 0 && looks === wanted.length * languages.length * (widths.length + 1) ? 0 : 1;
