import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { ownerPassword, type Scenario } from "../../mock/api.ts";
import { now } from "../../mock/data.ts";

/// Something that somebody does, from the first click to the last, in German.
export interface Journey {
  name: string;
  scenario: "full" | "many" | "empty" | "setup" | "resumed" | "signed_out";
  path: string;
  change?: (at: Scenario) => void;
  walk: (page: Page, at: Scenario) => Promise<void>;
}

const dialog = '[role="dialog"]';

async function says(page: Page, text: string | RegExp): Promise<void> {
  await page.getByText(text).first().waitFor();
}

async function activeLabel(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.closest(".mantine-InputWrapper-root")?.querySelector("label")?.textContent ?? document.activeElement?.textContent ?? "");
}

export const journeys: readonly Journey[] = [
  {
    name: "journey-setup",
    scenario: "setup",
    path: "/setup#good-secret",
    walk: async (page, at) => {
      assert.equal(new URL(page.url()).hash, "", "the secret leaves the address");
      const field = page.locator('input[autocomplete="new-password"]');
      await field.fill("sommer2026");
      await says(page, /Leicht zu erraten/);
      await page.getByRole("button", { name: "Weiter" }).click();
      await says(page, /Leicht zu erraten|Zu kurz/);
      await field.fill(ownerPassword);
      await page.getByRole("button", { name: "Weiter" }).click();
      await says(page, "Später");
      await page.getByLabel("Code aus der App").fill("123456");
      await says(page, "Codes sind verwahrt");
      await page.getByLabel("Codes sind verwahrt").check();
      await page.getByRole("button", { name: "Fertig" }).click();
      assert.equal(await page.getByRole("textbox", { name: "Domain der Firma" }).inputValue(), "muster-gmbh.de");
      await page.getByRole("button", { name: "Weiter" }).click();
      await page.getByRole("button", { name: "Konto anlegen" }).click();
      await says(page, "info@muster-gmbh.de ist angelegt");
      await page.getByRole("button", { name: "Fertig" }).click();
      await says(page, "Passwort schon notiert?");
      await page.getByRole("button", { name: "Fertig" }).click();
      await says(page, "Mail empfangen");
      await page.getByRole("button", { name: "Fertig" }).click();
      await says(page, "Hauspost ist bereit.");
      await page.getByRole("link", { name: /Weitere Konten/ }).click();
      await says(page, "info@");
      assert.equal(at.office.accounts.size, 1);
      assert.equal(at.secondFactor, true);
    },
  },
  {
    name: "journey-sign-in",
    scenario: "signed_out",
    path: "/queue",
    walk: async (page) => {
      await page.getByLabel("Passwort", { exact: true }).fill("falsch");
      await page.keyboard.press("Enter");
      await says(page, /Nach \d weiteren Versuchen/);
      await page.getByLabel("Passwort", { exact: true }).fill(ownerPassword);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: "Warteschlange" }).waitFor();
    },
  },
  {
    name: "journey-create",
    scenario: "full",
    path: "/accounts",
    walk: async (page, at) => {
      await page.keyboard.press("n");
      const address = page.locator(`${dialog} input`).first();
      await address.waitFor();
      assert.equal(await activeLabel(page), "Adresse", "the focus is in the address");
      await page.keyboard.type("Buchhaltung");
      assert.equal(await address.inputValue(), "buchhaltung", "capitals are lowered while typing");
      await says(page, "buchhaltung@muster-gmbh.de gibt es schon.");
      await address.fill("einkauf");
      await page.locator(`${dialog} .mantine-SegmentedControl-label`, { hasText: "Selbst wählen" }).click();
      const password = page.locator(`${dialog} input[autocomplete="new-password"]`);
      await password.fill("kurz");
      await page.getByRole("button", { name: "Konto anlegen" }).click();
      await says(page, "Zu kurz: 4 von mindestens 12 Zeichen.");
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("autocomplete")), "new-password", "the focus goes to the fault");
      await password.fill("einkauf-laterne-velo");
      await page.getByRole("button", { name: "Konto anlegen" }).click();
      await says(page, "Enthält den Namen aus der Adresse.");
      await page.locator(`${dialog} .mantine-SegmentedControl-label`, { hasText: "Erzeugen" }).click();
      const made = await page.locator(`${dialog} output`).innerText();
      assert.match(made, /^[a-km-np-z2-9]{4}(-[a-km-np-z2-9]{4}){3}$/);
      await page.getByRole("button", { name: "Konto anlegen" }).click();
      await says(page, "einkauf@muster-gmbh.de ist angelegt");
      await page.getByRole("button", { name: "Kopieren" }).click();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), made);
      await page.getByRole("button", { name: "Fertig" }).click();
      await page.locator(".table-row.fresh").waitFor();
      assert.equal(at.office.accounts.get("einkauf@muster-gmbh.de")?.display_name, "Einkauf");
    },
  },
  {
    name: "journey-import",
    scenario: "full",
    path: "/accounts",
    walk: async (page, at) => {
      await page.getByRole("button", { name: "Weitere Aktionen" }).click();
      await page.getByRole("menuitem", { name: "CSV importieren" }).click();
      const choose = (text: string): Promise<void> => page.setInputFiles('input[type="file"]', { name: "konten.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
      const before = at.office.accounts.size;
      await choose("Adresse;Passwort\nlager;\nversand;kurz\n");
      await says(page, /Zeile 3: Zu kurz: 4 von mindestens 12 Zeichen/);
      await choose("Adresse;Passwort\nversand;passwort2026!\n");
      await says(page, /Zeile 2: (?!Zu kurz)\S+/);
      assert.equal(at.office.accounts.size, before, "nothing is created while a line is wrong");
      await choose("Adresse;Name;Weiterleitung\nlager;Lager;\nversand;;lager\n");
      await page.getByRole("button", { name: "2 Konten anlegen" }).click();
      await says(page, "2 Konten sind angelegt");
      await page.getByRole("button", { name: "Fertig" }).click();
      await says(page, "Die Passwörter schon gespeichert?");
      const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Passwörter speichern" }).click()]);
      assert.equal(saved.suggestedFilename(), "neue-konten.csv");
      await page.getByRole("button", { name: "Fertig" }).click();
      assert.equal(at.office.accounts.size, before + 2);
      assert.deepEqual(at.office.accounts.get("versand@muster-gmbh.de")?.forwards, ["lager@muster-gmbh.de"]);
      await page.getByRole("button", { name: "Weitere Aktionen" }).click();
      const [list] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "CSV exportieren" }).click()]);
      const text = await readFile(await list.path(), "utf8");
      assert.ok(text.includes("versand@muster-gmbh.de;Versand;"), text.slice(0, 200));
    },
  },
  {
    name: "journey-restore",
    scenario: "full",
    path: "/",
    walk: async (page, at) => {
      await says(page, "Thunderbird hat 412 Mails in anna.schmidt@muster-gmbh.de gelöscht.");
      await page.locator("li", { hasText: "Thunderbird hat 412" }).getByRole("button", { name: "Ansehen" }).click();
      await page.getByRole("heading", { level: 1, name: "Wiederherstellen" }).waitFor();
      await says(page, /412 Mails, die gestern/);
      await page.getByRole("button", { name: "Alles zeigen" }).click();
      await page.getByLabel("„Angebot 2026-14“ auswählen").check();
      await page.getByRole("button", { name: "1 Mail wiederherstellen" }).click();
      await says(page, "1 Mail liegt wieder in „Angebote“.");
      await page.getByLabel("„Angebot 2026-14“ auswählen").waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Rückgängig" }).click();
      await says(page, "1 Mail ist wieder gelöscht.");
      await page.getByRole("button", { name: "Gruppe zurückholen" }).click();
      await says(page, "412 Mails liegen wieder in „Archiv/2024“.");
      assert.equal(at.office.deleted.get("anna.schmidt@muster-gmbh.de")?.length, 3);
      await page.getByRole("searchbox", { name: "Absender oder Betreff" }).fill("hohenstein");
      await page.getByRole("button", { name: "Alle 1 wiederherstellen" }).waitFor();
      await page.getByLabel("Wohin").selectOption("new");
      await page.getByLabel(/Rückfrage zur Lieferung/).check();
      await page.getByRole("button", { name: "1 Mail wiederherstellen" }).click();
      await says(page, "1 Mail liegt wieder in „Wiederhergestellt 24. Nov“.");
      await page.getByText("Konten", { exact: true }).last().click();
      await page.getByRole("button", { name: "Mails ansehen" }).first().click();
      await says(page, /Ein Konto lena\.koch@muster-gmbh\.de gibt es nicht mehr/);
      await page.getByLabel("Mails in ein anderes Konto").selectOption("info@muster-gmbh.de");
      await page.getByLabel("„Bauplan 1“ auswählen").check();
      await page.getByRole("button", { name: "1 Mail wiederherstellen" }).click();
      await says(page, "1 Mail liegt wieder in „Projekte“.");
      await page.getByText("Konten", { exact: true }).last().click();
      await page.getByRole("button", { name: "Konto wiederherstellen" }).click();
      await page.locator(`${dialog} button[type="submit"]`).click();
      await says(page, "lena.koch@muster-gmbh.de ist wieder da, mit 4.210 Mails");
      assert.equal(at.office.accounts.get("lena.koch@muster-gmbh.de")?.display_name, "Lena Koch");
    },
  },
  {
    name: "journey-card",
    scenario: "empty",
    path: "/accounts?new=1",
    walk: async (page) => {
      await page.locator(`${dialog} input`).first().fill("info");
      const made = await page.locator(`${dialog} output`).innerText();
      await page.getByRole("button", { name: "Konto anlegen" }).click();
      await page.emulateMedia({ media: "print" });
      const sheet = page.locator(".print-sheet");
      assert.ok((await sheet.innerText()).includes(made), "the card bears the password");
      assert.ok(await sheet.isVisible());
      assert.equal(await page.locator("#root").isVisible(), false, "nothing else is printed");
      await page.emulateMedia({ media: "screen" });
      await page.getByLabel("mit Passwort").uncheck();
      await page.emulateMedia({ media: "print" });
      assert.ok(!(await sheet.innerText()).includes(made), "without the tick it does not");
    },
  },
  {
    name: "journey-half-made",
    scenario: "full",
    path: "/accounts?new=1",
    walk: async (page, at) => {
      await page.locator(`${dialog} input`).first().fill("lager");
      await page.getByRole("button", { name: /^Mehr:/ }).click();
      await page.getByRole("combobox", { name: "Zweitadressen" }).fill("info");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Konto anlegen" }).click();
      await says(page, "lager@muster-gmbh.de ist angelegt");
      await says(page, "info@muster-gmbh.de ist ein Konto.");
      assert.ok(at.office.accounts.has("lager@muster-gmbh.de"));
    },
  },
  {
    name: "journey-forward",
    scenario: "full",
    path: "/accounts/info%40muster-gmbh.de?tab=addresses",
    walk: async (page, at) => {
      await page.getByRole("switch", { name: "Weiterleitung" }).click({ force: true });
      await page.getByRole("combobox", { name: "Mails gehen auch an" }).fill("Max <max@steuerbuero.example>");
      await page.keyboard.press("Enter");
      await says(page, "Geht an eine fremde Adresse.");
      await page.getByLabel("Kopie in diesem Konto behalten").uncheck();
      await says(page, "Ohne Kopie bleibt dieses Konto leer.");
      await page.getByRole("button", { name: "Speichern" }).click();
      await says(page, "Weiterleitung gespeichert");
      const account = at.office.accounts.get("info@muster-gmbh.de");
      assert.deepEqual(account?.forwards, ["max@steuerbuero.example"]);
      assert.equal(account?.keep_copy, false);
      await page.getByLabel("Neue Zweitadresse").fill("kontakt");
      await page.keyboard.press("Enter");
      await says(page, "Zweitadresse kontakt@muster-gmbh.de hinzugefügt");
      assert.deepEqual(at.office.aliases.get("kontakt@muster-gmbh.de")?.targets, ["info@muster-gmbh.de"]);
    },
  },
  {
    name: "journey-catchall",
    scenario: "empty",
    path: "/forwarding",
    walk: async (page, at) => {
      await says(page, "Der Absender erfährt sofort, dass die Adresse falsch ist.");
      await page.getByLabel("Annehmen und zustellen an").check();
      await page.getByRole("combobox", { name: "Zustellen an" }).fill("sammler");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Speichern" }).click();
      await says(page, "Catch-All von muster-gmbh.de gespeichert");
      assert.equal(at.office.domains.get("muster-gmbh.de")?.catch_all, "sammler@muster-gmbh.de");
    },
  },
  {
    name: "journey-expired",
    scenario: "full",
    path: "/accounts/info%40muster-gmbh.de",
    walk: async (page, at) => {
      await page.getByLabel("Name", { exact: true }).fill("Zentrale");
      at.state = "signed_out";
      await page.getByRole("button", { name: "Speichern" }).click();
      await says(page, "Die Sitzung ist beendet.");
      await page.locator(dialog).getByLabel("Passwort", { exact: true }).fill(ownerPassword);
      await page.keyboard.press("Enter");
      await page.locator(dialog).waitFor({ state: "detached" });
      assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Zentrale", "what was typed is kept");
      await page.getByRole("button", { name: "Speichern" }).click();
      await says(page, "Gespeichert");
      assert.equal(at.office.accounts.get("info@muster-gmbh.de")?.display_name, "Zentrale");
    },
  },
  {
    name: "journey-search",
    scenario: "many",
    path: "/accounts",
    walk: async (page) => {
      const drawn = await page.locator(".table-row").count();
      assert.ok(drawn < 80, `only what is seen is drawn, not ${String(drawn)} rows`);
      await page.getByLabel("Name oder Adresse suchen").fill("konto02499");
      await page.locator(".table-row").filter({ hasText: "konto02499" }).waitFor();
      await page.waitForFunction(() => document.querySelectorAll(".table-row").length === 1);
      assert.equal(new URL(page.url()).searchParams.get("q"), "konto02499", "the search stands in the address");
      const isOnRow = (): Promise<boolean> => page.evaluate(() => document.activeElement?.classList.contains("row-link") === true);
      for (let i = 0; i < 12 && !(await isOnRow()); ++i) await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: "konto02499@muster-gmbh.de" }).waitFor();
    },
  },
  {
    name: "journey-sort",
    scenario: "many",
    path: "/accounts",
    walk: async (page) => {
      const first = (): Promise<string> => page.locator(".table-row").first().innerText();
      await page.locator(".table-row").first().waitFor();
      const byAddress = await first();
      await page.getByRole("button", { name: "Speicher", exact: true }).click();
      await page.getByRole("button", { name: "Speicher", exact: true }).click();
      await page.waitForFunction(() => document.querySelector(".table-row")?.textContent?.includes("geschaeftsfuehrung") === true);
      assert.equal(await page.locator('[aria-sort="descending"]').innerText(), "Speicher");
      assert.equal(new URL(page.url()).searchParams.get("sort"), "-storage", "the order stands in the address");
      await page.getByRole("button", { name: "Adresse", exact: true }).click();
      await page.waitForFunction((was) => (document.querySelector(".table-row") as HTMLElement | null)?.innerText === was, byAddress);
    },
  },
  {
    name: "journey-keys",
    scenario: "full",
    path: "/",
    walk: async (page) => {
      await page.keyboard.press("g");
      await page.keyboard.press("d");
      await page.getByRole("heading", { level: 1, name: "Domains & DNS" }).waitFor();
      await page.keyboard.press("Control+k");
      await page.keyboard.type("buchh");
      await page.getByRole("option", { name: /buchhaltung@/ }).first().waitFor();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: "buchhaltung@muster-gmbh.de" }).waitFor();
      await page.goBack();
      await page.getByRole("heading", { level: 1, name: "Domains & DNS" }).waitFor();
    },
  },
  {
    name: "journey-language",
    scenario: "full",
    path: "/accounts",
    walk: async (page) => {
      await page.getByRole("button", { name: /Sprache/ }).click();
      await page.getByRole("menuitem", { name: "English" }).click();
      await page.getByRole("heading", { level: 1, name: "Accounts" }).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
      await page.reload();
      await page.getByRole("heading", { level: 1, name: "Accounts" }).waitFor();
      await page.getByRole("button", { name: "Colour scheme" }).click();
      await page.getByRole("menuitem", { name: "Dark" }).click();
      assert.equal(await page.evaluate(() => document.documentElement.getAttribute("data-mantine-color-scheme")), "dark");
    },
  },
  {
    name: "journey-detective",
    scenario: "full",
    path: "/detective",
    walk: async (page, at) => {
      await page.getByLabel("Adresse, @Domain oder Message-ID").fill("einkauf@kunde.example");
      await page.keyboard.press("Enter");
      await page.locator(".mail-row").filter({ hasText: "Angebot" }).click();
      await says(page, "Beim Empfänger ist der Speicher voll.");
      await says(page, /Nächster Versuch/);
      await page.getByRole("button", { name: "An andere Adresse senden" }).click();
      await page.locator(dialog).getByLabel("Adresse").fill("einkauf");
      await page.locator(dialog).getByRole("button", { name: "Senden" }).click();
      await says(page, /keine vollständige Adresse/);
      await page.locator(dialog).getByLabel("Adresse").fill("Chef@Kunde.example ");
      await page.keyboard.press("Enter");
      await says(page, "Geht an chef@kunde.example");
      assert.deepEqual(at.office.trace[0]?.recipients, ["chef@kunde.example"]);
      await page.getByRole("button", { name: "Nicht mehr versuchen" }).click();
      await page.locator(dialog).getByRole("button", { name: "Nicht mehr versuchen" }).click();
      await says(page, "Mail verworfen");
      assert.equal(at.office.queue.some((one) => one.id === 4711), false);
    },
  },
  {
    name: "journey-bans",
    scenario: "full",
    path: "/bans",
    walk: async (page, at) => {
      await page.getByRole("button", { name: "192.0.2.77 freigeben" }).click();
      await page.locator(dialog).getByRole("button", { name: "Freigeben" }).click();
      await says(page, "Freigegeben: 192.0.2.77");
      assert.equal(at.office.bans.some((one) => one.network === "192.0.2.77"), false);
      await page.getByRole("button", { name: "Rückgängig" }).click();
      await says(page, "Gesperrt: 192.0.2.77");
      assert.equal(at.office.bans.find((one) => one.network === "192.0.2.77")?.ends_at, now + 5 * 86_400);
      await page.getByRole("button", { name: "Netz sperren" }).click();
      await page.locator(dialog).getByLabel("Adresse oder Netz").fill("127.0.0.1");
      await page.keyboard.press("Enter");
      await says(page, /dieser Server selbst/);
      await page.locator(dialog).getByLabel("Adresse oder Netz").fill("198.51.100.9");
      await page.locator(dialog).getByLabel("Dauer").selectOption({ label: "7 Tage" });
      await page.keyboard.press("Enter");
      await says(page, "Gesperrt: 198.51.100.9");
      await page.getByRole("button", { name: "203.0.113.66 immer erlauben" }).click();
      await page.locator(dialog).getByRole("button", { name: "Immer erlauben" }).click();
      await says(page, "Immer erlaubt: 203.0.113.66");
      const allowed = () => at.office.settings.find((one) => one.name === "accounts.never_banned")?.value;
      assert.equal(allowed(), "198.51.100.20 2001:db8:40::/48 203.0.113.66");
      assert.equal(at.office.bans.some((one) => one.kind === "network" && one.network === "203.0.113.66"), false);
      await page.getByRole("button", { name: "198.51.100.20 entfernen" }).click();
      await says(page, "Nicht mehr immer erlaubt: 198.51.100.20");
      assert.equal(allowed(), "2001:db8:40::/48 203.0.113.66");
    },
  },
  {
    name: "journey-settings",
    scenario: "full",
    path: "/settings",
    walk: async (page, at) => {
      const row = (name: string) => at.office.settings.find((one) => one.name === name);
      const limits = page.locator("section", { hasText: "Versandgrenzen je Konto" });
      await limits.getByLabel("Mails je Stunde").fill("700");
      await limits.getByLabel("Mails je Tag").fill("viele");
      await limits.getByRole("button", { name: "Speichern" }).click();
      await says(page, "Gespeichert, gilt sofort.");
      await says(page, "Eine ganze Zahl eintragen.");
      assert.equal(row("sending.messages_per_hour")?.value, "700");
      assert.equal(row("sending.messages_per_day")?.value, "1000");
      await limits.getByRole("button", { name: "Mails je Stunde zurücksetzen" }).click();
      await page.waitForFunction(() => document.querySelectorAll('[aria-label="Mails je Stunde zurücksetzen"]').length === 0);
      assert.equal(row("sending.messages_per_hour")?.source, "default");
      const rules = page.locator("section", { hasText: "Passwortregeln" });
      await rules.getByLabel("Mindestlänge in Zeichen").fill("20");
      await rules.getByRole("button", { name: "Speichern" }).click();
      await page.waitForFunction(() => document.querySelectorAll('[aria-label="Mindestlänge in Zeichen zurücksetzen"]').length === 1);
      await page.goto(new URL("/accounts?new=1", page.url()).href);
      await page.locator(`${dialog} .mantine-SegmentedControl-label`).nth(1).click();
      await says(page, /Mindestens 20 Zeichen/);
    },
  },
  {
    name: "journey-hostile",
    scenario: "full",
    path: "/detective",
    change: (at) => {
      const evil = '<img src=x onerror="document.title=`owned`"><script>document.title="owned"</script>\u202Etxt.exe';
      for (const one of at.office.trace) {
        one.subject = evil;
        one.from = `"${evil}"@evil.example`;
        for (const step of one.steps) step.reply = evil;
      }
      for (const one of at.office.accounts.values()) one.display_name = evil;
    },
    walk: async (page) => {
      await page.locator(".mail-row").first().click();
      await page.locator(".mail-life").waitFor();
      await page.getByRole("link", { name: "Konten" }).first().click();
      await page.locator(".table-row").first().waitFor();
      assert.equal(await page.locator("img").count(), 0);
      assert.notEqual(await page.title(), "owned");
    },
  },
];
