import type { Account, AccountEntry, Alarm, Alias, AuditEntry, Ban, Certificates, CheckedRecord, DeletedEntry, Domain, OverviewAnswer, OwnerSession, QueuedMessage, Reachability, RemovedAccount, Service, Setting, SuspendedForward, TracedMessage } from "../admin/src/api/contract.ts";
import { certificates, settings } from "./settings.ts";

const mega = 1024 ** 2;
const giga = 1024 ** 3;

/// All of one office: what the pages are shown with.
export interface Office {
  accounts: Map<string, AccountEntry>;
  aliases: Map<string, Alias>;
  domains: Map<string, Domain>;
  suspended: SuspendedForward[];
  queue: QueuedMessage[];
  trace: TracedMessage[];
  audit: AuditEntry[];
  bans: Ban[];
  sessions: OwnerSession[];
  /// By address, the latest first.
  deleted: Map<string, DeletedEntry[]>;
  removed: RemovedAccount[];
  settings: Setting[];
  certificates: Certificates;
  /// On a bad day: before those that there always are.
  worse: Alarm[];
}

/// A day on which a lot goes wrong at once.
export const badDay: readonly Alarm[] = [
  { id: "account.spamming", level: "bad", subject: "jonas.weber@muster-gmbh.de", since: Date.UTC(2026, 10, 24, 7, 52) / 1000 },
  { id: "account.full", level: "bad", subject: "geschaeftsfuehrung-vertretung@muster-gmbh.de", number: 100 },
  { id: "dns.changed", level: "warn", subject: "muster-gmbh.de", other: "MX, SPF", number: 2, since: Date.UTC(2026, 10, 23, 20, 0) / 1000 },
  { id: "account.full", level: "warn", subject: "buchhaltung@muster-gmbh.de", number: 94 },
];

export const keptSeconds = 14 * 86_400;

/// Seconds since 1970 of a quiet Tuesday morning; the pages' clocks are set to it.
export const now = Date.UTC(2026, 10, 24, 8, 21) / 1000;

function account(address: string, name: string, more: Partial<AccountEntry> = {}): AccountEntry {
  return {
    address,
    display: address,
    display_name: name,
    active: true,
    has_password: true,
    quota_octets: 5 * giga,
    octets: 1.2 * giga,
    messages: 8412,
    forwards: [],
    keep_copy: true,
    files_sent: true,
    note: "",
    created_at: now - 200 * 86_400,
    last_sign_in_at: now - 540,
    last_program: "Thunderbird 140.3",
    ...more,
  };
}

export function emptyOffice(): Office {
  return { accounts: new Map(), aliases: new Map(), domains: new Map(), suspended: [], queue: [], trace: [], audit: [], bans: [], sessions: [], deleted: new Map(), removed: [], settings: settings(), certificates: certificates(now), worse: [] };
}

/// many  how many more accounts there are
export function office(many = 0): Office {
  const d = "muster-gmbh.de";
  const all = emptyOffice();
  const put = (one: AccountEntry): unknown => all.accounts.set(one.address, one);
  put(account(`anna.schmidt@${d}`, "Anna Schmidt", { octets: 1.2 * giga, messages: 12_408, note: "Vertretung: Jonas" }));
  put(account(`buchhaltung@${d}`, "Buchhaltung", { last_sign_in_at: now - 90_000, last_program: "Microsoft Outlook 16.0.18526.20144", octets: 4.7 * giga, messages: 31_022 }));
  put(account(`catchall@${d}`, "Sammelkonto", { last_sign_in_at: 0, last_program: "", octets: 0, messages: 0, quota_octets: 0, forwards: [`sammler@${d}`], keep_copy: false }));
  put(account(`empfang@${d}`, "Empfang", { octets: 320 * mega, messages: 2014, forwards: [`anna.schmidt@${d}`, "buero@steuerbuero-lindemann.example"] }));
  put(account(`info@${d}`, "Allgemeine Anfragen", { last_program: "[192.168.1.30]", octets: 820 * mega, messages: 5310 }));
  put(account(`jonas.weber@${d}`, "Jonas Weber", { active: false, octets: 2.1 * giga, messages: 9904 }));
  put(account(`geschaeftsfuehrung-vertretung@${d}`, "Dr. Karoline von Hohenstein-Wittelsbach", { octets: 5 * giga, messages: 60_114 }));
  put(account(`sammler@${d}`, "Sammler", { last_sign_in_at: 0, last_program: "", octets: 44 * mega, messages: 312, has_password: false }));
  for (let i = 0; i < many; ++i) put(account(`konto${String(i).padStart(5, "0")}@${d}`, `Konto ${String(i)}`, { octets: ((i * 37) % 5000) * mega, messages: i }));
  all.aliases.set(`rechnung@${d}`, { address: `rechnung@${d}`, display: `rechnung@${d}`, targets: [`buchhaltung@${d}`], enabled: true });
  all.aliases.set(`vertrieb@${d}`, { address: `vertrieb@${d}`, display: `vertrieb@${d}`, targets: [`anna.schmidt@${d}`, "max@partner-holzbau.example"], enabled: true, suspended: ["max@partner-holzbau.example"] });
  all.aliases.set(`jobs@${d}`, { address: `jobs@${d}`, display: `jobs@${d}`, targets: [`info@${d}`], enabled: false });
  all.domains.set(d, { name: d, display: d, catch_all: "", created_at: now - 300 * 86_400 });
  all.domains.set("xn--mller-holzbau-jsb.example", { name: "xn--mller-holzbau-jsb.example", display: "müller-holzbau.example", catch_all: `info@${d}`, created_at: now - 20 * 86_400 });
  all.suspended.push({ address: `vertrieb@${d}`, display: `vertrieb@${d}`, target: "max@partner-holzbau.example", refusals: 12, since: now - 4 * 86_400, suspended_at: now - 86_400, last_reply: "550 5.1.1 <max@partner-holzbau.example>: Recipient address rejected: User unknown" });
  all.queue.push(
    {
      id: 4711,
      from: `anna.schmidt@${d}`,
      recipients: [{ to: "einkauf@kunde.example", state: "waiting", attempts: 4, due_at: now + 1140, attempted_at: now - 4000, last_host: "mx1.kunde.example [192.0.2.25]", last_reply: "452 4.2.2 Mailbox full" }],
      octets: 1.4 * mega,
      created_at: now - 5 * 3600,
      state: "waiting",
      due_at: now + 1140,
      last_reply: "452 4.2.2 Mailbox full",
    },
    {
      id: 4712,
      from: "",
      recipients: [{ to: "newsletter@werbung.example", state: "waiting", attempts: 9, due_at: now + 7000, last_host: "mail.werbung.example", last_reply: "the connection timed out" }],
      octets: 6120,
      created_at: now - 26 * 3600,
      state: "waiting",
      due_at: now + 7000,
      last_reply: "the connection timed out",
    },
    {
      id: 4713,
      from: `info@${d}`,
      recipients: [
        { to: "j.gross@holzbau.example", state: "held", attempts: 0, due_at: now },
        { to: "bestellung@holzbau.example", state: "held", attempts: 0, due_at: now },
      ],
      octets: 88_000,
      created_at: now - 700,
      state: "held",
      due_at: now,
    },
  );
  all.trace.push(
    {
      id: "01k8y7q4m2x0a",
      at: now - 300,
      from: `anna.schmidt@${d}`,
      recipients: ["einkauf@kunde.example"],
      message_id: "<20261124.angebot@muster-gmbh.de>",
      subject: "Angebot Nr. 2026-14",
      octets: 1_468_000,
      state: "waiting",
      steps: [
        { at: now - 300, step: "received", text: "", door: "submission", from: `anna.schmidt@${d}`, by: `anna.schmidt@${d}`, peer: "192.168.1.23", tls: "TLSv1.3", octets: 1_468_000 },
        { at: now - 300, step: "queued", text: "", to: "einkauf@kunde.example", queue: 4711, rule: "other_domain" },
        { at: now - 299, step: "filed", text: "", target: `anna.schmidt@${d}` },
        { at: now - 298, step: "postponed", text: "", to: "einkauf@kunde.example", peer: "mx1.kunde.example [192.0.2.25]", reply: "452 4.2.2 Mailbox full", attempt: 1, queue: 4711, due_at: now + 1140 },
      ],
    },
    {
      id: "01k8y7q4m2x0b",
      at: now - 1140,
      from: "j.gross@holzbau.example",
      recipients: [`info@${d}`, `rechnung@${d}`],
      message_id: "<termin-77@holzbau.example>",
      subject: "Re: Termin am Donnerstag und Rückfrage zur Lieferung der Fensterbänke im zweiten Bauabschnitt",
      octets: 18_200,
      state: "in mailbox",
      steps: [
        { at: now - 1140, step: "received", text: "", door: "smtp", from: "j.gross@holzbau.example", peer: "mail.holzbau.example [198.51.100.7]", tls: "TLSv1.3", octets: 18_200 },
        { at: now - 1140, step: "stored", text: "", to: `info@${d}`, rule: "exact" },
        { at: now - 1140, step: "stored", text: "", to: `rechnung@${d}`, target: `buchhaltung@${d}`, by: `rechnung@${d}`, rule: "alias" },
      ],
    },
    {
      at: now - 5400,
      from: "gewinn@lotto.example",
      recipients: [`anna.schmidt@${d}`],
      state: "refused",
      steps: [{ at: now - 5400, step: "refused", text: "", door: "smtp", from: "gewinn@lotto.example", to: `anna.schmidt@${d}`, peer: "203.0.113.66", reply: "550 5.7.1 Your address is listed by zen.spamhaus.example" }],
    },
    {
      id: "01k8y7q4m2x0c",
      at: now - 90_000,
      from: `info@${d}`,
      recipients: ["post@kunde.exmaple"],
      message_id: "<x@muster-gmbh.de>",
      octets: 2400,
      state: "failed",
      steps: [
        { at: now - 90_000, step: "received", text: "", door: "submission", from: `info@${d}`, by: `info@${d}`, peer: "192.168.1.20", octets: 2400 },
        { at: now - 89_990, step: "failed", text: "", to: "post@kunde.exmaple", reply: "NXDOMAIN: the domain does not exist", attempt: 1 },
        { at: now - 89_989, step: "sender_told", text: "", target: `info@${d}`, to: "post@kunde.exmaple" },
      ],
    },
    {
      id: "01k8y7q4m2x0d",
      at: now - 180_000,
      from: "shop@werkzeug.example",
      recipients: [`anna.schmidt@${d}`],
      octets: 41_000,
      subject: "Ihre Bestellung",
      state: "deleted",
      steps: [
        { at: now - 180_000, step: "received", text: "", door: "smtp", from: "shop@werkzeug.example", peer: "mail.werkzeug.example [198.51.100.90]", tls: "TLSv1.2", octets: 41_000 },
        { at: now - 180_000, step: "stored", text: "", to: `anna.schmidt@${d}`, rule: "exact" },
        { at: now - 100_000, step: "expunged", text: "", door: "imap", by: `anna.schmidt@${d}`, peer: "Thunderbird 140", target: "INBOX", messages: 3 },
      ],
    },
  );
  const audit = (id: number, ago: number, action: string, more: Partial<AuditEntry> = {}): AuditEntry => ({ begun_at: now - ago - id, who: "owner", from: "192.168.1.23", command: action, end: "done", ...more });
  all.audit.push(
    audit(9, 1560, "account password", { subject: `jonas.weber@${d}` }),
    audit(8, 1700, "account disable", { subject: `jonas.weber@${d}`, before: { active: true }, after: { active: false } }),
    audit(7, 90_000, "forward set", { subject: `empfang@${d}`, before: { forwards: [] }, after: { forwards: [`anna.schmidt@${d}`, "buero@steuerbuero-lindemann.example"], keep_copy: true } }),
    audit(6, 100_000, "domain add", { who: "command line", from: "uid 0", subject: "xn--mller-holzbau-jsb.example" }),
    audit(5, 400_000, "owner totp-enable"),
    audit(4, 500_000, "session open"),
  );
  const ban = (kind: Ban["kind"], network: string, more: Partial<Ban> = {}): Ban => ({ kind, network, account: "", why: "", passwords: 10, times: 1, begun_at: now - 240, ends_at: now + 360, tried: [], own: false, ...more });
  all.bans.push(
    ban("network", "203.0.113.66", { times: 41, tried: [`info@${d}`, `buchhaltung@${d}`, `geschaeftsfuehrung-vertretung@${d}`, `admin@${d}`, `test@${d}`] }),
    ban("network", "2001:db8:7f3a:9c00::/56", { passwords: 30, times: 2, tried: [`anna.schmidt@${d}`] }),
    ban("account", "", { account: `buchhaltung@${d}`, passwords: 50 }),
    ban("pair", "198.51.100.20", { account: `geschaeftsfuehrung-vertretung@${d}` }),
    ban("ordered", "192.0.2.77", { passwords: 0, begun_at: now - 90_000, ends_at: now + 5 * 86_400 }),
    ban("owner_pause", "203.0.113.66", { passwords: 7, ends_at: now + 200 }),
    ban("owner_account", "", { passwords: 50 }),
  );
  all.sessions.push(
    { id: "a", address: "192.168.1.23", agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", made_at: now - 4000, seen_at: now - 5, is_setup: false },
    { id: "b", address: "192.168.1.40", agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", made_at: now - 200_000, seen_at: now - 90_000, is_setup: false },
  );
  all.deleted.set(`anna.schmidt@${d}`, deletedOfAnna());
  all.deleted.set(
    `buchhaltung@${d}`,
    [1, 2, 3].map((n) => deleted(n, 4, 3600 * n, { subject: `Rechnung 2026-0${String(n)}`, from_name: "Holzbau Gross", from: "rechnung@holzbau.example", mailbox: "Rechnungen" })),
  );
  all.deleted.set(
    `lena.koch@${d}`,
    [1, 2].map((n) => deleted(n, 2, 2 * 86_400, { account: 31, id: `31.1.2.${String(n)}`, subject: `Bauplan ${String(n)}`, from_name: "Architekturbüro Lang", from: "plan@lang.example", mailbox: "Projekte", mailbox_gone: true })),
  );
  all.removed.push(
    { address: `lena.koch@${d}`, display: `lena.koch@${d}`, id: 31, display_name: "Lena Koch", messages: 4210, octets: 610 * mega, quota_octets: 5 * giga, removed_at: now - 2 * 86_400, kept_until: now + 12 * 86_400, is_going: false, is_taken: false, by: "owner" },
    { address: `info@${d}`, display: `info@${d}`, id: 12, display_name: "Altes Infokonto", messages: 87, octets: 9 * mega, quota_octets: 0, removed_at: now - 9 * 86_400, kept_until: now + 5 * 86_400, is_going: false, is_taken: true, by: "command line" },
  );
  return all;
}

function deleted(n: number, box: number, ago: number, more: Partial<DeletedEntry>): DeletedEntry {
  return { id: `1.${String(now - ago)}.${String(box)}.${String(n)}`, account: 1, box, subject: "", mailbox: "INBOX", messages: 1, octets: 48_000, deleted_at: now - ago, kept_until: now - ago + keptSeconds, ...more };
}

function deletedOfAnna(): DeletedEntry[] {
  const by: Partial<DeletedEntry> = { door: "imap", by: "anna.schmidt@muster-gmbh.de", program: "Thunderbird 140.4.0" };
  return [
    deleted(812, 4, 700, { ...by, subject: "Angebot 2026-14", from_name: "Jürgen Groß", from: "j.gross@holzbau.example", mailbox: "Angebote" }),
    deleted(77, 1, 4000, { ...by, subject: "Re: Termin am Donnerstag und Rückfrage zur Lieferung der Fensterbänke im zweiten Bauabschnitt", from_name: "Dr. Karoline von Hohenstein-Wittelsbach", from: "k.hohenstein@kanzlei.example", program: "Outlook 16.0" }),
    ...Array.from({ length: 412 }, (_, i) => deleted(5000 - i, 6, 82_000 + Math.floor(i / 8), { ...by, subject: `Rundschreiben ${String(412 - i)}`, from_name: "Verband", from: "rundschreiben@verband.example", mailbox: "Archiv/2024", octets: 31_000 })),
    deleted(3, 9, 300_000, { subject: "", from: "scanner@muster-gmbh.de", mailbox: "Scans", mailbox_gone: true }),
  ];
}

export function shown(all: Office, entry: AccountEntry): Account {
  const reached: string[] = [];
  for (const one of all.aliases.values()) if (one.targets.includes(entry.address)) reached.push(`alias ${one.address}`);
  for (const one of all.accounts.values()) if (one.forwards.includes(entry.address)) reached.push(`forward of ${one.address}`);
  for (const one of all.domains.values()) if (one.catch_all === entry.address) reached.push(`catch-all of ${one.display}`);
  const frozen = entry.address.startsWith("geschaeftsfuehrung");
  return {
    ...entry,
    reached_from: reached,
    sending: frozen ? "frozen" : "on",
    ...(frozen ? { frozen_at: now - 500, frozen_because: "too many of the recipients that it wrote to for the first time do not exist" } : {}),
    sent_messages: 14,
    sent_recipients: 22,
    sent_to_new: 3,
    sent_to_unknown: 0,
    sign_ins:
      entry.last_sign_in_at === 0
        ? []
        : [
            { protocol: "imap", at: entry.last_sign_in_at, address: "192.168.1.23", encrypted: true, program: entry.last_program },
            { protocol: "submission", at: now - 3000, address: "2001:db8:7f3a:9c00:1234:5678:9abc:def0", encrypted: true, program: "[192.168.1.23]" },
            { protocol: "pop3", at: now - 90_000, address: "198.51.100.20", encrypted: false, program: "" },
          ],
  };
}

export const services: readonly Service[] = [
  { protocol: "imap", host: "mail.muster-gmbh.de", port: 993, security: "tls" },
  { protocol: "pop3", host: "mail.muster-gmbh.de", port: 995, security: "tls" },
  { protocol: "smtp", host: "mail.muster-gmbh.de", port: 465, security: "tls" },
  { protocol: "smtp", host: "mail.muster-gmbh.de", port: 587, security: "starttls" },
];

export function records(domain: string): CheckedRecord[] {
  const host = "mail.muster-gmbh.de";
  const bad = domain === "muster-gmbh.de";
  const key = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtDn9Jp3mJVpXb3G0y6mN8s1eL2Q7RkJ4u5W9x0Zc1fT6hB2vY8dM3aK7oI5rE4qU9wP1sC6tV0yX2zA8bN5mG3kL7jH4fD1eS9oQ0iW6uR5tY8pZ2xC3vB7n";
  return [
    { name: `${domain}.`, type: "MX", value: `10 ${host}.`, state: "right" },
    { name: `${domain}.`, type: "TXT", value: '"v=spf1 mx -all"', ...(bad ? { state: "other" as const, found: ['"v=spf1 include:altanbieter.example -all"'], advice: "There may be only one SPF record." } : { state: "right" as const }) },
    { name: `s2026a._domainkey.${domain}.`, type: "TXT", value: `"v=DKIM1; k=rsa; p=${key}" "${key}"`, state: bad ? "missing" : "right" },
    { name: `_dmarc.${domain}.`, type: "TXT", value: `"v=DMARC1; p=none; rua=mailto:postmaster@${domain}"`, state: "right" },
    { name: `_submissions._tcp.${domain}.`, type: "SRV", value: `0 1 465 ${host}.`, state: "right" },
    { name: `_imaps._tcp.${domain}.`, type: "SRV", value: `0 1 993 ${host}.`, state: "right" },
    { name: `_smtp._tls.${domain}.`, type: "TXT", value: `"v=TLSRPTv1; rua=mailto:postmaster@${domain}"`, state: bad ? "unknown" : "right" },
    { name: `_25._tcp.${host}.`, type: "TLSA", value: "3 1 1 6b7c0c3f1f2e5d4c3b2a19080706050403020100ffeeddccbbaa998877665544", note: "only where the zone is signed", state: "optional" },
    { name: `${domain}.`, type: "CAA", value: '0 issue "letsencrypt.org"', note: "only where all certificates come from there", state: "optional" },
  ];
}

/// A server with most of what can be wrong.
export function reachability(): Reachability {
  const address = "203.0.113.25";
  return {
    host: "mail.muster-gmbh.de",
    good: false,
    steps: [
      { step: "address", result: "good", state: "right", text: "", found: [address] },
      { step: "reverse_name", result: "bad", state: "wrong", text: "", address, found: ["static-25.dsl.anbieter-nordwest.example."] },
      { step: "block_list", result: "note", state: "unknown", text: "", address, host: "zen.spamhaus.org" },
      { step: "block_list", result: "bad", state: "wrong", text: "", address, host: "bl.spamcop.net", words: "Blocked - see https://www.spamcop.net/bl.shtml?203.0.113.25" },
      { step: "port_25", result: "good", state: "right", text: "", host: "gmail-smtp-in.l.google.com [142.250.102.27]" },
    ],
  };
}

export function overview(all: Office): OverviewAnswer {
  const isFull = all.accounts.size > 0;
  const begin = Math.floor(now / 3600) * 3600;
  const nothing = { received: 0, submitted: 0, refused: 0, delivered: 0, failed: 0, sign_ins: 0, wrong_passwords: 0 };
  const hours = Array.from({ length: 30 * 24 }, (_, i) => {
    const at = begin - (30 * 24 - 1 - i) * 3600;
    const hour = new Date(at * 1000).getUTCHours();
    const busy = hour >= 7 && hour <= 18;
    const sent = busy ? 4 + ((i * 7) % 16) : 0;
    return { at, received: busy ? 20 + ((i * 13) % 46) : (i * 5) % 7, submitted: sent, refused: 2 + ((i * 11) % 9), delivered: sent, failed: i % 9 === 0 ? 1 : 0, sign_ins: busy ? 4 : 0, wrong_passwords: 0 };
  });
  return {
    at: now,
    receiving: "good",
    sending: "good",
    has_domain: all.domains.size > 0,
    has_account: isFull,
    alarms: isFull
      ? [
          ...all.worse,
          { id: "queue.old", level: "warn", number: 2 },
          { id: "mass.delete", level: "warn", subject: "anna.schmidt@muster-gmbh.de", other: "Thunderbird", number: 412, since: now - 82_051, until: now - 82_000 },
          { id: "forward.dead", level: "warn", subject: "empfang@muster-gmbh.de", other: "buero@steuerbuero-lindemann.example", number: 1 },
          { id: "owner.totp", level: "info" },
        ]
      : [],
    today: isFull ? { ...nothing, received: 534, refused: 87, submitted: 121, sign_ins: 38, wrong_passwords: 2 } : nothing,
    waiting: all.queue.length,
    certificate: isFull ? { ends_at: now + 61 * 86_400 + 3600, self_signed: false } : { ends_at: now + 3650 * 86_400, self_signed: true },
    storage: { mail_octets: isFull ? 41 * giga : 0, free_octets: (isFull ? 150 : 195) * giga, disk_octets: 200 * giga },
    hours: isFull ? hours : [],
    ...(all.audit[0] === undefined ? {} : { last_change: all.audit[0] }),
  };
}
