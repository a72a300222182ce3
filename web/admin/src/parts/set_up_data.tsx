import { Button, SegmentedControl } from "@mantine/core";
import { Card, CopyIcon, Icon, QrCode, Refusal, Sentence, Skeletons, t, type TextKey } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { AccountEntry, Service } from "../api/contract.ts";
import { setUpDataQuery } from "../api/queries.ts";
import { securityText, serviceLabel, SetUpCard } from "./set_up_card.tsx";

const programs = ["thunderbird", "outlook", "apple", "android", "business"] as const;
type Program = (typeof programs)[number];
const steps: Readonly<Record<Program, readonly TextKey[]>> = {
  thunderbird: ["data.thunderbird_1", "data.thunderbird_2", "data.thunderbird_3"],
  outlook: ["data.outlook_1", "data.outlook_2", "data.outlook_3"],
  apple: ["data.apple_1", "data.apple_2", "data.apple_3"],
  android: ["data.android_1", "data.android_2", "data.android_3"],
  business: ["data.business_1", "data.business_2", "data.business_3"],
};

function hint(service: Service, all: readonly Service[]): string {
  if (service.protocol === "imap") return service.security === "tls" ? t("data.recommended") : t("data.alternative");
  if (service.protocol === "pop3") return t("data.pop3_help");
  return service.security === "tls" || !all.some((one) => one.protocol === "smtp" && one.security === "tls") ? t("data.recommended") : t("data.alternative");
}

/// What a mail program has to know; steps in the programs' own words.
export function SetUpData({ account, onPassword }: { account: AccountEntry; onPassword: () => void }): ReactNode {
  const [program, setProgram] = useState<Program>("thunderbird");
  const found = useQuery(setUpDataQuery(account.address));
  const services = found.data?.services ?? [];
  const profile = found.data?.profile_url;
  const host = services.find((one) => one.protocol === "imap")?.host ?? "";
  const smtp = services.find((one) => one.protocol === "smtp");
  const values = { subject: account.address, host, smtp: smtp?.host ?? host, port: String(smtp?.port ?? ""), security: smtp === undefined ? "" : securityText(smtp) };
  return (
    <div className="stack wide">
      <Card
        title={t("data.for", { subject: account.display })}
        line={t("data.easiest")}
        actions={
          <Button variant="default" leftSection={<Icon name="print" size={16} />} onClick={() => window.print()}>
            {t("action.print")}
          </Button>
        }
      >
        {found.isError && <Refusal error={found.error} onRetry={() => void found.refetch()} />}
        {found.isPending && <Skeletons lines={6} height={18} />}
        {found.data !== undefined && (
          <dl className="facts data-facts">
            <div>
              <dt>{t("data.user")}</dt>
              <dd className="row between">
                <span className="grow anywhere">
                  {account.address} <span className="dim small hint">{t("data.whole_address")}</span>
                </span>
                <CopyIcon text={account.address} what={t("data.user")} />
              </dd>
            </div>
            {services.map((one) => (
              <div key={`${one.protocol}${String(one.port)}`}>
                <dt>{serviceLabel(one)}</dt>
                <dd className="row between">
                  <span className="grow">
                    <span className="anywhere">{one.host}</span> <span className="port">{one.port}</span> <span className="nowrap">{securityText(one)}</span> <span className="dim small hint">{hint(one, services)}</span>
                  </span>
                  <CopyIcon text={one.host} what={serviceLabel(one)} />
                </dd>
              </div>
            ))}
            <div>
              <dt>{t("password.label")}</dt>
              <dd className="row between">
                <span className="dim grow">{t("data.no_password")}</span>
                <Button size="compact-sm" variant="default" onClick={onPassword}>
                  {t("data.new_password")}
                </Button>
              </dd>
            </div>
          </dl>
        )}
      </Card>
      <Card title={t("data.steps")}>
        <div className="stack">
          <SegmentedControl className="wraps" aria-label={t("data.steps")} value={program} onChange={(value) => setProgram(value as Program)} data={programs.map((one) => ({ value: one, label: t(`data.${one}`) }))} />
          {program === "apple" && profile !== undefined && (
            <div className="row top">
              <QrCode text={profile} label={t("data.apple_qr")} />
              <div className="stack tight grow">
                <p>{t("data.apple_scan")}</p>
                <p className="dim small">{t("data.apple_password")}</p>
                <div>
                  <Button component="a" href={profile} variant="default">
                    {t("data.apple_load")}
                  </Button>
                </div>
              </div>
            </div>
          )}
          {program === "apple" && profile !== undefined && <h3>{t("data.apple_by_hand")}</h3>}
          <ol className="steps">
            {steps[program].map((key) => (
              <li key={key}>
                <span>
                  <Sentence text={t(key, values)} />
                </span>
              </li>
            ))}
          </ol>
        </div>
      </Card>
      <SetUpCard made={{ address: account.address, displayName: account.display_name, password: "" }} withPassword={false} />
    </div>
  );
}
