import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fill, preferredLanguage } from "../../packages/frame/src/catalogue.ts";
import { de as frameDe } from "../../packages/frame/src/texts/de.ts";
import { en as frameEn } from "../../packages/frame/src/texts/en.ts";
import { de as adminDe } from "../../admin/src/texts/de.ts";
import { settingGroups, settingKey } from "../../admin/src/parts/setting.ts";
import { en as adminEn } from "../../admin/src/texts/en.ts";

const german: Readonly<Record<string, string>> = { ...frameDe, ...adminDe };
const english: Readonly<Record<string, string>> = { ...frameEn, ...adminEn };
const root = join(import.meta.dirname, "../../..");

function source(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

function sourcesOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && /\.tsx?$/.test(one.name) && !one.parentPath.endsWith("texts"))
    .map((one) => readFileSync(join(one.parentPath, one.name), "utf8"))
    .join("\n");
}

describe("the catalogue", () => {
  test("has each text in both languages, with the same values", () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(german).sort());
    const values = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)/g)].map((one) => one[1] ?? ""))].sort();
    const differing = Object.keys(german).filter((key) => values(german[key] ?? "").join() !== values(english[key] ?? "").join());
    // German says "Domain suchen" where English needs no number, and so on: none today.
    expect(differing).toEqual([]);
  });

  test("addresses nobody in German", () => {
    const addressed = Object.entries(german).filter(([, text]) => /\b(du|dir|dich|dein\w*|euch|euer|Sie|Ihnen|Ihr\w*)\b/.test(text.replace(/„[^“]*“/g, "")));
    expect(addressed).toEqual([]);
  });

  test("uses one word for one thing", () => {
    const wrong = Object.entries(german).filter(([, text]) => /Postfach|Mailbox|Quota|Localpart|Bounce|Account/i.test(text.replace(/„[^“]*“/g, "")));
    expect(wrong).toEqual([]);
    const inEnglish = Object.entries(english).filter(([, text]) => /\bquota\b|\blocalpart\b|\bendpoint\b|\bDSN\b|\bbounce/i.test(text));
    expect(inEnglish).toEqual([]);
  });

  test("ends a refusal with what can be done", () => {
    for (const [key, text] of Object.entries(german)) if (key.startsWith("problem.")) expect(text, key).toMatch(/[.…]$|muster-gmbh\.de$|steuerbuero\.de$|\{other\}$/);
  });

  test("has words for every refusal of the server", () => {
    const names = [...source("admin/api/sentences.cpp").matchAll(/wording\{\w+, "(\w+)"/g)].map((one) => one[1] ?? "");
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((one) => one !== "password_refused" && !Object.hasOwn(german, `problem.${one}`))).toEqual([]);
  });

  test("has words for every change that the audit log may hold", () => {
    const commands = (source("admin/api/commands.cpp") + source("admin/api/ban_commands.cpp") + source("admin/api/index_commands.cpp") + source("admin/api/owner_commands.cpp") + source("admin/api/restore_commands.cpp") + source("admin/api/setting_commands.cpp") + source("admin/api/certificate_commands.cpp")).split("{.name = ").slice(1);
    const changing = commands.filter((one) => !one.includes(".only_looks = true")).map((one) => /^"([^"]+)"/.exec(one)?.[1] ?? "");
    expect(changing.length).toBeGreaterThan(20);
    const unnamed = changing.filter((one) => !["check", "put-back", "domain dns"].includes(one) && !Object.hasOwn(german, `audit.do_${one.replaceAll(/[ -]/g, "_")}`));
    expect(unnamed).toEqual([]);
  });

  test("has words for every field that the audit log compares", () => {
    const fields = [...source("admin/api/pictures.cpp").matchAll(/seen\["(\w+)"\]/g)].map((one) => one[1] ?? "");
    expect(fields.length).toBeGreaterThan(15);
    expect(fields.filter((one) => !Object.hasOwn(german, `audit.field_${one}`))).toEqual([]);
  });

  test("has a place and a title for every setting of the server", () => {
    const conf = source("conf/hauspost.toml");
    let section = "";
    const names: string[] = [];
    for (const line of conf.split("\n")) {
      section = /^\[(\w+)\]/.exec(line)?.[1] ?? section;
      const key = /^#([a-z_]+) = /.exec(line)?.[1];
      if (key !== undefined) names.push(`${section}.${key}`);
    }
    expect(names.length).toBeGreaterThan(10);
    expect(settingGroups.flatMap((group) => group.names).sort()).toEqual(names.sort());
    expect(names.filter((one) => !Object.hasOwn(german, `setting.${settingKey(one)}`))).toEqual([]);
  });

  test("has no text that no page shows", () => {
    const code = sourcesOf(join(root, "web/admin/src")) + sourcesOf(join(root, "web/packages/frame/src"));
    const made = /^(problem|fault|audit\.(do|field|source|yes|no)|setting|settings\.group|certificates\.(do|pill|role|title)|dns\.(why|purpose)|setup\.step|queue\.did|verdict|detective\.(range|show)|restore\.time|chart|data|password|import\.fault)([._]|$)/;
    const unused = Object.keys(german).filter((key) => !made.test(key) && !code.includes(`"${key}"`));
    expect(unused).toEqual([]);
  });
});

describe("a text", () => {
  test("takes values and the word that fits a number", () => {
    expect(fill("{count} {count|Konto|Konten}", { count: 1 })).toBe("1 Konto");
    expect(fill("{count} {count|Konto|Konten}", { count: 0 })).toBe("0 Konten");
    expect(fill("{count}", { count: 12_408 })).toBe("12.408");
    expect(fill("{who} fehlt {other}", { who: "<b>" })).toBe("<b> fehlt {other}");
  });

  test("does not fill what a value brings along", () => {
    expect(fill("{a}{b}", { a: "{b}", b: "x" })).toBe("{b}x");
  });
});

test("the language is the chosen one, else the browser's", () => {
  expect(preferredLanguage("en", ["de-DE"])).toBe("en");
  expect(preferredLanguage(null, ["de-AT", "en"])).toBe("de");
  expect(preferredLanguage(null, ["fr-FR", "de"])).toBe("de");
  expect(preferredLanguage(null, ["fr-FR"])).toBe("en");
  expect(preferredLanguage("xx", [])).toBe("en");
});
