import { Button, SegmentedControl } from "@mantine/core";
import { Bar, Card, clockOf, day, Icon, Link, navigate, Notice, number, octets, Page, Refusal, Skeletons, span, t, useParam, when, type IconName, type Tone } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../api/client.ts";
import type { Alarm } from "../api/contract.ts";
import { useIsLive } from "../api/events.ts";
import { overviewQuery, useChange } from "../api/queries.ts";
import { alarmAction, alarmText } from "../parts/alarm.ts";
import { actionText, whoText } from "../parts/audit_text.ts";
import { CountTable, MailChart } from "../parts/chart.tsx";
import type { Overview } from "../parts/overview.ts";
import { useRestore } from "../parts/restore.ts";

/// Answers "does mail work?" in two seconds.
export default function OverviewPage(): ReactNode {
  const found = useQuery(overviewQuery);
  const isLive = useIsLive();
  const now = found.data;
  return (
    <Page title={t("nav.overview")} line={now === undefined ? "…" : t(isLive && !found.isError ? "overview.live" : "frame.as_of", { clock: clockOf(now.at) })}>
      <div className={found.isError && now !== undefined ? "stack wide stale" : "stack wide"}>
        {found.isError && <Refusal error={found.error} onRetry={() => void found.refetch()} />}
        {now === undefined && !found.isError && (
          <Card>
            <Skeletons lines={8} height={18} />
          </Card>
        )}
        {now !== undefined && (
          <>
            <Flow of={now} />
            <Alarms of={now} />
          </>
        )}
        <div className="daily">
          <Daily to="/accounts?new=1" icon="plus" text={t("create.new")} create />
          <Daily to="/accounts" icon="key" text={t("password.change")} />
          <Daily to="/detective" icon="search" text={t("nav.detective")} />
          <Daily to="/forwarding?new=1" icon="forward" text={t("forwarding.new")} />
        </div>
        {now !== undefined && (
          <>
            <Figures of={now} />
            {Object.values(now.first_steps).every(Boolean) ? <Charts of={now} /> : <FirstSteps of={now} />}
            <div className="columns">
              {now.storage !== undefined && (
              <Card title={t("account.storage")}>
                <div className="stack tight">
                  <p>{t("overview.storage", { used: octets(now.storage.used_octets), free: octets(now.storage.free_octets), all: octets(now.storage.disk_octets) })}</p>
                  <Bar part={now.storage.disk_octets === 0 ? 0 : 1 - now.storage.free_octets / now.storage.disk_octets} label={t("account.storage")} />
                </div>
              </Card>
              )}
              <Card title={t("overview.last_change")} actions={<Link to="/audit">{t("nav.audit")}</Link>}>
                {now.last_change === undefined ? (
                  <p className="dim">{t("audit.empty")}</p>
                ) : (
                  <>
                    <p className="anywhere">{actionText(now.last_change)}</p>
                    <p className="dim small">
                      {whoText(now.last_change)} · {when(now.last_change.begun_at)}
                    </p>
                  </>
                )}
              </Card>
            </div>
          </>
        )}
      </div>
    </Page>
  );
}

function Flow({ of }: { of: Overview }): ReactNode {
  const last = [...of.hours].reverse().find((one) => one.received + one.sent > 0);
  const line = last === undefined ? t("overview.no_mail_yet") : t("overview.last_mail", { span: span(Math.max(0, of.at - last.at)) });
  const [tone, title, text]: [Tone, string, string] =
    of.receiving === "stopped"
      ? ["bad", t("overview.in_stopped"), t("overview.in_stopped_text")]
      : of.sending === "off"
        ? ["warn", t("overview.limited"), t("overview.sending_off")]
        : of.alarms.some((one) => one.level !== "info")
          ? ["warn", t("overview.limited"), line]
          : ["good", t("overview.good"), `${t("overview.good_text")} ${line}`];
  return (
    <Notice tone={tone} title={title} role="status">
      {text}
    </Notice>
  );
}

function Alarms({ of }: { of: Overview }): ReactNode {
  if (of.alarms.length === 0) return null;
  const icons: Readonly<Record<string, IconName>> = { bad: "cross", warn: "alert", info: "info" };
  return (
    <Card title={t("overview.open_points", { count: of.alarms.length })}>
      <ul className="alarms">
        {of.alarms.map((one) => {
          const action = alarmAction(one);
          return (
            <li key={`${one.id} ${one.subject ?? ""} ${String(one.since ?? "")}`}>
              <span className={one.level === "info" ? "dim" : `text-${one.level}`}>
                <Icon name={icons[one.level] ?? "info"} size={20} />
              </span>
              <span className="grow anywhere">{alarmText(one)}</span>
              {action !== null && (
                <Button size="xs" variant="default" onClick={() => navigate(action.to)}>
                  {action.text}
                </Button>
              )}
              {one.id === "mass.delete" && <RestoreDeletion of={one} />}
              {one.id === "account.spamming" && <AllowSending of={one} />}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

/// Brings back at once all that went with it.
function RestoreDeletion({ of }: { of: Alarm }): ReactNode {
  const restore = useRestore();
  return (
    <Button size="xs" variant="default" loading={restore.isPending} onClick={() => restore.run([{ address: of.subject ?? "", first_at: of.since ?? 0, last_at: of.until ?? 0 }])}>
      {t("alarm.restore")}
    </Button>
  );
}

/// It was he himself: the account sends again, and what waits goes out.
function AllowSending({ of }: { of: Alarm }): ReactNode {
  const address = of.subject ?? "";
  const allow = useChange(() => call("account/unfreeze", { address }), ["account", "queue"], () => t("account.sends_again", { subject: address }));
  return (
    <>
      <Button size="xs" variant="default" loading={allow.isPending} onClick={() => allow.mutate()}>
        {t("alarm.intended")}
      </Button>
      <Refusal error={allow.error} />
    </>
  );
}

function Daily({ to, icon, text, create = false }: { to: string; icon: IconName; text: string; create?: boolean }): ReactNode {
  return (
    <Link to={to} className={create ? "daily-action create" : "daily-action"}>
      <Icon name={icon} size={20} />
      <span>{text}</span>
    </Link>
  );
}

function Figure({ to, title, value, line, tone = "" }: { to: string; title: string; value: string; line: string; tone?: string }): ReactNode {
  return (
    <Link to={to} className="tile">
      <span className="dim small">{title}</span>
      <span className="figure">{value}</span>
      <span className={`small ${tone === "" ? "dim" : tone}`}>{line}</span>
    </Link>
  );
}

function Figures({ of }: { of: Overview }): ReactNode {
  const { today, certificate } = of;
  return (
    <div className="tiles">
      <Figure to="/detective?since=1d&show=in" title={t("overview.received")} value={number(today.received)} line={t("overview.refused", { count: today.refused })} />
      <Figure to="/queue" title={t("overview.sent")} value={number(today.submitted)} line={t("overview.waiting", { count: of.waiting })} />
      <Figure to="/accounts" title={t("overview.sign_ins")} value={number(today.sign_ins)} line={t("overview.wrong_passwords", { count: today.wrong_passwords })} />
      {certificate === undefined ? (
        <Figure to="/certificates" title={t("overview.certificate")} value="–" line={t("overview.no_certificate")} tone="text-warn" />
      ) : (
        <Figure to="/certificates" title={t("overview.certificate")} value={t("format.days", { count: certificate.days_left })} line={t(certificate.self_signed ? "overview.self_signed" : "overview.renew_by_hand")} tone={certificate.self_signed ? "text-warn" : ""} />
      )}
    </div>
  );
}

function Charts({ of }: { of: Overview }): ReactNode {
  const [range, setRange] = useParam("range", "hours");
  const [view, setView] = useParam("as", "chart");
  const isDays = range === "days";
  const counts = isDays ? of.days : of.hours;
  const label = (at: number): string => (isDays ? day(at) : t("chart.hour", { count: String(new Date(at * 1000).getHours()) }));
  return (
    <Card
      title={t("chart.title")}
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label={t("chart.range")}
            value={range}
            onChange={setRange}
            data={[
              { value: "hours", label: t("chart.hours") },
              { value: "days", label: t("chart.days") },
            ]}
          />
          <Button size="xs" variant="default" aria-pressed={view === "table"} onClick={() => setView(view === "table" ? "" : "table")}>
            {t(view === "table" ? "chart.as_chart" : "chart.as_table")}
          </Button>
        </>
      }
    >
      {view === "table" ? <CountTable counts={counts} title={t("chart.title")} label={label} /> : <MailChart counts={counts} title={t("chart.title")} label={label} />}
    </Card>
  );
}

function FirstSteps({ of }: { of: Overview }): ReactNode {
  const steps: ReadonlyArray<{ done: boolean; text: string; to: string }> = [
    { done: of.first_steps.domain, text: t("first.domain"), to: "/domains" },
    { done: of.first_steps.account, text: t("first.account"), to: "/accounts?new=1" },
    { done: of.first_steps.mail, text: t("first.mail"), to: "/detective" },
    { done: of.first_steps.program, text: t("first.program"), to: "/accounts" },
  ];
  return (
    <Card title={t("first.title")} line={t("first.line")}>
      <ul className="alarms">
        {steps.map((one) => (
          <li key={one.text}>
            <span className={one.done ? "text-good" : "dim"}>
              <Icon name={one.done ? "check" : "circle"} size={20} />
            </span>
            <span className="grow">
              {one.done ? one.text : <Link to={one.to}>{one.text}</Link>}
              <span className="visually-hidden"> – {t(one.done ? "first.done" : "first.open")}</span>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
