import { octets, t, when } from "@hauspost/frame";
import type { Alarm } from "../api/contract.ts";
import { accountPath } from "./account_state.tsx";

/// The sentence of an alarm.
export function alarmText(alarm: Alarm): string {
  const number = alarm.number ?? 0;
  const values = { subject: alarm.subject ?? "", other: alarm.other ?? "", number };
  switch (alarm.id) {
    case "disk":
      return t("alarm.disk", { ...values, other: octets(number) });
    case "cert":
      return t("alarm.cert", values);
    case "account.spamming":
      return t("alarm.account_spamming", { ...values, when: when(alarm.since ?? 0) });
    case "account.full":
      return t(alarm.level === "bad" ? "alarm.account_full" : "alarm.account_nearly_full", values);
    case "dns.changed":
      return t("alarm.dns_changed", { ...values, when: when(alarm.since ?? 0) });
    case "queue.old":
      return t("alarm.queue_old", values);
    case "mass.delete":
      return values.other === "" ? t("alarm.mass_delete", values) : t("alarm.mass_delete_by", values);
    case "forward.dead":
      return t("alarm.forward_dead", values);
    case "owner.totp":
      return t("alarm.totp", values);
  }
}

/// Where its one button leads, and what that says; null: there is nothing to press.
export function alarmAction(alarm: Alarm): { to: string; text: string } | null {
  const subject = alarm.subject ?? "";
  switch (alarm.id) {
    case "account.spamming":
      return { to: accountPath(subject), text: t("password.change") };
    case "account.full":
      return { to: accountPath(subject), text: t("alarm.more_storage") };
    case "dns.changed":
      return { to: `/domains/${encodeURIComponent(subject)}`, text: t("alarm.fix") };
    case "queue.old":
      return { to: "/queue", text: t("alarm.view") };
    case "mass.delete":
      return { to: `/restore?${new URLSearchParams({ account: subject, from: String(alarm.since ?? 0), to: String(alarm.until ?? 0) }).toString()}`, text: t("alarm.view") };
    case "forward.dead":
      return { to: subject.startsWith("@") ? "/forwarding" : accountPath(subject, "addresses"), text: t("alarm.fix") };
    case "cert":
      return { to: "/certificates", text: t("alarm.view") };
    case "owner.totp":
      return { to: "/owner", text: t("totp.enable") };
    default:
      return null;
  }
}
