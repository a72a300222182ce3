import { exactly, findText, octets, t } from "@hauspost/frame";
import type { AuditEntry } from "../api/contract.ts";
import { settingTitle } from "./setting.ts";

/// "account add" as a sentence; a command without one by its name.
export function actionText(entry: AuditEntry): string {
  const isSetting = entry.command.startsWith("setting ");
  const subject = isSetting ? settingTitle(entry.subject ?? "") : (entry.subject ?? "");
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

/// key  what it is of
export function valueText(value: unknown, key = ""): string {
  if (key === "quota_octets" && typeof value === "number") return value === 0 ? t("account.no_limit") : octets(value);
  if (key.endsWith("_at") && typeof value === "number") return value === 0 ? "–" : exactly(value);
  if (key === "sending" && typeof value === "string") return t(value === "frozen" ? "audit.frozen" : "audit.yes");
  if (key === "source" && typeof value === "string") return findText(`audit.source_${value}`) ?? value;
  if (typeof value === "boolean") return t(value ? "audit.yes" : "audit.no");
  if (Array.isArray(value)) return value.length === 0 ? "–" : value.map((one) => valueText(one)).join(", ");
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : "–";
}
