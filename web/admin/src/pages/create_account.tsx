import { Button, Checkbox, Collapse, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { CopyButton, day, Dialog, Icon, Link, Notice, Problem, problemText, Refusal, t } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState, type FormEvent, type ReactNode } from "react";
import { call } from "../api/client.ts";
import { domainsQuery, removedAccountsQuery, settingsQuery, useChange } from "../api/queries.ts";
import { nameFrom, plainName, readAddress, strangeLetter } from "../parts/address.ts";
import { AddressesInput } from "../parts/addresses_input.tsx";
import { judgePlainly } from "../parts/password.ts";
import { newChoice, passwordOf, PasswordPart } from "../parts/password_part.tsx";
import { SetUpCard } from "../parts/set_up_card.tsx";
import { StorageChoice, usualQuota } from "../parts/storage_choice.tsx";

export interface Made {
  address: string;
  displayName: string;
  password: string;
  /// What was wished besides and refused: the account is there without it.
  refused?: unknown;
}

/// The dialog of a new account: the form, then what was made, with the password this one time.
export function CreateAccount({ suggested = "", onClose }: { suggested?: string; onClose: (made: string | null) => void }): ReactNode {
  const [made, setMade] = useState<Made | null>(null);
  const [noted, setNoted] = useState(false);
  const [asks, setAsks] = useState(false);
  const [kept, setKept] = useState<{ domain: string; quota?: number }>({ domain: "" });
  const close = (): void => {
    if (made !== null && !noted && !asks) setAsks(true);
    else onClose(made?.address ?? null);
  };
  return (
    <Dialog title={t("create.title")} onClose={close}>
      {made === null ? (
        <CreateForm
          suggested={suggested}
          kept={kept}
          onCancel={close}
          onMade={(one, next) => {
            setMade(one);
            setKept(next);
          }}
        />
      ) : (
        <MadeAccount
          made={made}
          asks={asks && !noted}
          onNoted={() => setNoted(true)}
          onDone={close}
          onAnother={() => {
            setMade(null);
            setNoted(false);
            setAsks(false);
          }}
        />
      )}
    </Dialog>
  );
}

interface CreateFormProps {
  suggested?: string;
  kept?: { domain: string; quota?: number };
  onCancel?: () => void;
  cancelText?: string;
  onMade: (made: Made, kept: { domain: string; quota: number }) => void;
}

export function CreateForm({ suggested = "", kept, onCancel, cancelText, onMade }: CreateFormProps): ReactNode {
  const domains = useQuery(domainsQuery).data ?? [];
  const [name, setName] = useState(plainName(suggested.split("@")[0] ?? ""));
  const [wantedDomain, setDomain] = useState(suggested.split("@")[1] ?? kept?.domain ?? "");
  const [lowered, setLowered] = useState(false);
  const [displayName, setDisplayName] = useState<string | null>(null);
  const [password, setPassword] = useState(() => newChoice());
  const settings = useQuery(settingsQuery).data;
  const [wantedQuota, setQuota] = useState(kept?.quota);
  const quota = wantedQuota ?? usualQuota(settings);
  const [more, setMore] = useState(false);
  const [targets, setTargets] = useState<string[]>([]);
  const [aliases, setAliases] = useState<string[]>([]);
  const [note, setNote] = useState("");
  const [faults, setFaults] = useState<{ address?: string; password?: string }>({});
  const nameField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const domainField = useRef<HTMLSelectElement>(null);

  const domain = domains.some((one) => one.name === wantedDomain) ? wantedDomain : (domains[0]?.name ?? "");
  const address = `${name}@${domain}`;
  const shownName = displayName ?? nameFrom(name);
  const strange = strangeLetter(name);
  const isCatchAll = name === "catchall";
  const gone = useQuery(removedAccountsQuery).data?.accounts.find((one) => one.address === address && !one.is_taken);
  const taken = useTaken(name === "" || strange !== null || domain === "" ? "" : address);

  const create = useChange(
    async (): Promise<Made> => {
      const secret = passwordOf(password);
      const added = await call("account/add", {
        address,
        password: secret,
        display_name: shownName.trim(),
        quota_octets: quota,
        ...(note.trim() === "" ? {} : { note: note.trim() }),
      });
      const made: Made = { address: added.address, displayName: shownName.trim(), password: secret };
      try {
        if (targets.length > 0) await call("forward/set", { address: added.address, targets, keep_copy: !isCatchAll });
        for (const alias of aliases) await call("alias/add", { address: alias, targets: [added.address] });
      } catch (why) {
        made.refused = why;
      }
      return made;
    },
    ["account", "alias", "domain"],
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const found: typeof faults = {};
    const plain = judgePlainly(passwordOf(password), address);
    if (name === "") found.address = t("frame.required");
    else if (strange !== null) found.address = t("problem.bad_letter", { subject: strange, other: plainName(name) });
    else if (readAddress(address) === null) found.address = t("problem.not_an_address", { subject: address });
    if (password.mode === "own" && !plain.longEnough) found.password = t("password.too_short", { count: plain.characters, least: plain.minCharacters });
    setFaults(found);
    if (found.address !== undefined) nameField.current?.focus();
    else if (found.password !== undefined) passwordField.current?.focus();
    else
      create.mutate(undefined, {
        onSuccess: (made) => onMade(made, { domain, quota }),
        onError: (why) => {
          const type = why instanceof Problem ? why.type : "";
          if (type === "password_refused") {
            setFaults({ password: problemText(why) });
            passwordField.current?.focus();
          } else if (["address_taken", "bad_local_part", "not_an_address"].includes(type)) {
            setFaults({ address: problemText(why) });
            nameField.current?.focus();
          }
        },
      });
  };
  const typedName = (text: string): void => {
    setLowered(text !== text.toLowerCase());
    setFaults({ ...faults, address: "" });
    const lower = text.toLowerCase();
    const at = lower.indexOf("@");
    if (at >= 0) {
      const host = lower.slice(at + 1);
      const fits = domains.find((one) => host !== "" && one.name.startsWith(host));
      if (fits !== undefined) setDomain(fits.name);
      domainField.current?.focus();
    } else if (lower.endsWith(" ")) domainField.current?.focus();
    setName((at >= 0 ? lower.slice(0, at) : lower).trim());
  };
  const isAtField = faults.address !== undefined && faults.address !== "";
  const refusal = create.error instanceof Problem && (isAtField || faults.password !== undefined) ? null : create.error;
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <div className="stack tight">
        <div className="joined">
          <TextInput
            ref={nameField}
            label={t("create.address")}
            data-autofocus
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={name}
            error={isAtField || taken !== null}
            aria-describedby="create-address-help"
            onChange={(event) => typedName(event.currentTarget.value)}
          />
          {domains.length > 1 ? (
            <NativeSelect
              ref={domainField}
              aria-label={t("create.domain")}
              value={domain}
              onChange={(event) => setDomain(event.currentTarget.value)}
              data={domains.map((one) => ({ value: one.name, label: `@${one.display}` }))}
            />
          ) : (
            <span className="joined-text">@{domains[0]?.display ?? "…"}</span>
          )}
        </div>
        <div id="create-address-help" className="small" aria-live="polite">
          {isAtField ? (
            <span className="text-bad">{faults.address}</span>
          ) : taken !== null ? (
            <span className="text-bad">
              {t("create.taken", { subject: address })}{" "}
              {taken === "account" && <Link to={`/accounts/${encodeURIComponent(address)}`} onClick={() => onCancel?.()}>{t("create.open_taken")}</Link>}
            </span>
          ) : strange !== null ? (
            <span className="text-warn">
              {t("create.strange", { subject: strange })}{" "}
              {plainName(name) !== "" && (
                <button type="button" className="text-button" onClick={() => setName(plainName(name))}>
                  {t("create.suggestion", { subject: plainName(name) })}
                </button>
              )}
            </span>
          ) : (
            <span className={lowered ? "text-warn" : "dim"}>{t("create.lower")}</span>
          )}
        </div>
      </div>
      {gone !== undefined && (
        <Notice
          tone="info"
          actions={
            <Link to="/restore?show=accounts" onClick={() => onCancel?.()}>
              {t("restore.restore")}
            </Link>
          }
        >
          {t("create.deleted_exists", { subject: address, day: day(gone.removed_at) })}
        </Notice>
      )}
      {isCatchAll && (
        <Notice tone="info" title={t("create.catchall_title")}>
          {t("create.catchall")}
        </Notice>
      )}
      {isCatchAll && <AddressesInput label={t("create.catchall_to")} value={targets} onChange={setTargets} domain={domain} />}
      <TextInput label={t("account.name")} value={shownName} placeholder={t("create.name_example")} maxLength={120} onChange={(event) => setDisplayName(event.currentTarget.value)} />
      <PasswordPart choice={password} onChange={setPassword} address={address} displayName={shownName} error={faults.password} fieldRef={passwordField} />
      <StorageChoice value={quota} onChange={setQuota} />
      <div>
        <button type="button" className="text-button" aria-expanded={more} onClick={() => setMore(!more)}>
          <Icon name={more ? "down" : "right"} size={16} /> {t("create.more")}
        </button>
        <Collapse expanded={more} transitionDuration={0}>
          <div className="stack" style={{ paddingTop: 12 }}>
            {!isCatchAll && <AddressesInput label={t("forward.to")} description={t("create.forward_help")} value={targets} onChange={setTargets} domain={domain} />}
            <AddressesInput label={t("alias.title")} description={t("alias.help")} value={aliases} onChange={setAliases} domain={domain} />
            <Textarea label={t("account.note")} description={t("account.note_help")} autosize minRows={1} maxRows={4} value={note} onChange={(event) => setNote(event.currentTarget.value.replace(/\n/g, " "))} />
          </div>
        </Collapse>
      </div>
      <Refusal error={refusal} />
      <div className="dialog-foot">
        {onCancel !== undefined && (
          <Button variant="default" onClick={onCancel}>
            {cancelText ?? t("frame.cancel")}
          </Button>
        )}
        <Button type="submit" color="green" loading={create.isPending}>
          {t("create.submit")}
        </Button>
      </div>
    </form>
  );
}

/// "account" or "alias" when somebody has the address; asked 250 ms after the last key.
function useTaken(address: string): "account" | "alias" | null {
  const [asked] = useDebouncedValue(address, 250);
  const found = useQuery({
    queryKey: ["account", "taken", asked],
    queryFn: async ({ signal }): Promise<"account" | "alias" | "free"> => {
      try {
        await call("account/show", { address: asked }, { signal });
        return "account";
      } catch (why) {
        return why instanceof Problem && why.type === "is_alias" ? "alias" : "free";
      }
    },
    enabled: asked !== "",
    retry: false,
  });
  return asked !== "" && asked === address && found.data !== undefined && found.data !== "free" ? found.data : null;
}

interface MadeAccountProps {
  made: Made;
  asks: boolean;
  onNoted: () => void;
  onDone: () => void;
  onAnother?: () => void;
  title?: string;
}

/// What was made, or whose password is new: shown this once.
export function MadeAccount({ made, asks, onNoted, onDone, onAnother, title }: MadeAccountProps): ReactNode {
  const [withPassword, setWithPassword] = useState(true);
  return (
    <div className="stack">
      <Notice tone="good" role="status">
        <strong className="anywhere">{title ?? t("create.made", { subject: made.address })}</strong>
      </Notice>
      {made.refused !== undefined && (
        <Notice tone="warn" role="alert" title={t("create.refused_rest")}>
          {problemText(made.refused)}
        </Notice>
      )}
      <div>
        <div className="dim small">{t("password.label")}</div>
        <div className="row">
          <output className="password-shown mono">{made.password}</output>
          <CopyButton text={made.password} onCopy={onNoted} />
        </div>
        <p className="dim small" style={{ marginTop: 4 }}>
          {t("create.only_now")}
        </p>
      </div>
      <div className="row">
        <Button
          variant="default"
          leftSection={<Icon name="print" size={16} />}
          onClick={() => {
            if (withPassword) onNoted();
            window.print();
          }}
        >
          {t("create.print_card")}
        </Button>
        <Checkbox label={t("create.with_password")} checked={withPassword} onChange={(event) => setWithPassword(event.currentTarget.checked)} />
      </div>
      {asks && (
        <Notice tone="warn" role="alert">
          {t("create.noted")}
        </Notice>
      )}
      <div className="dialog-foot">
        {onAnother !== undefined && (
          <Button variant="default" onClick={onAnother}>
            {t("create.another")}
          </Button>
        )}
        <Button onClick={onDone}>{t("frame.done")}</Button>
      </div>
      <SetUpCard made={made} withPassword={withPassword} />
    </div>
  );
}
