import type { Page } from "playwright-core";
import type { Scenario } from "../../mock/api.ts";
import { badDay, now } from "../../mock/data.ts";

/// One screen in one state.
export interface Case {
  name: string;
  scenario: "full" | "many" | "empty" | "setup" | "resumed" | "signed_out";
  path: string;
  /// What is done after loading, until the state is there.
  prepare?: (page: Page) => Promise<void>;
  change?: (at: Scenario) => void;
  /// A whole reload is what shows it.
  isLoading?: boolean;
}

const anna = "/accounts/anna.schmidt%40muster-gmbh.de";
const dialog = '[role="dialog"]';

async function openDialog(page: Page): Promise<void> {
  await page.waitForSelector(`${dialog} input, ${dialog} button`);
}

async function chooseTable(page: Page, text: string): Promise<void> {
  await page.setInputFiles('input[type="file"]', { name: "konten.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
}

export const cases: readonly Case[] = [
  { name: "sign-in", scenario: "signed_out", path: "/" },
  {
    name: "sign-in-wrong",
    scenario: "signed_out",
    path: "/",
    prepare: async (page) => {
      await page.fill('input[type="password"]', "falsch");
      await page.keyboard.press("Enter");
      await page.waitForSelector('[role="alert"]');
    },
  },
  {
    name: "sign-in-code",
    scenario: "signed_out",
    path: "/",
    change: (at) => {
      at.secondFactor = true;
    },
    prepare: async (page) => {
      await page.fill('input[type="password"]', "laterne-kiesel-montag-velo");
      await page.keyboard.press("Enter");
      await page.waitForSelector('input[autocomplete="one-time-code"]');
    },
  },
  { name: "setup-1", scenario: "setup", path: "/setup#good-secret" },
  { name: "setup-spent", scenario: "setup", path: "/setup#old", prepare: async (page) => void (await page.waitForSelector('[role="alert"]')) },
  { name: "setup-no-link", scenario: "setup", path: "/" },
  { name: "setup-resumed", scenario: "resumed", path: "/", prepare: async (page) => void (await page.waitForSelector('input[autocomplete="new-password"]')) },
  { name: "overview", scenario: "full", path: "/" },
  {
    name: "overview-bad-day",
    scenario: "full",
    path: "/",
    change: (at) => {
      at.office.worse = [...badDay];
    },
  },
  { name: "overview-table", scenario: "full", path: "/?as=table&range=days" },
  { name: "overview-first-day", scenario: "empty", path: "/" },
  {
    name: "overview-fault",
    scenario: "full",
    path: "/",
    change: (at) => {
      at.fault = { status: 503, type: "busy" };
    },
    prepare: async (page) => void (await page.waitForSelector('[role="alert"]')),
  },
  { name: "accounts", scenario: "full", path: "/accounts" },
  { name: "accounts-many", scenario: "many", path: "/accounts" },
  { name: "accounts-empty", scenario: "empty", path: "/accounts" },
  { name: "accounts-no-hit", scenario: "full", path: "/accounts?q=meier" },
  { name: "create", scenario: "full", path: "/accounts?new=1", prepare: openDialog },
  {
    name: "create-own-password",
    scenario: "full",
    path: "/accounts?new=1",
    prepare: async (page) => {
      await openDialog(page);
      await page.fill(`${dialog} input[autocomplete="off"]`, "müller");
      await page.locator(`${dialog} .mantine-SegmentedControl-label`).nth(1).click();
      await page.fill(`${dialog} input[autocomplete="new-password"]`, "sommer2026");
      await page.waitForSelector(`${dialog} .strength`);
    },
  },
  {
    name: "create-no-address",
    scenario: "full",
    path: "/accounts?new=1",
    prepare: async (page) => {
      await openDialog(page);
      await page.getByRole("button", { name: /^Konto anlegen$|^Create account$/ }).click();
    },
  },
  {
    name: "create-made",
    scenario: "empty",
    path: "/accounts?new=1",
    prepare: async (page) => {
      await openDialog(page);
      await page.fill(`${dialog} input[autocomplete="off"]`, "buchhaltung");
      await page.click(`${dialog} button[type="submit"]`);
      await page.waitForSelector(`${dialog} .notice.good`);
    },
  },
  {
    name: "create-deleted",
    scenario: "full",
    path: "/accounts?new=1",
    prepare: async (page) => {
      await openDialog(page);
      await page.fill(`${dialog} input[autocomplete="off"]`, "lena.koch");
      await page.waitForSelector(`${dialog} .notice.info`);
    },
  },
  {
    name: "create-catchall",
    scenario: "empty",
    path: "/accounts?new=1",
    prepare: async (page) => {
      await openDialog(page);
      await page.fill(`${dialog} input[autocomplete="off"]`, "catchall");
      await page.waitForSelector(`${dialog} .notice.info`);
    },
  },
  { name: "import", scenario: "full", path: "/accounts?import=1", prepare: openDialog },
  {
    name: "import-faults",
    scenario: "full",
    path: "/accounts?import=1",
    prepare: async (page) => {
      await openDialog(page);
      await chooseTable(page, "Adresse;Speicher (GB)\nanna.schmidt\nzoë\nx@fremd.example\nlager;viel\n");
      await page.getByRole("alert").waitFor();
    },
  },
  {
    name: "import-checked",
    scenario: "full",
    path: "/accounts?import=1",
    prepare: async (page) => {
      await openDialog(page);
      await chooseTable(page, "Adresse;Name\nlager;Lager\nversand;Versand\n");
      await page.locator(`${dialog} .notice.info`).waitFor();
    },
  },
  { name: "account", scenario: "full", path: anna },
  { name: "account-frozen", scenario: "full", path: "/accounts/geschaeftsfuehrung-vertretung%40muster-gmbh.de" },
  { name: "account-locked", scenario: "full", path: "/accounts/jonas.weber%40muster-gmbh.de" },
  { name: "account-gone", scenario: "full", path: "/accounts/niemand%40muster-gmbh.de" },
  { name: "account-data", scenario: "full", path: `${anna}?tab=data` },
  {
    name: "account-data-apple",
    scenario: "full",
    path: `${anna}?tab=data`,
    prepare: async (page) => {
      await page.locator(".mantine-SegmentedControl-label", { hasText: "iPhone" }).click();
      await page.getByRole("img", { name: /QR/ }).waitFor();
    },
  },
  { name: "account-addresses", scenario: "full", path: "/accounts/empfang%40muster-gmbh.de?tab=addresses" },
  { name: "account-sign-ins", scenario: "full", path: `${anna}?tab=sign-ins` },
  { name: "account-no-sign-in", scenario: "full", path: "/accounts/sammler%40muster-gmbh.de?tab=sign-ins" },
  {
    name: "account-remove",
    scenario: "full",
    path: anna,
    prepare: async (page) => {
      await page.locator(".page-head .mantine-ActionIcon-root").last().click();
      await page.getByRole("menuitem", { name: /Löschen|Delete/ }).click();
      await openDialog(page);
    },
  },
  { name: "forwarding", scenario: "full", path: "/forwarding?address=rechnungg%40muster-gmbh.de" },
  {
    name: "forwarding-nobody",
    scenario: "full",
    path: "/forwarding?address=rechnungg%40muster-gmbh.de",
    change: (at) => {
      at.office.accounts.delete("catchall@muster-gmbh.de");
    },
  },
  { name: "forwarding-way", scenario: "full", path: "/forwarding?address=catchall%40muster-gmbh.de" },
  { name: "forwarding-empty", scenario: "empty", path: "/forwarding" },
  { name: "forwarding-new", scenario: "full", path: "/forwarding?new=1", prepare: openDialog },
  { name: "domains", scenario: "full", path: "/domains" },
  {
    name: "domain-reach",
    scenario: "full",
    path: "/domains/muster-gmbh.de",
    prepare: async (page) => {
      await page.waitForSelector(".record .pill.bad");
      await page.getByRole("button", { name: /^Jetzt prüfen$|^Check now$/ }).last().click();
      await page.waitForSelector(".record-head.still .pill.bad");
    },
  },
  { name: "domain", scenario: "full", path: "/domains/muster-gmbh.de", prepare: async (page) => void (await page.waitForSelector(".record .pill.bad")) },
  { name: "queue", scenario: "full", path: "/queue" },
  { name: "queue-one", scenario: "full", path: "/queue?id=4711", prepare: openDialog },
  { name: "queue-empty", scenario: "empty", path: "/queue" },
  { name: "detective", scenario: "full", path: "/detective" },
  { name: "detective-waiting", scenario: "full", path: "/detective?mail=01k8y7q4m2x0a" },
  {
    name: "detective-send-on",
    scenario: "full",
    path: "/detective?mail=01k8y7q4m2x0a",
    prepare: async (page) => {
      await page.getByRole("button", { name: /^An andere Adresse senden$|^Send to another address$/ }).click();
      await page.waitForSelector('[role="dialog"] input');
    },
  },
  { name: "detective-nothing", scenario: "full", path: "/detective?q=niemand%40nirgends.example" },
  { name: "certificates", scenario: "full", path: "/certificates" },
  {
    name: "certificates-self-signed",
    scenario: "full",
    path: "/certificates",
    change: (at) => {
      const one = at.office.certificates.certificates[0];
      if (one === undefined) return;
      const made = "CN=mail.muster-gmbh.de";
      Object.assign(one, { names: ["mail.muster-gmbh.de", "localhost"], issuer: made, file: "/var/lib/hauspost/tls/cert.pem", ends_at: now + 790 * 86_400, intermediates: 0, self_signed: true, made_here: true, problems: ["self_signed"] });
    },
  },
  {
    name: "certificates-faults",
    scenario: "full",
    path: "/certificates",
    change: (at) => {
      const one = at.office.certificates.certificates[0];
      if (one !== undefined) Object.assign(one, { names: ["www.muster-gmbh.de"], subject: "CN=www.muster-gmbh.de", ends_at: now + 5 * 86_400, intermediates: 0, problems: ["ends_this_week", "wrong_name", "file_is_another", "no_chain"] });
    },
  },
  {
    name: "certificates-reload",
    scenario: "full",
    path: "/certificates",
    prepare: async (page) => {
      await page.getByRole("button", { name: /^Neu einlesen$|^Read again$/ }).click();
      await openDialog(page);
    },
  },
  { name: "settings", scenario: "full", path: "/settings" },
  {
    name: "settings-refused",
    scenario: "full",
    path: "/settings",
    prepare: async (page) => {
      await page.getByLabel(/^Mindestlänge in Zeichen$|^Least length in characters$/).fill("500");
      await page.getByRole("button", { name: /^Speichern$|^Save$/ }).first().click();
      await page.waitForSelector(".mantine-InputWrapper-error");
    },
  },
  {
    name: "settings-conflict",
    scenario: "full",
    path: "/settings",
    prepare: async (page) => {
      const field = page.getByLabel(/^Mails je Stunde$|^Mails an hour$/);
      await field.fill("700");
      await page.evaluate(() => fetch("/api/setting/set", { method: "POST", headers: { "Content-Type": "application/json", "X-Hauspost": "1" }, body: JSON.stringify({ name: "sending.messages_per_hour", value: "600" }) }));
      await page.getByRole("button", { name: /^Speichern$|^Save$/ }).nth(4).click();
      await page.waitForSelector(".mantine-InputWrapper-error");
    },
  },
  { name: "bans", scenario: "full", path: "/bans" },
  { name: "bans-empty", scenario: "empty", path: "/bans" },
  {
    name: "bans-own",
    scenario: "full",
    path: "/bans",
    change: (at) => {
      for (const one of at.office.bans) if (one.network === "203.0.113.66") one.own = true;
    },
  },
  {
    name: "bans-lift",
    scenario: "full",
    path: "/bans",
    prepare: async (page) => {
      await page.getByRole("button", { name: /^203\.0\.113\.66 freigeben$|^Unban 203\.0\.113\.66$/ }).first().click();
      await openDialog(page);
    },
  },
  {
    name: "bans-allow",
    scenario: "full",
    path: "/bans",
    prepare: async (page) => {
      await page.getByRole("button", { name: /^203\.0\.113\.66 immer erlauben$|^Always allow 203\.0\.113\.66$/ }).first().click();
      await openDialog(page);
    },
  },
  {
    name: "bans-add",
    scenario: "full",
    path: "/bans",
    prepare: async (page) => {
      await page.getByRole("button", { name: /^Netz sperren$|^Ban a network$/ }).click();
      await openDialog(page);
      await page.fill(`${dialog} input`, "hier");
      await page.click(`${dialog} button[type="submit"]`);
      await page.waitForSelector(`${dialog} .mantine-InputWrapper-error`);
    },
  },
  { name: "detective-deleted", scenario: "full", path: "/detective?mail=01k8y7q4m2x0d" },
  { name: "restore", scenario: "full", path: "/restore" },
  { name: "restore-mails", scenario: "full", path: "/restore?account=anna.schmidt%40muster-gmbh.de" },
  {
    name: "restore-chosen",
    scenario: "full",
    path: "/restore?account=anna.schmidt%40muster-gmbh.de",
    prepare: async (page) => {
      await page.locator('.table-row input[type="checkbox"]').first().check();
      await page.locator('.table-row input[type="checkbox"]').nth(2).check();
    },
  },
  { name: "restore-deletion", scenario: "full", path: `/restore?account=anna.schmidt%40muster-gmbh.de&from=${String(now - 82_051)}&to=${String(now - 82_000)}` },
  { name: "restore-each", scenario: "full", path: `/restore?account=anna.schmidt%40muster-gmbh.de&folder=Archiv%2F2024&each=1&from=${String(now - 82_051)}&to=${String(now - 82_000)}` },
  {
    name: "restore-full",
    scenario: "full",
    path: "/restore?account=buchhaltung%40muster-gmbh.de",
    prepare: async (page) => {
      await page.getByRole("button", { name: /^Alle 3|^Restore all 3/ }).click();
      await page.getByRole("button", { name: /^Wiederherstellen$|^Restore$/ }).last().click();
      await page.waitForSelector(".notice.warn");
    },
  },
  { name: "restore-nobody", scenario: "full", path: "/restore?account=lena.koch%40muster-gmbh.de" },
  { name: "restore-empty", scenario: "full", path: "/restore?account=jonas.weber%40muster-gmbh.de" },
  { name: "restore-no-hit", scenario: "full", path: "/restore?account=anna.schmidt%40muster-gmbh.de&q=Weihnachten" },
  {
    name: "restore-fault",
    scenario: "full",
    path: "/restore?account=anna.schmidt%40muster-gmbh.de",
    change: (at) => {
      at.fault = { status: 503, type: "busy" };
    },
    prepare: async (page) => void (await page.waitForSelector('[role="alert"]')),
  },
  { name: "restore-accounts", scenario: "full", path: "/restore?show=accounts" },
  { name: "restore-accounts-empty", scenario: "empty", path: "/restore?show=accounts" },
  {
    name: "restore-account",
    scenario: "full",
    path: "/restore?show=accounts",
    prepare: async (page) => {
      await page.getByRole("button", { name: /Konto wiederherstellen|Restore account/ }).first().click();
      await openDialog(page);
    },
  },
  { name: "account-restore", scenario: "full", path: `${anna}?tab=restore` },
  { name: "audit", scenario: "full", path: "/audit" },
  { name: "audit-empty", scenario: "empty", path: "/audit" },
  { name: "owner", scenario: "full", path: "/owner" },
  {
    name: "owner-totp",
    scenario: "full",
    path: "/owner",
    prepare: async (page) => {
      await page.getByRole("button", { name: /^Einschalten$|^Switch on$/ }).click();
      await page.waitForSelector(`${dialog} svg[role="img"]`);
    },
  },
  {
    name: "palette",
    scenario: "full",
    path: "/",
    prepare: async (page) => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type("anna@kunde.example");
      await page.waitForSelector('[role="option"]');
    },
  },
  {
    name: "keys",
    scenario: "full",
    path: "/",
    prepare: async (page) => {
      await page.keyboard.press("?");
      await openDialog(page);
    },
  },
  { name: "no-page", scenario: "full", path: "/nirgends" },
];
