import { describe, expect, test } from "vitest";
import type { AccountEntry } from "../../admin/src/api/contract.ts";
import { maxRows, readAccounts, writeAccounts, writePasswords, type CsvHeadings } from "../../admin/src/parts/accounts_csv.ts";

const names: CsvHeadings = { address: "Adresse", name: "Name", storage: "Speicher (GB)", note: "Notiz", forwards: "Weiterleitung", password: "Passwort" };
const ours = ["a.example", "b.example"];

function faultsOf(text: string): string[] {
  const { rows, problems } = readAccounts(text, ours);
  expect(rows).toEqual([]);
  return problems.map((one) => `${String(one.line)} ${one.fault} ${one.text}`.trim());
}

describe("a table of accounts", () => {
  test("is read with German headings, semicolons and a byte order mark", () => {
    const { rows, problems } = readAccounts('\uFEFFAdresse;Name;Speicher (GB);Weiterleitung\r\nAnna@a.example;"Schmidt; Anna";2,5;x@else.example, ben\r\n\r\nben;;;\r\n', ours);
    expect(problems).toEqual([]);
    expect(rows).toEqual([
      { line: 2, address: "anna@a.example", displayName: "Schmidt; Anna", password: "", quota: 2684354560, note: "", forwards: ["x@else.example", "ben@a.example"] },
      { line: 4, address: "ben@a.example", displayName: "Ben", password: "", quota: null, note: "", forwards: [] },
    ]);
  });

  test("is read with English headings, commas and columns that nobody knows", () => {
    const { rows } = readAccounts("Name,Phone,Address,Password\nAnna,12,anna@b.example,some long words here\n", ours);
    expect(rows[0]).toMatchObject({ address: "anna@b.example", displayName: "Anna", password: "some long words here" });
  });

  test("whose rows are wrong is refused as a whole, each with its line", () => {
    expect(faultsOf("Adresse;Speicher;Weiterleitung\nanna@c.example\nbü@a.example\na b@a.example\nok@a.example;viel\nok@a.example;;nobody@\n")).toEqual([
      "2 foreign c.example",
      "3 letter ü",
      "4 address a b@a.example",
      "5 quota viel",
      "6 twice ok@a.example",
      "6 forward nobody@",
    ]);
  });

  test("without a heading, without rows, with too many or with an open quote is refused", () => {
    expect(faultsOf("anna@a.example;Anna\n")).toEqual(["1 no_heading anna@a.example · Anna"]);
    expect(faultsOf("")).toEqual(["1 no_heading"]);
    expect(faultsOf("Adresse\n")).toEqual(["1 no_rows"]);
    expect(faultsOf(`Adresse\n${"x\n".repeat(maxRows + 1)}`)[0]).toContain("too_many 501");
    expect(faultsOf('Adresse;Name\n"anna;Anna\n')[0]).toContain("unreadable");
    expect(faultsOf(`Adresse\n${"?\n".repeat(100)}`)).toHaveLength(20);
  });

  test("is written so that it can be read again, and a spreadsheet computes nothing", () => {
    const account: AccountEntry = { address: "anna@a.example", display: "anna@a.example", display_name: '=cmd|"x"', active: true, has_password: true, quota_octets: 5 * 1024 ** 3, octets: 1, messages: 1, forwards: ["x@else.example"], keep_copy: true, files_sent: true, note: "-1+1", created_at: 1, last_sign_in_at: 0, last_program: "" };
    const text = writeAccounts([account], names);
    expect(text).toContain("'=cmd");
    expect(text).toContain("'-1+1");
    const { rows } = readAccounts(text, ours);
    expect(rows[0]).toMatchObject({ address: "anna@a.example", displayName: '=cmd|"x"', note: "-1+1", quota: 5 * 1024 ** 3, forwards: ["x@else.example"] });
  });

  test("of new passwords has them, and the other never", () => {
    expect(writePasswords([{ address: "a@a.example", password: "p;w" }], names)).toBe('\uFEFFAdresse;Passwort\r\na@a.example;"p;w"\r\n');
  });
});
