import { Problem, type ProblemDocument } from "@hauspost/frame";
import type { ArgumentsOf, CallName, ResultOf } from "./contract.ts";

/// Told when the server says that nobody is signed in any more.
let onSignedOut: () => void = () => undefined;
let lastInput = Date.now();

export function whenSignedOut(told: () => void): void {
  onSignedOut = told;
}

/// Somebody has heard it otherwise than by a call.
export function signedOut(): void {
  onSignedOut();
}

/// Milliseconds since the last call that a person caused.
export function idleFor(): number {
  return Date.now() - lastInput;
}

/// As it comes (RFC 9457): "code" is what programs go by, "detail" the server's English sentences.
type WireProblem = Omit<ProblemDocument, "type" | "title"> & { code: string; detail?: string };

function isProblem(value: unknown): value is WireProblem {
  return typeof value === "object" && value !== null && typeof (value as WireProblem).code === "string";
}

async function documentOf(answer: Response): Promise<ProblemDocument> {
  const unknown: ProblemDocument = { type: "unknown", title: "", status: answer.status };
  try {
    const body: unknown = await answer.json();
    return isProblem(body) ? { ...body, type: body.code, title: body.detail ?? "", status: answer.status } : unknown;
  } catch {
    return unknown;
  }
}

/// What the page asked before its scripts were here (early_script.ts); each is taken up once.
function earlyAnswer(name: CallName): Promise<Response> | undefined {
  const all = (globalThis as { hauspostEarly?: Partial<Record<CallName, Promise<Response>>> }).hauspostEarly;
  const found = all?.[name];
  delete all?.[name];
  return found;
}

interface CallOptions {
  signal?: AbortSignal;
  /// No person caused it: the session's idle time goes on.
  idle?: boolean;
}

/// Errors: Problem; one of type "server_unreachable" where no answer came.
export async function call<Name extends CallName>(name: Name, args: ArgumentsOf<Name>, options: CallOptions = {}): Promise<ResultOf<Name>> {
  const headers: Record<string, string> = { "Content-Type": "application/json", "X-Hauspost": "1" };
  if (options.idle === true) headers["X-Hauspost-Idle"] = "1";
  else lastInput = Date.now();
  let answer: Response;
  const early = earlyAnswer(name);
  try {
    answer = await (early ?? fetch(`/api/${name}`, {
      method: "POST",
      headers,
      body: JSON.stringify(args),
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    }));
  } catch (why) {
    if (why instanceof DOMException && why.name === "AbortError") throw why;
    throw new Problem({ type: "server_unreachable", title: "The server does not answer.", status: 0 });
  }
  if (answer.ok) return (await answer.json()) as ResultOf<Name>;
  const problem = new Problem(await documentOf(answer));
  // Asked before anybody could know who is there: no session has ended.
  if (early !== undefined) throw problem;
  if (problem.type === "not_signed_in" || (answer.status === 401 && !name.startsWith("session/"))) onSignedOut();
  throw problem;
}
