import { Button } from "@mantine/core";
import { Card, Confirm, Empty, exactly, findText, Icon, Notice, Page, Pill, Refusal, Skeletons, t, type Tone } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { call } from "../api/client.ts";
import type { Certificate, CertificateProblem, TlsListener } from "../api/contract.ts";
import { certificatesQuery, useChange } from "../api/queries.ts";

/// What the server shows mail programs and browsers to prove who it is.
export default function CertificatesPage(): ReactNode {
  const [reads, setReads] = useState(false);
  const list = useQuery(certificatesQuery);
  const reload = useChange(() => call("certificate/reload", {}), ["certificate"], () => t("certificates.reloaded"));
  const all = list.data?.certificates ?? [];
  return (
    <Page
      title={t("nav.certificates")}
      line={t("certificates.line", { subject: list.data?.host ?? "" })}
      actions={
        <Button variant="default" leftSection={<Icon name="refresh" size={18} />} onClick={() => setReads(true)}>
          {t("certificates.reload")}
        </Button>
      }
    >
      <div className="stack">
        <Refusal error={list.error} onRetry={() => void list.refetch()} />
        {list.isPending && (
          <Card>
            <Skeletons lines={6} height={18} />
          </Card>
        )}
        {list.data !== undefined && all.length === 0 && (
          <Card>
            <Empty icon="alert">{t("certificates.unreadable")}</Empty>
          </Card>
        )}
        {all.map((one) => (
          <One key={one.fingerprint} of={one} host={list.data?.host ?? ""} listeners={list.data?.listeners ?? []} />
        ))}
      </div>
      {reads && (
        <Confirm title={t("certificates.reload")} verb={t("certificates.reload_do")} onConfirm={async () => void (await reload.mutateAsync(undefined))} onClose={() => setReads(false)}>
          <p>{t("certificates.reload_effect")}</p>
        </Confirm>
      )}
    </Page>
  );
}

const bad: readonly CertificateProblem[] = ["expired", "not_yet", "ends_this_week"];

function toneOf(problem: CertificateProblem): Tone {
  return bad.includes(problem) ? "bad" : "warn";
}

/// The common name where there is one, else the whole.
function commonName(name: string): string {
  return /(?:^|,)CN=((?:\\.|[^,])*)/.exec(name)?.[1]?.replaceAll("\\", "") ?? name;
}

function issuerText(of: Certificate): string {
  if (of.made_here) return t("certificates.made_here");
  if (of.self_signed) return t("certificates.self_signed");
  const organisation = /(?:^|,)O=((?:\\.|[^,])*)/.exec(of.issuer)?.[1]?.replaceAll("\\", "");
  const name = commonName(of.issuer);
  return organisation === undefined ? name : `${organisation} (${name})`;
}

function One({ of, host, listeners }: { of: Certificate; host: string; listeners: readonly TlsListener[] }): ReactNode {
  const left = Math.floor((of.ends_at - Date.now() / 1000) / 86_400);
  const worst = of.problems[0];
  const facts: ReadonlyArray<readonly [string, ReactNode]> = [
    [t("certificates.names"), of.names.length === 0 ? "–" : of.names.join(", ")],
    [t("certificates.issuer"), issuerText(of)],
    [t("certificates.valid_until"), exactly(of.ends_at)],
    [t("certificates.valid_from"), exactly(of.begins_at)],
    [t("certificates.key"), of.key],
    [t("certificates.used_for"), <Listeners key="used" of={listeners} />],
    [t("certificates.file"), of.file],
    [t("certificates.fingerprint"), <span key="print" className="mono">{of.fingerprint.match(/../g)?.join(":") ?? ""}</span>],
  ];
  return (
    <Card
      title={of.names[0] ?? commonName(of.subject)}
      line={left >= 0 ? t("certificates.days_left", { count: left }) : t("certificates.over")}
      actions={<Pill tone={worst === undefined ? "good" : toneOf(worst)}>{worst === undefined ? t("certificates.good") : (findText(`certificates.pill_${worst}`) ?? worst)}</Pill>}
    >
      <div className="stack">
        {of.problems.map((problem) => (
          <Notice key={problem} tone={toneOf(problem)} title={findText(`certificates.title_${problem}`, { subject: host, count: Math.max(0, left) }) ?? problem}>
            {findText(`certificates.do_${problem}`, { subject: host })}
          </Notice>
        ))}
        <dl className="facts">
          {facts.map(([key, value]) => (
            <div key={key}>
              <dt>{key}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Card>
  );
}

function Listeners({ of }: { of: readonly TlsListener[] }): ReactNode {
  if (of.length === 0) return t("certificates.nobody");
  return of.map((one) => `${findText(`certificates.role_${one.role}`) ?? one.role} ${String(one.port)}`).join(" · ");
}
