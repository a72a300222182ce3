import { Address, Bar, domainOf, Link, octets, Pill, shortAddress, t, When } from "@hauspost/frame";
import type { ReactNode } from "react";
import type { AccountEntry } from "../api/contract.ts";
import { programName } from "./sign_in.ts";

export function accountPath(address: string, tab = ""): string {
  return `/accounts/${encodeURIComponent(address)}${tab === "" ? "" : `?tab=${tab}`}`;
}

export function AccountLink({ address, mark = "" }: { address: string; mark?: string }): ReactNode {
  return (
    <Link to={accountPath(address)}>
      <Address of={address} mark={mark} />
    </Link>
  );
}

/// One word for it; the more important one where there are several.
export function AccountState({ of }: { of: AccountEntry }): ReactNode {
  if (!of.active)
    return (
      <Pill tone="bad" icon="lock">
        {t("account.locked")}
      </Pill>
    );
  const target = of.forwards[0];
  const isCatchAll = of.address.startsWith("catchall@");
  if (target !== undefined)
    return (
      <Pill tone="info" icon="forward">
        {of.forwards.length === 1 ? t(isCatchAll ? "account.catchall_to" : "account.forwards_to", { subject: domainOf(target) === domainOf(of.address) ? shortAddress(target) : target }) : t("account.forwards_many", { count: of.forwards.length })}
      </Pill>
    );
  if (isCatchAll) return <Pill tone="info">{t("catchall.title")}</Pill>;
  if (of.quota_octets > 0 && of.octets >= of.quota_octets * 0.9) return <Pill tone="warn">{t(of.octets >= of.quota_octets ? "account.full" : "account.nearly_full")}</Pill>;
  if (!of.has_password)
    return (
      <Pill tone="warn" icon="key">
        {t("account.no_password")}
      </Pill>
    );
  return <Pill tone="good">{t("account.active")}</Pill>;
}

/// When, and with which program.
export function LastSignIn({ of }: { of: AccountEntry }): ReactNode {
  if (of.last_sign_in_at === 0) return <span className="dim">{t("account.never")}</span>;
  const program = programName(of.last_program);
  return (
    <span className="stack lines">
      <When at={of.last_sign_in_at} />
      {program !== "" && (
        <span className="dim small anywhere" title={program}>
          {program.replace(/\s+v?\d.*$/, "")}
        </span>
      )}
    </span>
  );
}

export function StorageUse({ of }: { of: AccountEntry }): ReactNode {
  if (of.quota_octets === 0) return <span className="nowrap">{octets(of.octets)}</span>;
  const text = t("account.of_storage", { used: octets(of.octets), all: octets(of.quota_octets) });
  return (
    <span className="storage-use">
      <span className="nowrap">{text}</span>
      <Bar part={of.octets / of.quota_octets} label={`${t("account.storage")}: ${text}`} />
    </span>
  );
}
