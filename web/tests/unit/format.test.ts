import { beforeEach, describe, expect, test } from "vitest";
import { putTexts } from "../../packages/frame/src/catalogue.ts";
import { domainOf, octets, shortAddress, span, when } from "../../packages/frame/src/format.ts";
import { Problem, problemText } from "../../packages/frame/src/problem.ts";
import { remoteMeaning } from "../../packages/frame/src/remote_words.ts";
import { match } from "../../packages/frame/src/router.tsx";
import { de as frame } from "../../packages/frame/src/texts/de.ts";
import { de } from "../../admin/src/texts/de.ts";
import { catalogue as english } from "../../admin/src/texts/en.ts";

beforeEach(() => putTexts("de", { ...frame, ...de }));

describe("sizes", () => {
  test("have three digits at most, and a comma in German", () => {
    expect(octets(0)).toBe("0 Bytes");
    expect(octets(1)).toBe("1 Byte");
    expect(octets(1023)).toBe("1.023 Bytes");
    expect(octets(1024)).toBe("1 KB");
    expect(octets(1.25 * 1024 ** 3)).toBe("1,3 GB");
    expect(octets(94 * 1024 ** 2)).toBe("94 MB");
    expect(octets(1023.7 * 1024 ** 2)).toBe("1 GB");
    putTexts("en", english);
    expect(octets(1.25 * 1024 ** 3)).toBe("1.3 GB");
  });
});

describe("times", () => {
  const now = new Date(2026, 10, 24, 9, 21);
  const at = (...parts: [number, number, number, number, number]): number => new Date(...parts).getTime() / 1000;
  test("are told from today on", () => {
    expect(when(at(2026, 10, 24, 8, 12), now)).toBe("heute 08:12");
    expect(when(at(2026, 10, 23, 23, 59), now)).toBe("gestern 23:59");
    expect(when(at(2026, 10, 25, 0, 1), now)).toBe("morgen 00:01");
    expect(when(at(2026, 10, 21, 8, 12), now)).toBe("Sa 08:12");
    expect(when(at(2026, 9, 12, 8, 12), now)).toBe("12. Okt.");
    expect(when(at(2025, 10, 12, 8, 12), now)).toBe("12. Nov. 2025");
  });
  test("of day are counted over a change of the clocks", () => {
    expect(when(at(2026, 2, 28, 12, 0), new Date(2026, 2, 29, 12, 0))).toBe("gestern 12:00");
  });
  test("spans take the largest unit", () => {
    expect(span(59)).toBe("59 Sekunden");
    expect(span(3600)).toBe("1 Stunde");
    expect(span(86_400)).toBe("24 Stunden");
    expect(span(172_800)).toBe("2 Tage");
    expect(span(-5)).toBe("0 Sekunden");
  });
});

test("addresses are shortened to their name", () => {
  expect(shortAddress("anna@x.example")).toBe("anna@");
  expect(shortAddress("anna")).toBe("anna");
  expect(domainOf('"a@b"@x.example')).toBe("x.example");
});

describe("a refusal", () => {
  const of = (type: string, more = {}): Problem => new Problem({ type, title: "In English.", status: 422, ...more });
  test("is told in the page's language", () => {
    expect(problemText(of("address_taken", { subject: "info@x.example" }))).toBe("info@x.example gibt es schon. Anderen Namen wählen.");
    expect(problemText(of("owner_wait", { number: 1 }))).toContain("1 Sekunde geht");
  });
  test("of a password names each rule", () => {
    expect(problemText(of("password_refused", { password_faults: ["too_short", "dates"] }))).toBe(`${de["fault.too_short"]} ${de["fault.dates"]}`);
  });
  test("that the catalogue does not know is told in the server's words, or as such", () => {
    expect(problemText(of("something_new"))).toBe("In English.");
    expect(problemText(of("something_new", { title: "" }))).toBe(frame["problem.unknown"]);
    expect(problemText(of("constructor"))).toBe("In English.");
    expect(problemText(new TypeError("fetch failed"))).toBe(frame["problem.server_unreachable"]);
  });
});

describe("a remote reply", () => {
  test.each([
    ["550 5.1.1 <x@y>: Recipient address rejected: User unknown", "remote.no_user"],
    ["550 5.7.1 Service unavailable; blocked using Spamhaus ZEN", "remote.block_list"],
    ["550 5.7.606 Access denied, banned sending IP", "remote.microsoft"],
    ["550-5.7.26 This mail has been blocked because the sender is unauthenticated", "remote.no_proof"],
    ["452 4.2.2 Mailbox full", "remote.full"],
    ["451 4.7.1 Greylisting in action, please come back later", "remote.greylisted"],
    ["552 5.3.4 Message size exceeds fixed limit", "remote.too_large"],
    ["the connection timed out", "remote.unreachable"],
    ["NXDOMAIN: the domain does not exist", "remote.no_domain"],
    ["550 5.7.1 Message rejected as spam", "remote.junk"],
    ["554 5.0.0 no thanks", null],
  ])("%s", (reply, meaning) => {
    expect(remoteMeaning(reply)).toBe(meaning);
  });
});

test("paths are matched part by part", () => {
  expect(match("/accounts/:address", "/accounts/anna%40x.example")).toEqual({ address: "anna@x.example" });
  expect(match("/accounts/:address", "/accounts")).toBeNull();
  expect(match("/accounts/:address", "/accounts/a/b")).toBeNull();
  expect(match("/accounts/:address", "/accounts/%E0%A4%A")).toBeNull();
});
