import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const css = readFileSync(join(import.meta.dirname, "../../packages/frame/src/tokens.css"), "utf8");

function tokensOf(scheme: string): Map<string, string> {
  const block = new RegExp(`scheme="${scheme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  return new Map([...block.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6});/g)].map((one) => [one[1] ?? "", one[2] ?? ""]));
}

/// WCAG 2.2, relative luminance and contrast ratio.
function luminance(colour: string): number {
  const parts = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16) / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (parts[0] ?? 0) + 0.7152 * (parts[1] ?? 0) + 0.0722 * (parts[2] ?? 0);
}
function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const texts: ReadonlyArray<readonly [string, string]> = [
  ["--text", "--card"], ["--text", "--page"], ["--text", "--hover"], ["--dim", "--card"], ["--dim", "--page"], ["--dim", "--hover"], ["--link", "--card"], ["--link", "--page"],
  ["--link", "--active-tint"], ["--good", "--good-tint"], ["--warn", "--warn-tint"], ["--bad", "--bad-tint"], ["--info", "--info-tint"], ["--neutral", "--neutral-tint"],
  ["--good", "--card"], ["--warn", "--card"], ["--bad", "--card"], ["--text", "--neutral-tint"],
];
const shapes: ReadonlyArray<readonly [string, string]> = [
  ["--field-border", "--card"], ["--focus", "--card"], ["--focus", "--page"], ["--chart-in", "--card"], ["--chart-out", "--card"], ["--chart-refused", "--card"], ["--chart-failed", "--card"],
];

describe.each(["light", "dark"])("the colours of %s", (scheme) => {
  const tokens = tokensOf(scheme);
  const colour = (name: string): string => {
    const found = tokens.get(name);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };
  test.each(texts)("%s on %s is read easily", (one, other) => {
    expect(contrast(colour(one), colour(other))).toBeGreaterThanOrEqual(4.5);
  });
  test.each(["--primary", "--primary-hover", "--create", "--create-hover", "--destroy", "--destroy-hover"])("white on %s is read easily", (name) => {
    expect(contrast("#ffffff", colour(name))).toBeGreaterThanOrEqual(4.5);
  });
  test.each(shapes)("%s on %s is seen", (one, other) => {
    expect(contrast(colour(one), colour(other))).toBeGreaterThanOrEqual(3);
  });
});
