import { ActionIcon, Button, Menu } from "@mantine/core";
import { Address, DataTable, Empty, Icon, isTyping, Marked, navigate, octets, Page, problemText, Refusal, Skeletons, sorted, t, toast, useParam, type Column } from "@hauspost/frame";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useState, type ReactNode } from "react";
import { call } from "../api/client.ts";
import type { AccountEntry } from "../api/contract.ts";
import { accountsQuery, domainsQuery } from "../api/queries.ts";
import { AccountDialog, useUnlock, type AccountAction } from "../parts/account_dialogs.tsx";
import { accountPath, AccountState, LastSignIn, StorageUse } from "../parts/account_state.tsx";
import { SearchField } from "../parts/search_field.tsx";
import { Link } from "@hauspost/frame";
import { CreateAccount } from "./create_account.tsx";

const ImportAccounts = lazy(() => import("./import_accounts.tsx"));

/// All accounts, whatever the list is filtered by.
async function exportAccounts(): Promise<void> {
  const [{ writeAccounts }, { csvHeadings, saveFile }] = await Promise.all([import("../parts/accounts_csv.ts"), import("../parts/save_file.ts")]);
  const all: AccountEntry[] = [];
  let after: string | undefined;
  do {
    const page = await call("account/list", after === undefined ? {} : { after });
    all.push(...page.accounts);
    after = page.next;
  } while (after !== undefined);
  saveFile(t("accounts.file"), writeAccounts(all, csvHeadings()));
}

export default function AccountsPage(): ReactNode {
  const [filter, setFilter] = useParam("q");
  const [creates, setCreates] = useParam("new");
  const [fresh, setFresh] = useState("");
  const [order, setOrder] = useParam("sort", "address");
  const [imports, setImports] = useParam("import");
  const [exporting, setExporting] = useState(false);
  const [open, setOpen] = useState<{ action: AccountAction; account: AccountEntry } | null>(null);
  const list = useInfiniteQuery(accountsQuery(filter.trim()));
  const domains = useQuery(domainsQuery).data;
  const unlock = useUnlock();
  const all = useMemo(() => list.data?.pages.flatMap((page) => page.accounts) ?? [], [list.data]);
  const create = (): void => setCreates("1");

  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('[role="dialog"]') !== null) return;
      event.preventDefault();
      setCreates("1");
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [setCreates]);

  const columns = useMemo<ReadonlyArray<Column<AccountEntry>>>(
    () => [
      {
        key: "address",
        title: t("account.address"),
        width: "minmax(200px, 2.6fr)",
        phone: "first",
        compare: (a, b) => a.address.localeCompare(b.address),
        render: (one) => (
          <Link to={accountPath(one.address)} className="row-link">
            <Address of={one.display} mark={filter.trim()} />
          </Link>
        ),
      },
      { key: "name", title: t("account.name"), width: "minmax(100px, 1.6fr)", phone: "second", compare: (a, b) => a.display_name.localeCompare(b.display_name), render: (one) => (one.display_name === "" ? null : <Marked text={one.display_name} mark={filter.trim()} />) },
      { key: "storage", title: t("account.storage"), width: "130px", phone: "second", compare: (a, b) => a.octets - b.octets, render: (one) => <StorageUse of={one} /> },
      { key: "last", title: t("account.last_sign_in"), width: "130px", phone: "hide", wideOnly: true, compare: (a, b) => a.last_sign_in_at - b.last_sign_in_at, render: (one) => <LastSignIn of={one} /> },
      { key: "state", title: t("account.state"), width: "minmax(150px, 1.8fr)", phone: "line", render: (one) => <AccountState of={one} /> },
      {
        key: "menu",
        title: "",
        width: "36px",
        phone: "menu",
        render: (one) => (
          <div className="above">
            <Menu>
              <Menu.Target>
                <ActionIcon variant="subtle" size={32} aria-label={t("frame.actions_of", { what: one.display })}>
                  <Icon name="more" />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<Icon name="key" />} onClick={() => setOpen({ action: "password", account: one })}>
                  {t("password.change")}
                </Menu.Item>
                <Menu.Item leftSection={<Icon name="mail" />} onClick={() => navigate(accountPath(one.address, "data"))}>
                  {t("data.title")}
                </Menu.Item>
                {one.active ? (
                  <Menu.Item leftSection={<Icon name="lock" />} onClick={() => setOpen({ action: "lock", account: one })}>
                    {t("account.lock")}
                  </Menu.Item>
                ) : (
                  <Menu.Item leftSection={<Icon name="lock" />} onClick={() => unlock(one.address)}>
                    {t("account.unlock")}
                  </Menu.Item>
                )}
                <Menu.Item leftSection={<Icon name="trash" />} onClick={() => setOpen({ action: "remove", account: one })}>
                  {t("account.remove")}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </div>
        ),
      },
    ],
    [filter, unlock],
  );

  // The server gives pages by address; any other order needs all of them.
  const wantsAll = order !== "address" && list.hasNextPage;
  const { isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (wantsAll && !isFetchingNextPage) void fetchNextPage();
  }, [wantsAll, isFetchingNextPage, fetchNextPage]);
  const rows = useMemo(() => (wantsAll ? all : sorted(all, columns, order)), [wantsAll, all, columns, order]);

  const isEmpty = list.data !== undefined && rows.length === 0 && !list.hasNextPage;
  const used = rows.reduce((sum, one) => sum + one.octets, 0);
  const line = list.data === undefined ? "…" : list.hasNextPage ? t("accounts.part", { count: rows.length, all: t("accounts.many") }) : t("accounts.line", { count: rows.length, storage: octets(used) });
  const suggestion = filter.includes("@") ? filter.trim() : `${filter.trim()}@${domains?.[0]?.name ?? ""}`;
  return (
    <Page
      title={t("nav.accounts")}
      line={line}
      actions={
        <>
          <Button color="green" leftSection={<Icon name="plus" size={18} />} onClick={create}>
            {t("create.new")}
          </Button>
          <Menu>
            <Menu.Target>
              <ActionIcon variant="default" size={36} loading={exporting} aria-label={t("accounts.more")}>
                <Icon name="more" />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setImports("1")}>{t("import.open")}</Menu.Item>
              <Menu.Item
                onClick={() => {
                  setExporting(true);
                  exportAccounts()
                    .catch((why: unknown) => toast(problemText(why), { failed: true }))
                    .finally(() => setExporting(false));
                }}
              >
                {t("accounts.export")}
              </Menu.Item>
              <Menu.Item onClick={() => window.print()}>{t("accounts.print")}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      }
    >
      <div className="stack">
        <div className="row">
          <SearchField label={t("accounts.search")} value={filter} onChange={setFilter} />
          {(domains?.length ?? 0) > 1 && (
            <div className="row" role="group" aria-label={t("nav.domains")}>
              {domains?.slice(0, 5).map((one) => (
                <Button key={one.name} size="xs" variant={filter === `@${one.name}` ? "filled" : "default"} aria-pressed={filter === `@${one.name}`} onClick={() => setFilter(filter === `@${one.name}` ? "" : `@${one.name}`)}>
                  @{one.display}
                </Button>
              ))}
            </div>
          )}
        </div>
        <Refusal error={list.error} onRetry={() => void list.refetch()} />
        {list.data === undefined && !list.isError && (
          <div className="card">
            <Skeletons lines={8} height={18} />
          </div>
        )}
        {isEmpty && domains?.length === 0 && (
          <div className="card">
            <Empty icon="globe" action={<Button onClick={() => navigate("/domains?new=1")}>{t("domains.add")}</Button>}>
              {t("accounts.no_domain")}
            </Empty>
          </div>
        )}
        {isEmpty && domains !== undefined && domains.length > 0 && (
          <div className="card">
            {filter.trim() === "" ? (
              <Empty
                icon="accounts"
                action={
                  <Button color="green" leftSection={<Icon name="plus" size={18} />} onClick={create}>
                    {t("create.new")}
                  </Button>
                }
              >
                {t("accounts.empty")}
              </Empty>
            ) : (
              <Empty
                icon="search"
                action={
                  <Button color="green" onClick={() => setCreates(suggestion)}>
                    {t("accounts.create_this", { subject: suggestion })}
                  </Button>
                }
              >
                {t("accounts.no_hit", { subject: filter.trim() })}
              </Empty>
            )}
          </div>
        )}
        {rows.length > 0 && (
          <DataTable
            label={t("nav.accounts")}
            columns={columns}
            rows={rows}
            rowKey={(one) => one.address}
            isFresh={(one) => one.address === fresh}
            order={order}
            onOrder={setOrder}
            hasMore={list.hasNextPage}
            onEnd={() => {
              if (!list.isFetchingNextPage) void list.fetchNextPage();
            }}
          />
        )}
      </div>
      {creates !== "" && (
        <CreateAccount
          suggested={creates === "1" ? "" : creates}
          onClose={(made) => {
            setCreates("");
            if (made === null) return;
            setFresh(made);
            setTimeout(() => setFresh(""), 3000);
          }}
        />
      )}
      {imports !== "" && (
        <Suspense fallback={null}>
          <ImportAccounts onClose={() => setImports("")} />
        </Suspense>
      )}
      {open !== null && <AccountDialog action={open.action} account={open.account} onClose={() => setOpen(null)} />}
    </Page>
  );
}
