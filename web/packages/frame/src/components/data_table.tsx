import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { t } from "../catalogue.ts";
import { Icon } from "../icons.tsx";
import { cssVariables } from "./basics.tsx";

export interface Column<Row> {
  key: string;
  title: string;
  /// As of grid-template-columns.
  width: string;
  align?: "right";
  /// Where it stands in the list of a phone.
  phone?: "first" | "second" | "line" | "menu" | "hide";
  render: (row: Row) => ReactNode;
  /// Left out where the window is not wide enough for all.
  wideOnly?: boolean;
  /// By which its heading sorts, from small to large; without it the heading is a word.
  compare?: (a: Row, b: Row) => number;
}

/// A column's key, with "-" before it from large to small.
export type SortOrder = string;

/// The rows in this order; equal ones stay as they were. As they are where no column fits.
export function sorted<Row>(rows: readonly Row[], columns: ReadonlyArray<Column<Row>>, order: SortOrder): readonly Row[] {
  const isDown = order.startsWith("-");
  const compare = columns.find((one) => one.key === (isDown ? order.slice(1) : order))?.compare;
  if (compare === undefined) return rows;
  return [...rows].sort((a, b) => (isDown ? compare(b, a) : compare(a, b)));
}

interface DataTableProps<Row> {
  label: string;
  columns: ReadonlyArray<Column<Row>>;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  isFresh?: (row: Row) => boolean;
  /// There is another page; `onEnd` fetches it when the end comes near.
  hasMore?: boolean;
  onEnd?: () => void;
  order?: SortOrder;
  onOrder?: (order: SortOrder) => void;
}

const virtualFrom = 200;

/// One list of all pages: a table on a wide screen, rows of two lines on a phone, drawn only as far as
/// it is seen when it is long.
export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  const { label, columns, rows, hasMore = false, order = "", onOrder } = props;
  const template = (of: ReadonlyArray<Column<Row>>): string => of.map((one) => one.width).join(" ");
  return (
    <div
      className="table"
      role="table"
      aria-label={label}
      aria-rowcount={hasMore ? -1 : rows.length + 1}
      style={cssVariables({ "--columns": template(columns), "--columns-narrow": template(columns.filter((one) => one.wideOnly !== true)) })}
      onKeyDown={moveBetweenRows}
    >
      <div role="rowgroup">
        <div className="table-head" role="row">
          {columns.map((one) => (
            <div
              key={one.key}
              role="columnheader"
              className={`${one.align ?? ""} ${one.wideOnly === true ? "wide-only" : ""}`}
              {...(one.compare === undefined || onOrder === undefined ? {} : { "aria-sort": order === one.key ? "ascending" : order === `-${one.key}` ? "descending" : "none" })}
            >
              {one.title === "" ? (
                <span className="visually-hidden">–</span>
              ) : one.compare === undefined || onOrder === undefined ? (
                one.title
              ) : (
                <button type="button" className="sort-button" onClick={() => onOrder(order === one.key ? `-${one.key}` : one.key)}>
                  {one.title}
                  <Icon name={order === `-${one.key}` ? "up" : "down"} size={14} />
                </button>
              )}
            </div>
          ))}
        </div>
      </div>
      {rows.length > virtualFrom || hasMore ? <VirtualRows {...props} /> : <PlainRows {...props} />}
    </div>
  );
}

/// Arrows go from link to link.
function moveBetweenRows(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const row = (event.target as HTMLElement).closest(".table-row");
  if (row === null || !(event.target as HTMLElement).classList.contains("row-link")) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>(".row-link")];
  const at = links.indexOf(event.target as HTMLElement);
  const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function RowCells<Row>({ columns, row, fresh, index }: { columns: ReadonlyArray<Column<Row>>; row: Row; fresh: boolean; index: number }): ReactNode {
  return (
    <div role="row" aria-rowindex={index + 2} className={fresh ? "table-row fresh" : "table-row"}>
      {columns.map((one) => (
        <div key={one.key} role="cell" className={`cell phone-${one.phone ?? "line"} ${one.align ?? ""} ${one.wideOnly === true ? "wide-only" : ""}`}>
          {one.render(row)}
        </div>
      ))}
    </div>
  );
}

function PlainRows<Row>({ columns, rows, rowKey, isFresh }: DataTableProps<Row>): ReactNode {
  return (
    <div role="rowgroup" className="table-rows">
      {rows.map((row, i) => (
        <RowCells key={rowKey(row)} columns={columns} row={row} index={i} fresh={isFresh?.(row) ?? false} />
      ))}
    </div>
  );
}

function VirtualRows<Row>({ columns, rows, rowKey, isFresh, hasMore = false, onEnd }: DataTableProps<Row>): ReactNode {
  const body = useRef<HTMLDivElement>(null);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => 45,
    overscan: 12,
    scrollMargin: body.current?.offsetTop ?? 0,
    getItemKey: (i) => {
      const row = rows[i];
      return row === undefined ? i : rowKey(row);
    },
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - 50) onEnd?.();
  }, [hasMore, last, rows.length, onEnd]);
  return (
    <div role="rowgroup" ref={body} style={{ position: "relative", height: virtual.getTotalSize() + (hasMore ? 60 : 0) }}>
      {items.map((item) => {
        const row = rows[item.index];
        if (row === undefined) return null;
        return (
          <div
            key={item.key}
            role="presentation"
            ref={virtual.measureElement}
            data-index={item.index}
            style={{ position: "absolute", insetInline: 0, top: 0, transform: `translateY(${String(item.start - virtual.options.scrollMargin)}px)` }}
          >
            <RowCells columns={columns} row={row} index={item.index} fresh={isFresh?.(row) ?? false} />
          </div>
        );
      })}
      {hasMore && (
        <div role="presentation" style={{ position: "absolute", bottom: 0, insetInline: 0, padding: 16 }}>
          <span className="dim">{t("frame.loading")}</span>
        </div>
      )}
    </div>
  );
}
