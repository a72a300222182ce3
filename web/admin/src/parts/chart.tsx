import { useElementSize } from "@mantine/hooks";
import { number, t } from "@hauspost/frame";
import { useId, useState, type ReactNode } from "react";
import type { MailCount } from "./overview.ts";

const series = ["received", "sent", "refused"] as const;
type Series = (typeof series)[number];
const colours: Readonly<Record<Series, string>> = { received: "var(--chart-in)", sent: "var(--chart-out)", refused: "var(--chart-refused)" };

/// The next of 1, 2, 5, 10, 20 … that is not below it.
export function niceTop(value: number): number {
  if (value <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 10].map((one) => one * power).find((one) => one >= value) ?? value;
}

interface ChartProps {
  counts: readonly MailCount[];
  title: string;
  /// Of a bar: "8 Uhr", "12. Nov."
  label: (at: number) => string;
}

/// Bars of what came and went, a line of what was refused. Drawn as SVG by hand: two charts do not
/// need a library of 100 KB.
export function MailChart({ counts, title, label }: ChartProps): ReactNode {
  const [at, setAt] = useState<number | null>(null);
  const id = useId();
  const height = 180;
  const { ref, width: measured } = useElementSize<HTMLElement>();
  const width = Math.max(240, Math.floor(measured));
  const left = 36;
  const bottom = 22;
  const top = niceTop(Math.max(1, ...counts.flatMap((one) => [one.received, one.sent, one.refused])));
  const step = (width - left) / Math.max(1, counts.length);
  const bar = Math.max(2, Math.min(10, step / 2 - 2));
  const y = (value: number): number => height - bottom - (value / top) * (height - bottom - 10);
  const peak = counts.reduce((best, one) => (one.received > best.received ? one : best), counts[0] ?? { at: 0, received: 0, sent: 0, refused: 0, failed: 0 });
  const every = Math.ceil(counts.length / Math.max(3, Math.min(12, Math.floor(width / 70))));
  const refused = counts.map((one, i) => `${String(left + i * step + step / 2)},${String(y(one.refused))}`).join(" ");
  const shown = at === null ? null : counts[at];
  return (
    <figure className="chart" ref={ref}>
      <svg width={width} height={height} role="img" aria-labelledby={id} onPointerLeave={() => setAt(null)}>
        <title id={id}>{`${title}: ${t("chart.peak", { count: peak.received, when: label(peak.at) })}`}</title>
        {[0, 0.5, 1].map((part) => (
          <g key={part}>
            <line x1={left} x2={width} y1={y(top * part)} y2={y(top * part)} stroke="var(--line)" />
            <text x={left - 6} y={y(top * part) + 4} textAnchor="end" className="chart-text">
              {number(top * part)}
            </text>
          </g>
        ))}
        {counts.map((one, i) => {
          const x = left + i * step + step / 2;
          return (
            <g key={one.at}>
              {at === i && <rect x={x - step / 2} y={0} width={step} height={height - bottom} fill="var(--hover)" />}
              <rect x={x - bar - 1} y={y(one.received)} width={bar} height={height - bottom - y(one.received)} rx={Math.min(2, bar / 2)} fill={colours.received} />
              <rect x={x + 1} y={y(one.sent)} width={bar} height={height - bottom - y(one.sent)} rx={Math.min(2, bar / 2)} fill={colours.sent} />
              {i % every === 0 && (
                <text x={x} y={height - 6} textAnchor="middle" className="chart-text">
                  {label(one.at)}
                </text>
              )}
              <rect x={x - step / 2} y={0} width={step} height={height} fill="transparent" onPointerEnter={() => setAt(i)} />
            </g>
          );
        })}
        <polyline points={refused} fill="none" stroke={colours.refused} strokeWidth={1.5} />
      </svg>
      <figcaption className="row small">
        {series.map((one) => (
          <span key={one} className="legend">
            <span style={{ background: colours[one] }} />
            {t(`chart.${one}`)}
            {shown !== null && shown !== undefined && <strong>{number(shown[one])}</strong>}
          </span>
        ))}
        {shown !== null && shown !== undefined && <span className="dim">{label(shown.at)}</span>}
      </figcaption>
    </figure>
  );
}

export function CountTable({ counts, title, label }: ChartProps): ReactNode {
  return (
    <div className="scrolls" tabIndex={0} role="region" aria-label={title}>
      <table className="plain-table">
        <caption className="visually-hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t("audit.at")}</th>
            {series.map((one) => (
              <th key={one} scope="col" className="right">
                {t(`chart.${one}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.map((one) => (
            <tr key={one.at}>
              <th scope="row">{label(one.at)}</th>
              {series.map((key) => (
                <td key={key} className="right">
                  {number(one[key])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
