import type { Tone, IconName } from "@hauspost/frame";
import type { TracedMessage, TraceStep } from "../api/contract.ts";

/// The words of a message's state, the worst first, with what colour and icon they have.
export const verdicts = {
  refused: { tone: "bad", icon: "cross" },
  failed: { tone: "bad", icon: "cross" },
  "not sent on": { tone: "bad", icon: "cross" },
  waiting: { tone: "warn", icon: "clock" },
  held: { tone: "warn", icon: "pause" },
  discarded: { tone: "neutral", icon: "trash" },
  deleted: { tone: "neutral", icon: "trash" },
  sent: { tone: "good", icon: "check" },
  "in mailbox": { tone: "good", icon: "check" },
  "not recorded": { tone: "neutral", icon: "circle" },
} as const satisfies Readonly<Record<string, { tone: Tone; icon: IconName }>>;

export type Verdict = keyof typeof verdicts;
const order = Object.keys(verdicts) as Verdict[];

export function verdictsOf(message: TracedMessage): Verdict[] {
  const said = new Set(message.state.split(", "));
  return order.filter((one) => said.has(one));
}

export type Direction = "in" | "out" | "unknown";

export function directionOf(message: TracedMessage): Direction {
  const door = message.steps[0]?.door;
  if (door === "submission" || door === "server" || door === "administrator") return "out";
  return door === "smtp" ? "in" : "unknown";
}

export type TraceFilter = "all" | "in" | "out" | "refused" | "waiting";

export function fits(message: TracedMessage, filter: TraceFilter): boolean {
  if (filter === "all") return true;
  if (filter === "in" || filter === "out") return directionOf(message) === filter;
  const all = verdictsOf(message);
  return filter === "waiting" ? all.includes("waiting") || all.includes("held") : all.some((one) => one === "refused" || one === "failed");
}

/// One that has no id (it was refused before it got one) is named by when and who.
export function keyOf(message: TracedMessage): string {
  return message.id ?? `${String(message.at)}-${message.from ?? ""}-${message.recipients[0] ?? ""}`;
}

const good: ReadonlySet<string> = new Set(["received", "stored", "queued", "filed", "delivered", "released", "retried", "restored", "replaced"]);

export function toneOf(step: TraceStep): Tone {
  if (step.step === "refused" || step.step === "more_refused" || step.step === "failed" || step.step === "not_sent_on") return "bad";
  if (step.step === "postponed" || step.step === "held") return "warn";
  return good.has(step.step) ? "good" : "neutral";
}

/// The queue's number of what still waits; undefined: nothing does.
export function waitingNumber(message: TracedMessage): number | undefined {
  if (!verdictsOf(message).some((one) => one === "waiting" || one === "held")) return undefined;
  return message.steps.findLast((one) => one.queue !== undefined && one.queue > 0)?.queue;
}

/// What a remote server said last, to explain it.
export function lastReply(message: TracedMessage): TraceStep | undefined {
  return message.steps.findLast((one) => one.reply !== undefined && (one.step === "postponed" || one.step === "failed" || one.step === "refused"));
}
