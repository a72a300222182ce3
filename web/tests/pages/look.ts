import axe from "axe-core";
import type { Page } from "playwright-core";

/// What is wrong with the page as it stands, in words; runs in the browser.
function layoutFaults(): string[] {
  const faults: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll<HTMLElement>("body *")].find((one) => one.getBoundingClientRect().right > root.clientWidth + 1);
    faults.push(`the page scrolls sideways by ${String(root.scrollWidth - root.clientWidth)} px: ${wide?.outerHTML.slice(0, 160) ?? ""}`);
  }
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) faults.push(`${String(headings)} h1`);
  const scrolls = (one: Element): boolean => one.closest(".scrolls, .mantine-Tabs-list, .palette-list, textarea") !== null;
  for (const one of document.querySelectorAll<HTMLElement>("body *")) {
    const text = [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? "").trim() !== "");
    if (text.length === 0 || scrolls(one)) continue;
    const style = getComputedStyle(one);
    if (style.visibility === "hidden" || style.clipPath !== "none" || one.closest(".visually-hidden, .table-head, .skip-link, .print-sheet, [hidden], option, script, noscript, title") !== null) continue;
    const box = one.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    const isInline = style.display === "inline";
    if (!isInline && style.overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1) faults.push(`text is cut: "${(one.textContent ?? "").slice(0, 60)}" (${one.className})`);
    const range = document.createRange();
    for (const node of text) {
      range.selectNodeContents(node);
      for (const part of range.getClientRects()) {
        if (part.width > 0 && (part.right > root.clientWidth + 1 || part.left < -1)) faults.push(`text leaves the window: "${(node.textContent ?? "").slice(0, 60)}"`);
        // A box that cuts what stands in it.
        for (let up = one.parentElement; up !== null && !scrolls(up); up = up.parentElement) {
          const outer = getComputedStyle(up);
          if (outer.position === "fixed") break;
          if (outer.overflowX !== "hidden" && outer.overflowX !== "clip") continue;
          const limit = up.getBoundingClientRect();
          if (part.width > 0 && part.right > limit.right + 1 && up !== document.body) faults.push(`text is cut by ${up.className}: "${(node.textContent ?? "").slice(0, 60)}"`);
          break;
        }
      }
    }
  }
  // A column that its neighbours leave no room.
  for (const one of document.querySelectorAll<HTMLElement>(".table-row > .cell")) {
    const box = one.getBoundingClientRect();
    if (box.width > 0 && box.width < 90 && box.height > 70) faults.push(`a column of ${String(Math.round(box.width))} px: "${(one.textContent ?? "").slice(0, 40)}"`);
  }
  // A plain word that is torn in two where nobody would part it.
  for (const one of document.querySelectorAll<HTMLElement>("h1, h2, h3, button, .pill, label, th, dt, .daily-action, .line")) {
    const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
      for (const word of (node.textContent ?? "").matchAll(/[\p{L}]{2,18}(?![\p{L}@.-])/gu)) {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        const tops = new Set([...range.getClientRects()].map((part) => Math.round(part.top)));
        const before = (node.textContent ?? "")[word.index - 1] ?? " ";
        if (tops.size > 1 && /\s/.test(before)) faults.push(`a word is torn: "${word[0]}" in "${(one.textContent ?? "").slice(0, 40)}"`);
      }
  }
  return [...new Set(faults)];
}

/// Also: words that are keys of the catalogue, which has no text for them then.
export async function look(page: Page, keys: ReadonlySet<string>): Promise<string[]> {
  const faults = await page.evaluate(layoutFaults);
  const words = (await page.evaluate(() => document.body.innerText)).match(/[a-z_]+\.[a-z_0-9]+/g) ?? [];
  for (const one of words) if (keys.has(one)) faults.push(`the key ${one} stands in the page`);
  const unfilled = (await page.evaluate(() => document.body.innerText)).match(/\{[a-z]+[|}]/g) ?? [];
  for (const one of unfilled) faults.push(`${one} is not filled in`);
  return faults;
}

interface AxeNode {
  target: unknown[];
  failureSummary?: string;
}

/// rules  only these; none: all
export async function accessibilityFaults(page: Page, rules: readonly string[] = []): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(async (only) => {
    const run = (window as unknown as { axe: { run: (where: Document, options: object) => Promise<{ violations: { id: string; impact: string | null; nodes: AxeNode[] }[] }> } }).axe;
    return (await run.run(document, { resultTypes: ["violations"], ...(only.length > 0 ? { runOnly: { type: "rule", values: only } } : {}) })).violations;
  }, rules);
  return found
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `axe ${one.id} (${one.impact ?? ""}): ${one.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${(node.failureSummary ?? "").split("\n")[1] ?? ""}`).join(" | ")}`);
}
