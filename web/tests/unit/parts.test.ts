import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { putTexts } from "@hauspost/frame";
import { de as frame } from "@hauspost/frame/texts/de";
import { de } from "../../admin/src/texts/de.ts";
import { valueText } from "../../admin/src/parts/audit_text.ts";
import { nameFrom, plainName, readAddress, strangeLetter } from "../../admin/src/parts/address.ts";
import { programText } from "../../admin/src/parts/agent.ts";
import { niceTop } from "../../admin/src/parts/chart.tsx";
import { isRequired, plainValue, purposeOf, shortName, zoneText } from "../../admin/src/parts/dns.ts";
import { judgePlainly, learnRules, makePassword, passwordRules, strengthOf } from "../../admin/src/parts/password.ts";
import { choicesOf, settingGroups, settingTitle, shownValue, typedValue, valueWords } from "../../admin/src/parts/setting.ts";
import { usualQuota } from "../../admin/src/parts/storage_choice.tsx";
import { fits, keyOf, lastReply, verdictsOf, waitingNumber } from "../../admin/src/parts/trace.ts";
import type { TracedMessage } from "../../admin/src/api/contract.ts";
import { office, records } from "../../mock/data.ts";
import { settings } from "../../mock/settings.ts";

describe("an address", () => {
  test.each([
    ["Anna <Anna@X.example>", "anna@x.example"],
    [" max@steuerbuero.example, ", "max@steuerbuero.example"],
    ["rechnung", "rechnung@muster.example"],
    ["max@steuer", null],
    ["@x.example", null],
    ["a b@x.example", null],
    ["a@x..example", null],
    ["", null],
  ])("%s", (typed, read) => {
    expect(readAddress(typed, "muster.example")).toBe(read);
  });
  test("is suggested without umlauts", () => {
    expect(plainName("Müller & Söhne")).toBe("mueller.soehne");
    expect(plainName("Čapek.")).toBe("capek");
    expect(strangeLetter("müller")).toBe("ü");
    expect(strangeLetter("a.b-c_9")).toBeNull();
    expect(nameFrom("anna.schmidt")).toBe("Anna Schmidt");
  });
});

describe("the rules of passwords", () => {
  const usual = { ...passwordRules() };
  afterEach(() => learnRules(usual));
  test("are those of the server", () => {
    learnRules({ minCharacters: 20, minScore: 0, mayHoldAddress: true });
    expect(judgePlainly("a".repeat(19), "").longEnough).toBe(false);
    expect(judgePlainly("einSchmidt77", "anna.schmidt@muster-gmbh.example").holds).toBe("");
    expect(makePassword().length).toBeGreaterThanOrEqual(20);
    learnRules({ ...usual, minCharacters: 128 });
    expect(makePassword().length).toBeGreaterThanOrEqual(128);
    learnRules({ ...usual, minCharacters: 1 });
    expect(makePassword()).toHaveLength(19);
  });
});

describe("a setting", () => {
  beforeAll(() => putTexts("de", { ...frame, ...de }));
  const all = settings();
  const one = (name: string) => all.find((row) => row.name === name) ?? all[0]!;
  test("is shown in days and typed in days, and another time as it is", () => {
    expect(shownValue(one("accounts.retention"))).toBe("30");
    expect(typedValue(one("accounts.retention"), " 7 ")).toBe("7d");
    expect(typedValue(one("accounts.retention"), "36h")).toBe("36h");
    expect(typedValue(one("accounts.retention"), "0")).toBe("0");
    const hours = { ...one("accounts.retention"), value: "36h", number: 36 * 3600 };
    expect(shownValue(hours)).toBe("36h");
    expect(typedValue(hours, "14")).toBe("14d");
  });
  test("has words for its value", () => {
    expect(valueWords(one("accounts.retention"), "14d")).toBe("14 Tage");
    expect(valueWords(one("accounts.file_sent"), "on")).toBe("ja");
    expect(valueWords(one("accounts.default_quota"), "0")).toBe("unbegrenzt");
    expect(valueWords(one("delivery.report_language"), "en")).toBe("Englisch");
    expect(valueWords(one("delivery.owner_mailbox"), "")).toBe("leer");
    expect(valueWords(one("sending.messages_per_day"), "1000")).toBe("1.000");
  });
  test("that is a size keeps its own among the choices", () => {
    const odd = { ...one("limits.message_size"), value: "33 MiB", number: 33 * 1024 ** 2 };
    expect(choicesOf(odd)?.map((choice) => choice.value)).toContain("33 MiB");
  });
  test("stands in one group, and has a title", () => {
    const grouped = settingGroups.flatMap((group) => group.names);
    expect([...grouped].sort()).toEqual(all.map((row) => row.name).sort());
    for (const name of grouped) expect(settingTitle(name)).not.toBe(name);
  });
  test("gives a new account its room", () => {
    expect(usualQuota(undefined)).toBe(5 * 1024 ** 3);
    expect(usualQuota([{ ...one("accounts.default_quota"), number: 0 }])).toBe(0);
    expect(usualQuota([{ ...one("accounts.default_quota"), source: "default", number: 0 }])).toBe(5 * 1024 ** 3);
  });
});

describe("a generated password", () => {
  test("has four groups of letters that do not look alike", () => {
    for (let i = 0; i < 200; ++i) expect(makePassword()).toMatch(/^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}$/);
  });
  test("takes each letter as often: octets of the last part of a row are left out", () => {
    const given = [255, 254, 248, 247, ...Array.from({ length: 28 }, () => 0)];
    expect(makePassword(() => Uint8Array.from(given)).startsWith("9aaa")).toBe(true);
  });
});

describe("the plain rules", () => {
  test("count characters, not code units", () => {
    expect(judgePlainly("😀😀😀", "").characters).toBe(3);
    expect(judgePlainly("a".repeat(12), "").longEnough).toBe(true);
    expect(judgePlainly("a".repeat(11), "").longEnough).toBe(false);
  });
  test("find parts of the address", () => {
    expect(judgePlainly("einSchmidt77", "anna.schmidt@muster-gmbh.example").holds).toBe("schmidt");
    expect(judgePlainly("Muster-GmbH-2026", "a@muster-gmbh.example").holds).toBe("muster-gmbh");
    expect(judgePlainly("laterne-kiesel", "a@muster-gmbh.example").holds).toBe("");
  });
  test("name the strength", () => {
    expect([0, 1, 2, 3, 4].map(strengthOf)).toEqual(["weak", "weak", "fair", "strong", "strong"]);
  });
});

describe("records", () => {
  test("are told by what they are for", () => {
    expect(records("muster-gmbh.de").map((one) => purposeOf(one, "muster-gmbh.de"))).toEqual(["mx", "spf", "dkim", "dmarc", "submissions", "imaps", "tls_report", "tlsa", "caa"]);
    expect(purposeOf({ name: "mail.x.example.", type: "TXT", value: '"v=spf1 a -all"' }, "x.example")).toBe("spf_host");
    expect(isRequired("dkim")).toBe(true);
    expect(isRequired("caa")).toBe(false);
  });
  test("have short names and whole values", () => {
    expect(shortName("_dmarc.x.example.", "x.example")).toBe("_dmarc");
    expect(shortName("x.example.", "x.example")).toBe("@");
    expect(shortName("mail.other.example.", "x.example")).toBe("mail.other.example");
    expect(plainValue({ type: "TXT", value: '"v=DKIM1; " "p=abc"' })).toBe("v=DKIM1; p=abc");
    expect(plainValue({ type: "MX", value: "10 mail.x.example." })).toBe("10 mail.x.example.");
    expect(zoneText([{ name: "x.example.", type: "MX", value: "10 m." }])).toBe("x.example.\tIN\tMX\t10 m.");
  });
});

describe("a traced message", () => {
  const all = office().trace;
  const one = (i: number): TracedMessage => {
    const found = all[i];
    if (found === undefined) throw new Error("no such message");
    return found;
  };
  test("has its verdicts, the worst first", () => {
    expect(verdictsOf({ ...one(0), state: "in mailbox, failed" })).toEqual(["failed", "in mailbox"]);
    expect(verdictsOf({ ...one(0), state: "" })).toEqual([]);
  });
  test("fits a filter", () => {
    expect(all.filter((message) => fits(message, "out")).length).toBe(2);
    expect(all.filter((message) => fits(message, "refused")).length).toBe(2);
    expect(all.filter((message) => fits(message, "waiting")).map(keyOf)).toEqual(["01k8y7q4m2x0a"]);
    expect(all.filter((message) => fits(message, "all")).length).toBe(all.length);
  });
  test("offers what waits to be tried", () => {
    expect(waitingNumber(one(0))).toBe(4711);
    expect(waitingNumber(one(1))).toBeUndefined();
    expect(lastReply(one(0))?.reply).toBe("452 4.2.2 Mailbox full");
  });
  test("without an id has a key of its own", () => {
    expect(new Set(all.map(keyOf)).size).toBe(all.length);
  });
});

test("a chart ends at a round number", () => {
  expect([1, 4, 5, 11, 66, 100, 534].map(niceTop)).toEqual([4, 4, 5, 20, 100, 100, 1000]);
});

test("browsers are called by their names", () => {
  expect(programText("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0")).toBe("Edge · Windows");
  expect(programText("curl/8.5.0")).toBe("curl/8.5.0");
});

describe("what an audit entry says", () => {
  test("is in words and units", () => {
    putTexts("de", { ...frame, ...de });
    expect(valueText(5 * 1024 ** 3, "quota_octets")).toBe("5 GB");
    expect(valueText(0, "quota_octets")).toBe("Ohne Grenze");
    expect(valueText("on", "sending")).toBe("ja");
    expect(valueText("frozen", "sending")).toBe("angehalten");
    expect(valueText(["a@a.example", true])).toBe("a@a.example, ja");
    expect(valueText("")).toBe("–");
  });
});
