import { Button, Checkbox, NativeSelect } from "@mantine/core";
import { Card, clockOf, Confirm, DataTable, day, Empty, exactly, Icon, navigate, Notice, number, octets, Refusal, Skeletons, span, t, useParam, when, When, type Column } from "@hauspost/frame";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import type { DeletedEntry, DeletedFilter } from "../api/contract.ts";
import { deletedQuery } from "../api/queries.ts";
import { AccountChoice } from "./account_choice.tsx";
import { accountPath } from "./account_state.tsx";
import { dayBegin } from "./overview.ts";
import { callsFor, folderName, keptDays, leftText, targetOf, useRestore, type Restored, type RestoreTarget } from "./restore.ts";
import { SearchField } from "./search_field.tsx";

const times = ["all", "today", "7d"] as const;
type Where = "old" | "inbox" | "new";

/// Without the dot of an abbreviated month: it would look like the end of a sentence.
function newFolder(): string {
  return t("restore.new_folder", { day: day(Date.now() / 1000).replace(/\.$/, "") });
}

/// One deletion by its time, where the address of the page names one.
function useDeletion(): { since: number; until: number } | null {
  const [from] = useParam("from");
  const [to] = useParam("to");
  return useMemo(() => (/^\d{1,11}$/.test(from) && /^\d{1,11}$/.test(to) ? { since: Number(from), until: Number(to) } : null), [from, to]);
}

/// What stands in the address of the page, as the server's filter.
function useFilter(): { filter: DeletedFilter; isFiltered: boolean } {
  const [folder] = useParam("folder");
  const [time] = useParam("deleted", "all");
  const [text] = useParam("q");
  const deletion = useDeletion();
  return useMemo(() => {
    const filter: DeletedFilter = {
      ...(folder === "" ? {} : { mailbox: folder }),
      ...(text.trim() === "" ? {} : { text: text.trim() }),
      ...(deletion !== null ? { first_at: deletion.since, last_at: deletion.until } : time === "today" ? { first_at: dayBegin() } : time === "7d" ? { since: "7d" } : {}),
    };
    return { filter, isFiltered: Object.keys(filter).length > 0 };
  }, [folder, time, text, deletion]);
}

/// The deleted mail of one account: looked for, chosen, brought back.
export function DeletedMailPart({ address }: { address: string }): ReactNode {
  const { filter, isFiltered } = useFilter();
  const [each] = useParam("each");
  const list = useInfiniteQuery(deletedQuery(address, filter, each === ""));
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.entries) ?? [], [list.data]);
  const first = list.data?.pages[0];
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [left, setLeft] = useState<Restored | null>(null);
  // Who gets the mail of an account that is no more.
  const [heir, setHeir] = useState("");
  // What is not shown any more is not brought back either.
  useEffect(() => {
    setChosen((old) => (old.size === 0 ? old : new Set(rows.map((one) => one.id).filter((id) => old.has(id)))));
  }, [rows]);
  const picked = rows.filter((one) => chosen.has(one.id));
  const [where, setWhere] = useState<Where>("old");
  const into = first?.has_account === false ? heir : "";
  const mayRestore = first?.has_account === true || into !== "";
  const target: RestoreTarget = { address, into, to: where === "old" ? "" : where === "inbox" ? "INBOX" : newFolder() };
  const days = first === undefined ? 0 : keptDays(first.kept_seconds);
  return (
    <div className="stack">
      <Filters folders={first?.mailboxes ?? []} />
      {left !== null && left.left > 0 && (
        <Notice
          tone="warn"
          actions={
            <Button size="xs" variant="default" onClick={() => navigate(accountPath(left.address))}>
              {t("restore.more_storage")}
            </Button>
          }
        >
          {leftText(left)}
        </Notice>
      )}
      <Refusal error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending && (
        <Card>
          <Skeletons lines={6} height={18} />
        </Card>
      )}
      {first !== undefined && !first.has_account && rows.length > 0 && (
        <Notice tone="info" actions={<AccountChoice label={t("restore.into")} placeholder={t("restore.into")} value={heir} onChange={setHeir} />}>
          {t("restore.no_account", { subject: address })}
        </Notice>
      )}
      {first !== undefined && rows.length === 0 && (
        <Card>
          <Empty icon="restore">{isFiltered ? t("restore.no_hit") : t("restore.empty", { count: days })}</Empty>
        </Card>
      )}
      {rows.length > 0 && (
        <>
          {mayRestore && (
            <RestoreBar
              target={target}
              where={where}
              onWhere={setWhere}
              picked={picked}
              filter={filter}
              isAll={list.hasNextPage ? null : rows.reduce((sum, one) => sum + one.messages, 0)}
              onRestored={(done) => {
                setChosen(new Set());
                setLeft(done);
              }}
            />
          )}
          <DeletedTable target={target} rows={rows} chosen={chosen} onChosen={setChosen} filter={filter} mayRestore={mayRestore} hasMore={list.hasNextPage} onEnd={() => void (list.isFetchingNextPage ? undefined : list.fetchNextPage())} onRestored={setLeft} />
        </>
      )}
    </div>
  );
}

function Filters({ folders }: { folders: readonly string[] }): ReactNode {
  const [folder, setFolder] = useParam("folder");
  const [time, setTime] = useParam("deleted", "all");
  const [text, setText] = useParam("q");
  const deletion = useDeletion();
  const [each] = useParam("each");
  // Other pages of the list do not bring the names, and a filter may find nothing.
  const [known, setKnown] = useState<readonly string[]>([]);
  useEffect(() => {
    if (folders.length > 0) setKnown(folders);
  }, [folders]);
  const names = folder === "" || known.includes(folder) ? known : [folder, ...known];
  const showAll = (): void => {
    const params = new URLSearchParams(window.location.search);
    for (const name of ["from", "to", "each", ...(each === "" ? [] : ["folder"])]) params.delete(name);
    const rest = params.toString();
    navigate(window.location.pathname + (rest === "" ? "" : `?${rest}`), true);
  };
  return (
    <>
      <div className="row" role="search">
        <NativeSelect
          aria-label={t("restore.folder")}
          value={folder}
          onChange={(event) => setFolder(event.currentTarget.value)}
          data={[{ value: "", label: t("restore.all_folders") }, ...names.map((one) => ({ value: one, label: folderName(one) }))]}
        />
        {deletion === null && (
          <NativeSelect aria-label={t("restore.deleted")} value={time} onChange={(event) => setTime(event.currentTarget.value)} data={times.map((one) => ({ value: one, label: t(`restore.time_${one}`) }))} />
        )}
        <SearchField label={t("restore.search")} value={text} onChange={setText} />
      </div>
      {deletion !== null && (
        <Notice
          tone="info"
          actions={
            <Button size="xs" variant="default" onClick={showAll}>
              {t("restore.show_all")}
            </Button>
          }
        >
          {t("restore.one_deletion", { time: deletionTime(deletion.since, deletion.until) })}
        </Notice>
      )}
    </>
  );
}

/// "Mo 09:10–09:11"
function deletionTime(since: number, until: number): string {
  const begin = when(since);
  const end = clockOf(until);
  return begin.endsWith(end) ? begin : `${begin}–${end}`;
}

interface RestoreBarProps {
  target: RestoreTarget;
  where: Where;
  onWhere: (where: Where) => void;
  picked: readonly DeletedEntry[];
  filter: DeletedFilter;
  /// How many messages the filter lets through; null: it is not known.
  isAll: number | null;
  onRestored: (done: Restored) => void;
}

/// Where to, and the one button.
function RestoreBar({ target, where, onWhere, picked, filter, isAll, onRestored }: RestoreBarProps): ReactNode {
  const [asks, setAsks] = useState(false);
  const restore = useRestore();
  const count = picked.reduce((sum, one) => sum + one.messages, 0);
  const isWhole = picked.length === 0;
  return (
    <div className="row between">
      <div className="row">
        {isWhole ? (
          <Button variant="default" leftSection={<Icon name="restore" size={18} />} loading={restore.isPending} onClick={() => setAsks(true)}>
            {isAll === null ? t("restore.all_found") : t("restore.all", { count: isAll, messages: number(isAll) })}
          </Button>
        ) : (
          <Button leftSection={<Icon name="restore" size={18} />} loading={restore.isPending} onClick={() => restore.run(callsFor(target, picked, filter), onRestored)}>
            {t("restore.some", { count, messages: number(count) })}
          </Button>
        )}
        <NativeSelect
          aria-label={t("restore.where")}
          value={where}
          onChange={(event) => onWhere(event.currentTarget.value as Where)}
          data={[
            { value: "old", label: t("restore.to_old") },
            { value: "inbox", label: t("restore.to_inbox") },
            { value: "new", label: t("restore.to_new", { subject: newFolder() }) },
          ]}
        />
      </div>
      {asks && (
        <Confirm
          title={t("restore.all_title")}
          verb={t("restore.restore")}
          onConfirm={async () => {
            restore.run([{ ...targetOf(target), ...filter }], onRestored);
            await Promise.resolve();
          }}
          onClose={() => setAsks(false)}
        >
          <p className="anywhere">{isAll === null ? t("restore.all_unknown", { subject: target.address }) : t("restore.all_what", { count: isAll, messages: number(isAll), subject: target.address })}</p>
        </Confirm>
      )}
    </div>
  );
}

interface DeletedTableProps {
  target: RestoreTarget;
  rows: readonly DeletedEntry[];
  chosen: ReadonlySet<string>;
  onChosen: (next: ReadonlySet<string>) => void;
  filter: DeletedFilter;
  mayRestore: boolean;
  hasMore: boolean;
  onEnd: () => void;
  onRestored: (done: Restored) => void;
}

function DeletedTable({ target, rows, chosen, onChosen, filter, mayRestore, hasMore, onEnd, onRestored }: DeletedTableProps): ReactNode {
  const columns: ReadonlyArray<Column<DeletedEntry>> = [
    {
      key: "tick",
      title: "",
      width: "28px",
      phone: "menu",
      render: (one) => {
        if (!mayRestore) return null;
        const toggle = (): void => {
          const next = new Set(chosen);
          if (!next.delete(one.id)) next.add(one.id);
          onChosen(next);
        };
        return <Checkbox className="above" aria-label={t("restore.choose", { subject: titleOf(one) })} checked={chosen.has(one.id)} onChange={toggle} />;
      },
    },
    { key: "subject", title: t("restore.subject"), width: "minmax(0, 3.6fr)", phone: "first", render: (one) => (one.messages > 1 ? <Group of={one} target={target} filter={filter} mayRestore={mayRestore} onRestored={onRestored} /> : <span className="anywhere">{titleOf(one)}</span>) },
    { key: "from", title: t("restore.from"), width: "minmax(0, 2fr)", phone: "second", render: (one) => (one.messages > 1 ? null : <span className="anywhere" title={one.from}>{one.from_name ?? one.from ?? ""}</span>) },
    { key: "folder", title: t("restore.folder"), width: "minmax(0, 1.3fr)", phone: "second", render: (one) => <span className="anywhere">{one.mailbox === "" ? "–" : folderName(one.mailbox)}</span> },
    { key: "deleted", title: t("restore.deleted"), width: "minmax(0, 1.7fr)", phone: "second", render: (one) => <Deleted of={one} /> },
    { key: "left", title: t("restore.left_title"), width: "76px", align: "right", phone: "second", render: (one) => <Left until={one.kept_until} /> },
  ];
  return <DataTable label={t("restore.mails")} columns={columns} rows={rows} rowKey={(one) => one.id} hasMore={hasMore} onEnd={onEnd} />;
}

function titleOf(one: DeletedEntry): string {
  if (one.messages > 1) return t("restore.group", { count: one.messages, messages: number(one.messages), time: deletionTime(one.since ?? one.deleted_at, one.deleted_at) });
  return one.subject === "" ? t("restore.no_subject") : one.subject;
}

interface GroupProps {
  of: DeletedEntry;
  target: RestoreTarget;
  filter: DeletedFilter;
  mayRestore: boolean;
  onRestored: (done: Restored) => void;
}

function Group({ of, target, filter, mayRestore, onRestored }: GroupProps): ReactNode {
  const restore = useRestore();
  const showEach = (): void => {
    const params = new URLSearchParams(window.location.search);
    params.set("from", String(of.since ?? of.deleted_at));
    params.set("to", String(of.deleted_at));
    params.set("each", "1");
    if (of.mailbox !== "") params.set("folder", of.mailbox);
    navigate(`${window.location.pathname}?${params.toString()}`);
  };
  return (
    <div className="stack tight">
      <span className="anywhere">
        <strong>{titleOf(of)}</strong> <span className="dim small">{octets(of.octets)}</span>
      </span>
      <div className="row above">
        {mayRestore && (
          <Button size="compact-sm" variant="default" loading={restore.isPending} onClick={() => restore.run(callsFor(target, [of], filter), onRestored)}>
            {t("restore.restore_group")}
          </Button>
        )}
        <Button size="compact-sm" variant="subtle" onClick={showEach}>
          {t("restore.show_each")}
        </Button>
      </div>
    </div>
  );
}

function Deleted({ of }: { of: DeletedEntry }): ReactNode {
  const program = of.program?.split(/[\s/]/)[0] ?? "";
  return (
    <span className="anywhere" title={of.program}>
      <When at={of.deleted_at} />
      {program !== "" && ` · ${program}`}
      {program === "" && of.door === "pop3" && " · POP3"}
      {program === "" && of.door === "administrator" && ` · ${t("nav.owner")}`}
    </span>
  );
}

/// In a table the column says what it is, in a phone's list the text does.
export function Left({ until }: { until: number }): ReactNode {
  const time = span(until - Date.now() / 1000);
  return (
    <span className="nowrap" title={exactly(until)}>
      <span className="in-table">{time}</span>
      <span className="in-list">{t("restore.still", { time })}</span>
    </span>
  );
}
