import { currentLanguage, t } from "./catalogue.ts";

const locale = (): string => (currentLanguage() === "de" ? "de-DE" : "en-GB");

export function number(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

const kilo = 1024;

/// "1,2 GB": three digits at most, units of 1,024.
export function octets(value: number): string {
  if (value < kilo) return t("format.octets", { count: value });
  const units = ["KB", "MB", "GB", "TB"];
  let scaled = value / kilo;
  let unit = 0;
  // 1,023.7 KB would be written as 1,024 KB.
  while (Math.round(scaled) >= kilo && unit < units.length - 1) {
    scaled /= kilo;
    ++unit;
  }
  const digits = scaled < 10 ? 1 : 0;
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(scaled)} ${units[unit] ?? ""}`;
}

function daysBetween(earlier: Date, later: Date): number {
  const day = (at: Date): number => Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());
  return Math.round((day(later) - day(earlier)) / 86_400_000);
}

function clock(at: Date, withSeconds = false): string {
  return new Intl.DateTimeFormat(locale(), {
    hour: "2-digit",
    minute: "2-digit",
    ...(withSeconds ? { second: "2-digit" } : {}),
  }).format(at);
}

/// "heute 08:12", "gestern 17:40", "Mo 08:12" within a week, "12. Nov.", "12. Nov. 2025".
/// seconds  since 1970
export function when(seconds: number, now: Date = new Date()): string {
  const at = new Date(seconds * 1000);
  const days = daysBetween(at, now);
  if (days === 0) return t("format.today", { clock: clock(at) });
  if (days === 1) return t("format.yesterday", { clock: clock(at) });
  if (days === -1) return t("format.tomorrow", { clock: clock(at) });
  if (Math.abs(days) < 7)
    return `${new Intl.DateTimeFormat(locale(), { weekday: "short" }).format(at)} ${clock(at)}`;
  return day(seconds, now);
}

/// "12. Nov.", with the year where it is another.
export function day(seconds: number, now: Date = new Date()): string {
  const at = new Date(seconds * 1000);
  return new Intl.DateTimeFormat(locale(), {
    day: "numeric",
    month: "short",
    ...(at.getFullYear() === now.getFullYear() ? {} : { year: "numeric" }),
  }).format(at);
}

/// With seconds and zone, for tooltips and time lines.
export function exactly(seconds: number): string {
  return new Intl.DateTimeFormat(locale(), {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  }).format(new Date(seconds * 1000));
}

export function clockOf(seconds: number): string {
  return clock(new Date(seconds * 1000));
}

/// "3 Tage", "4 Stunden", "2 Minuten": the largest unit that is full.
export function span(seconds: number): string {
  if (seconds >= 172_800) return t("format.days", { count: Math.floor(seconds / 86_400) });
  if (seconds >= 3_600) return t("format.hours", { count: Math.floor(seconds / 3_600) });
  if (seconds >= 60) return t("format.minutes", { count: Math.floor(seconds / 60) });
  return t("format.seconds", { count: Math.max(0, Math.floor(seconds)) });
}

/// "anna@" where the domain is plain from what stands around it.
export function shortAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return at < 0 ? address : address.slice(0, at + 1);
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}
