import { defineConfig, type Plugin } from "vite";
import { schemeScript } from "../packages/frame/src/scheme.ts";

/// The one inline script; tools/seal.ts puts its hash into the page's policy.
function inlineScheme(): Plugin {
  return { name: "hauspost-scheme", transformIndexHtml: { order: "post", handler: (html) => html.replace("/*scheme*/", () => schemeScript) } };
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

export default defineConfig({
  plugins: [inlineScheme(), preloadFont()],
  build: {
    target: "es2022",
    sourcemap: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    rollupOptions: {
      // "use client" says something to servers that render pages; there is none.
      onLog: (level, log, told) => {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") told(level, log);
      },
      output: {
        // React and what changes as rarely is one file, which stays cached over our versions.
        codeSplitting: { groups: [{ name: "react", test: /node_modules\/(react|react-dom|scheduler|@tanstack)\// }] },
      },
    },
  },
});
