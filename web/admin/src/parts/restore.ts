import { octets, problemText, t, toast } from "@hauspost/frame";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import type { ArgumentsOf, DeletedEntry, DeletedFilter, ReturnedMail } from "../api/contract.ts";

export type RestoreArguments = ArgumentsOf<"restore-mail">;

/// What several calls have brought back, as one.
export interface Restored {
  address: string;
  messages: number;
  left: number;
  missing: number;
  folders: string[];
  undos: { address: string; undo: string }[];
}

export function joined(all: readonly ReturnedMail[]): Restored {
  const folders = new Set<string>();
  const made: Restored = { address: all[0]?.address ?? "", messages: 0, left: 0, missing: 0, folders: [], undos: [] };
  for (const one of all) {
    made.messages += one.messages;
    made.left += one.left_over_quota;
    made.missing = Math.max(made.missing, one.missing_octets ?? 0);
    for (const box of one.mailboxes) folders.add(box.name);
    if (one.undo !== undefined) made.undos.push({ address: one.address, undo: one.undo });
  }
  made.folders = [...folders];
  return made;
}

export function keptDays(seconds: number): number {
  return Math.max(1, Math.round(seconds / 86_400));
}

export function folderName(mailbox: string): string {
  return mailbox === "INBOX" ? t("restore.inbox") : mailbox;
}

/// "3 Mails liegen wieder in Angebote."
export function restoredText(done: Restored): string {
  const first = done.folders[0];
  if (done.messages === 0 || first === undefined) return done.left > 0 ? leftText(done) : t("restore.nothing_came");
  const subject = folderName(first);
  const said =
    done.folders.length === 1
      ? t("restore.done", { count: done.messages, subject })
      : t("restore.done_many", { count: done.messages, subject, others: done.folders.length - 1 });
  return done.left > 0 ? `${said} ${leftText(done)}` : said;
}

/// "2 Mails passen nicht mehr hinein: dafür fehlen 120 MB."
export function leftText(done: Restored): string {
  return t("restore.left", { count: done.left, size: octets(done.missing) });
}

/// Whose mail it is, and where it goes; "": to whom it belonged, and to where it was.
export interface RestoreTarget {
  address: string;
  into: string;
  to: string;
}

export function targetOf({ address, into, to }: RestoreTarget): RestoreArguments {
  return { address, ...(into === "" ? {} : { into }), ...(to === "" ? {} : { to }) };
}

/// The messages of a row: themselves, or all that went with it.
export function callsFor(target: RestoreTarget, rows: readonly DeletedEntry[], filter: DeletedFilter): RestoreArguments[] {
  const ids = rows.filter((one) => one.messages === 1).map((one) => one.id);
  const calls: RestoreArguments[] = [];
  // As many as a request may have.
  for (let i = 0; i < ids.length; i += 2000) calls.push({ ...targetOf(target), ids: ids.slice(i, i + 2000) });
  for (const one of rows) {
    if (one.messages === 1) continue;
    calls.push({
      ...targetOf(target),
      ...(filter.text === undefined ? {} : { text: filter.text }),
      account: one.account,
      box: one.box,
      first_at: one.since ?? one.deleted_at,
      last_at: one.deleted_at,
    });
  }
  return calls;
}

interface Restore {
  isPending: boolean;
  run: (calls: readonly RestoreArguments[], done?: (what: Restored) => void) => void;
  runTraced: (id: string, deletedAt: number) => void;
}

/// Brings mail back, says where it is, and offers to take that back.
export function useRestore(onDone?: () => void): Restore {
  const queries = useQueryClient();
  const [isPending, setPending] = useState(false);
  const refresh = (): Promise<unknown> =>
    Promise.all(["deleted", "account", "trace", "overview", "audit"].map((noun) => queries.invalidateQueries({ queryKey: [noun] })));
  const failed = (why: unknown): void => toast(problemText(why), { failed: true });
  const takeBack = async (done: Restored): Promise<void> => {
    try {
      let messages = 0;
      for (const one of done.undos) messages += (await call("undo-restore", one)).messages;
      toast(t("restore.undone", { count: messages }));
    } catch (why) {
      failed(why);
    }
    await refresh();
    onDone?.();
  };
  const start = async (works: readonly (() => Promise<ReturnedMail>)[], told?: (what: Restored) => void): Promise<void> => {
    setPending(true);
    const back: ReturnedMail[] = [];
    try {
      for (const work of works) back.push(await work());
    } catch (why) {
      failed(why);
    }
    if (back.length > 0) {
      const done = joined(back);
      toast(restoredText(done), { failed: done.messages === 0, ...(done.undos.length === 0 ? {} : { undo: () => void takeBack(done) }) });
      told?.(done);
    }
    setPending(false);
    await refresh();
    onDone?.();
  };
  return {
    isPending,
    run: (calls, told) => void start(calls.map((one) => () => call("restore-mail", one)), told),
    runTraced: (id, deletedAt) => void start([() => call("restore-traced", { id, deleted_at: deletedAt })]),
  };
}
