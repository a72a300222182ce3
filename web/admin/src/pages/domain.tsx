import { ActionIcon, Button, Menu, Switch } from "@mantine/core";
import { Card, clockOf, Confirm, CopyButton, CopyIcon, Empty, Icon, Link, navigate, Notice, Page, Pill, Problem, Refusal, Skeletons, t, toast, problemText, type IconName, type TextKey, type Tone } from "@hauspost/frame";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { call } from "../api/client.ts";
import type { CheckedDomain, CheckedRecord, DnsRecord, RecordState } from "../api/contract.ts";
import { checkQuery, domainsQuery, recordsQuery, useChange } from "../api/queries.ts";
import { Reach } from "../parts/reach.tsx";
import { isRequired, plainValue, purposeOf, shortName, zoneText } from "../parts/dns.ts";

type Check = UseQueryResult<CheckedDomain & { at: number }>;

/// "Alles richtig", "2 Einträge fehlen", and while the DNS is asked that.
export function DnsPill({ check }: { check: Check }): ReactNode {
  if (check.isFetching && check.data === undefined)
    return (
      <Pill tone="neutral" icon="clock">
        {t("dns.checking")}
      </Pill>
    );
  if (check.data === undefined) return <Pill tone="neutral">{t("dns.not_checked")}</Pill>;
  const wrong = check.data.records.filter((one) => one.state === "other").length;
  const missing = check.data.records.filter((one) => one.state === "missing").length;
  if (wrong + missing > 0) return <Pill tone="bad">{wrong > 0 ? t("dns.count_wrong", { count: wrong + missing }) : t("dns.count_missing", { count: missing })}</Pill>;
  return check.data.records.some((one) => one.state === "unknown") ? <Pill tone="warn">{t("dns.partly")}</Pill> : <Pill tone="good">{t("dns.all_right")}</Pill>;
}

export default function DomainPage({ name }: { name: string }): ReactNode {
  const domains = useQuery(domainsQuery);
  const records = useQuery(recordsQuery(name));
  const check = useQuery(checkQuery(name));
  const [removes, setRemoves] = useState(false);
  const [rotates, setRotates] = useState(false);
  const remove = useChange(() => call("domain/remove", { name }), ["domain"], () => t("domains.removed", { subject: name }));
  const rotate = useChange(() => call("domain/rotate-keys", { name }), ["domain"], () => t("domains.rotated"));
  const display = domains.data?.find((one) => one.name === name)?.display ?? name;
  const all = records.data?.records ?? [];
  const mailto = `mailto:?subject=${encodeURIComponent(t("dns.mail_subject", { subject: name }))}&body=${encodeURIComponent(`${t("dns.mail_body", { subject: name })}\n\n${zoneText(all)}\n`)}`;
  if (records.error instanceof Problem && records.error.type === "no_such_domain")
    return (
      <Page title={name}>
        <Card>
          <Empty icon="globe" action={<Button onClick={() => navigate("/domains")}>{t("nav.domains")}</Button>}>
            {t("domains.gone", { subject: name })}
          </Empty>
        </Card>
      </Page>
    );
  return (
    <>
      <Link to="/domains" className="back-link">
        <Icon name="back" size={16} /> {t("nav.domains")}
      </Link>
      <Page
        title={display}
        line={
          <span className="row">
            <DnsPill check={check} />
            {check.data !== undefined && <span>{t("dns.checked", { clock: clockOf(check.data.at) })}</span>}
          </span>
        }
        actions={
          <>
            <Button leftSection={<Icon name="refresh" size={18} />} loading={check.isFetching} onClick={() => void check.refetch()}>
              {t("dns.check_now")}
            </Button>
            <CopyButton text={zoneText(all)} label={t("dns.copy_all")} />
            <Menu>
              <Menu.Target>
                <ActionIcon variant="default" size={36} aria-label={t("frame.more_actions")}>
                  <Icon name="more" />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<Icon name="mail" />} component="a" href={mailto}>
                  {t("dns.send")}
                </Menu.Item>
                <Menu.Item leftSection={<Icon name="key" />} onClick={() => setRotates(true)}>
                  {t("domains.rotate")}
                </Menu.Item>
                <Menu.Item leftSection={<Icon name="trash" />} onClick={() => setRemoves(true)}>
                  {t("domains.remove")}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        }
      >
        <div className="stack wide">
          <DomainRecordsList name={name} />
          <Reach />
        </div>
      </Page>
      {removes && (
        <Confirm
          title={t("domains.remove_title", { subject: display })}
          verb={t("domains.remove")}
          destroys
          onConfirm={async () => {
            await remove.mutateAsync();
            navigate("/domains", true);
          }}
          onClose={() => setRemoves(false)}
        >
          <p>{t("domains.remove_effect")}</p>
        </Confirm>
      )}
      {rotates && (
        <Confirm title={t("domains.rotate")} verb={t("domains.rotate_do")} onConfirm={() => rotate.mutateAsync().catch((why: unknown) => { toast(problemText(why), { failed: true }); throw why; })} onClose={() => setRotates(false)}>
          <p>{t("domains.rotate_effect")}</p>
        </Confirm>
      )}
    </>
  );
}

/// All records of a domain: required ones, then what is recommended; wrong ones are open.
export function DomainRecordsList({ name, compact = false }: { name: string; compact?: boolean }): ReactNode {
  const records = useQuery(recordsQuery(name));
  const check = useQuery(checkQuery(name));
  const [short, setShort] = useState(false);
  if (records.isError) return <Refusal error={records.error} onRetry={() => void records.refetch()} />;
  if (records.data === undefined)
    return (
      <Card>
        <Skeletons lines={8} height={18} />
      </Card>
    );
  const checked: readonly CheckedRecord[] = check.data?.records ?? [];
  const stateOf = (record: DnsRecord): CheckedRecord | undefined => checked.find((one) => one.name === record.name && one.type === record.type && one.value === record.value);
  const groups: ReadonlyArray<readonly [TextKey, boolean]> = [
    ["dns.required", true],
    ["dns.recommended", false],
  ];
  return (
    <div className="stack wide">
      {check.isError && (
        <Refusal error={check.error} onRetry={() => void check.refetch()} />
      )}
      {check.data?.records.some((one) => one.state === "unknown") === true && <Notice tone="warn">{t("dns.resolver_silent")}</Notice>}
      {"warning" in records.data && <Notice tone="warn">{t("dns.relay")}</Notice>}
      {groups.map(([title, required]) => {
        const of = records.data.records.filter((one) => isRequired(purposeOf(one, name)) === required);
        if (of.length === 0) return null;
        return (
          <Card
            key={title}
            flush
            title={<span className="records-title">{t(title)}</span>}
            {...(required && !compact ? { actions: <div className="records-switch"><Switch size="xs" label={t("dns.short_names")} checked={short} onChange={(event) => setShort(event.currentTarget.checked)} /></div> } : {})}
          >
            <ul className="records">
              {of.map((one) => (
                <Record key={one.name + one.type + one.value} record={one} checked={stateOf(one)} domain={name} short={short} isChecking={check.isFetching && check.data === undefined} compact={compact} />
              ))}
            </ul>
          </Card>
        );
      })}
    </div>
  );
}

const looks: Readonly<Record<RecordState, { tone: Tone; icon: IconName; key: TextKey }>> = {
  right: { tone: "good", icon: "check", key: "dns.right" },
  missing: { tone: "bad", icon: "circle", key: "dns.missing" },
  other: { tone: "bad", icon: "cross", key: "dns.wrong" },
  optional: { tone: "neutral", icon: "circle", key: "dns.optional" },
  unknown: { tone: "warn", icon: "clock", key: "dns.unknown" },
};

interface RecordProps {
  record: DnsRecord;
  checked: CheckedRecord | undefined;
  domain: string;
  short: boolean;
  isChecking: boolean;
  compact: boolean;
}

function Record({ record, checked, domain, short, isChecking, compact }: RecordProps): ReactNode {
  const purpose = purposeOf(record, domain);
  const state = checked?.state;
  const [open, setOpen] = useState<boolean | null>(null);
  const isBad = state === "other" || state === "missing";
  const isOpen = open ?? (isBad && !compact);
  const look = state === undefined ? { tone: "neutral" as const, icon: "clock" as const, key: (isChecking ? "dns.checking" : "dns.not_checked") as TextKey } : looks[state];
  const shownName = short ? shortName(record.name, domain) : record.name.replace(/\.$/, "");
  const value = plainValue(record);
  const found = checked?.found ?? [];
  return (
    <li className="record">
      <button type="button" className="record-head" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name={isOpen ? "down" : "right"} size={16} />
        <span className="grow">
          <strong>{t(`dns.purpose_${purpose}`)}</strong> <span className="dim small anywhere">{record.type} {shownName}</span>
        </span>
        <Pill tone={look.tone} icon={look.icon}>
          {t(look.key)}
        </Pill>
      </button>
      {isOpen && (
        <div className="record-body">
          <p className={isBad ? "" : "dim"}>
            {t(`dns.why_${purpose}`)}
            {isBad && ` ${t(state === "missing" ? "dns.do_add" : purpose === "spf" ? "dns.do_merge" : purpose === "mx" ? "dns.do_mx" : "dns.do_replace")}`}
          </p>
          <dl className="facts">
            <RecordLine label={t("dns.type")} value={record.type} />
            <RecordLine label={t("dns.name")} value={shownName} copy />
            <RecordLine label={t("dns.wanted")} value={value} copy />
            {found.map((one) => (
              <RecordLine key={one} label={t("dns.found")} value={plainValue({ type: record.type, value: one })} />
            ))}
            {state === "missing" && <RecordLine label={t("dns.found")} value={t("dns.nothing_found")} />}
          </dl>
        </div>
      )}
    </li>
  );
}

function RecordLine({ label, value, copy = false }: { label: string; value: string; copy?: boolean }): ReactNode {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="row between top">
        <span className="mono grow anywhere">{value}</span>
        {copy && <CopyIcon text={value} what={label} />}
      </dd>
    </div>
  );
}
