import { ActionIcon, Button, Menu } from "@mantine/core";
import { Address, Card, Confirm, DataTable, Dialog, domainOf, Empty, Icon, Link, octets, Page, Pill, problemText, RawReply, Refusal, remoteText, Skeletons, span, t, toast, useParam, When, type Column, type IconName, type TextKey, type Tone } from "@hauspost/frame";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { call } from "../api/client.ts";
import type { QueuedMessage, QueueState } from "../api/contract.ts";
import { queueQuery, useChange } from "../api/queries.ts";
import { SearchField } from "../parts/search_field.tsx";

const states: Readonly<Record<QueueState, { key: TextKey; tone: Tone; icon: IconName }>> = {
  waiting: { key: "queue.waiting", tone: "warn", icon: "clock" },
  "in delivery": { key: "queue.in_delivery", tone: "info", icon: "forward" },
  held: { key: "queue.held", tone: "neutral", icon: "pause" },
  frozen: { key: "queue.frozen", tone: "bad", icon: "pause" },
  "for later": { key: "queue.for_later", tone: "info", icon: "clock" },
  delivered: { key: "queue.delivered", tone: "good", icon: "check" },
  failed: { key: "queue.failed", tone: "bad", icon: "cross" },
};

function StatePill({ state }: { state: QueueState }): ReactNode {
  const look = states[state];
  return (
    <Pill tone={look.tone} icon={look.icon}>
      {t(look.key)}
    </Pill>
  );
}

function isHeld(one: QueuedMessage): boolean {
  return one.recipients.some((to) => to.state === "held");
}

export default function QueuePage(): ReactNode {
  const [filter, setFilter] = useParam("q");
  const [shown, setShown] = useParam("id");
  const [drops, setDrops] = useState<QueuedMessage | null>(null);
  const list = useInfiniteQuery(queueQuery(filter.trim()));
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.queue) ?? [], [list.data]);
  const selected = rows.find((one) => String(one.id) === shown);
  const act = useChange(
    ({ verb, id }: { verb: "retry" | "hold" | "release" | "drop"; id: number }) => call(`queue/${verb}`, { id }),
    ["queue"],
    (_, { verb }) => t(`queue.did_${verb}`),
  );
  const run = (verb: "retry" | "hold" | "release", id: number): void => act.mutate({ verb, id }, { onError: (why) => toast(problemText(why), { failed: true }) });
  // Where it waits, the most first.
  const domains = useMemo(() => {
    const counts = new Map<string, number>();
    for (const one of rows) for (const domain of new Set(one.recipients.map((to) => domainOf(to.to)))) counts.set(domain, (counts.get(domain) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 4);
  }, [rows]);
  const now = Date.now() / 1000;
  const columns: ReadonlyArray<Column<QueuedMessage>> = [
    {
      key: "to",
      title: t("queue.to"),
      width: "minmax(0, 3fr)",
      phone: "first",
      render: (one) => (
        <button type="button" className="row-link text-button" onClick={() => setShown(String(one.id))}>
          <Address of={one.recipients[0]?.to ?? "–"} />
          {one.recipients.length > 1 && <span className="dim"> +{one.recipients.length - 1}</span>}
        </button>
      ),
    },
    { key: "from", title: t("queue.from"), width: "minmax(0, 2.5fr)", phone: "line", render: (one) => (one.from === "" ? t("queue.report") : <Address of={one.from} />) },
    { key: "since", title: t("queue.since"), width: "110px", phone: "second", render: (one) => span(now - one.created_at) },
    { key: "why", title: t("queue.why"), width: "minmax(0, 2.5fr)", phone: "line", render: (one) => (one.last_reply === undefined ? <span className="dim">{t("queue.not_tried")}</span> : remoteText(one.last_reply)) },
    { key: "state", title: t("account.state"), width: "150px", phone: "line", render: (one) => <StatePill state={one.state ?? "waiting"} /> },
    {
      key: "menu",
      title: "",
      width: "36px",
      phone: "menu",
      render: (one) => (
        <div className="above">
          <Menu>
            <Menu.Target>
              <ActionIcon variant="subtle" size={32} aria-label={t("frame.actions_of", { what: one.recipients[0]?.to ?? String(one.id) })}>
                <Icon name="more" />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<Icon name="refresh" />} onClick={() => run("retry", one.id)}>
                {t("queue.retry")}
              </Menu.Item>
              {isHeld(one) ? (
                <Menu.Item leftSection={<Icon name="play" />} onClick={() => run("release", one.id)}>
                  {t("queue.release")}
                </Menu.Item>
              ) : (
                <Menu.Item leftSection={<Icon name="pause" />} onClick={() => run("hold", one.id)}>
                  {t("queue.hold")}
                </Menu.Item>
              )}
              <Menu.Item leftSection={<Icon name="trash" />} onClick={() => setDrops(one)}>
                {t("queue.drop")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
      ),
    },
  ];
  return (
    <Page title={t("nav.queue")} line={list.data === undefined ? "…" : list.hasNextPage ? t("queue.many", { count: rows.length }) : t("queue.line", { count: rows.length })}>
      <div className="stack">
        {(rows.length > 0 || filter !== "") && (
          <div className="row">
            <SearchField label={t("queue.search")} value={filter} onChange={setFilter} />
            {domains.length > 1 &&
              domains.map(([domain, count]) => (
                <Button key={domain} size="xs" variant="default" onClick={() => setFilter(`@${domain}`)}>
                  {domain} · {count}
                </Button>
              ))}
          </div>
        )}
        <Refusal error={list.error} onRetry={() => void list.refetch()} />
        {list.isPending && (
          <Card>
            <Skeletons lines={5} height={18} />
          </Card>
        )}
        {list.data !== undefined && rows.length === 0 && (
          <Card>
            <Empty icon={filter === "" ? "check" : "search"}>{filter === "" ? t("queue.empty") : t("frame.nothing_found")}</Empty>
          </Card>
        )}
        {rows.length > 0 && (
          <DataTable
            label={t("nav.queue")}
            columns={columns}
            rows={rows}
            rowKey={(one) => String(one.id)}
            hasMore={list.hasNextPage}
            onEnd={() => {
              if (!list.isFetchingNextPage) void list.fetchNextPage();
            }}
          />
        )}
      </div>
      {selected !== undefined && (
        <Dialog title={t("queue.one")} size={640} onClose={() => setShown("")}>
          <div className="stack">
            <dl className="facts">
              <div>
                <dt>{t("queue.from")}</dt>
                <dd>{selected.from === "" ? t("queue.report") : selected.from}</dd>
              </div>
              <div>
                <dt>{t("queue.since")}</dt>
                <dd>
                  <When at={selected.created_at} /> · {octets(selected.octets)}
                </dd>
              </div>
            </dl>
            <ul className="plain-list tall">
              {selected.recipients.map((one) => (
                <li key={one.to}>
                  <div className="grow">
                    <div className="row between">
                      <strong className="anywhere">{one.to}</strong>
                      <StatePill state={one.state} />
                    </div>
                    <p className="dim small">
                      {t("queue.attempts", { count: one.attempts })}
                      {one.state === "waiting" && (
                        <>
                          {" · "}
                          {t("queue.next")} <When at={one.due_at} />
                        </>
                      )}
                    </p>
                    {one.last_reply !== undefined && <p>{remoteText(one.last_reply)}</p>}
                    {one.last_reply !== undefined && <RawReply text={one.last_host === undefined ? one.last_reply : `${one.last_host}: ${one.last_reply}`} />}
                  </div>
                </li>
              ))}
            </ul>
            <div className="dialog-foot">
              <Link to={`/detective?q=${encodeURIComponent(selected.recipients[0]?.to ?? "")}`}>{t("queue.trace")}</Link>
              <span className="grow" />
              <Button variant="default" onClick={() => setDrops(selected)}>
                {t("queue.drop")}
              </Button>
              <Button onClick={() => run("retry", selected.id)}>{t("queue.retry")}</Button>
            </div>
          </div>
        </Dialog>
      )}
      {drops !== null && (
        <Confirm
          title={t("queue.drop_title")}
          verb={t("queue.drop")}
          destroys
          onConfirm={async () => {
            await act.mutateAsync({ verb: "drop", id: drops.id });
            setShown("");
          }}
          onClose={() => setDrops(null)}
        >
          <p className="anywhere">{t("queue.drop_effect", { subject: drops.recipients.map((one) => one.to).join(", ") })}</p>
        </Confirm>
      )}
    </Page>
  );
}
