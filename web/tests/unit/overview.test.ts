import { describe, expect, test } from "vitest";
import { putTexts } from "../../packages/frame/src/catalogue.ts";
import { de as frame } from "../../packages/frame/src/texts/de.ts";
import type { Alarm, OverviewAnswer } from "../../admin/src/api/contract.ts";
import { alarmAction, alarmText } from "../../admin/src/parts/alarm.ts";
import { dayBegin, overviewOf } from "../../admin/src/parts/overview.ts";
import { de } from "../../admin/src/texts/de.ts";
import { catalogue as english } from "../../admin/src/texts/en.ts";

const nothing = { received: 0, submitted: 0, refused: 0, delivered: 0, failed: 0, sign_ins: 0, wrong_passwords: 0 };

function answer(more: Partial<OverviewAnswer> = {}): OverviewAnswer {
  const at = dayBegin(new Date(2026, 10, 24)) + 8 * 3600 + 1260;
  return { at, receiving: "good", sending: "good", today: nothing, hours: [], waiting: 0, has_domain: true, has_account: true, alarms: [], ...more };
}

describe("alarms", () => {
  const all: Record<Alarm["id"], Alarm> = {
    disk: { id: "disk", level: "bad", number: 9 * 1024 ** 3 },
    cert: { id: "cert", level: "warn", number: 12 },
    "account.spamming": { id: "account.spamming", level: "bad", subject: "jonas@a.example", since: 1_795_000_000 },
    "account.full": { id: "account.full", level: "warn", subject: "anna@a.example", number: 94 },
    "dns.changed": { id: "dns.changed", level: "warn", subject: "a.example", other: "MX, SPF", number: 2, since: 1_795_000_000 },
    "queue.old": { id: "queue.old", level: "warn", number: 3 },
    "mass.delete": { id: "mass.delete", level: "warn", subject: "anna@a.example", other: "Thunderbird", number: 412, since: 100, until: 130 },
    "forward.dead": { id: "forward.dead", level: "warn", subject: "anna@a.example", other: "max@b.example", number: 1 },
    "owner.totp": { id: "owner.totp", level: "info" },
  };
  test.each(["de", "en"] as const)("have whole sentences with what they are about (%s)", (language) => {
    putTexts(language, language === "de" ? { ...frame, ...de } : english);
    for (const one of Object.values(all)) expect(alarmText(one)).toMatch(/^[^{}]+[.]$/);
    expect(alarmText(all.disk)).toContain("9 GB");
    expect(alarmText(all.cert)).toContain("12");
    expect(alarmText(all["account.spamming"])).toContain("jonas@a.example");
    expect(alarmText(all["account.full"])).toContain("94");
    expect(alarmText({ ...all["account.full"], level: "bad", number: 100 })).toMatch(/100.*[.]$/);
    expect(alarmText(all["dns.changed"])).toContain("MX, SPF");
    expect(alarmAction(all["account.full"])?.to).toBe("/accounts/anna%40a.example");
    expect(alarmAction(all["dns.changed"])?.to).toBe("/domains/a.example");
    expect(alarmText(all["forward.dead"])).toContain("max@b.example");
    expect(alarmText(all["mass.delete"])).toMatch(/Thunderbird.*412/);
    const { other, ...byNobody } = all["mass.delete"];
    expect(alarmText(byNobody)).toMatch(/^[^{}]+[.]$/);
    expect(alarmText(byNobody)).not.toContain(other);
    expect(alarmAction(all["mass.delete"])?.to).toBe("/restore?account=anna%40a.example&from=100&to=130");
  });
});

describe("the overview", () => {
  test("has 24 hours and 30 days, which begin at midnight here", () => {
    const of = answer();
    const midnight = dayBegin(new Date(of.at * 1000));
    const shown = overviewOf(
      answer({
        hours: [
          { ...nothing, at: midnight - 3600, received: 5 },
          { ...nothing, at: midnight, received: 7, submitted: 2, refused: 1, failed: 1 },
        ],
      }),
    );
    expect(shown.hours).toHaveLength(24);
    expect(shown.days).toHaveLength(30);
    expect(shown.days.at(-1)).toEqual({ at: midnight, received: 7, sent: 2, refused: 1, failed: 1 });
    expect(shown.days.at(-2)?.received).toBe(5);
    expect(shown.hours.map((one) => one.received).filter((count) => count > 0)).toEqual([5, 7]);
  });
  test("ticks the first steps off by what has happened", () => {
    expect(overviewOf(answer()).first_steps).toEqual({ domain: true, account: true, mail: false, program: false });
    const of = answer();
    const used = answer({ hours: [{ ...nothing, at: of.at, submitted: 1, sign_ins: 1 }] });
    expect(overviewOf(used).first_steps).toMatchObject({ mail: true, program: true });
  });
  test("counts whole days of a certificate, and none after its end", () => {
    const of = answer();
    const days = (left: number): number | undefined => overviewOf(answer({ certificate: { ends_at: of.at + left, self_signed: false } })).certificate?.days_left;
    expect(days(86_400)).toBe(1);
    expect(days(86_399)).toBe(0);
    expect(days(-5)).toBe(0);
    expect(overviewOf(answer()).certificate).toBeUndefined();
  });
});
