import type { ReactNode } from "react";
import { encode } from "uqr";

/// Black on white in every scheme.
export function QrCode({ text, label, size = 176 }: { text: string; label: string; size?: number }): ReactNode {
  const { data, size: count } = encode(text, { ecc: "M", border: 2 });
  const path = data.map((line, y) => line.map((dark, x) => (dark ? `M${String(x)} ${String(y)}h1v1h-1z` : "")).join("")).join("");
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${String(count)} ${String(count)}`} width={size} height={size} shapeRendering="crispEdges">
      <rect width={count} height={count} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
