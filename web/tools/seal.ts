// Makes of a built folder what the server embeds: each file plain, by brotli and by gzip, one
// assembly file that takes them in (.incbin: nothing to compile), and their table in C++.
//
//   node tools/seal.ts DIST        writes DIST/../sealed
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, join, relative, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};
// These are compressed already.
const packed: ReadonlySet<string> = new Set([".woff2"]);

function sha256(data: string | Buffer): Buffer {
  return createHash("sha256").update(data).digest();
}

/// Of a built page; its inline scripts are named by their hashes.
export function contentSecurityPolicy(dist: string): string {
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const inline = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map((one) => `'sha256-${sha256(one[1] ?? "").toString("base64")}'`);
  return [
    "default-src 'none'",
    ["script-src 'self'", ...inline].join(" "),
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .sort();
}

interface Sealed {
  path: string;
  type: string;
  etag: string;
  immutable: boolean;
  /// Names of the files with its octets; "": there is none.
  identity: string;
  br: string;
  gzip: string;
}

function seal(dist: string, out: string): Sealed[] {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  return filesOf(dist).map((file, i): Sealed => {
    const data = readFileSync(file);
    const ending = extname(file);
    const type = types[ending];
    if (type === undefined) throw new Error(`no content type for ${file}`);
    const path = `/${relative(dist, file)}`;
    const put = (name: string, content: Buffer): string => {
      writeFileSync(join(out, name), content);
      return name;
    };
    const keep = packed.has(ending);
    const br = keep ? null : brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length } });
    const gzip = keep ? null : gzipSync(data, { level: 9 });
    const smaller = (one: Buffer | null): one is Buffer => one !== null && one.length < data.length;
    return {
      path,
      type,
      etag: sha256(data).toString("hex").slice(0, 32),
      immutable: path.startsWith("/assets/"),
      identity: put(`${String(i)}.identity`, data),
      br: smaller(br) ? put(`${String(i)}.br`, br) : "",
      gzip: smaller(gzip) ? put(`${String(i)}.gz`, gzip) : "",
    };
  });
}

function assembly(files: readonly Sealed[]): string {
  const lines = ["/* Made by tools/seal.ts. */", '    .section .rodata.hauspost_web, "a", @progbits'];
  for (const [i, one] of files.entries())
    for (const [kind, name] of [["identity", one.identity], ["br", one.br], ["gzip", one.gzip]] as const) {
      if (name === "") continue;
      const symbol = `hauspost_web_admin_${String(i)}_${kind}`;
      lines.push("    .balign 16", `    .global ${symbol}`, `    .global ${symbol}_end`, `    .hidden ${symbol}`, `    .hidden ${symbol}_end`, `${symbol}:`, `    .incbin "${name}"`, `${symbol}_end:`);
    }
  lines.push('    .section .note.GNU-stack, "", @progbits', "");
  return lines.join("\n");
}

function table(files: readonly Sealed[], policy: string): string {
  const kinds = (one: Sealed): ReadonlyArray<readonly [string, string]> => [["identity", one.identity], ["br", one.br], ["gzip", one.gzip]];
  const symbol = (i: number, kind: string): string => `hauspost_web_admin_${String(i)}_${kind}`;
  const declared = files.flatMap((one, i) =>
    kinds(one)
      .filter(([, name]) => name !== "")
      .map(([kind]) => `extern const char ${symbol(i, kind)}[], ${symbol(i, kind)}_end[];`),
  );
  const part = (i: number, [kind, name]: readonly [string, string]): string => (name === "" ? "{}" : `between(${symbol(i, kind)}, ${symbol(i, kind)}_end)`);
  const rows = files.map((one, i) => `    {${JSON.stringify(one.path)}, ${JSON.stringify(one.type)}, ${JSON.stringify(one.etag)}, ${kinds(one).map((kind) => part(i, kind)).join(", ")}, ${String(one.immutable)}},`);
  return `// Made by tools/seal.ts, for files.cpp.
extern "C" {
${declared.join("\n")}
}

namespace {

const char* const admin_policy = ${JSON.stringify(policy)};

std::string_view between(const char* first, const char* last) {
    return {first, static_cast<std::size_t>(last - first)};
}

const hauspost::http::static_file admin_table[] = {
${rows.join("\n")}
};

}  // namespace
`;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === import.meta.filename) {
  const dist = process.argv[2];
  if (dist === undefined) throw new Error("usage: node tools/seal.ts DIST");
  const out = resolve(dist, "../sealed");
  const files = seal(resolve(dist), out);
  const policy = contentSecurityPolicy(resolve(dist));
  writeFileSync(join(out, "policy.txt"), policy);
  writeFileSync(join(out, "files.S"), assembly(files));
  // Included as "web/table.inc": the build folder stands in for the top folder.
  mkdirSync(join(out, "web"));
  writeFileSync(join(out, "web/table.inc"), table(files, policy));
}
