import { Button, NativeSelect, TextInput } from "@mantine/core";
import { Address, Card, Confirm, DataTable, Dialog, Empty, Icon, Notice, Page, problemText, Refusal, Skeletons, t, toast, useParam, When, type Column } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type FormEvent, type ReactNode } from "react";
import { call } from "../api/client.ts";
import type { Ban, Setting } from "../api/contract.ts";
import { bansQuery, settingsQuery, useChange } from "../api/queries.ts";
import { banName, canBeAllowed, canBeBannedAgain, networksOf, triedText, whyBanned, withNetwork, withoutNetwork } from "../parts/ban.ts";
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
  const settings = useQuery(settingsQuery).data;
  const allowed = settings?.find((one) => one.name === "accounts.never_banned");
  const [allows, setAllows] = useState<Ban | null>(null);
  const allow = useChange(
    async (one: Ban) => {
      if (allowed === undefined) return;
      await call("setting/set", { name: allowed.name, value: withNetwork(allowed.value, one.network), seen: allowed.value });
      await call("ban/lift", { name: banName(one) });
    },
    ["ban", "setting"],
    (_, one) => t("bans.allowed_now", { subject: one.network }),
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
      width: "130px",
      phone: "line",
      align: "right",
      render: (one) => (
        <div className="stack lines end">
          <Button size="compact-sm" variant="default" aria-label={t("bans.lift_of", { subject: banName(one) })} onClick={() => setLifts(one)}>
            {t("bans.lift")}
          </Button>
          {canBeAllowed(one) && (
            <button type="button" className="text-button small" aria-label={t("bans.allow_of", { subject: one.network })} onClick={() => setAllows(one)}>
              {t("bans.allow")}
            </button>
          )}
        </div>
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
        {allowed !== undefined && allowed.value !== "" && <Allowed of={allowed} />}
      </div>
      {allows !== null && (
        <Confirm title={t("bans.allow")} verb={t("bans.allow")} onConfirm={async () => void (await allow.mutateAsync(allows))} onClose={() => setAllows(null)}>
          <p className="anywhere">{t("bans.allow_effect", { subject: allows.network })}</p>
        </Confirm>
      )}
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

/// Networks that are never banned, each with its way out.
function Allowed({ of }: { of: Setting }): ReactNode {
  const remove = useChange(
    (network: string) => call("setting/set", { name: of.name, value: withoutNetwork(of.value, network), seen: of.value }),
    ["setting"],
    (_, network) => t("bans.allowed_no_more", { subject: network }),
  );
  const isFixed = of.source === "file";
  return (
    <Card title={t("bans.allowed")} line={isFixed ? t("settings.fixed", { subject: of.name, number: of.line }) : t("bans.allowed_line")}>
      <div className="stack">
        <Refusal error={remove.error} />
        <ul className="plain-list">
          {networksOf(of.value).map((network) => (
            <li key={network} className="row between">
              <span className="anywhere">{network}</span>
              {!isFixed && (
                <Button size="compact-sm" variant="default" loading={remove.isPending && remove.variables === network} aria-label={t("bans.allowed_remove_of", { subject: network })} onClick={() => remove.mutate(network)}>
                  {t("bans.allowed_remove")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </div>
    </Card>
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
