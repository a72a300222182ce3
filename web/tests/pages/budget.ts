import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import type { BrowserContext } from "playwright-core";

const kilo = 1024;
const limits = { firstScripts: 240 * kilo, allScripts: 350 * kilo, css: 30 * kilo };

/// What is over the limits of size; the first page's is what a browser really asks for.
export async function budgetFaults(context: BrowserContext, origin: string, dist: string): Promise<string[]> {
  const sizes = new Map<string, number>();
  for (const one of readdirSync(join(dist, "assets"))) sizes.set(one, brotliCompressSync(readFileSync(join(dist, "assets", one))).length);
  const sum = (names: readonly string[]): number => names.reduce((total, one) => total + (sizes.get(one) ?? 0), 0);
  const all = [...sizes.keys()];

  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => {
    const name = /\/assets\/([^/]+)$/.exec(request.url())?.[1];
    if (name !== undefined && !asked.includes(name)) asked.push(name);
    if (!request.url().startsWith(origin)) asked.push(`FOREIGN ${request.url()}`);
  });
  await page.goto(`${origin}/`);
  await page.waitForSelector(".tiles");
  const shift = await page.evaluate(
    () =>
      new Promise<number>((done) => {
        let moved = 0;
        new PerformanceObserver((list) => {
          for (const one of list.getEntries()) moved += (one as unknown as { value: number }).value;
        }).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => done(moved), 200);
      }),
  );
  await page.close();

  const first = sum(asked.filter((one) => one.endsWith(".js")));
  const scripts = sum(all.filter((one) => one.endsWith(".js")));
  const css = sum(all.filter((one) => one.endsWith(".css")));
  const kb = (octets: number): string => `${(octets / kilo).toFixed(0)} KB`;
  console.log(`brotli: scripts of the first page ${kb(first)}, all scripts ${kb(scripts)}, CSS ${kb(css)}; layout shift ${shift.toFixed(3)}`);
  const faults = asked.filter((one) => one.startsWith("FOREIGN"));
  if (first === 0 || first > limits.firstScripts) faults.push(`scripts of the first page: ${kb(first)}`);
  if (scripts > limits.allScripts) faults.push(`all scripts: ${kb(scripts)}`);
  if (css === 0 || css > limits.css) faults.push(`CSS: ${kb(css)}`);
  if (shift > 0.1) faults.push(`layout shift ${shift.toFixed(3)}`);
  return faults;
}
