import { Button } from "@mantine/core";
import { Card, clockOf, Icon, Pill, Refusal, Skeletons, t, type IconName, type TextKey, type Tone } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ReachStep } from "../api/contract.ts";
import { reachQuery } from "../api/queries.ts";

/// How others see the server: asked only when somebody wants it.
export function Reach(): ReactNode {
  const found = useQuery(reachQuery);
  const seen = found.data;
  return (
    <Card
      flush
      title={<span className="records-title">{t("reach.title")}</span>}
      actions={
        <div className="records-switch">
          <Button size="xs" variant="default" leftSection={<Icon name="refresh" size={16} />} loading={found.isFetching} onClick={() => void found.refetch()}>
            {t("dns.check_now")}
          </Button>
        </div>
      }
    >
      <div className="record-body reach">
        <p className="dim">{seen === undefined ? t("reach.line") : t("dns.checked", { clock: clockOf(seen.at) })}</p>
        <Refusal error={found.error} />
        {found.isFetching && seen === undefined && <Skeletons lines={4} height={18} />}
      </div>
      {seen !== undefined && (
        <ul className="records">
          {seen.steps.map((one) => (
            <Step key={`${one.step} ${one.address ?? ""} ${one.host ?? ""}`} of={one} server={seen.host} />
          ))}
        </ul>
      )}
    </Card>
  );
}

const looks: Readonly<Record<ReachStep["result"], { tone: Tone; icon: IconName }>> = {
  good: { tone: "good", icon: "check" },
  note: { tone: "warn", icon: "clock" },
  bad: { tone: "bad", icon: "cross" },
};
const titles: Readonly<Record<ReachStep["step"], TextKey>> = {
  address: "reach.step_address",
  reverse_name: "reach.step_reverse_name",
  port_25: "reach.step_port_25",
  block_list: "reach.step_block_list",
};
const words: Readonly<Record<ReachStep["state"], TextKey>> = {
  right: "dns.right",
  wrong: "dns.wrong",
  missing: "dns.missing",
  unknown: "dns.unknown",
  private: "dns.unknown",
  not_needed: "reach.not_needed",
};

function pillText(of: ReachStep): string {
  if (of.step === "block_list" && of.state !== "unknown") return t(of.state === "wrong" ? "reach.listed" : "reach.not_listed");
  if (of.step === "port_25" && of.state === "right") return t("reach.open");
  if (of.step === "port_25" && of.state === "wrong") return t("reach.shut");
  return t(words[of.state]);
}

export function reachText(of: ReachStep, server: string): string {
  const names = (of.found ?? []).map((one) => one.replace(/\.$/, "")).join(", ");
  const values = { address: of.address ?? "", host: of.host ?? "", found: names, server, words: of.words ?? "" };
  switch (of.step) {
    case "address":
      return t(of.state === "right" ? "reach.address_right" : of.state === "missing" ? "reach.address_missing" : "reach.address_unknown", values);
    case "reverse_name":
      switch (of.state) {
        case "right":
          return t("reach.name_right", values);
        case "wrong":
          return t("reach.name_wrong", values);
        case "missing":
          return t("reach.name_missing", values);
        case "private":
          return t("reach.name_private", values);
        default:
          return t("reach.name_unknown", values);
      }
    case "port_25":
      if (of.state === "right") return t("reach.port_right", values);
      if (of.state === "wrong") return t("reach.port_wrong", values);
      return t(of.state === "not_needed" ? "reach.port_not_needed" : "reach.port_unknown", values);
    case "block_list":
      if (of.state === "right") return t("reach.list_right", values);
      return t(of.state === "wrong" ? "reach.list_wrong" : "reach.list_unknown", values);
  }
}

function Step({ of, server }: { of: ReachStep; server: string }): ReactNode {
  const look = looks[of.result];
  return (
    <li className="record">
      <div className="record-head still">
        <span className="grow">
          <strong>{t(titles[of.step])}</strong> <span className="dim small anywhere">{of.step === "block_list" ? of.host : of.address}</span>
        </span>
        <Pill tone={look.tone} icon={look.icon}>
          {pillText(of)}
        </Pill>
      </div>
      <div className="record-body reach">
        <p className={of.result === "bad" ? "anywhere" : "dim anywhere"}>{reachText(of, server)}</p>
        {of.step === "block_list" && of.state === "wrong" && of.words !== undefined && <code className="anywhere">{of.words}</code>}
      </div>
    </li>
  );
}
