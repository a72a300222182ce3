import { findText, t } from "@hauspost/frame";
import type { AuditEntry } from "../api/contract.ts";

/// "account add" as a sentence; a command without one by its name.
export function actionText(entry: AuditEntry): string {
  const subject = entry.subject ?? "";
  return findText(`audit.do_${entry.command.replaceAll(/[ -]/g, "_")}`, { subject }) ?? `${entry.command} ${subject}`.trim();
}

export function actorText(who: AuditEntry["who"]): string {
  if (who === "command line") return t("audit.command_line");
  return t(who === "server" ? "audit.server" : "audit.owner");
}

export function whoText(entry: AuditEntry): string {
  const isOwner = entry.who !== "command line" && entry.who !== "server";
  return isOwner && entry.from !== undefined ? t("audit.owner_from", { subject: entry.from }) : actorText(entry.who);
}

/// What changed: "active" as a word; one without a word by its name.
export function fieldText(key: string): string {
  return findText(`audit.field_${key}`) ?? key;
}

export function valueText(value: unknown): string {
  if (typeof value === "boolean") return t(value ? "audit.yes" : "audit.no");
  if (Array.isArray(value)) return value.length === 0 ? "–" : value.map((one) => valueText(one)).join(", ");
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : "–";
}
