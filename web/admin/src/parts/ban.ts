import { t } from "@hauspost/frame";
import type { Ban } from "../api/contract.ts";

/// By what it is lifted.
export function banName(one: Ban): string {
  if (one.network !== "") return one.network;
  return one.account === "" ? "owner" : one.account;
}

/// Only a whole network can be banned by hand.
export function canBeBannedAgain(one: Ban): boolean {
  return one.kind === "network" || one.kind === "ordered";
}

export function whyBanned(one: Ban): string {
  switch (one.kind) {
    case "ordered":
      return t("bans.why_ordered");
    case "owner_pause":
      return t("bans.why_pause", { count: one.passwords });
    case "pair":
    case "owner_pair":
      return t("bans.why_pair", { count: one.passwords });
    case "network":
    case "account":
    case "owner_network":
    case "owner_account":
      return t("bans.why_passwords", { count: one.passwords });
  }
}

/// "Versucht: info@, anna@ und 3 weitere"
export function triedText(tried: readonly string[]): string {
  const most = 3;
  const subject = tried.slice(0, most).join(", ");
  return tried.length > most ? t("bans.tried_more", { subject, count: tried.length - most }) : t("bans.tried", { subject });
}

/// A network of which mail programs were shut out. What somebody ordered is lifted instead, and the
/// owner's page has no such list.
export function canBeAllowed(one: Ban): boolean {
  return one.network !== "" && (one.kind === "network" || one.kind === "pair");
}

/// Those that are always allowed, as the server tells them: with blanks between.
export function networksOf(value: string): string[] {
  return value.split(" ").filter((one) => one !== "");
}

export function withNetwork(value: string, network: string): string {
  const all = networksOf(value);
  return all.includes(network) ? value : [...all, network].join(" ");
}

export function withoutNetwork(value: string, network: string): string {
  return networksOf(value).filter((one) => one !== network).join(" ");
}
