import { span, t } from "@hauspost/frame";
import type { Alarm } from "../api/contract.ts";
import { accountPath } from "./account_state.tsx";

/// The sentence of an alarm.
export function alarmText(alarm: Alarm): string {
  const values = { subject: alarm.subject ?? "", other: alarm.other ?? "", number: alarm.number ?? 0, span: span(alarm.number ?? 0) };
  switch (alarm.id) {
    case "account.full":
      return t((alarm.number ?? 0) >= 100 ? "alarm.account_full" : "alarm.account_nearly_full", values);
    case "out.blocked":
      return t("alarm.out_blocked", values);
    case "disk":
      return t("alarm.disk", values);
    case "cert":
      return t("alarm.cert", values);
    case "account.spamming":
      return t("alarm.spamming", values);
    case "dns.changed":
      return t("alarm.dns", values);
    case "in.none":
      return t("alarm.in_none", values);
    case "queue.old":
      return t("alarm.queue_old", values);
    case "forward.dead":
      return t("alarm.forward_dead", values);
    case "backup.old":
      return t("alarm.backup", values);
    case "owner.totp":
      return t("alarm.totp", values);
  }
}

/// Where its one button leads, and what that says; null: there is nothing to press.
export function alarmAction(alarm: Alarm): { to: string; text: string } | null {
  const subject = alarm.subject ?? "";
  switch (alarm.id) {
    case "account.full":
      return { to: accountPath(subject), text: t("alarm.more_storage") };
    case "account.spamming":
      return { to: accountPath(subject), text: t("alarm.open_account") };
    case "dns.changed":
      return { to: `/domains/${encodeURIComponent(subject)}`, text: t("alarm.fix") };
    case "in.none":
      return { to: "/domains", text: t("setup.check_dns") };
    case "queue.old":
      return { to: "/queue", text: t("alarm.view") };
    case "forward.dead":
      return { to: accountPath(subject, "addresses"), text: t("alarm.fix") };
    case "owner.totp":
      return { to: "/owner", text: t("totp.enable") };
    default:
      return null;
  }
}
