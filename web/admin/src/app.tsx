import { ActionIcon, Button, Menu } from "@mantine/core";
import { Dialog, Empty, Frame, Icon, isTyping, match, navigate, Notice, Page, PrefetchContext, Refusal, Skeletons, t, useLanguage, usePath, type NavGroup, type PaletteEntry } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useState, type ReactNode } from "react";
import { call, idleFor, whenSignedOut } from "./api/client.ts";
import type { SessionState } from "./api/contract.ts";
import { useEvents } from "./api/events.ts";
import { accountQuery, accountsQuery, askAnew, askByTheClock, auditQuery, bansQuery, certificatesQuery, checkQuery, client, domainsQuery, overviewQuery, queueQuery, removedAccountsQuery, sessionQuery, settingsQuery } from "./api/queries.ts";
import OverviewPage from "./pages/overview.tsx";
import { SignInForm, SignInPage, Single } from "./pages/sign_in.tsx";
import { accountPath } from "./parts/account_state.tsx";
import { readAddress } from "./parts/address.ts";

// The frame and the overview are the first file; each other page is its own.
const pages = {
  accounts: () => import("./pages/accounts.tsx"),
  account: () => import("./pages/account.tsx"),
  detective: () => import("./pages/detective.tsx"),
  forwarding: () => import("./pages/forwarding.tsx"),
  domains: () => import("./pages/domains.tsx"),
  domain: () => import("./pages/domain.tsx"),
  restore: () => import("./pages/restore.tsx"),
  queue: () => import("./pages/queue.tsx"),
  bans: () => import("./pages/bans.tsx"),
  certificates: () => import("./pages/certificates.tsx"),
  audit: () => import("./pages/audit.tsx"),
  settings: () => import("./pages/settings.tsx"),
  owner: () => import("./pages/owner.tsx"),
  setup: () => import("./pages/setup.tsx"),
} as const;
const AccountsPage = lazy(pages.accounts);
const AccountPage = lazy(pages.account);
const DetectivePage = lazy(pages.detective);
const ForwardingPage = lazy(pages.forwarding);
const DomainsPage = lazy(pages.domains);
const DomainPage = lazy(pages.domain);
const RestorePage = lazy(pages.restore);
const QueuePage = lazy(pages.queue);
const BansPage = lazy(pages.bans);
const CertificatesPage = lazy(pages.certificates);
const AuditPage = lazy(pages.audit);
const SettingsPage = lazy(pages.settings);
const OwnerPage = lazy(pages.owner);
const SetUpPage = lazy(async () => ({ default: (await pages.setup()).SetUpPage }));

export function App(): ReactNode {
  useLanguage();
  const session = useQuery(sessionQuery);
  const path = usePath();
  const [signedOut, setSignedOut] = useState(false);
  const [startedSetUp, setStartedSetUp] = useState(path === "/setup" && window.location.hash.length > 1);
  useEffect(() => whenSignedOut(() => setSignedOut(true)), []);

  const told = useCallback(() => {
    setSignedOut(false);
    void client.invalidateQueries();
  }, []);
  const state = session.data;
  if (state === undefined)
    return (
      <Single title="Hauspost">
        <section className="card">{session.isError ? <Refusal error={session.error} onRetry={() => void session.refetch()} /> : <Skeletons lines={5} height={18} />}</section>
      </Single>
    );
  // A set-up that was begun goes on, although its first step opens a session.
  if (startedSetUp || state.state === "setup")
    return (
      <Suspense fallback={null}>
        <SetUpPage
          host={state.hostname}
          isOpen={state.state === "setup"}
          onDone={() => {
            setStartedSetUp(false);
            told();
          }}
        />
      </Suspense>
    );
  if (state.state === "no_owner") return <NoLink />;
  if (state.state === "signed_out" && !signedOut) return <SignInPage host={state.hostname} onSignedIn={told} />;
  return (
    <SignedIn session={state}>
      {signedOut && (
        <Dialog title={t("session.expired_title")} onClose={() => undefined} size={420}>
          <div className="stack">
            <Notice tone="info">{t("session.expired")}</Notice>
            <SignInForm onSignedIn={told} />
          </div>
        </Dialog>
      )}
    </SignedIn>
  );
}

/// Nobody has chosen a password yet, and this address has no secret.
function NoLink(): ReactNode {
  return (
    <Single title={t("setup.title")}>
      <section className="card stack">
        <h1>{t("setup.title")}</h1>
        <Notice tone="info">{t("setup.no_link")}</Notice>
        <p>
          <code>hauspost owner setup-link</code>
        </p>
      </section>
    </Single>
  );
}

function SignedIn({ session, children }: { session: SessionState; children: ReactNode }): ReactNode {
  const path = usePath();
  const [keys, setKeys] = useState(false);
  const commands = useCommands();
  const overview = useQuery(overviewQuery).data;
  const waiting = overview?.alarms.find((one) => one.id === "queue.old")?.number ?? 0;
  useEvents(askAnew, askByTheClock);
  useShortcuts(() => setKeys(true));
  const groups: readonly NavGroup[] = [
    {
      entries: [
        { to: "/", text: t("nav.overview"), icon: "overview" },
        { to: "/accounts", text: t("nav.accounts"), icon: "accounts" },
        { to: "/detective", text: t("nav.detective"), icon: "search" },
        { to: "/forwarding", text: t("nav.forwarding"), icon: "forward" },
        { to: "/domains", text: t("nav.domains"), icon: "globe" },
        { to: "/restore", text: t("nav.restore"), icon: "restore" },
      ],
    },
    {
      title: t("nav.system"),
      entries: [
        { to: "/queue", text: t("nav.queue"), icon: "queue", count: waiting },
        { to: "/certificates", text: t("nav.certificates"), icon: "shield" },
        { to: "/bans", text: t("nav.bans"), icon: "lock" },
        { to: "/audit", text: t("nav.audit"), icon: "audit" },
        { to: "/settings", text: t("nav.settings"), icon: "sliders" },
      ],
    },
  ];
  return (
    <PrefetchContext value={prefetch}>
      <Frame host={session.hostname} groups={groups} commands={commands} userMenu={<OwnerMenu />}>
        <Suspense fallback={<div className="late"><Skeletons lines={6} height={18} /></div>}>{pageOf(path)}</Suspense>
      </Frame>
      <TimeOut idleSeconds={session.idle_seconds} />
      {keys && <Keys onClose={() => setKeys(false)} />}
      {children}
    </PrefetchContext>
  );
}

function pageOf(path: string): ReactNode {
  const account = match("/accounts/:address", path)?.["address"];
  const domain = match("/domains/:name", path)?.["name"];
  if (path === "/" || path === "/setup") return <OverviewPage />;
  if (path === "/accounts") return <AccountsPage />;
  if (account !== undefined) return <AccountPage key={account} address={account} />;
  if (path === "/detective") return <DetectivePage />;
  if (path === "/forwarding") return <ForwardingPage />;
  if (path === "/domains") return <DomainsPage />;
  if (domain !== undefined) return <DomainPage key={domain} name={domain} />;
  if (path === "/restore") return <RestorePage />;
  if (path === "/queue") return <QueuePage />;
  if (path === "/bans") return <BansPage />;
  if (path === "/certificates") return <CertificatesPage />;
  if (path === "/audit") return <AuditPage />;
  if (path === "/settings") return <SettingsPage />;
  if (path === "/owner") return <OwnerPage />;
  return (
    <Page title={t("frame.nothing_found")}>
      <div className="card">
        <Empty icon="search" action={<Button onClick={() => navigate("/")}>{t("nav.overview")}</Button>}>
          {t("nav.no_page")}
        </Empty>
      </div>
    </Page>
  );
}

/// A link that is pointed at: its page and what it shows.
function prefetch(to: string): void {
  const path = to.split("?")[0] ?? to;
  const account = match("/accounts/:address", path)?.["address"];
  const domain = match("/domains/:name", path)?.["name"];
  if (path === "/accounts") {
    void pages.accounts();
    void client.prefetchInfiniteQuery(accountsQuery(""));
  } else if (account !== undefined) {
    void pages.account();
    void client.prefetchQuery(accountQuery(account));
  } else if (path === "/detective") void pages.detective();
  else if (path === "/forwarding") void pages.forwarding();
  else if (path === "/domains") {
    void pages.domains();
    void client.prefetchQuery(domainsQuery);
  } else if (domain !== undefined) {
    void pages.domain();
    void client.prefetchQuery(checkQuery(domain));
  } else if (path === "/restore") {
    void pages.restore();
    void client.prefetchQuery(removedAccountsQuery);
  } else if (path === "/queue") {
    void pages.queue();
    void client.prefetchInfiniteQuery(queueQuery(""));
  } else if (path === "/bans") {
    void pages.bans();
    void client.prefetchQuery(bansQuery(""));
  } else if (path === "/audit") {
    void pages.audit();
    void client.prefetchInfiniteQuery(auditQuery(""));
  } else if (path === "/certificates") {
    void pages.certificates();
    void client.prefetchQuery(certificatesQuery);
  } else if (path === "/settings") {
    void pages.settings();
    void client.prefetchQuery(settingsQuery);
  } else if (path === "/owner") void pages.owner();
}

function signOut(): void {
  void call("session/close", {}).finally(() => {
    window.location.assign("/");
  });
}

function OwnerMenu(): ReactNode {
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" size={36} aria-label={t("nav.owner")}>
          <Icon name="user" size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("nav.owner")}</Menu.Label>
        <Menu.Item leftSection={<Icon name="key" />} onClick={() => navigate("/owner")}>
          {t("owner.menu")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="back" />} onClick={signOut}>
          {t("owner.sign_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const letters: Readonly<Record<string, string>> = { u: "/", k: "/accounts", m: "/detective", w: "/forwarding", d: "/domains", r: "/restore", q: "/queue", z: "/certificates", b: "/bans", s: "/audit", e: "/settings" };

/// "g" then a letter goes to a page; "?" shows the list.
function useShortcuts(onHelp: () => void): void {
  useEffect(() => {
    let began = 0;
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('[role="dialog"]') !== null) return;
      if (Date.now() - began < 1500) {
        began = 0;
        const to = letters[event.key];
        if (to === undefined) return;
        event.preventDefault();
        navigate(to);
      } else if (event.key === "g") began = Date.now();
      else if (event.key === "?") onHelp();
      else if (event.key === "n" && window.location.pathname !== "/accounts") {
        event.preventDefault();
        navigate("/accounts?new=1");
      }
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [onHelp]);
}

function Keys({ onClose }: { onClose: () => void }): ReactNode {
  const all: ReadonlyArray<readonly [readonly string[], string]> = [
    [[t("frame.ctrl"), "K"], t("frame.search_label")],
    [["/"], t("frame.search_label")],
    [["n"], t("create.new")],
    [["g", "u"], t("nav.overview")],
    [["g", "k"], t("nav.accounts")],
    [["g", "m"], t("nav.detective")],
    [["g", "w"], t("nav.forwarding")],
    [["g", "d"], t("nav.domains")],
    [["g", "r"], t("nav.restore")],
    [["g", "q"], t("nav.queue")],
    [["g", "z"], t("nav.certificates")],
    [["g", "b"], t("nav.bans")],
    [["g", "s"], t("nav.audit")],
    [["g", "e"], t("nav.settings")],
    [["Esc"], t("frame.close")],
  ];
  return (
    <Dialog title={t("keys.title")} onClose={onClose} size={420}>
      <dl className="facts">
        {all.map(([keys, text]) => (
          <div key={keys.join("+")}>
            <dt>
              <span className="keys">
                {keys.map((one) => (
                  <kbd key={one}>{one}</kbd>
                ))}
              </span>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

/// Ctrl K: pages and deeds by words, accounts by name, and what an address offers.
function useCommands(): (typed: string) => readonly PaletteEntry[] {
  const domains = useQuery(domainsQuery).data;
  const [asked, setAsked] = useState("");
  const accounts = useQuery({ queryKey: ["account", "suggest", asked], queryFn: ({ signal }) => call("account/list", { filter: asked }, { signal }), enabled: asked.length > 1, staleTime: 30_000 }).data;
  return (typed) => {
    if (typed !== asked) queueMicrotask(() => setAsked(typed));
    const go = (key: string, icon: PaletteEntry["icon"], text: string, to: string, hint?: string): PaletteEntry => ({ key, icon, text, run: () => navigate(to), ...(hint === undefined ? {} : { hint }) });
    const fixed: readonly PaletteEntry[] = [
      go("new", "plus", t("create.new"), "/accounts?new=1", "n"),
      go("password", "key", t("password.change"), "/accounts"),
      go("detective", "search", t("nav.detective"), "/detective", "g m"),
      go("forward", "forward", t("forwarding.new"), "/forwarding?new=1"),
      go("overview", "overview", t("nav.overview"), "/", "g u"),
      go("accounts", "accounts", t("nav.accounts"), "/accounts", "g k"),
      go("forwarding", "forward", t("nav.forwarding"), "/forwarding", "g w"),
      go("domains", "globe", t("nav.domains"), "/domains", "g d"),
      go("restore", "restore", t("nav.restore"), "/restore", "g r"),
      go("queue", "queue", t("nav.queue"), "/queue", "g q"),
      go("bans", "lock", t("nav.bans"), "/bans", "g b"),
      go("certificates", "shield", t("nav.certificates"), "/certificates", "g z"),
      go("audit", "audit", t("nav.audit"), "/audit", "g s"),
      go("settings", "sliders", t("nav.settings"), "/settings", "g e"),
      go("owner", "user", t("owner.menu"), "/owner"),
    ];
    const lower = typed.toLowerCase();
    const words = fixed.filter((one) => lower === "" || one.text.toLowerCase().includes(lower));
    const address = typed.includes("@") ? readAddress(typed, domains?.[0]?.name ?? "") : null;
    const ofAddress: readonly PaletteEntry[] =
      address === null
        ? []
        : [
            go("route", "forward", t("command.route", { subject: address }), `/forwarding?address=${encodeURIComponent(address)}`),
            go("find", "search", t("command.find", { subject: address }), `/detective?q=${encodeURIComponent(address)}`),
            go("deleted", "restore", t("command.deleted", { subject: address }), `/restore?account=${encodeURIComponent(address)}`),
          ];
    const found = asked === typed && typed.length > 1 ? (accounts?.accounts ?? []).slice(0, 6).map((one) => go(one.address, "user", one.display, accountPath(one.address), one.display_name)) : [];
    return [...found, ...ofAddress, ...words];
  };
}

/// Two minutes before the session ends it is said, with a way to go on.
function TimeOut({ idleSeconds }: { idleSeconds: number }): ReactNode {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (idleSeconds <= 0) return undefined;
    const timer = setInterval(() => setNear(idleFor() / 1000 > idleSeconds - 120), 5000);
    return () => clearInterval(timer);
  }, [idleSeconds]);
  if (!near) return null;
  const extend = (): void => {
    setNear(false);
    void call("session/state", {});
  };
  return (
    <Dialog title={t("session.near_end")} onClose={extend} size={420}>
      <p>{t("session.near_end_text")}</p>
      <div className="dialog-foot">
        <Button data-autofocus onClick={extend}>
          {t("session.extend")}
        </Button>
      </div>
    </Dialog>
  );
}
