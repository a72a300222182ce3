import { Button, Checkbox, Radio, TextInput } from "@mantine/core";
import { Confirm, day, Dialog, navigate, Notice, number, Problem, problemText, Refusal, shortAddress, t, toast } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState, type FormEvent, type ReactNode } from "react";
import { call } from "../api/client.ts";
import type { AccountEntry } from "../api/contract.ts";
import { removedAccountsQuery, useChange } from "../api/queries.ts";
import { MadeAccount, type Made } from "../pages/create_account.tsx";
import { accountPath } from "./account_state.tsx";
import { readAddress } from "./address.ts";
import { judgePlainly } from "./password.ts";
import { newChoice, passwordOf, PasswordPart } from "./password_part.tsx";

export type AccountAction = "password" | "lock" | "rename" | "remove";

interface AccountDialogProps {
  action: AccountAction;
  account: AccountEntry;
  onClose: () => void;
}

export function AccountDialog({ action, account, onClose }: AccountDialogProps): ReactNode {
  switch (action) {
    case "password":
      return <ChangePassword account={account} onClose={onClose} />;
    case "lock":
      return <LockAccount account={account} onClose={onClose} />;
    case "rename":
      return <RenameAccount account={account} onClose={onClose} />;
    case "remove":
      return <RemoveAccount account={account} onClose={onClose} />;
  }
}

/// Switches a locked account on again, at once.
export function useUnlock(): (address: string) => void {
  const unlock = useChange((address: string) => call("account/enable", { address }), ["account"], (_, address) => t("account.unlocked", { subject: address }));
  return (address) => unlock.mutate(address, { onError: (why) => toast(problemText(why), { failed: true }) });
}

function ChangePassword({ account, onClose }: { account: AccountEntry; onClose: () => void }): ReactNode {
  const [choice, setChoice] = useState(() => newChoice());
  const [made, setMade] = useState<Made | null>(null);
  const [noted, setNoted] = useState(false);
  const [asks, setAsks] = useState(false);
  const [fault, setFault] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const change = useChange(async () => {
    const password = passwordOf(choice);
    await call("account/password", { address: account.address, password });
    return { address: account.address, displayName: account.display_name, password };
  }, ["account"]);
  const close = (): void => {
    if (made !== null && !noted && !asks) setAsks(true);
    else onClose();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const plain = judgePlainly(passwordOf(choice), account.address);
    if (choice.mode === "own" && !plain.longEnough) {
      setFault(t("password.too_short", { count: plain.characters, least: plain.minCharacters }));
      field.current?.focus();
      return;
    }
    setFault(undefined);
    change.mutate(undefined, {
      onSuccess: setMade,
      onError: (why) => {
        if (!(why instanceof Problem) || why.type !== "password_refused") return;
        setFault(problemText(why));
        field.current?.focus();
      },
    });
  };
  return (
    <Dialog title={t("password.change")} onClose={close}>
      {made !== null ? (
        <MadeAccount made={made} asks={asks && !noted} onNoted={() => setNoted(true)} onDone={close} title={t("password.changed", { subject: made.address })} />
      ) : (
        <form className="stack" onSubmit={submit}>
          <p className="anywhere">
            <strong>{account.display}</strong> <span className="dim">{account.display_name}</span>
          </p>
          <PasswordPart choice={choice} onChange={setChoice} address={account.address} displayName={account.display_name} error={fault} fieldRef={field} />
          <Notice tone="info">{t("password.change_effect")}</Notice>
          <Refusal error={fault === undefined ? change.error : null} />
          <div className="dialog-foot">
            <Button variant="default" onClick={onClose}>
              {t("frame.cancel")}
            </Button>
            <Button type="submit" loading={change.isPending}>
              {t("password.change")}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function LockAccount({ account, onClose }: { account: AccountEntry; onClose: () => void }): ReactNode {
  const lock = useChange(() => call("account/disable", { address: account.address }), ["account"], () => t("account.was_locked", { subject: account.address }));
  return (
    <Confirm title={t("account.lock_title", { subject: shortAddress(account.display) })} verb={t("account.lock")} onConfirm={() => lock.mutateAsync()} onClose={onClose}>
      <p>{t("account.lock_effect")}</p>
    </Confirm>
  );
}

function RenameAccount({ account, onClose }: { account: AccountEntry; onClose: () => void }): ReactNode {
  const [address, setAddress] = useState(account.address);
  const [keep, setKeep] = useState(true);
  const rename = useChange(
    () => call("account/rename", { address: account.address, new_address: address.trim(), keep_alias: keep }),
    ["account", "alias", "domain"],
    (result) => t("account.renamed", { subject: result.address }),
  );
  return (
    <Confirm
      title={t("account.rename")}
      verb={t("account.rename")}
      onConfirm={async () => {
        const done = await rename.mutateAsync();
        navigate(accountPath(done.address), true);
      }}
      onClose={onClose}
    >
      <TextInput
        label={t("account.new_address")}
        autoCapitalize="none"
        spellCheck={false}
        data-autofocus
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value.toLowerCase())}
      />
      <Checkbox label={t("account.keep_alias", { subject: account.address })} checked={keep} onChange={(event) => setKeep(event.currentTarget.checked)} />
      <p className="dim small">{t("account.rename_effect")}</p>
    </Confirm>
  );
}

function RemoveAccount({ account, onClose }: { account: AccountEntry; onClose: () => void }): ReactNode {
  const [later, setLater] = useState("refuse");
  const [target, setTarget] = useState("");
  const kept = useQuery(removedAccountsQuery).data?.kept_seconds;
  const remove = useChange(
    async () => {
      const domain = account.address.slice(account.address.lastIndexOf("@") + 1);
      const to = later === "forward" ? readAddress(target, domain) : null;
      if (later === "forward" && to === null) throw new Problem({ type: "not_an_address", title: "", status: 422, subject: target });
      await call("account/remove", { address: account.address });
      if (to !== null) await call("alias/add", { address: account.address, targets: [to] });
    },
    ["account", "alias", "domain", "deleted"],
    () => t("account.removed", { subject: account.address }),
  );
  return (
    <Confirm
      title={t("account.remove_title")}
      verb={t("account.remove_title")}
      destroys
      onConfirm={async () => {
        await remove.mutateAsync();
        navigate("/accounts", true);
      }}
      onClose={onClose}
    >
      <p className="anywhere">{t("account.remove_what", { subject: account.display, count: account.messages, messages: number(account.messages) })}</p>
      <Notice tone="warn">{kept === undefined ? t("account.remove_effect") : t("account.remove_until", { day: day(Date.now() / 1000 + kept) })}</Notice>
      <Radio.Group label={t("account.remove_later")} value={later} onChange={setLater}>
        <div className="stack tight" style={{ paddingTop: 4 }}>
          <Radio value="refuse" label={t("account.remove_refuse")} />
          <Radio value="forward" label={t("account.remove_forward")} />
        </div>
      </Radio.Group>
      {later === "forward" && (
        <TextInput label={t("account.remove_to")} autoCapitalize="none" spellCheck={false} value={target} onChange={(event) => setTarget(event.currentTarget.value.toLowerCase())} />
      )}
    </Confirm>
  );
}
