import { Button, PasswordInput } from "@mantine/core";
import { Card, Confirm, DataTable, Dialog, Notice, Page, Pill, Problem, problemText, Refusal, Skeletons, t, toast, When, type Column } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState, type FormEvent, type ReactNode } from "react";
import { call } from "../api/client.ts";
import type { OwnerSession } from "../api/contract.ts";
import { client, sessionQuery, sessionsQuery, useChange } from "../api/queries.ts";
import { newChoice, PasswordPart } from "../parts/password_part.tsx";
import { SecondFactorSetUp } from "../parts/second_factor.tsx";
import { programText } from "../parts/agent.ts";

/// The owner's own password, second factor and browsers.
export default function OwnerPage(): ReactNode {
  return (
    <Page title={t("nav.owner")} line={t("owner.line")}>
      <div className="stack wide">
        <div className="columns">
          <OwnPassword />
          <SecondFactor />
        </div>
        <Browsers />
      </div>
    </Page>
  );
}

function OwnPassword(): ReactNode {
  const [present, setPresent] = useState("");
  const [choice, setChoice] = useState(() => newChoice("own"));
  const field = useRef<HTMLInputElement>(null);
  const change = useChange(() => call("owner/password", { password: choice.own, present_password: present }), ["owner"], () => t("owner.password_changed"));
  const isAtField = change.error instanceof Problem && change.error.type === "password_refused";
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate(undefined, {
      onSuccess: () => {
        setPresent("");
        setChoice(newChoice("own"));
      },
    });
  };
  return (
    <Card title={t("password.change")} line={t("owner.password_effect")}>
      <form className="stack" onSubmit={submit}>
        <input type="text" name="username" autoComplete="username" value="owner" readOnly hidden />
        <PasswordInput label={t("owner.present")} autoComplete="current-password" value={present} onChange={(event) => setPresent(event.currentTarget.value)} visibilityToggleButtonProps={{ "aria-label": t("password.show"), tabIndex: 0 }} />
        <PasswordPart ownOnly choice={choice} onChange={setChoice} address="" label={t("owner.new")} fieldRef={field} error={isAtField ? problemText(change.error) : undefined} />
        <Refusal error={isAtField ? null : change.error} />
        <div className="row">
          <Button type="submit" loading={change.isPending} disabled={present === "" || choice.own === ""}>
            {t("password.change")}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function SecondFactor(): ReactNode {
  const isOn = useQuery(sessionQuery).data?.second_factor === true;
  const [sets, setSets] = useState(false);
  const [ends, setEnds] = useState(false);
  const [present, setPresent] = useState("");
  const told = (): Promise<void> => client.invalidateQueries({ queryKey: ["session"] });
  return (
    <Card title={t("totp.title")} actions={<Pill tone={isOn ? "good" : "warn"}>{t(isOn ? "totp.on" : "totp.off")}</Pill>}>
      <div className="stack">
        <p className="dim">{t("setup.totp_line")}</p>
        <div className="row">
          {isOn ? (
            <Button variant="default" onClick={() => setEnds(true)}>
              {t("totp.disable")}
            </Button>
          ) : (
            <Button variant="default" onClick={() => setSets(true)}>
              {t("totp.enable")}
            </Button>
          )}
        </div>
      </div>
      {sets && (
        <Dialog title={t("totp.title")} onClose={() => setSets(false)}>
          <SecondFactorSetUp
            onDone={() => {
              setSets(false);
              toast(t("totp.is_on"));
              void told();
            }}
          />
        </Dialog>
      )}
      {ends && (
        <Confirm
          title={t("totp.disable_title")}
          verb={t("totp.disable")}
          destroys
          onConfirm={async () => {
            await call("owner/totp-disable", { present_password: present });
            setPresent("");
            await told();
          }}
          onClose={() => setEnds(false)}
        >
          <Notice tone="warn">{t("totp.disable_effect")}</Notice>
          <PasswordInput label={t("owner.present")} data-autofocus autoComplete="current-password" value={present} onChange={(event) => setPresent(event.currentTarget.value)} visibilityToggleButtonProps={{ "aria-label": t("password.show"), tabIndex: 0 }} />
        </Confirm>
      )}
    </Card>
  );
}

function Browsers(): ReactNode {
  const found = useQuery(sessionsQuery);
  const own = useQuery(sessionQuery).data?.session;
  const end = useChange((id: string) => call("owner/end-session", { id }), ["owner"], () => t("owner.ended"));
  const columns: ReadonlyArray<Column<OwnerSession>> = [
    {
      key: "agent",
      title: t("owner.browser"),
      width: "minmax(0, 3fr)",
      phone: "first",
      render: (one) => (
        <span className="row">
          <span title={one.agent}>{programText(one.agent)}</span>
          {one.id === own && <Pill tone="info">{t("owner.this_one")}</Pill>}
        </span>
      ),
    },
    { key: "address", title: t("owner.place"), width: "minmax(0, 2fr)", phone: "second", render: (one) => one.address },
    { key: "created", title: t("owner.since"), width: "140px", phone: "hide", render: (one) => <When at={one.made_at} /> },
    { key: "seen", title: t("owner.last_seen"), width: "140px", phone: "second", render: (one) => <When at={one.seen_at} /> },
    {
      key: "end",
      title: "",
      width: "110px",
      phone: "line",
      align: "right",
      render: (one) =>
        one.id === own ? null : (
          <Button size="compact-sm" variant="default" loading={end.isPending && end.variables === one.id} onClick={() => end.mutate(one.id, { onError: (why) => toast(problemText(why), { failed: true }) })}>
            {t("owner.end")}
          </Button>
        ),
    },
  ];
  return (
    <section className="stack" aria-labelledby="browsers">
      <h2 id="browsers">{t("owner.sessions")}</h2>
      <Refusal error={found.error} onRetry={() => void found.refetch()} />
      {found.isPending && (
        <Card>
          <Skeletons lines={3} height={18} />
        </Card>
      )}
      {found.data !== undefined && <DataTable label={t("owner.sessions")} columns={columns} rows={found.data} rowKey={(one) => one.id} />}
    </section>
  );
}
