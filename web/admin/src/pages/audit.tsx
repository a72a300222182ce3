import { Card, DataTable, Empty, Page, Refusal, Skeletons, t, useParam, When, type Column } from "@hauspost/frame";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import type { AuditEntry } from "../api/contract.ts";
import { auditQuery } from "../api/queries.ts";
import { actionText, fieldText, valueText, whoText } from "../parts/audit_text.ts";
import { SearchField } from "../parts/search_field.tsx";

/// Who did what, with what was before and after. Only to read.
export default function AuditPage(): ReactNode {
  const [filter, setFilter] = useParam("q");
  const list = useInfiniteQuery(auditQuery(filter.trim()));
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.entries) ?? [], [list.data]);
  const columns: ReadonlyArray<Column<AuditEntry>> = [
    { key: "at", title: t("audit.at"), width: "150px", phone: "second", render: (one) => <When at={one.begun_at} /> },
    { key: "who", title: t("audit.who"), width: "190px", phone: "second", render: (one) => whoText(one) },
    { key: "what", title: t("audit.what"), width: "minmax(0, 3fr)", phone: "first", render: (one) => <span className="anywhere">{actionText(one)}</span> },
    { key: "change", title: t("audit.change"), width: "minmax(0, 3fr)", phone: "line", render: (one) => <Change of={one} /> },
  ];
  return (
    <Page title={t("nav.audit")} line={t("audit.line")}>
      <div className="stack">
        <div className="row">
          <SearchField label={t("audit.search")} value={filter} onChange={setFilter} />
        </div>
        <Refusal error={list.error} onRetry={() => void list.refetch()} />
        {list.isPending && (
          <Card>
            <Skeletons lines={6} height={18} />
          </Card>
        )}
        {list.data !== undefined && rows.length === 0 && (
          <Card>
            <Empty icon="audit">{filter === "" ? t("audit.empty") : t("frame.nothing_found")}</Empty>
          </Card>
        )}
        {rows.length > 0 && (
          <DataTable
            label={t("nav.audit")}
            columns={columns}
            rows={rows}
            rowKey={(one) => `${one.begun_at} ${one.command} ${one.subject ?? ""} ${one.from ?? ""}`}
            hasMore={list.hasNextPage}
            onEnd={() => {
              if (!list.isFetchingNextPage) void list.fetchNextPage();
            }}
          />
        )}
      </div>
    </Page>
  );
}

function Change({ of }: { of: AuditEntry }): ReactNode {
  // What is new has all its fields; those that are empty say nothing.
  const isSaid = (key: string): boolean => of.before?.[key] !== undefined || valueText(of.after?.[key], key) !== "–";
  const keys = [...new Set([...Object.keys(of.before ?? {}), ...Object.keys(of.after ?? {})])].filter(isSaid);
  if (keys.length === 0) return null;
  return (
    <ul className="changes">
      {keys.map((key) => (
        <li key={key} className="anywhere">
          <span className="dim">{fieldText(key)}:</span> {of.before?.[key] !== undefined && <del>{valueText(of.before[key], key)}</del>} {of.after?.[key] !== undefined && <ins>{valueText(of.after[key], key)}</ins>}
        </li>
      ))}
    </ul>
  );
}
