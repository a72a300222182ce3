import { Button, SegmentedControl } from "@mantine/core";
import { Address, Card, DataTable, Dialog, Empty, Icon, navigate, Notice, number, octets, Page, Problem, problemText, Refusal, Skeletons, t, useParam, When, type Column } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState, type FormEvent, type ReactNode } from "react";
import { call } from "../api/client.ts";
import type { RemovedAccount } from "../api/contract.ts";
import { removedAccountsQuery, useChange } from "../api/queries.ts";
import { AccountChoice } from "../parts/account_choice.tsx";
import { actorText } from "../parts/audit_text.ts";
import { DeletedMailPart, Left } from "../parts/deleted_mail.tsx";
import { judgePlainly } from "../parts/password.ts";
import { newChoice, passwordOf, PasswordPart } from "../parts/password_part.tsx";
import { keptDays } from "../parts/restore.ts";
import { MadeAccount, type Made } from "./create_account.tsx";

/// Mail and accounts that were deleted, and how they come back.
export default function RestorePage(): ReactNode {
  const [show, setShow] = useParam("show", "mails");
  const [account, setAccount] = useParam("account");
  const kept = useQuery(removedAccountsQuery).data?.kept_seconds;
  return (
    <Page title={t("nav.restore")} line={kept === undefined ? "…" : t("restore.line", { count: keptDays(kept) })}>
      <div className="stack">
        <div className="row">
          <SegmentedControl
            aria-label={t("nav.restore")}
            value={show}
            onChange={setShow}
            data={[
              { value: "mails", label: t("restore.mails") },
              { value: "accounts", label: t("nav.accounts") },
            ]}
          />
          {show === "mails" && <AccountChoice label={t("restore.account")} placeholder={t("restore.which_account")} value={account} onChange={setAccount} />}
        </div>
        {show === "accounts" ? (
          <RemovedAccounts />
        ) : account === "" ? (
          <Card>
            <Empty icon="restore">{t("restore.choose_account")}</Empty>
          </Card>
        ) : (
          <DeletedMailPart key={account} address={account} />
        )}
      </div>
    </Page>
  );
}

function RemovedAccounts(): ReactNode {
  const list = useQuery(removedAccountsQuery);
  const [open, setOpen] = useState<RemovedAccount | null>(null);
  const rows = list.data?.accounts ?? [];
  const columns: ReadonlyArray<Column<RemovedAccount>> = [
    { key: "address", title: t("account.address"), width: "minmax(180px, 3fr)", phone: "first", render: (one) => <Address of={one.display} /> },
    { key: "name", title: t("account.name"), width: "minmax(90px, 1.6fr)", phone: "second", wideOnly: true, render: (one) => one.display_name },
    { key: "mails", title: t("account.messages"), width: "72px", align: "right", phone: "hide", wideOnly: true, render: (one) => number(one.messages) },
    { key: "size", title: t("restore.size"), width: "84px", align: "right", phone: "second", wideOnly: true, render: (one) => octets(one.octets) },
    { key: "removed", title: t("restore.deleted"), width: "132px", phone: "second", render: (one) => <Removed of={one} /> },
    { key: "left", title: t("restore.left_title"), width: "76px", align: "right", phone: "second", render: (one) => <Left until={one.kept_until} /> },
    { key: "action", title: "", width: "232px", phone: "line", render: (one) => <RemovedAction of={one} onRestore={() => setOpen(one)} /> },
  ];
  return (
    <>
      <Refusal error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending && (
        <Card>
          <Skeletons lines={4} height={18} />
        </Card>
      )}
      {list.data !== undefined && rows.length === 0 && (
        <Card>
          <Empty icon="accounts">{t("restore.no_accounts", { count: keptDays(list.data.kept_seconds) })}</Empty>
        </Card>
      )}
      {rows.length > 0 && <DataTable label={t("nav.accounts")} columns={columns} rows={rows} rowKey={(one) => String(one.id)} />}
      {open !== null && <RestoreAccount of={open} onClose={() => setOpen(null)} />}
    </>
  );
}

function Removed({ of }: { of: RemovedAccount }): ReactNode {
  return (
    <span className="anywhere">
      <When at={of.removed_at} />
      {of.by !== undefined && ` · ${actorText(of.by)}`}
    </span>
  );
}

function RemovedAction({ of, onRestore }: { of: RemovedAccount; onRestore: () => void }): ReactNode {
  return (
    <div className="stack tight above">
      {of.is_taken ? (
        <span className="dim small">{t("restore.taken")}</span>
      ) : (
        <div className="row">
          <Button size="compact-sm" variant="default" leftSection={<Icon name="restore" size={16} />} disabled={of.is_going} onClick={onRestore}>
            {t("restore.restore_account")}
          </Button>
        </div>
      )}
      <div className="row">
        <Button size="compact-sm" variant="subtle" onClick={() => navigate(`/restore?account=${encodeURIComponent(of.address)}`)}>
          {t("restore.see_mails")}
        </Button>
      </div>
    </div>
  );
}

/// Its old password is kept nowhere: it gets a new one, as at its creation.
function RestoreAccount({ of, onClose }: { of: RemovedAccount; onClose: () => void }): ReactNode {
  const [choice, setChoice] = useState(() => newChoice());
  const [made, setMade] = useState<Made | null>(null);
  const [came, setCame] = useState(0);
  const [isPart, setPart] = useState(false);
  const [noted, setNoted] = useState(false);
  const [asks, setAsks] = useState(false);
  const [fault, setFault] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const restore = useChange(
    async () => {
      const password = passwordOf(choice);
      const done = await call("account/undelete", { address: of.address, password });
      setCame(done.messages);
      setPart(done.warning !== undefined || done.left_over_quota > 0);
      return { address: of.address, displayName: of.display_name, password };
    },
    ["deleted", "account", "domain"],
  );
  const close = (): void => {
    if (made !== null && !noted && !asks) setAsks(true);
    else onClose();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const plain = judgePlainly(passwordOf(choice), of.address);
    if (choice.mode === "own" && !plain.longEnough) {
      setFault(t("password.too_short", { count: plain.characters, least: plain.minCharacters }));
      field.current?.focus();
      return;
    }
    setFault(undefined);
    restore.mutate(undefined, {
      onSuccess: setMade,
      onError: (why) => {
        if (!(why instanceof Problem) || why.type !== "password_refused") return;
        setFault(problemText(why));
        field.current?.focus();
      },
    });
  };
  return (
    <Dialog title={t("restore.restore_account")} onClose={close}>
      {made !== null ? (
        <div className="stack">
          {isPart && <Notice tone="warn">{t("restore.account_part")}</Notice>}
          <MadeAccount made={made} asks={asks && !noted} onNoted={() => setNoted(true)} onDone={close} title={t("restore.account_done", { subject: made.address, count: came, messages: number(came) })} />
        </div>
      ) : (
        <form className="stack" onSubmit={submit}>
          <p className="anywhere">
            <strong>{of.display}</strong> <span className="dim">{of.display_name}</span>
          </p>
          <p>{t("restore.account_what", { count: of.messages, messages: number(of.messages), size: octets(of.octets) })}</p>
          <PasswordPart choice={choice} onChange={setChoice} address={of.address} displayName={of.display_name} error={fault} fieldRef={field} />
          <Refusal error={fault === undefined ? restore.error : null} />
          <div className="dialog-foot">
            <Button variant="default" onClick={onClose}>
              {t("frame.cancel")}
            </Button>
            <Button type="submit" loading={restore.isPending}>
              {t("restore.restore_account")}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
