// The built page with an API that only plays: for a look while it is written, and for the tests of
// whole pages.
//
//   tools/with_node.sh node mock/serve.ts [SCENARIO]        full, many, empty, setup or signed_out
import { readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join, normalize, resolve } from "node:path";
import type { CallName } from "../admin/src/api/contract.ts";
import { contentSecurityPolicy } from "../tools/seal.ts";
import { handlers, Refused, scenario, type Scenario } from "./api.ts";

const types: Readonly<Record<string, string>> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };
const maxBody = 65_536;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const part of request) {
    text += String(part);
    if (text.length > maxBody) throw new Refused("bad_argument", {}, 413);
  }
  return JSON.parse(text) as unknown;
}

function isCall(name: string): name is CallName {
  return Object.hasOwn(handlers, name);
}

async function answerCall(name: string, request: IncomingMessage, response: ServerResponse, at: Scenario): Promise<void> {
  const send = (status: number, type: string, body: unknown): void => {
    response.writeHead(status, { "Content-Type": type, "Cache-Control": "no-store" });
    response.end(JSON.stringify(body));
  };
  try {
    if (request.method !== "POST" || request.headers["content-type"] !== "application/json" || request.headers["x-hauspost"] !== "1") throw new Refused("bad_argument", {}, 400);
    if (!isCall(name)) throw new Refused("unknown_command", {}, 404);
    const args = await bodyOf(request);
    if (at.fault !== undefined && name !== "session/state") throw new Refused(at.fault.type, {}, at.fault.status);
    const open = ["session/state", "session/open", "setup/open", "owner/password", "password/check"];
    if (at.state === "signed_out" && !open.includes(name)) throw new Refused("not_signed_in", {}, 401);
    const handle = handlers[name] as (given: unknown, where: Scenario) => unknown;
    send(200, "application/json", handle(args, at));
  } catch (why) {
    if (!(why instanceof Refused)) throw why;
    send(why.status, "application/problem+json", { code: why.type, detail: `Refused: ${why.type}.`, status: why.status, ...why.more });
  }
}

/// One hint at the begin, as from the server; then nothing ever changes here.
function giveEvents(request: IncomingMessage, response: ServerResponse, at: Scenario): void {
  if (request.method !== "GET" || request.headers["x-hauspost"] !== "1" || at.state !== "signed_in" || at.fault !== undefined) {
    response.writeHead(at.state === "signed_in" ? 503 : 401, { "Content-Type": "application/problem+json" });
    response.end("{}");
    return;
  }
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write("event: changed\ndata: overview queue trace ban audit\n\n");
}

function fileOf(dist: string, path: string): string {
  const wanted = join(dist, normalize(path));
  if (!wanted.startsWith(dist)) return join(dist, "index.html");
  return statSync(wanted, { throwIfNoEntry: false })?.isFile() === true ? wanted : join(dist, "index.html");
}

/// at  is read anew with each request, so a test may change it
export function makeServer(dist: string, at: () => Scenario): Server {
  const policy = contentSecurityPolicy(dist);
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/api/events") {
      giveEvents(request, response, at());
      return;
    }
    if (pathname.startsWith("/api/")) {
      void answerCall(pathname.slice("/api/".length), request, response, at());
      return;
    }
    const file = fileOf(dist, pathname);
    response.writeHead(200, {
      "Content-Type": types[extname(file)] ?? "application/octet-stream",
      "Content-Security-Policy": policy,
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer",
    });
    response.end(readFileSync(file));
  });
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === import.meta.filename) {
  const wanted = process.argv[2] ?? "full";
  const at = scenario(wanted as Parameters<typeof scenario>[0]);
  const server = makeServer(resolve(import.meta.dirname, "../admin/dist"), () => at);
  server.listen(0, "127.0.0.1", () => {
    const where = server.address();
    if (where !== null && typeof where === "object") console.log(`http://127.0.0.1:${String(where.port)}/`);
  });
}
