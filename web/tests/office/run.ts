// The owner's first hour in Debian's Chromium, in German, against the real server: from the set-up link to a mail that
// was deleted and is back. Mail programs are curl here.
//
//   tools/with_node.sh node tests/office/run.ts SERVER [--keep FOLDER]
//
// SERVER          JSON: {"host", "link", "smtp", "submission", "imap"}: its address, the set-up link, the URLs for curl
// --keep FOLDER   leaves a screenshot of each step there
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright-core";

interface Server {
  host: string;
  link: string;
  smtp: string;
  submission: string;
  imap: string;
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { keep: { type: "string" } } });
const server = JSON.parse(positionals[0] ?? "") as Server;
const program = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
if (program === undefined) throw new Error("chromium is missing (packaging/debian-packages.txt)");
if (values.keep !== undefined) mkdirSync(values.keep, { recursive: true });
const scratch = mkdtempSync(join(tmpdir(), "hauspost-office-"));

const domain = "example.test";
const ownerPassword = "laterne-kiesel-92-vogelbeere";
const dialog = '[role="dialog"]';
/// By address, as the page showed them once.
const passwords = new Map<string, string>();

// --- mail programs -------------------------------------------------------------------------------

function curl(...args: readonly string[]): string {
  return execFileSync("curl", ["--silent", "--show-error", "--insecure", "--max-time", "120", ...args], { encoding: "utf8" });
}

let sent = 0;
/// user  signs in on the port for submission; without one the mail comes from outside
function send(from: string, to: string, subject: string, user?: string): void {
  const file = join(scratch, `mail-${String(++sent)}`);
  writeFileSync(file, [`From: <${from}>`, `To: <${to}>`, `Subject: ${subject}`, `Date: ${new Date().toUTCString()}`, `Message-ID: <${String(sent)}.${String(Date.now())}@elsewhere.test>`, "", "Guten Tag", ""].join("\r\n"));
  const login = user === undefined ? [] : ["--ssl-reqd", "--user", `${user}:${passwords.get(user) ?? ""}`];
  curl(user === undefined ? server.smtp : server.submission, "--mail-from", from, "--mail-rcpt", to, "--upload-file", file, ...login);
}

function imap(user: string, mailbox: string, command: string): string {
  return curl(`${server.imap}/${mailbox}`, "--user", `${user}:${passwords.get(user) ?? ""}`, "--request", command);
}

/// UIDs of the mails in the INBOX with this subject.
function inbox(user: string, subject: string): readonly string[] {
  const found = /\* SEARCH([ \d]*)/.exec(imap(user, "INBOX", `UID SEARCH SUBJECT "${subject}"`));
  return found?.[1]?.trim().split(" ").filter((one) => one !== "") ?? [];
}

function expectMail(user: string, subject: string, count = 1): void {
  assert.equal(inbox(user, subject).length, count, `mails "${subject}" in the INBOX of ${user}`);
}

// --- the browser -------------------------------------------------------------------------------

// The link names "localhost"; the server of a test listens on a loopback address of its own.
const browser = await chromium.launch({ executablePath: program, args: [`--host-resolver-rules=MAP localhost ${server.host}`, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])] });
const context = await browser.newContext({ locale: "de-DE", ignoreHTTPSErrors: true, reducedMotion: "reduce", timezoneId: "Europe/Berlin", viewport: { width: 1280, height: 900 } });
context.setDefaultTimeout(60_000); // on a machine that does much else besides
const page = await context.newPage();
const complaints: string[] = [];
page.on("console", (line) => {
  if (line.type() === "error" && !line.text().startsWith("Failed to load resource")) complaints.push(line.text());
});
page.on("pageerror", (why) => complaints.push(why.message));

async function says(text: string | RegExp): Promise<void> {
  await page.getByText(text).first().waitFor();
}

async function press(name: string | RegExp, within: string = "body"): Promise<void> {
  await page.locator(within).getByRole("button", { name, exact: typeof name === "string" }).first().click();
}

async function goTo(name: string): Promise<void> {
  await page.getByRole("navigation").first().getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

async function openAccount(name: string): Promise<void> {
  await goTo("Konten");
  await page.locator(".table-row").filter({ hasText: `${name}@` }).locator("a").first().click();
  await page.getByRole("heading", { level: 1, name: `${name}@${domain}` }).waitFor();
}

/// What is shown after an account was made; its password is noted.
async function noteMade(address: string): Promise<void> {
  await says(`${address} ist angelegt`);
  passwords.set(address, await page.locator("output.password-shown").last().innerText());
  await press("Kopieren");
}

async function makeAccount(name: string): Promise<void> {
  await goTo("Konten");
  await press("Neues Konto");
  await page.locator(`${dialog} input`).first().fill(name);
  await press("Konto anlegen", dialog);
  await noteMade(`${name}@${domain}`);
  await press("Fertig", dialog);
  await page.locator(dialog).waitFor({ state: "detached" });
}

/// The route that the page tells for an address.
async function routeOf(address: string): Promise<string> {
  await page.getByLabel("Adresse", { exact: true }).fill(address);
  await press("Zeigen");
  const result = page.locator("[aria-live=polite]").filter({ hasText: address });
  await result.waitFor();
  return result.innerText();
}

const steps: ReadonlyArray<readonly [string, () => Promise<void>]> = [
  [
    "set-up link, a weak password refused, a good one taken",
    async () => {
      await page.goto(server.link);
      await says("Willkommen bei Hauspost");
      assert.equal(new URL(page.url()).hash, "", "the secret leaves the address");
      const field = page.locator('input[autocomplete="new-password"]');
      await field.fill("sommer2026");
      await press("Weiter");
      await says(/Zu kurz\. Vier/);
      await field.fill(ownerPassword);
      await press("Weiter");
      await says("Später");
    },
  ],
  [
    "the company's domain",
    async () => {
      await press("Später");
      await page.getByRole("textbox", { name: "Domain der Firma" }).fill(domain);
      await press("Weiter");
      await says("Erstes Konto");
    },
  ],
  [
    "the first account, a weak password refused with its reason",
    async () => {
      await page.getByLabel("Adresse", { exact: true }).fill("info");
      await page.locator(".mantine-SegmentedControl-label", { hasText: "Selbst wählen" }).click();
      const field = page.locator('input[autocomplete="new-password"]');
      await field.fill("info-passwort1");
      await press("Konto anlegen");
      await says(/Enthält den Namen aus der Adresse|Leicht zu erraten/);
    },
  ],
  [
    "the first account, with a password that the page makes",
    async () => {
      await page.locator(".mantine-SegmentedControl-label", { hasText: "Erzeugen" }).click();
      await press("Konto anlegen");
      await noteMade(`info@${domain}`);
    },
  ],
  [
    "the end of the set-up",
    async () => {
      await press("Fertig");
      await says("Mail empfangen");
      await press("Fertig");
      await says("Hauspost ist bereit.");
    },
  ],
  [
    "the first mail, read by curl",
    async () => {
      send("kundin@elsewhere.test", `info@${domain}`, "Anfrage");
      expectMail(`info@${domain}`, "Anfrage");
      await page.getByRole("link", { name: /Weitere Konten/ }).click();
      await page.locator(".table-row").filter({ hasText: "info@" }).waitFor();
    },
  ],
  [
    "more accounts",
    async () => {
      await makeAccount("anna");
      await makeAccount("sammler");
      await page.locator(".table-row").filter({ hasText: "sammler@" }).waitFor();
    },
  ],
  [
    "a forward with a copy",
    async () => {
      await openAccount("info");
      await page.getByRole("tab", { name: "Adressen & Weiterleitung" }).click();
      await page.getByRole("switch", { name: "Weiterleitung" }).click({ force: true });
      await page.getByRole("combobox", { name: "Mails gehen auch an" }).fill("anna");
      await page.keyboard.press("Enter");
      await press("Speichern");
      await says("Weiterleitung gespeichert");
      send("kundin@elsewhere.test", `info@${domain}`, "Weitergeleitet");
      expectMail(`info@${domain}`, "Weitergeleitet");
      expectMail(`anna@${domain}`, "Weitergeleitet");
    },
  ],
  [
    "catch-all of the domain",
    async () => {
      await goTo("Weiterleitungen");
      await page.getByLabel("Annehmen und zustellen an").check();
      await page.getByRole("combobox", { name: "Zustellen an" }).fill("sammler");
      await page.keyboard.press("Enter");
      await press("Speichern");
      await says(`Catch-All von ${domain} gespeichert`);
      send("kundin@elsewhere.test", `vertippt@${domain}`, "Vertippt");
      expectMail(`sammler@${domain}`, "Vertippt");
      expectMail(`anna@${domain}`, "Vertippt", 0);
      assert.match(await routeOf(`vertippt@${domain}`), /kommt an/);
    },
  ],
  [
    "catch-all of the manual: an account catchall@ that forwards",
    async () => {
      await page.getByLabel("Abweisen").check();
      await press("Speichern");
      await says(`Catch-All von ${domain} gespeichert`);
      assert.match(await routeOf(`niemand@${domain}`), /Würde abgewiesen/);
      await goTo("Konten");
      await press("Neues Konto");
      await page.locator(`${dialog} input`).first().fill("catchall");
      await says("Catch-All der Domain");
      await page.getByRole("combobox", { name: "Weiterleiten an" }).fill("sammler");
      await page.keyboard.press("Enter");
      await press("Konto anlegen", dialog);
      await noteMade(`catchall@${domain}`);
      await press("Fertig", dialog);
      await goTo("Weiterleitungen");
      await says(/Catch-All durch Konto/);
      send("kundin@elsewhere.test", `noch.so.einer@${domain}`, "Auch vertippt");
      expectMail(`sammler@${domain}`, "Auch vertippt");
    },
  ],
  [
    "the data for a mail program",
    async () => {
      await openAccount("anna");
      await page.getByRole("tab", { name: "Zugangsdaten" }).click();
      await says(`Zugangsdaten für anna@${domain}`);
      await says("Posteingang IMAP");
      await says("Postausgang SMTP");
    },
  ],
  [
    "mail sent by a signed-in account",
    async () => {
      send(`anna@${domain}`, `info@${domain}`, "Angebot 4711", `anna@${domain}`);
      expectMail(`info@${domain}`, "Angebot 4711");
      await goTo("Übersicht");
      await says("Eingegangen heute");
    },
  ],
  [
    "a mail found in the detective",
    async () => {
      await goTo("Wo ist meine Mail?");
      await page.getByLabel("Adresse, @Domain oder Message-ID").fill(`anna@${domain}`);
      await page.keyboard.press("Enter");
      await page.locator(".mail-row").filter({ hasText: `anna@${domain}` }).first().click();
      await page.locator(".mail-life .timeline").waitFor();
      await says(`info@${domain}`);
    },
  ],
  [
    "a deleted mail, back where it was",
    async () => {
      const anna = `anna@${domain}`;
      const [uid = ""] = inbox(anna, "Weitergeleitet");
      imap(anna, "INBOX", `UID STORE ${uid} +FLAGS (\\Deleted)`);
      imap(anna, "INBOX", "EXPUNGE");
      expectMail(anna, "Weitergeleitet", 0);
      await openAccount("anna");
      await page.getByRole("tab", { name: "Wiederherstellen" }).click();
      await page.getByLabel("„Weitergeleitet“ auswählen").check();
      await press("1 Mail wiederherstellen");
      await says(/1 Mail liegt wieder in/);
      expectMail(anna, "Weitergeleitet");
    },
  ],
  [
    "the audit log",
    async () => {
      await goTo("Protokoll");
      await says(`catchall@${domain}`);
      for (const [, secret] of passwords) assert.ok(!(await page.content()).includes(secret), "no password stands there");
      assert.ok(!(await page.content()).includes(ownerPassword));
    },
  ],
];

async function shoot(of: Page, number: number, name: string): Promise<void> {
  if (values.keep === undefined) return;
  await of.waitForFunction(() => document.querySelector(".skeleton") === null && document.fonts.status === "loaded");
  await of.screenshot({ path: join(values.keep, `${String(number).padStart(2, "0")}-${name.replaceAll(/[^a-z]+/gi, "-")}.png`) });
}

let failed = "";
let done = 0;
for (const [name, walk] of steps) {
  try {
    await walk();
    await shoot(page, ++done, name);
  } catch (why) {
    failed = `${name}: ${why instanceof Error ? why.message : String(why)}`;
    if (values.keep !== undefined) await page.screenshot({ path: join(values.keep, "failed.png"), fullPage: true });
    console.log(await page.locator("body").innerText());
    break;
  }
}
await browser.close();
rmSync(scratch, { recursive: true });
for (const one of complaints) console.log(`the browser says: ${one}`);
if (failed !== "") console.log(`failed: ${failed}`);
console.log(`${String(done)} of ${String(steps.length)} steps`);
process.exitCode = failed === "" && complaints.length === 0 ? 0 : 1;
