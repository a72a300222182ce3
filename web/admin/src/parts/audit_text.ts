import { findText, t } from "@hauspost/frame";
import type { AuditEntry } from "../api/contract.ts";

/// "account add" as a sentence; a command without one by its name.
export function actionText(entry: AuditEntry): string {
  const subject = entry.subject ?? "";
  return findText(`audit.do_${entry.action.replaceAll(/[ -]/g, "_")}`, { subject }) ?? `${entry.action} ${subject}`.trim();
}

export function whoText(entry: AuditEntry): string {
  if (entry.who === "command_line") return t("audit.command_line");
  if (entry.who === "server") return t("audit.server");
  return entry.from === undefined ? t("audit.owner") : t("audit.owner_from", { subject: entry.from });
}

/// What changed: "active" as a word; one without a word by its name.
export function fieldText(key: string): string {
  return findText(`audit.field_${key}`) ?? key;
}

export function valueText(value: string): string {
  if (value === "yes" || value === "no") return t(`audit.${value}`);
  return value === "" ? "–" : value;
}
