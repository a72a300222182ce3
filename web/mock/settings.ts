import type { Certificates, PasswordJudgement, Setting } from "../admin/src/api/contract.ts";

const day = 86_400;
const mega = 1024 ** 2;

type Kind = Setting["kind"];

function one(name: string, kind: Kind, value: string, number: number, more: Partial<Setting> = {}): Setting {
  return { name, kind, value, number, default: value, source: "default", line: 0, least: 1, most: 10_000_000, zero_is_off: true, words: [], at_once: true, waits: false, in_force: value, ...more };
}

/// In the order in which the server lists them; two are set by the owner, one by the file.
export function settings(): Setting[] {
  const limit = (name: string, number: number): Setting => one(`sending.${name}`, "count", String(number), number);
  return [
    one("accounts.password_min_characters", "count", "12", 12, { most: 128, zero_is_off: false }),
    one("accounts.password_may_hold_address", "flag", "off", 0, { least: 0, most: 0, zero_is_off: false }),
    one("accounts.password_min_score", "count", "3", 3, { most: 4 }),
    one("accounts.never_banned", "text", "198.51.100.20 2001:db8:40::/48", 0, { default: "", source: "owner", least: 0, most: 0, zero_is_off: false }),
    one("accounts.default_quota", "octets", "5 GiB", 5 * 1024 * mega, { default: "0", source: "owner", least: mega, most: 1024 ** 5 }),
    one("accounts.file_sent", "flag", "on", 1, { least: 0, most: 0, zero_is_off: false }),
    one("accounts.retention", "time", "30d", 30 * day, { default: "14d", source: "file", line: 14, most: 3650 * day }),
    one("limits.message_size", "octets", "50 MiB", 50 * mega, { least: 1024, most: 4096 * mega - 1 }),
    limit("messages_per_hour", 500),
    limit("messages_per_day", 1000),
    limit("recipients_per_hour", 1000),
    limit("recipients_per_day", 2000),
    limit("new_recipients_per_day", 200),
    one("delivery.owner_mailbox", "text", "", 0, { least: 0, most: 0, zero_is_off: false, at_once: false }),
    one("delivery.report_language", "text", "de", 0, { default: "en", source: "owner", least: 0, most: 0, zero_is_off: false, words: ["en", "de"], at_once: false, waits: true, in_force: "en" }),
    one("trace.keep_days", "count", "30", 30, { most: 3650 }),
    one("trace.subjects", "flag", "off", 0, { least: 0, most: 0, zero_is_off: false }),
  ];
}

/// The amount of what is typed; undefined: it is none.
function numberOf(kind: Kind, typed: string): number | undefined {
  const found = /^(\d+)\s*([a-z]*)$/i.exec(typed);
  if (kind === "flag") return typed === "on" ? 1 : typed === "off" ? 0 : undefined;
  if (kind === "text") return 0;
  if (found === null) return undefined;
  const units: Readonly<Record<string, number>> = kind === "time" ? { "": 1, h: 3600, d: day } : kind === "octets" ? { "": 1, MiB: mega, GiB: 1024 * mega } : { "": 1 };
  const unit = units[found[2] ?? ""];
  return unit === undefined ? undefined : Number(found[1]) * unit;
}

/// Returns  the refusal's code and words; undefined: it was set
export function setOne(row: Setting, typed: string): { code: string; other?: string } | undefined {
  const number = numberOf(row.kind, typed);
  if (number === undefined) return { code: row.kind === "time" ? "setting_no_time" : row.kind === "octets" ? "setting_no_size" : "setting_no_count" };
  if (row.kind === "text" && row.name.endsWith("mailbox") && typed !== "" && !typed.includes("@")) return { code: "not_an_address" };
  if (row.name === "accounts.never_banned" && !/^[0-9a-f.:/ ,]*$/i.test(typed)) return { code: "not_networks" };
  const isNumber = row.kind !== "text" && row.kind !== "flag";
  if (isNumber && !(number === 0 && row.zero_is_off) && (number < row.least || number > row.most)) {
    const shown = (bound: number): string => (row.kind === "time" ? `${String(bound / (bound < day ? 1 : day))}${bound < day ? "s" : "d"}` : String(bound));
    return { code: "setting_out_of_range", other: `${row.zero_is_off ? "0, " : ""}${shown(row.least)} - ${shown(row.most)}` };
  }
  row.number = number;
  row.value = row.kind === "octets" && number % (1024 * mega) === 0 && number > 0 ? `${String(number / (1024 * mega))} GiB` : row.kind === "octets" && number % mega === 0 && number > 0 ? `${String(number / mega)} MiB` : typed;
  row.source = "owner";
  row.waits = !row.at_once && row.value !== row.in_force;
  if (row.at_once) row.in_force = row.value;
  return undefined;
}

export function resetOne(row: Setting): void {
  const words = { ...row };
  if (setOne(words, row.default) !== undefined) return;
  Object.assign(row, words, { source: "default" });
}

export function rulesOf(all: readonly Setting[]): PasswordJudgement["rules"] {
  const number = (key: string): number => all.find((row) => row.name === `accounts.password_${key}`)?.number ?? 0;
  return { min_characters: number("min_characters"), min_score: number("min_score"), may_hold_address: number("may_hold_address") === 1 };
}

export function certificates(now: number): Certificates {
  return {
    host: "mail.muster-gmbh.de",
    listeners: [
      { role: "smtp", port: 25, tls: "starttls" },
      { role: "submission", port: 587, tls: "starttls" },
      { role: "submissions", port: 465, tls: "implicit" },
      { role: "imap", port: 143, tls: "starttls" },
      { role: "imaps", port: 993, tls: "implicit" },
      { role: "https", port: 443, tls: "implicit" },
      { role: "admin", port: 8443, tls: "implicit" },
    ],
    certificates: [
      {
        names: ["mail.muster-gmbh.de", "autoconfig.muster-gmbh.de"],
        subject: "CN=mail.muster-gmbh.de",
        issuer: "CN=R11,O=Let's Encrypt,C=US",
        key: "EC P-256",
        fingerprint: "3f9a61c07b52d84e1906ab7733c1f08de25b64a9917c02f3d8b6510e4ac7792d",
        file: "/etc/letsencrypt/live/mail.muster-gmbh.de/fullchain.pem",
        begins_at: now - 29 * day,
        ends_at: now + 61 * day,
        intermediates: 1,
        self_signed: false,
        made_here: false,
        problems: [],
      },
    ],
  };
}
