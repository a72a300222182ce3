import { Button, TextInput } from "@mantine/core";
import { Icon, navigate, Notice, Refusal, t, type IconName, type TextKey } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent, type ReactNode } from "react";
import { call } from "../api/client.ts";
import type { DeliveryTest, TestStep } from "../api/contract.ts";
import { domainsQuery } from "../api/queries.ts";
import { readAddress } from "./address.ts";

/// "Where would a mail to … go?": asks the server, sends nothing.
export function RouteTest({ suggested = "" }: { suggested?: string }): ReactNode {
  const domains = useQuery(domainsQuery).data ?? [];
  const [typed, setTyped] = useState(suggested);
  const [asked, setAsked] = useState(suggested);
  useEffect(() => {
    setTyped(suggested);
    setAsked(suggested);
  }, [suggested]);
  const [fault, setFault] = useState<string>();
  const found = useQuery({
    queryKey: ["account", "route", asked],
    queryFn: ({ signal }) => call("delivery/test", { address: asked }, { signal }),
    enabled: asked !== "",
    retry: false,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const address = readAddress(typed, domains[0]?.name ?? "");
    if (address === null) {
      setFault(t("problem.not_an_address", { subject: typed }));
      return;
    }
    setFault(undefined);
    setTyped(address);
    if (address === asked) void found.refetch();
    else setAsked(address);
  };
  return (
    <div className="stack">
      <form className="row top" onSubmit={submit}>
        <div className="grow" style={{ minWidth: 200, maxWidth: 420 }}>
          <TextInput aria-label={t("route.field")} placeholder={t("route.example", { subject: domains[0]?.display ?? "" })} autoCapitalize="none" spellCheck={false} inputMode="email" error={fault} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        </div>
        <Button type="submit" variant="default" loading={found.isFetching}>
          {t("route.show")}
        </Button>
      </form>
      {found.isError && <Refusal error={found.error} />}
      {found.data !== undefined && <RouteResult test={found.data} />}
    </div>
  );
}

const knownSteps: Readonly<Record<string, TextKey>> = {
  route: "route.step_route",
  hosts: "route.step_hosts",
  policy: "route.step_policy",
  protection: "route.step_protection",
  connection: "route.step_connection",
  hello: "route.step_hello",
  tls: "route.step_tls",
  sender: "route.step_sender",
  recipient: "route.step_recipient",
};

/// Of the way inside this server, by the routing's own words for it.
const ways: Readonly<Record<string, TextKey>> = {
  sub_address: "way.sub_address",
  catch_all: "way.catch_all",
  owner: "way.owner",
  last_resort: "way.last_resort",
  alias: "way.alias",
  forward: "way.forward",
  forward_only: "way.forward_only",
  kept: "way.kept",
  other_domain: "way.other_domain",
  nobody: "way.nobody",
  disabled: "way.disabled",
  full: "way.full",
  suspended: "way.suspended",
  loop: "way.loop",
  too_deep: "way.too_deep",
  too_many_targets: "way.too_many_targets",
  relay_denied: "way.relay_denied",
};

function targetsOf(step: TestStep): string {
  const rest = step.targets_left_out ?? 0;
  return [...(step.targets ?? []), ...(rest > 0 ? [t("way.more", { count: rest })] : [])].join(", ");
}

function StepText({ step }: { step: TestStep }): ReactNode {
  const way = step.name === undefined ? undefined : ways[step.step];
  if (way !== undefined) return <div className="anywhere">{t(way, { subject: step.name ?? "", other: targetsOf(step) })}</div>;
  const known = knownSteps[step.step];
  return (
    <div>
      <strong>{known === undefined ? step.step : t(known)}</strong>
      <div className="mono dim anywhere">{step.text}</div>
    </div>
  );
}

function RouteResult({ test }: { test: DeliveryTest }): ReactNode {
  const own = test.here;
  const isNobodys = test.steps.length === 1 && test.steps[0]?.step === "nobody";
  const icon = (step: TestStep): IconName => (step.result === "good" ? "check" : step.result === "note" ? "info" : "cross");
  const tone = (step: TestStep): string => (step.result === "good" ? "text-good" : step.result === "note" ? "dim" : "text-bad");
  const key: TextKey = own ? (test.good ? "route.here_good" : isNobodys ? "route.here_bad" : "route.here_not") : test.good ? "route.out_good" : "route.out_bad";
  return (
    <div className="stack" aria-live="polite">
      <Notice
        tone={test.good ? "good" : "bad"}
        title={test.address}
        {...(isNobodys
          ? {
              actions: (
                <>
                  <Button size="xs" variant="default" onClick={() => navigate(`/accounts?new=${encodeURIComponent(test.address)}`)}>
                    {t("create.submit")}
                  </Button>
                  <Button size="xs" variant="default" onClick={() => navigate(`/forwarding?new=${encodeURIComponent(test.address)}`)}>
                    {t("route.make_alias")}
                  </Button>
                </>
              ),
            }
          : {})}
      >
        {t(key)}
      </Notice>
      <ol className="timeline">
        {test.steps.map((one, i) => (
          <li key={i}>
            <span className={tone(one)}>
              <Icon name={icon(one)} size={18} />
            </span>
            <StepText step={one} />
          </li>
        ))}
      </ol>
      {test.left_out !== undefined && <p className="dim small">{t("way.left_out", { count: test.left_out })}</p>}
    </div>
  );
}
