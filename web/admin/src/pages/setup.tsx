import { Button, TextInput } from "@mantine/core";
import { Icon, Link, Notice, Problem, problemText, Refusal, Skeletons, t, type IconName } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import { call } from "../api/client.ts";
import { client, domainsQuery } from "../api/queries.ts";
import { newChoice, PasswordPart } from "../parts/password_part.tsx";
import { SecondFactorSetUp } from "../parts/second_factor.tsx";
import { CreateForm, MadeAccount, type Made } from "./create_account.tsx";
import { DomainRecordsList } from "./domain.tsx";
import { Single } from "./sign_in.tsx";

const steps = ["password", "totp", "domain", "account", "dns"] as const;

/// /setup#secret: the first visit. The secret stands behind #, so it reaches no log.
/// isOpen  the link was spent by this browser before: the page was loaded anew
export function SetUpPage({ host, isOpen, onDone }: { host: string; isOpen: boolean; onDone: () => void }): ReactNode {
  const [opened, setOpened] = useState<"asking" | "open" | "refused">(isOpen ? "open" : "asking");
  const [error, setError] = useState<unknown>(null);
  const [at, setAt] = useState(0);
  const [domain, setDomain] = useState("");
  const asked = useRef(false);

  useEffect(() => {
    if (asked.current || opened === "open") return;
    asked.current = true;
    const secret = window.location.hash.slice(1);
    window.history.replaceState(null, "", "/setup");
    call("setup/open", { secret }).then(
      () => setOpened("open"),
      (why: unknown) => {
        setError(why);
        setOpened("refused");
      },
    );
  }, [opened]);
  const next = (): void => {
    setAt((now) => now + 1);
    window.scrollTo(0, 0);
  };

  if (opened === "asking")
    return (
      <Single title={t("setup.title")}>
        <section className="card">
          <Skeletons lines={5} />
        </section>
      </Single>
    );
  if (opened === "refused")
    return (
      <Single title={t("setup.title")}>
        <section className="card stack">
          <h1>{t("setup.title")}</h1>
          <Refusal error={error} />
        </section>
      </Single>
    );
  if (at >= steps.length) return <SetUpDone onDone={onDone} domain={domain} />;
  return (
    <Single title={t("setup.title")}>
      <ol className="dots" aria-label={t("setup.steps")}>
        {steps.map((one, i) => (
          <li key={one} className={i < at ? "done" : ""} aria-label={t(`setup.step_${one}`)} {...(i === at ? { "aria-current": "step" as const } : {})}>
            {i < at ? <Icon name="check" size={16} /> : i + 1}
          </li>
        ))}
      </ol>
      <section className="card stack">
        {at === 0 && <OwnerPasswordStep onDone={next} />}
        {at === 1 && (
          <>
            <div>
              <h1>{t("totp.title")}</h1>
              <p className="dim">{t("setup.totp_line")}</p>
            </div>
            <SecondFactorSetUp
              onDone={next}
              extra={
                <Button variant="default" onClick={next}>
                  {t("setup.later")}
                </Button>
              }
            />
          </>
        )}
        {at === 2 && (
          <DomainStep
            host={host}
            onDone={(name) => {
              setDomain(name);
              next();
            }}
          />
        )}
        {at === 3 && <FirstAccountStep domain={domain} onDone={next} />}
        {at === 4 && (
          <>
            <div>
              <h1>{t("setup.step_dns")}</h1>
              <p className="dim">{t("setup.dns_line")}</p>
            </div>
            <DomainRecordsList name={domain} compact />
            <div className="row end">
              <Button onClick={next}>{t("frame.done")}</Button>
            </div>
          </>
        )}
      </section>
    </Single>
  );
}

function OwnerPasswordStep({ onDone }: { onDone: () => void }): ReactNode {
  const [choice, setChoice] = useState(() => newChoice("own"));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    call("owner/password", { password: choice.own }).then(onDone, (why: unknown) => {
      setError(why);
      setBusy(false);
      field.current?.focus();
    });
  };
  const refusedPassword = error instanceof Problem && error.type === "password_refused";
  return (
    <form className="stack" onSubmit={submit}>
      <div>
        <h1>{t("setup.welcome")}</h1>
        <p className="dim">{t("setup.password_line")}</p>
      </div>
      <input type="text" name="username" autoComplete="username" value="owner" readOnly hidden />
      <PasswordPart ownOnly choice={choice} onChange={setChoice} address="" label={t("owner.password")} fieldRef={field} error={refusedPassword ? problemText(error) : undefined} />
      <Refusal error={refusedPassword ? null : error} />
      <div className="row end">
        <Button type="submit" loading={busy}>
          {t("setup.continue")}
        </Button>
      </div>
    </form>
  );
}

/// "mail.muster-gmbh.de" is of "muster-gmbh.de".
export function guessDomain(host: string): string {
  const parts = host.split(".");
  return parts.length > 2 ? parts.slice(1).join(".") : host;
}

function DomainStep({ host, onDone }: { host: string; onDone: (name: string) => void }): ReactNode {
  const known = useQuery(domainsQuery).data;
  const [name, setName] = useState(guessDomain(host));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const field = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    call("domain/add", { name: name.trim().toLowerCase() }).then(
      async (made) => {
        await client.invalidateQueries({ queryKey: ["domain"] });
        onDone(made.name);
      },
      (why: unknown) => {
        if (why instanceof Problem && why.type === "domain_exists") {
          onDone(name.trim().toLowerCase());
          return;
        }
        setError(why);
        setBusy(false);
        field.current?.focus();
      },
    );
  };
  return (
    <form className="stack" onSubmit={submit}>
      <div>
        <h1>{t("setup.step_domain")}</h1>
        <p className="dim">{t("setup.domain_line")}</p>
      </div>
      <TextInput ref={field} label={t("setup.domain")} description={t("setup.domain_help")} autoFocus autoCapitalize="none" spellCheck={false} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <TextInput label={t("setup.host")} description={t("setup.host_help")} value={host} readOnly />
      {known !== undefined && known.length > 0 && <Notice tone="info">{t("setup.domains_there", { subject: known.map((one) => one.display).join(", ") })}</Notice>}
      <Refusal error={error} />
      <div className="row end">
        <Button type="submit" loading={busy}>
          {t("setup.continue")}
        </Button>
      </div>
    </form>
  );
}

function FirstAccountStep({ domain, onDone }: { domain: string; onDone: () => void }): ReactNode {
  const [made, setMade] = useState<Made | null>(null);
  const [noted, setNoted] = useState(false);
  const [asks, setAsks] = useState(false);
  return (
    <>
      <div>
        <h1>{t("setup.step_account")}</h1>
        <p className="dim">{t("setup.account_line")}</p>
      </div>
      {made === null ? (
        <CreateForm suggested={`info@${domain}`} cancelText={t("setup.skip")} onCancel={onDone} onMade={setMade} />
      ) : (
        <MadeAccount
          made={made}
          asks={asks && !noted}
          onNoted={() => setNoted(true)}
          onDone={() => {
            if (noted || asks) onDone();
            else setAsks(true);
          }}
        />
      )}
    </>
  );
}

function SetUpDone({ onDone, domain }: { onDone: () => void; domain: string }): ReactNode {
  const cards: ReadonlyArray<{ to: string; icon: IconName; title: string; line: string }> = [
    { to: "/accounts", icon: "accounts", title: t("setup.more_accounts"), line: t("setup.more_accounts_line") },
    { to: "/forwarding", icon: "forward", title: t("nav.forwarding"), line: t("setup.forwarding_line") },
    { to: `/domains/${encodeURIComponent(domain)}`, icon: "globe", title: t("setup.check_dns"), line: t("setup.check_dns_line") },
  ];
  return (
    <Single title={t("setup.title")}>
      <section className="card stack">
        <Notice tone="good" role="status" title={t("setup.ready")} />
        <h1>{t("setup.what_now")}</h1>
        {cards.map((one) => (
          <Link key={one.to} to={one.to} className="choice" onClick={onDone}>
            <Icon name={one.icon} size={24} />
            <span className="grow">
              <strong>{one.title}</strong>
              <span className="dim small">{one.line}</span>
            </span>
            <Icon name="forward" size={18} />
          </Link>
        ))}
      </section>
    </Single>
  );
}
