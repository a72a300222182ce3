import { beforeAll, describe, expect, test } from "vitest";
import { putTexts } from "../../packages/frame/src/catalogue.ts";
import { de as frame } from "../../packages/frame/src/texts/de.ts";
import { de } from "../../admin/src/texts/de.ts";
import type { DeletedEntry, ReturnedMail } from "../../admin/src/api/contract.ts";
import { callsFor, joined, restoredText } from "../../admin/src/parts/restore.ts";

beforeAll(() => putTexts("de", { ...frame, ...de }));

function entry(id: string, more: Partial<DeletedEntry> = {}): DeletedEntry {
  return { id, account: 1, box: 4, subject: "x", mailbox: "Angebote", messages: 1, octets: 10, deleted_at: 900, kept_until: 9000, ...more };
}
function back(messages: number, names: readonly string[], more: Partial<ReturnedMail> = {}): ReturnedMail {
  return { address: "a@a.example", messages, left_over_quota: 0, mailboxes: names.map((name) => ({ name, messages })), ...more };
}

describe("what is asked for", () => {
  test("single messages by their ids, a deletion by its folder and time", () => {
    const rows = [entry("1.900.4.1"), entry("1.900.4.2"), entry("1.800.6.9", { messages: 412, box: 6, since: 700, deleted_at: 800 })];
    expect(callsFor({ address: "a@a.example", into: "b@a.example", to: "Neu" }, rows, { text: "rund" })).toEqual([
      { address: "a@a.example", into: "b@a.example", to: "Neu", ids: ["1.900.4.1", "1.900.4.2"] },
      { address: "a@a.example", into: "b@a.example", to: "Neu", text: "rund", account: 1, box: 6, first_at: 700, last_at: 800 },
    ]);
  });
  test("as many at once as a request may have", () => {
    const calls = callsFor({ address: "a@a.example", into: "", to: "" }, Array.from({ length: 4500 }, (_, i) => entry(String(i))), {});
    expect(calls.map((one) => one.ids?.length)).toEqual([2000, 2000, 500]);
  });
});

describe("what is said", () => {
  test("where the mails are, in how many folders", () => {
    expect(restoredText(joined([back(1, ["Angebote"])]))).toBe("1 Mail liegt wieder in „Angebote“.");
    expect(restoredText(joined([back(3, ["INBOX"])]))).toBe("3 Mails liegen wieder in „Posteingang“.");
    expect(restoredText(joined([back(3, ["A", "B"]), back(2, ["B"])]))).toBe("5 Mails liegen wieder in „A“ und 1 weiteren Ordner.");
  });
  test("what had no room, and when nothing came", () => {
    const full = joined([back(1, ["A"], { left_over_quota: 2, missing_octets: 120 * 1024 ** 2 })]);
    expect(restoredText(full)).toBe("1 Mail liegt wieder in „A“. 2 Mails passen nicht mehr ins Konto: dafür fehlen 120 MB.");
    expect(restoredText(joined([back(0, [], { left_over_quota: 1, missing_octets: 1024 })]))).toBe("1 Mail passt nicht mehr ins Konto: dafür fehlen 1 KB.");
    expect(restoredText(joined([back(0, [])]))).toBe("Von den gewählten Mails ist keine mehr da.");
  });
  test("each call can be taken back", () => {
    expect(joined([back(1, ["A"], { undo: "u" }), back(1, ["A"])]).undos).toEqual([{ address: "a@a.example", undo: "u" }]);
  });
});
