import { parse, unparse } from "papaparse";
import type { AccountEntry } from "../api/contract.ts";
import { nameFrom, readAddress, strangeLetter } from "./address.ts";

/// A table of accounts as a spreadsheet has it: one line each, a heading above, any usual separator.

export const maxRows = 500;
const gigabyte = 1024 ** 3;

export interface CsvRow {
  /// In the file, the heading is line 1.
  line: number;
  address: string;
  displayName: string;
  /// "": one is made.
  password: string;
  /// null: as for every new account.
  quota: number | null;
  note: string;
  forwards: string[];
}

export type CsvFault = "no_heading" | "no_rows" | "too_many" | "unreadable" | "address" | "letter" | "foreign" | "twice" | "quota" | "forward";

export interface CsvProblem {
  fault: CsvFault;
  line: number;
  /// What stands there.
  text: string;
}

type Field = "address" | "displayName" | "password" | "quota" | "note" | "forwards";
const headings: Readonly<Record<string, Field>> = {
  adresse: "address",
  "e-mail": "address",
  email: "address",
  address: "address",
  name: "displayName",
  passwort: "password",
  password: "password",
  "speicher (gb)": "quota",
  "speicher in gb": "quota",
  speicher: "quota",
  "storage (gb)": "quota",
  storage: "quota",
  notiz: "note",
  note: "note",
  weiterleitung: "forwards",
  "weiterleitung an": "forwards",
  "forward to": "forwards",
  forward: "forwards",
};

/// "'=1+1": written so that a spreadsheet computes nothing.
function plainCell(text: string): string {
  return (/^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text).trim();
}

/// "2,5" is 2.5 GB; "" is null; NaN: no number.
function readQuota(text: string): number | null {
  if (text === "") return null;
  const number = /^\d+([.,]\d+)?$/.test(text) ? Number(text.replace(",", ".")) : Number.NaN;
  return Number.isNaN(number) ? number : Math.round(number * gigabyte);
}

/// The one that the heading has most of.
function separatorOf(text: string): string {
  const heading = text.split(/[\r\n]/, 1)[0] ?? "";
  const count = (one: string): number => heading.split(one).length;
  return [";", ",", "\t"].reduce((best, one) => (count(one) > count(best) ? one : best));
}

/// All rows, or everything that is wrong with them (at most 20).
/// domains  of this server; a name alone is of the first
export function readAccounts(text: string, domains: readonly string[]): { rows: CsvRow[]; problems: CsvProblem[] } {
  const problems: CsvProblem[] = [];
  const tell = (fault: CsvFault, line: number, what = ""): void => {
    if (problems.length < 20) problems.push({ fault, line, text: what.slice(0, 80) });
  };
  const plain = text.replace(/^\uFEFF/, "");
  const table = parse<string[]>(plain, { skipEmptyLines: false, delimiter: separatorOf(plain) });
  const broken = table.errors.find((one) => one.type === "Quotes");
  if (broken !== undefined) tell("unreadable", (broken.row ?? 0) + 1);
  const lines = table.data.map((cells, i) => ({ line: i + 1, cells: cells.map(plainCell) })).filter(({ cells }) => cells.some((one) => one !== ""));
  const fields = (lines[0]?.cells ?? []).map((one) => headings[one.toLowerCase()]);
  if (!fields.includes("address")) tell("no_heading", 1, lines[0]?.cells.join(" · "));
  else if (lines.length === 1) tell("no_rows", 1);
  else if (lines.length - 1 > maxRows) tell("too_many", lines[maxRows]?.line ?? 1, String(lines.length - 1));
  if (problems.length > 0) return { rows: [], problems };

  const seen = new Set<string>();
  const rows = lines.slice(1).map(({ line, cells }): CsvRow => {
    const cell = (field: Field): string => cells[fields.indexOf(field)] ?? "";
    const typed = cell("address");
    const address = readAddress(typed, domains[0]) ?? "";
    const [local = "", domain = ""] = address.split("@");
    const strange = strangeLetter(local);
    if (address === "") tell("address", line, typed);
    else if (strange !== null) tell("letter", line, strange);
    else if (!domains.includes(domain)) tell("foreign", line, domain);
    else if (seen.has(address)) tell("twice", line, address);
    seen.add(address);
    const quota = readQuota(cell("quota"));
    if (Number.isNaN(quota)) tell("quota", line, cell("quota"));
    const forwards = cell("forwards")
      .split(/[,;\s]+/)
      .filter((one) => one !== "");
    const read = forwards.map((one) => readAddress(one, domain));
    const wrong = forwards.find((_, i) => read[i] === null);
    if (wrong !== undefined) tell("forward", line, wrong);
    return { line, address, displayName: cell("displayName") || nameFrom(local), password: cell("password"), quota, note: cell("note"), forwards: read.filter((one): one is string => one !== null) };
  });
  return problems.length > 0 ? { rows: [], problems } : { rows, problems };
}

export interface CsvHeadings {
  address: string;
  name: string;
  storage: string;
  note: string;
  forwards: string;
  password: string;
}

/// With a byte order mark, by which spreadsheets know UTF-8, and semicolons, which German ones want.
function toText(heading: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  return `\uFEFF${unparse([[...heading], ...rows.map((one) => [...one])], { delimiter: ";", escapeFormulae: true, newline: "\r\n" })}\r\n`;
}

/// What can be read again. Never a password.
export function writeAccounts(accounts: readonly AccountEntry[], names: CsvHeadings): string {
  return toText(
    [names.address, names.name, names.storage, names.note, names.forwards],
    accounts.map((one) => [one.address, one.display_name, one.quota_octets === 0 ? "" : String(Math.round((one.quota_octets / gigabyte) * 100) / 100), one.note, one.forwards.join(", ")]),
  );
}

/// What was made just now, with the passwords this one time.
export function writePasswords(made: ReadonlyArray<{ address: string; password: string }>, names: CsvHeadings): string {
  return toText(
    [names.address, names.password],
    made.map((one) => [one.address, one.password]),
  );
}
