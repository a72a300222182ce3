import { Button, Radio, SegmentedControl, TextInput } from "@mantine/core";
import { Address, Card, DataTable, Dialog, domainOf, Empty, Icon, Link, Notice, Page, Pill, Problem, Refusal, remoteText, shortAddress, Skeletons, t, useParam, type Column } from "@hauspost/frame";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useState, type FormEvent, type ReactNode } from "react";
import { call } from "../api/client.ts";
import type { Account, Domain, SuspendedForward } from "../api/contract.ts";
import { aliasesQuery, domainsQuery, forwardsQuery, suspendedQuery, useChange } from "../api/queries.ts";
import { accountPath } from "../parts/account_state.tsx";
import { AddressesInput } from "../parts/addresses_input.tsx";
import { readAddress } from "../parts/address.ts";
import { RouteTest } from "../parts/route_test.tsx";
import { SearchField } from "../parts/search_field.tsx";

interface Way {
  kind: "forward" | "alias";
  from: string;
  targets: readonly string[];
  keepsCopy: boolean;
  enabled: boolean;
  suspended: readonly SuspendedForward[];
}

export default function ForwardingPage(): ReactNode {
  const [asked] = useParam("address");
  const domains = useQuery(domainsQuery);
  return (
    <Page title={t("nav.forwarding")} line={t("forwarding.line")}>
      <div className="stack wide">
        <Card title={t("route.title")} line={t("route.line")}>
          <RouteTest suggested={asked} />
        </Card>
        <Card title={t("catchall.title")} line={t("catchall.line")}>
          {domains.isError && <Refusal error={domains.error} onRetry={() => void domains.refetch()} />}
          {domains.isPending && <Skeletons lines={3} height={18} />}
          {domains.data?.length === 0 && <p className="dim">{t("accounts.no_domain")}</p>}
          <div className="stack wide">{domains.data?.map((one) => <CatchAll key={one.name + one.catch_all} domain={one} />)}</div>
        </Card>
        <Ways domains={domains.data ?? []} />
      </div>
    </Page>
  );
}

/// One domain: refuse, or take and deliver; and the way by an account catchall@.
function CatchAll({ domain }: { domain: Domain }): ReactNode {
  // The server tells an account catchall@ as well, which takes the mail without a setting.
  const setting = domain.catch_all === `catchall@${domain.name}` ? "" : domain.catch_all;
  const [takes, setTakes] = useState(setting !== "");
  const [target, setTarget] = useState(setting === "" ? [] : [setting]);
  const account = useQuery({
    queryKey: ["account", "catchall", domain.name],
    queryFn: async ({ signal }): Promise<Account | null> => {
      try {
        return await call("account/show", { address: `catchall@${domain.name}` }, { signal });
      } catch (why) {
        if (why instanceof Problem && why.document.status >= 400 && why.document.status < 500) return null;
        throw why;
      }
    },
  }).data;
  const save = useChange(
    () => (takes ? call("catchall/set", { name: domain.name, target: target[0] ?? "" }) : call("catchall/clear", { name: domain.name })),
    ["domain", "account"],
    () => t("catchall.saved", { subject: domain.display }),
  );
  const drop = useChange(() => call("catchall/clear", { name: domain.name }), ["domain", "account"], () => t("catchall.saved", { subject: domain.display }));
  const change = takes !== (setting !== "") || (takes && target.join() !== setting);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  const both = account !== undefined && account !== null && setting !== "";
  return (
    <form className="catch-all" onSubmit={submit}>
      <h3>{domain.display}</h3>
      <div className="stack tight">
        {account !== undefined && account !== null && (
          <Notice
            tone={both ? "warn" : "info"}
            title={both ? t("catchall.two_ways", { subject: domain.display, other: setting }) : t("catchall.by_account", { subject: shortAddress(account.address) })}
            actions={
              <>
                {both && (
                  <Button size="xs" variant="default" loading={drop.isPending} onClick={() => drop.mutate()}>
                    {t("catchall.drop_setting")}
                  </Button>
                )}
                <Link to={accountPath(account.address, "addresses")}>{t("catchall.edit_account", { subject: shortAddress(account.address) })}</Link>
              </>
            }
          >
            {!both && (account.forwards.length > 0 ? t("catchall.account_forwards", { subject: account.forwards.join(", ") }) : t("catchall.account_keeps"))}
          </Notice>
        )}
        {(account === null || both) && (
          <>
            <Radio.Group value={takes ? "take" : "refuse"} onChange={(value) => setTakes(value === "take")} aria-label={t("catchall.for", { subject: domain.display })}>
              <div className="stack tight">
                <Radio value="refuse" label={t("catchall.refuse")} description={t("catchall.refuse_help")} />
                <Radio value="take" label={t("catchall.take")} description={t("catchall.take_help")} />
              </div>
            </Radio.Group>
            {takes && (
              <div className="indented form">
                <AddressesInput label={t("catchall.target")} value={target} onChange={(next) => setTarget(next.slice(-1))} domain={domain.name} />
              </div>
            )}
            <Refusal error={save.error} />
            {change && (
              <div className="row">
                <Button type="submit" loading={save.isPending} disabled={takes && target.length === 0}>
                  {t("frame.save")}
                </Button>
              </div>
            )}
          </>
        )}
      </div>
    </form>
  );
}

function Ways({ domains }: { domains: readonly Domain[] }): ReactNode {
  const [filter, setFilter] = useParam("q");
  const [kind, setKind] = useParam("show", "all");
  const [adds, setAdds] = useParam("new");
  const [edits, setEdits] = useState<Way | null>(null);
  const forwards = useInfiniteQuery(forwardsQuery(filter.trim()));
  const aliases = useInfiniteQuery(aliasesQuery(filter.trim()));
  const suspended = useQuery(suspendedQuery).data;
  const isOutside = (address: string): boolean => !domains.some((one) => one.name === domainOf(address));
  const all = useMemo<Way[]>(() => {
    const dead = suspended?.suspended ?? [];
    const ofForwards = forwards.data?.pages.flatMap((page) => page.forwards) ?? [];
    const ofAliases = aliases.data?.pages.flatMap((page) => page.aliases) ?? [];
    return [
      ...ofForwards.map((one): Way => ({ kind: "forward", from: one.address, targets: one.forwards, keepsCopy: one.keep_copy, enabled: true, suspended: dead.filter((bad) => bad.address === one.address) })),
      ...ofAliases.map((one): Way => ({ kind: "alias", from: one.address, targets: one.targets, keepsCopy: false, enabled: one.enabled, suspended: dead.filter((bad) => bad.address === one.address) })),
    ].sort((a, b) => a.from.localeCompare(b.from));
  }, [forwards.data, aliases.data, suspended]);
  const rows = all.filter((one) => (kind === "outside" ? one.targets.some(isOutside) : kind === "faulty" ? one.suspended.length > 0 || !one.enabled : true));
  const columns: ReadonlyArray<Column<Way>> = [
    {
      key: "from",
      title: t("forwarding.from"),
      width: "minmax(0, 2fr)",
      phone: "first",
      render: (one) =>
        one.kind === "forward" ? (
          <Link className="row-link" to={accountPath(one.from, "addresses")}>
            <Address of={one.from} />
          </Link>
        ) : (
          <button type="button" className="row-link text-button" onClick={() => setEdits(one)}>
            <Address of={one.from} />
          </button>
        ),
    },
    { key: "to", title: t("forwarding.to"), width: "minmax(0, 3fr)", phone: "line", render: (one) => one.targets.map((to) => <div key={to}><Address of={to} /></div>) },
    { key: "kind", title: t("forwarding.kind"), width: "150px", phone: "second", render: (one) => t(one.kind === "alias" ? "forwarding.alias" : one.keepsCopy ? "forwarding.with_copy" : "forwarding.without_copy") },
    {
      key: "state",
      title: t("account.state"),
      width: "170px",
      phone: "line",
      render: (one) =>
        one.suspended.length > 0 ? (
          <Pill tone="bad">{t("forwarding.suspended")}</Pill>
        ) : one.enabled ? (
          <Pill tone="good">{t("account.active")}</Pill>
        ) : (
          <Pill tone="neutral" icon="pause">
            {t("forwarding.switched_off")}
          </Pill>
        ),
    },
  ];
  const error = forwards.error ?? aliases.error;
  const isPending = forwards.isPending || aliases.isPending;
  const more = forwards.hasNextPage || aliases.hasNextPage;
  return (
    <section className="stack" aria-labelledby="ways">
      <div className="row between">
        <h2 id="ways">{t("forwarding.all")}</h2>
        <Button color="green" leftSection={<Icon name="plus" size={18} />} onClick={() => setAdds("1")}>
          {t("forwarding.new")}
        </Button>
      </div>
      <div className="row">
        <SearchField label={t("forwarding.search")} value={filter} onChange={setFilter} />
        <SegmentedControl
          aria-label={t("forwarding.show")}
          value={kind}
          onChange={setKind}
          data={[
            { value: "all", label: t("filter.all") },
            { value: "outside", label: t("forwarding.outside") },
            { value: "faulty", label: t("forwarding.faulty") },
          ]}
        />
      </div>
      <Refusal
        error={error}
        onRetry={() => {
          void forwards.refetch();
          void aliases.refetch();
        }}
      />
      {isPending && error === null && (
        <div className="card">
          <Skeletons lines={4} height={18} />
        </div>
      )}
      {!isPending && rows.length === 0 && error === null && (
        <div className="card">
          <Empty icon="forward">{filter === "" && kind === "all" ? t("forwarding.empty") : t("frame.nothing_found")}</Empty>
        </div>
      )}
      {rows.length > 0 && (
        <DataTable
          label={t("forwarding.all")}
          columns={columns}
          rows={rows}
          rowKey={(one) => one.kind + one.from}
          hasMore={more}
          onEnd={() => {
            if (forwards.hasNextPage && !forwards.isFetchingNextPage) void forwards.fetchNextPage();
            if (aliases.hasNextPage && !aliases.isFetchingNextPage) void aliases.fetchNextPage();
          }}
        />
      )}
      {adds !== "" && <AddWay domains={domains} suggested={adds === "1" ? "" : adds} onClose={() => setAdds("")} />}
      {edits !== null && <EditAlias way={edits} onClose={() => setEdits(null)} />}
    </section>
  );
}

/// An account's forward or an alias, whichever the address is.
function AddWay({ domains, suggested, onClose }: { domains: readonly Domain[]; suggested: string; onClose: () => void }): ReactNode {
  const [from, setFrom] = useState(suggested);
  const [targets, setTargets] = useState<string[]>([]);
  const add = useChange(
    async () => {
      const address = readAddress(from, domains[0]?.name ?? "");
      if (address === null) throw new Problem({ type: "not_an_address", title: "", status: 422, subject: from });
      try {
        const account = await call("account/show", { address });
        await call("forward/set", { address, targets: [...new Set([...account.forwards, ...targets])], keep_copy: account.forwards.length === 0 || account.keep_copy });
      } catch (why) {
        if (!(why instanceof Problem) || (why.type !== "no_such_account" && why.type !== "is_alias")) throw why;
        await call("alias/add", { address, targets });
      }
    },
    ["account", "alias"],
    () => t("forward.saved"),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate(undefined, { onSuccess: onClose });
  };
  return (
    <Dialog title={t("forwarding.new")} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <TextInput label={t("forwarding.mail_to")} description={t("forwarding.mail_to_help")} data-autofocus autoCapitalize="none" spellCheck={false} value={from} onChange={(event) => setFrom(event.currentTarget.value.toLowerCase())} />
        <AddressesInput label={t("forward.to")} value={targets} onChange={setTargets} domain={domains[0]?.name ?? ""} placeholder={t("forward.example")} />
        <Refusal error={add.error} />
        <div className="dialog-foot">
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" color="green" loading={add.isPending} disabled={from.trim() === "" || targets.length === 0}>
            {t("forwarding.create")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function EditAlias({ way, onClose }: { way: Way; onClose: () => void }): ReactNode {
  const [targets, setTargets] = useState([...way.targets]);
  const save = useChange(
    async () => {
      const gone = way.targets.filter((one) => !targets.includes(one));
      const fresh = targets.filter((one) => !way.targets.includes(one));
      if (fresh.length > 0) await call("alias/add", { address: way.from, targets: fresh });
      if (gone.length > 0) await call("alias/remove", { address: way.from, targets: gone });
    },
    ["alias", "account"],
    () => t("forward.saved"),
  );
  const toggle = useChange(
    () => call(way.enabled ? "alias/disable" : "alias/enable", { address: way.from }),
    ["alias", "account"],
    () => t(way.enabled ? "alias.off" : "alias.on", { subject: way.from }),
  );
  const remove = useChange(() => call("alias/remove", { address: way.from }), ["alias", "account"], () => t("alias.removed", { subject: way.from }));
  const resume = useChange((target: string) => call("forward/resume", { address: way.from, targets: [target] }), ["alias", "account"], () => t("forward.resumed"));
  const done = { onSuccess: onClose };
  return (
    <Dialog title={t("alias.one", { subject: way.from })} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined, done);
        }}
      >
        <AddressesInput label={t("forward.to")} value={targets} onChange={setTargets} domain={domainOf(way.from)} />
        {way.suspended.map((one) => (
          <Notice
            key={one.target}
            tone="bad"
            title={t("forward.suspended", { subject: one.target })}
            actions={
              <Button size="xs" variant="default" loading={resume.isPending} onClick={() => resume.mutate(one.target, done)}>
                {t("forward.resume")}
              </Button>
            }
          >
            {remoteText(one.last_reply)}
          </Notice>
        ))}
        <Refusal error={save.error ?? toggle.error ?? remove.error ?? resume.error} />
        <div className="row">
          <Button variant="default" loading={toggle.isPending} onClick={() => toggle.mutate(undefined, done)}>
            {t(way.enabled ? "alias.switch_off" : "alias.switch_on")}
          </Button>
          <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate(undefined, done)}>
            {t("alias.remove")}
          </Button>
        </div>
        <div className="dialog-foot">
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={targets.length === 0 || targets.join() === way.targets.join()}>
            {t("frame.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
