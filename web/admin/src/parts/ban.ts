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
