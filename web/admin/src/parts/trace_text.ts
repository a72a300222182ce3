import { octets, t } from "@hauspost/frame";
import type { TraceStep } from "../api/contract.ts";

function named(mailbox: string | undefined): string {
  return mailbox === undefined || mailbox === "" ? t("trace.null_sender") : mailbox;
}

function targetOf(step: TraceStep): string {
  return named(step.target ?? step.to);
}

/// ", über die Zweitadresse rechnung@…": why it goes where it goes.
function reasonOf(step: TraceStep): string {
  const by = named(step.by ?? step.to);
  switch (step.rule) {
    case "alias":
      return t("trace.by_alias", { subject: by });
    case "forward":
      return t("trace.by_forward", { subject: by });
    case "catch_all":
      return t("trace.by_catch_all");
    case "sub_address":
      return t("trace.by_plus");
    case "owner":
    case "last_resort":
      return t("trace.by_owner", { subject: by });
    case "way_back":
      return t("trace.by_way_back");
    default:
      return "";
  }
}

function others(count: number | undefined): string {
  return count === undefined || count < 2 ? "" : t("trace.with_others", { count: count - 1 });
}

function received(step: TraceStep): string {
  const size = octets(step.octets ?? 0);
  if (step.door === "administrator") return t("trace.sent_again", { size });
  if (step.door === "server") return t("trace.written_here", { size });
  const encryption = t(step.tls === undefined ? "trace.plain" : "trace.encrypted");
  return step.door === "submission"
    ? t("trace.submitted", { subject: named(step.by), peer: step.peer ?? "", size, encryption })
    : t("trace.received", { peer: step.peer ?? "", size, encryption });
}

function expunged(step: TraceStep): string {
  const program = step.peer === undefined ? "" : t("trace.with_program", { subject: step.peer });
  if (step.door === "imap" || step.door === "pop3")
    return t("trace.expunged_by", { subject: named(step.by), program, where: step.target === undefined ? "" : t("trace.from_folder", { subject: step.target }) });
  return t("trace.expunged");
}

/// One step in plain words of the page's language.
export function stepText(step: TraceStep): string {
  const subject = targetOf(step);
  switch (step.step) {
    case "received":
      return received(step);
    case "refused":
      return t("trace.refused", { subject: named(step.from), to: step.to ?? "", peer: step.peer ?? "" });
    case "more_refused":
      return t("trace.more_refused", { count: step.messages ?? 0, peer: step.peer ?? "" });
    case "stored":
      return t("trace.stored", { subject }) + reasonOf(step);
    case "queued":
      return t("trace.queued", { subject }) + reasonOf(step);
    case "not_sent_on":
      return t("trace.not_sent_on", { subject });
    case "filed":
      return t("trace.filed", { subject: named(step.target) });
    case "replaced":
      return t("trace.replaced", { subject: named(step.target) });
    case "postponed":
      return t("trace.postponed", { subject, count: step.attempt ?? 1, peer: step.peer ?? "" });
    case "delivered":
      return t("trace.delivered", { subject, peer: step.peer ?? "", encryption: t(step.tls === undefined ? "trace.plain" : "trace.encrypted") });
    case "failed":
      return t("trace.failed", { subject, count: step.attempt ?? 1 });
    case "sender_told":
      return t("trace.sender_told", { subject: named(step.target) });
    case "held":
      return t("trace.held");
    case "released":
      return t("trace.released");
    case "retried":
      return t("trace.retried");
    case "dropped":
      return t("trace.dropped");
    case "expunged":
      return expunged(step) + others(step.messages);
    case "purged":
      return t("trace.purged") + others(step.messages);
    case "restored":
      return t("trace.restored") + others(step.messages);
    case "steps_lost":
      return t("trace.steps_lost", { count: step.steps ?? 0 });
  }
}
