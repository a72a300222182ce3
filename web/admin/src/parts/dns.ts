import type { DnsRecord } from "../api/contract.ts";

/// What a record is for.
export type Purpose =
  | "mx" | "spf" | "spf_host" | "dkim" | "dmarc" | "submissions" | "imaps" | "pop3s" | "tls_report" | "tlsa" | "caa" | "mta_sts" | "other";

export function purposeOf(record: DnsRecord, domain: string): Purpose {
  const text = record.value.replace(/^"/, "");
  if (record.type === "MX") return "mx";
  if (record.type === "TLSA") return "tlsa";
  if (record.type === "CAA") return "caa";
  if (record.type === "SRV") {
    if (record.name.startsWith("_submissions.")) return "submissions";
    if (record.name.startsWith("_imaps.")) return "imaps";
    return record.name.startsWith("_pop3s.") ? "pop3s" : "other";
  }
  if (text.startsWith("v=spf1")) return record.name === `${domain}.` ? "spf" : "spf_host";
  if (text.startsWith("v=DKIM1")) return "dkim";
  if (text.startsWith("v=DMARC1")) return "dmarc";
  if (text.startsWith("v=TLSRPTv1")) return "tls_report";
  return text.startsWith("v=STSv1") ? "mta_sts" : "other";
}

const required: ReadonlySet<Purpose> = new Set(["mx", "spf", "spf_host", "dkim", "dmarc"]);

export function isRequired(purpose: Purpose): boolean {
  return required.has(purpose);
}

/// As most providers want it: "_dmarc" for _dmarc.example.org., "@" for the domain itself.
export function shortName(name: string, domain: string): string {
  const plain = name.replace(/\.$/, "");
  if (plain === domain) return "@";
  return plain.endsWith(`.${domain}`) ? plain.slice(0, -domain.length - 1) : plain;
}

/// A TXT record without the quotes of a zone file: its strings put together.
export function plainValue(record: { type: string; value: string }): string {
  if (record.type !== "TXT") return record.value;
  const strings = [...record.value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((one) => one[1] ?? "");
  return strings.length === 0 ? record.value : strings.join("");
}

/// Lines of a zone file.
export function zoneText(records: readonly DnsRecord[]): string {
  return records.map((one) => `${one.name}\tIN\t${one.type}\t${one.value}`).join("\n");
}
