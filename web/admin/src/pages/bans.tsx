import { Button, NativeSelect, TextInput } from "@mantine/core";
import { Address, Card, Confirm, DataTable, Dialog, Empty, Icon, Notice, Page, problemText, Refusal, Skeletons, t, toast, useParam, When, type Column } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type FormEvent, type ReactNode } from "react";
import { call } from "../api/client.ts";
import type { Ban } from "../api/contract.ts";
import { bansQuery, useChange } from "../api/queries.ts";
import { banName, canBeBannedAgain, triedText, whyBanned } from "../parts/ban.ts";
import { SearchField } from "../parts/search_field.tsx";

const hour = 3600;
const manyBans = 10; // from more on there is a search

/// Who may not try to sign in at present, and why.
export default function BansPage(): ReactNode {
  const [filter, setFilter] = useParam("q");
  const [lifts, setLifts] = useState<Ban | null>(null);
  const [adds, setAdds] = useState(false);
  const list = useQuery(bansQuery(filter.trim()));
  const rows = useMemo(() => list.data ?? [], [list.data]);
  const own = rows.find((one) => one.own && canBeBannedAgain(one));
  const again = useChange(
    ({ name, seconds }: { name: string; seconds: number }) => call("ban/add", { name, for_seconds: seconds }),
    ["ban"],
    (_, { name }) => t("bans.added", { subject: name }),
  );
  const lift = useChange((one: Ban) => call("ban/lift", { name: banName(one) }), ["ban"]);
  const columns: ReadonlyArray<Column<Ban>> = [
    { key: "who", title: t("bans.who"), width: "minmax(0, 2.4fr)", phone: "first", render: (one) => <Who of={one} /> },
    { key: "why", title: t("bans.why"), width: "minmax(0, 3fr)", phone: "line", render: (one) => <Why of={one} /> },
    { key: "since", title: t("bans.since"), width: "120px", phone: "hide", render: (one) => <When at={one.begun_at} /> },
    {
      key: "until",
      title: t("bans.until"),
      width: "120px",
      phone: "second",
      render: (one) => (
        <>
          <span className="only-in-list dim">{t("bans.until")} </span>
          <When at={one.ends_at} />
        </>
      ),
    },
    {
      key: "lift",
      title: "",
      width: "110px",
      phone: "line",
      align: "right",
      render: (one) => (
        <Button size="compact-sm" variant="default" aria-label={t("bans.lift_of", { subject: banName(one) })} onClick={() => setLifts(one)}>
          {t("bans.lift")}
        </Button>
      ),
    },
  ];
  return (
    <Page
      title={t("nav.bans")}
      line={t("bans.line")}
      actions={
        <Button leftSection={<Icon name="lock" size={18} />} onClick={() => setAdds(true)}>
          {t("bans.add")}
        </Button>
      }
    >
      <div className="stack">
        {own !== undefined && (
          <Notice
            tone="bad"
            icon="lock"
            title={t("bans.own")}
            actions={
              <Button size="xs" variant="default" onClick={() => setLifts(own)}>
                {t("bans.lift")}
              </Button>
            }
          >
            {t("bans.own_effect", { subject: own.network })}
          </Notice>
        )}
        {(rows.length > manyBans || filter !== "") && (
          <div className="row">
            <SearchField label={t("bans.search")} value={filter} onChange={setFilter} />
          </div>
        )}
        <Refusal error={list.error} onRetry={() => void list.refetch()} />
        {list.isPending && (
          <Card>
            <Skeletons lines={4} height={18} />
          </Card>
        )}
        {list.data !== undefined && rows.length === 0 && (
          <Card>
            <Empty icon={filter === "" ? "check" : "search"}>{filter === "" ? t("bans.empty") : t("frame.nothing_found")}</Empty>
          </Card>
        )}
        {rows.length > 0 && <DataTable label={t("nav.bans")} columns={columns} rows={rows} rowKey={(one) => `${one.kind} ${one.network} ${one.account}`} />}
      </div>
      {lifts !== null && (
        <Confirm
          title={t("bans.lift_title")}
          verb={t("bans.lift")}
          onConfirm={async () => {
            const seconds = Math.floor(lifts.ends_at - Date.now() / 1000);
            await lift.mutateAsync(lifts);
            const isBack = canBeBannedAgain(lifts) && seconds > 0;
            const undo = (): void => again.mutate({ name: lifts.network, seconds }, { onError: (why) => toast(problemText(why), { failed: true }) });
            toast(t("bans.lifted", { subject: subjectOf(lifts) }), isBack ? { undo } : {});
          }}
          onClose={() => setLifts(null)}
        >
          <p className="anywhere">{t("bans.lift_effect", { subject: subjectOf(lifts) })}</p>
        </Confirm>
      )}
      {adds && <AddBan onClose={() => setAdds(false)} />}
    </Page>
  );
}

function subjectOf(one: Ban): string {
  const name = banName(one);
  return name === "owner" ? t("bans.owner_page") : name;
}

function Who({ of }: { of: Ban }): ReactNode {
  const isOwners = of.kind.startsWith("owner");
  return (
    <div className="stack lines">
      <strong className="anywhere">{of.network === "" ? isOwners ? t("bans.everywhere") : <Address of={of.account} /> : of.network}</strong>
      {of.own && <span className="text-bad small">{t("bans.own_pill")}</span>}
      {isOwners ? (
        <span className="dim small">{t("bans.owner_page")}</span>
      ) : of.network === "" ? (
        <span className="dim small">{t("bans.strangers")}</span>
      ) : of.account === "" ? null : (
        <span className="small">
          <Address of={of.account} />
        </span>
      )}
    </div>
  );
}

function Why({ of }: { of: Ban }): ReactNode {
  return (
    <div className="stack lines">
      <span>{whyBanned(of)}</span>
      {of.times > 1 && <span className="small">{t("bans.in_a_row", { count: of.times })}</span>}
      {of.tried.length > 0 && <span className="dim small anywhere">{triedText(of.tried)}</span>}
    </div>
  );
}

/// A network that nobody is to sign in from for a while.
function AddBan({ onClose }: { onClose: () => void }): ReactNode {
  const [network, setNetwork] = useState("");
  const [seconds, setSeconds] = useState(24 * hour);
  const [isMissing, setMissing] = useState(false);
  const add = useChange(
    () => call("ban/add", { name: network.trim(), for_seconds: seconds }),
    ["ban"],
    (made) => t("bans.added", { subject: made.name }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(network.trim() === "");
    if (network.trim() !== "") add.mutate(undefined, { onSuccess: onClose });
  };
  const fault = isMissing ? t("frame.required") : add.isError ? problemText(add.error) : undefined;
  return (
    <Dialog title={t("bans.add")} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <TextInput
          label={t("bans.network")}
          description={t("bans.network_help")}
          data-autofocus
          value={network}
          error={fault}
          onChange={(event) => {
            setNetwork(event.currentTarget.value);
            setMissing(false);
          }}
        />
        <NativeSelect
          label={t("bans.for")}
          value={String(seconds)}
          onChange={(event) => setSeconds(Number(event.currentTarget.value))}
          data={[
            { value: String(hour), label: t("bans.for_hour") },
            { value: String(24 * hour), label: t("bans.for_day") },
            { value: String(7 * 24 * hour), label: t("bans.for_week") },
            { value: String(30 * 24 * hour), label: t("bans.for_month") },
          ]}
        />
        <p className="dim">{t("bans.add_effect")}</p>
        <div className="dialog-foot">
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" loading={add.isPending}>
            {t("bans.add_do")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
