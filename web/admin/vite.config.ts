import { join } from "node:path";
import { build, defineConfig, type Plugin, type Rollup } from "vite";
import { schemeScript } from "../packages/frame/src/scheme.ts";
import { earlyScript } from "./early_script.ts";

type Bundle = Readonly<Record<string, Rollup.OutputChunk | Rollup.OutputAsset>>;

/// Where the module is that nothing else is in but it.
function fileOf(bundle: Bundle, module: RegExp): string {
  const found = Object.values(bundle).find((one) => one.type === "chunk" && one.facadeModuleId !== null && module.test(one.facadeModuleId));
  if (found === undefined) throw new Error(`no file of ${String(module)}`);
  return `/${found.fileName}`;
}

/// The one inline script; tools/seal.ts puts its hash into the page's policy.
function inlineScripts(): Plugin {
  return {
    name: "hauspost-inline",
    transformIndexHtml: {
      order: "post",
      handler: (html, { bundle }) => {
        const early = bundle === undefined ? "" : earlyScript({ de: fileOf(bundle, /texts\/de\.ts$/), en: fileOf(bundle, /texts\/en\.ts$/) });
        return html.replace("/*scheme*/", () => `${schemeScript};${early}`);
      },
    },
  };
}

/// The letters are asked for together with the scripts; without this the first page would be drawn in
/// the system's, since they may come too late to count (font-display: optional).
function preloadFont(): Plugin {
  return {
    name: "hauspost-font",
    transformIndexHtml: {
      order: "post",
      handler: (_, context) => {
        const font = Object.keys(context.bundle ?? {}).find((one) => /inter-latin-wght.*\.woff2$/.test(one));
        if (font === undefined) return [];
        return [{ tag: "link", injectTo: "head", attrs: { rel: "preload", as: "font", type: "font/woff2", href: `/${font}`, crossorigin: "" } }];
      },
    },
  };
}

// React and what changes as rarely is one file, which stays cached over our versions.
const react = { name: "react", test: /node_modules\/(react|react-dom|scheduler|@tanstack)\//, priority: 2 };

// "use client" says something to servers that render pages; there is none.
const onLog = (level: Rollup.LogLevel, log: Rollup.RollupLog, told: (level: Rollup.LogLevel, log: Rollup.RollupLog) => void): void => {
  if (log.code !== "MODULE_LEVEL_DIRECTIVE") told(level, log);
};

/// All modules that the first page is made of. Left alone the bundler makes a file of each set of pages that share
/// something: thirty small ones, each a question of its own, of which a browser asks six at once.
async function firstModules(): Promise<ReadonlySet<string>> {
  const made = (await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: "error",
    build: { write: false, minify: false, reportCompressedSize: false, rollupOptions: { onLog, output: { codeSplitting: { groups: [react] } } } },
  })) as Rollup.RollupOutput;
  const chunks = new Map(made.output.filter((one) => one.type === "chunk").map((one) => [one.fileName, one]));
  const modules = new Set<string>();
  const seen = new Set<string>();
  const take = (name: string): void => {
    const chunk = chunks.get(name);
    if (chunk === undefined || seen.has(name)) return;
    seen.add(name);
    for (const one of chunk.moduleIds) modules.add(one);
    chunk.imports.forEach(take);
  };
  for (const one of chunks.values()) if (one.isEntry) take(one.fileName);
  // The entry itself stays what it is: it waits for texts, which the others do not.
  modules.delete(join(import.meta.dirname, "src/main.tsx"));
  return modules;
}

export default defineConfig(async ({ command }) => {
  const first = command === "build" ? await firstModules() : new Set<string>();
  return {
    plugins: [inlineScripts(), preloadFont()],
    build: {
      target: "es2022",
      sourcemap: false,
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      modulePreload: { polyfill: false },
      rollupOptions: { onLog, output: { codeSplitting: { groups: [react, { name: "first", test: (id: string) => first.has(id), priority: 1 }] } } },
    },
  };
});
