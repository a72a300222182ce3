import { Button, Checkbox, Switch, TextInput } from "@mantine/core";
import { Card, domainOf, Icon, Notice, Pill, Problem, Refusal, remoteText, t } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { call } from "../api/client.ts";
import type { Account } from "../api/contract.ts";
import { domainsQuery, suspendedQuery, useChange } from "../api/queries.ts";
import { readAddress } from "./address.ts";
import { AddressesInput } from "./addresses_input.tsx";

/// "alias rechnung@example.org" gives {kind: "alias", name: "rechnung@example.org"}.
export function readReference(text: string): { kind: "alias" | "forward" | "catchall" | "other"; name: string } {
  if (text.startsWith("alias ")) return { kind: "alias", name: text.slice(6) };
  if (text.startsWith("forward of ")) return { kind: "forward", name: text.slice(11) };
  if (text.startsWith("catch-all of ")) return { kind: "catchall", name: text.slice(13) };
  return { kind: "other", name: text };
}

export function AccountAddresses({ account }: { account: Account }): ReactNode {
  return (
    <div className="columns">
      <ForwardCard account={account} />
      <AliasCard account={account} />
    </div>
  );
}

function ForwardCard({ account }: { account: Account }): ReactNode {
  const domains = useQuery(domainsQuery).data ?? [];
  const suspended = useQuery({ ...suspendedQuery, enabled: (account.suspended?.length ?? 0) > 0 }).data?.suspended.filter((one) => one.address === account.address) ?? [];
  const [on, setOn] = useState(account.forwards.length > 0);
  const [targets, setTargets] = useState(account.forwards);
  const [keep, setKeep] = useState(account.forwards.length === 0 || account.keep_copy);
  const isOn = account.forwards.length > 0;
  const changed = on !== isOn || (on && (targets.join() !== account.forwards.join() || keep !== account.keep_copy));
  const outside = targets.filter((one) => !domains.some((ours) => ours.name === domainOf(one)));
  const save = useChange(
    () => (on ? call("forward/set", { address: account.address, targets, keep_copy: keep }) : call("forward/clear", { address: account.address })),
    ["account"],
    () => t(on ? "forward.saved" : "forward.off"),
  );
  const resume = useChange((target: string) => call("forward/resume", { address: account.address, targets: [target] }), ["account"], () => t("forward.resumed"));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Card title={t("forward.title")} actions={<Switch aria-label={t("forward.title")} label={on ? t("action.on") : t("action.off")} checked={on} onChange={(event) => setOn(event.currentTarget.checked)} />}>
      <form className="stack" onSubmit={submit}>
        {!on && <p className="dim">{t("forward.is_off")}</p>}
        {on && (
          <>
            <AddressesInput label={t("forward.to")} value={targets} onChange={setTargets} domain={domainOf(account.address)} placeholder={t("forward.example")} />
            <Checkbox label={t("forward.keep")} checked={keep} onChange={(event) => setKeep(event.currentTarget.checked)} {...(keep ? {} : { description: t("forward.no_copy") })} />
            {outside.length > 0 && domains.length > 0 && <Notice tone="info">{t("forward.outside")}</Notice>}
          </>
        )}
        {suspended.map((one) => (
          <Notice
            key={one.target}
            tone="bad"
            title={t("forward.suspended", { subject: one.target })}
            actions={
              <Button size="xs" variant="default" loading={resume.isPending} onClick={() => resume.mutate(one.target)}>
                {t("forward.resume")}
              </Button>
            }
          >
            {remoteText(one.last_reply)}
          </Notice>
        ))}
        <Refusal error={save.error ?? resume.error} />
        <div className="row">
          <Button type="submit" disabled={!changed || (on && targets.length === 0)} loading={save.isPending}>
            {t("frame.save")}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function AliasCard({ account }: { account: Account }): ReactNode {
  const [typed, setTyped] = useState("");
  const references = account.reached_from.map(readReference);
  const aliases = references.filter((one) => one.kind === "alias");
  const others = references.filter((one) => one.kind !== "alias");
  const add = useChange(
    async () => {
      const alias = readAddress(typed, domainOf(account.address));
      if (alias === null) throw new Problem({ type: "not_an_address", title: "", status: 422, subject: typed });
      await call("alias/add", { address: alias, targets: [account.address] });
      setTyped("");
      return alias;
    },
    ["account", "alias"],
    (alias) => t("alias.added", { subject: alias }),
  );
  const remove = useChange(
    (alias: string) => call("alias/remove", { address: alias, targets: [account.address] }),
    ["account", "alias"],
    (_, alias) => t("alias.removed", { subject: alias }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (typed.trim() !== "") add.mutate();
  };
  return (
    <Card title={t("alias.title")} line={t("alias.line")}>
      <div className="stack">
        {aliases.length > 0 && (
          <ul className="plain-list">
            {aliases.map((one) => (
              <li key={one.name}>
                <span className="grow anywhere">{one.name}</span>
                <Button size="compact-sm" variant="default" aria-label={t("alias.remove_this", { subject: one.name })} loading={remove.isPending && remove.variables === one.name} onClick={() => remove.mutate(one.name)}>
                  {t("action.remove")}
                </Button>
              </li>
            ))}
          </ul>
        )}
        <form className="row top" onSubmit={submit}>
          <div className="grow" style={{ minWidth: 180 }}>
            <TextInput aria-label={t("alias.new")} placeholder={t("alias.example", { subject: domainOf(account.address) })} autoCapitalize="none" spellCheck={false} value={typed} onChange={(event) => setTyped(event.currentTarget.value.toLowerCase())} />
          </div>
          <Button type="submit" color="green" leftSection={<Icon name="plus" size={18} />} loading={add.isPending}>
            {t("action.add")}
          </Button>
        </form>
        <Refusal error={add.error ?? remove.error} />
        {others.length > 0 && (
          <div className="stack tight">
            <h3>{t("account.also_gets")}</h3>
            <div className="row">
              {others.map((one) => (
                <Pill key={one.kind + one.name} tone="neutral" icon="forward">
                  {one.kind === "forward" ? t("account.from_forward", { subject: one.name }) : one.kind === "catchall" ? t("account.from_catchall", { subject: one.name }) : one.name}
                </Pill>
              ))}
            </div>
          </div>
        )}
      </div>
    </Card>
  );
}
