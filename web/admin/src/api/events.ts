import { useEffect, useSyncExternalStore } from "react";
import { signedOut } from "./client.ts";

/// The server's word on what has changed (`GET /api/events`): small hints, after which the pages ask anew. Without
/// them they ask every 15 seconds, as long as they are looked at.

/// Where a stream shows no sign of life for so long, it is none; the server sends one every 15 seconds.
const silence = 40_000;
const pauses = [2_000, 5_000, 15_000, 60_000] as const;

let live = false;
const watchers = new Set<() => void>();

function setLive(now: boolean): void {
  if (live === now) return;
  live = now;
  for (const told of watchers) told();
}

function subscribe(told: () => void): () => void {
  watchers.add(told);
  return () => watchers.delete(told);
}

/// The pages hear of changes by themselves.
export function isLive(): boolean {
  return live;
}
export function useIsLive(): boolean {
  return useSyncExternalStore(subscribe, isLive);
}

/// For `refetchInterval`: how long a page waits before it asks again by itself. Some things are another by time
/// alone, such as how long a mail has waited, and nobody tells.
export function askAgain(): number {
  return live ? 60_000 : 15_000;
}

export interface ServerEvent {
  name: string;
  data: string;
}

/// Whole events of a text that comes in pieces (WHATWG HTML 9.2.6, as far as our server uses it).
export class EventReader {
  #rest = "";

  /// What has become whole with this piece.
  add(piece: string): ServerEvent[] {
    const blocks = (this.#rest + piece).split("\n\n");
    this.#rest = blocks.pop() ?? "";
    return blocks.flatMap((block) => {
      const event: ServerEvent = { name: "message", data: "" };
      let isEvent = false;
      for (const line of block.split("\n")) {
        if (line.startsWith("event: ")) event.name = line.slice(7);
        else if (line.startsWith("data: ")) event.data = line.slice(6);
        else continue;
        isEvent = true;
      }
      return isEvent ? [event] : [];
    });
  }
}

/// "full": others have its place now. "later": there is none now, or nobody is signed in.
type End = "over" | "full" | "later";

/// Listens until the stream ends, breaks, or is given up.
async function listen(signal: AbortSignal, onChanged: (topics: readonly string[]) => void): Promise<End> {
  const own = new AbortController();
  const giveUp = (): void => own.abort();
  signal.addEventListener("abort", giveUp, { once: true });
  let alarm = setTimeout(giveUp, silence);
  try {
    const answer = await fetch("/api/events", { headers: { "X-Hauspost": "1" }, credentials: "same-origin", cache: "no-store", redirect: "error", signal: own.signal });
    if (answer.status === 401) signedOut();
    if (answer.status === 401 || answer.status === 503) return "later";
    if (!answer.ok || answer.body === null) return "over";
    const octets = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const reader = new EventReader();
    setLive(true);
    for (;;) {
      const { value, done } = await octets.read();
      if (done) return "over";
      clearTimeout(alarm);
      alarm = setTimeout(giveUp, silence);
      for (const event of reader.add(value)) {
        if (event.name === "full") return "full";
        if (event.name === "changed") onChanged(event.data.split(" "));
      }
    }
  } catch {
    // Broken, or given up: the pages ask by themselves, and say it where nobody answers.
    return "over";
  } finally {
    clearTimeout(alarm);
    signal.removeEventListener("abort", giveUp);
    own.abort();
    setLive(false);
  }
}

/// One stream for as long as the page is looked at: a hidden one asks for nothing.
export function useEvents(onChanged: (topics: readonly string[]) => void, onBroken: () => void): void {
  useEffect(() => {
    let current: AbortController | null = null;
    let next: ReturnType<typeof setTimeout> | undefined;
    let failed = 0;
    const begin = async (): Promise<void> => {
      const mine = new AbortController();
      current = mine;
      const began = Date.now();
      const end = await listen(mine.signal, onChanged);
      if (current !== mine) return;
      current = null;
      onBroken();
      // One that gave way to others comes back when somebody looks at it again.
      if (end === "full") return;
      failed = end === "later" ? pauses.length : Date.now() - began > silence ? 1 : failed + 1;
      next = setTimeout(() => void begin(), pauses[Math.min(failed, pauses.length) - 1]);
    };
    const stop = (): void => {
      clearTimeout(next);
      const was = current;
      current = null;
      was?.abort();
    };
    const look = (): void => {
      if (document.hidden) stop();
      else if (current === null) {
        clearTimeout(next);
        failed = 0;
        void begin();
      }
    };
    // The first screen goes before.
    next = setTimeout(look, 500);
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      stop();
    };
  }, [onChanged, onBroken]);
}
