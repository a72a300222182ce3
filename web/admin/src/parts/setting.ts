import { findText, number, octets, t } from "@hauspost/frame";
import type { Setting } from "../api/contract.ts";

const day = 86_400;

/// What stands on the page together, with one button.
export interface SettingGroup {
  key: string;
  names: readonly string[];
}

export const settingGroups: readonly SettingGroup[] = [
  { key: "passwords", names: ["accounts.password_min_characters", "accounts.password_min_score", "accounts.password_may_hold_address"] },
  { key: "sign_ins", names: ["accounts.never_banned"] },
  { key: "accounts", names: ["accounts.default_quota", "accounts.file_sent"] },
  { key: "keeping", names: ["accounts.retention", "trace.keep_days", "trace.subjects"] },
  { key: "sending", names: ["sending.messages_per_hour", "sending.messages_per_day", "sending.recipients_per_hour", "sending.recipients_per_day", "sending.new_recipients_per_day"] },
  { key: "mail", names: ["limits.message_size", "delivery.owner_mailbox", "delivery.report_language"] },
];

/// A key of the catalogue for what is said of one.
export function settingKey(name: string): string {
  return name.replaceAll(".", "_");
}

export function settingTitle(name: string): string {
  return findText(`setting.${settingKey(name)}`) ?? name;
}

/// Of those that are chosen from a list: what is typed for each, and how it is called.
export function choicesOf(one: Setting): { value: string; label: string }[] | null {
  const mega = 1024 ** 2;
  const giga = 1024 ** 3;
  if (one.name === "accounts.password_min_score") return ["0", "1", "2", "3", "4"].map((value) => ({ value, label: findText(`setting.score_${value}`) ?? value }));
  if (one.kind === "octets") {
    const usual = one.name === "accounts.default_quota" ? [1, 5, 10, 50].map((n) => n * giga) : [10, 25, 50, 100].map((n) => n * mega);
    const sizes = usual.includes(one.number) || one.number === 0 ? usual : [...usual, one.number].sort((a, b) => a - b);
    const off = { value: "0", label: t("account.unlimited") };
    return [...sizes.map((size) => ({ value: size === one.number ? one.value : String(size), label: octets(size) })), ...(one.zero_is_off ? [off] : [])];
  }
  if (one.words.length > 0) return one.words.map((value) => ({ value, label: findText(`setting.word_${value}`) ?? value }));
  return null;
}

/// A length of time that is whole days is edited as their number.
export function isInDays(one: Setting): boolean {
  return one.kind === "time" && one.number % day === 0;
}

/// What stands in the field at first.
export function shownValue(one: Setting): string {
  return isInDays(one) ? String(one.number / day) : one.value;
}

/// What the server is sent for it.
export function typedValue(one: Setting, shown: string): string {
  const text = shown.trim();
  return one.kind === "time" && /^\d+$/.test(text) && text !== "0" ? `${text}d` : text;
}

/// In words, for sentences: "14 Tage", "ja", "5 GB".
export function valueWords(one: Setting, value: string): string {
  const chosen = choicesOf(one)?.find((choice) => choice.value === value);
  if (chosen !== undefined) return chosen.label;
  if (one.kind === "flag") return t(value === "on" ? "audit.yes" : "audit.no");
  if (value === "") return t("setting.nothing");
  if (value === "0" && one.zero_is_off) return t(one.kind === "octets" ? "account.unlimited" : one.name.startsWith("sending.") ? "account.no_limit" : "setting.none");
  const days = /^(\d+)d$/.exec(value)?.[1];
  if (days !== undefined) return t("format.days", { count: Number(days) });
  if (one.name === "trace.keep_days") return t("format.days", { count: Number(value) });
  return /^\d+$/.test(value) ? number(Number(value)) : value.replace("iB", "B");
}
