import { Button, PasswordInput, SegmentedControl } from "@mantine/core";
import { CopyButton, Icon, t, type IconName, type TextKey } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState, type ReactNode, type RefObject } from "react";
import { call } from "../api/client.ts";
import type { PasswordJudgement } from "../api/contract.ts";
import { passwordRulesQuery } from "../api/queries.ts";
import { judgePlainly, makePassword, passwordRules, strengthOf } from "./password.ts";

export interface PasswordChoice {
  mode: "made" | "own";
  made: string;
  own: string;
}

export function newChoice(mode: "made" | "own" = "made"): PasswordChoice {
  return { mode, made: makePassword(), own: "" };
}

export function passwordOf(choice: PasswordChoice): string {
  return choice.mode === "made" ? choice.made : choice.own;
}

interface PasswordPartProps {
  choice: PasswordChoice;
  onChange: (choice: PasswordChoice) => void;
  address: string;
  displayName?: string;
  /// The owner's own: it is always chosen.
  ownOnly?: boolean;
  label?: string;
  error?: string | undefined;
  fieldRef?: RefObject<HTMLInputElement | null>;
}

/// A new password, made here or chosen; what the rules say of it is shown while typing.
export function PasswordPart({ choice, onChange, address, displayName = "", ownOnly = false, label, error, fieldRef }: PasswordPartProps): ReactNode {
  const id = useId();
  const own = useRef<HTMLInputElement>(null);
  const mode = ownOnly ? "own" : choice.mode;
  const { minCharacters } = useQuery(passwordRulesQuery).data ?? passwordRules();
  useEffect(() => {
    // One that was made before the rules were known.
    if (choice.made.length < minCharacters) onChange({ ...choice, made: makePassword() });
  }, [choice, minCharacters, onChange]);
  return (
    <div className="stack tight" role="group" aria-labelledby={id}>
      <div className="row between">
        <span id={id} className="mantine-InputWrapper-label">
          {label ?? t("password.label")}
        </span>
        {!ownOnly && (
          <SegmentedControl
            size="xs"
            aria-label={t("password.label")}
            value={mode}
            onChange={(value) => {
              onChange({ ...choice, mode: value === "own" ? "own" : "made" });
              if (value === "own") setTimeout(() => (fieldRef ?? own).current?.focus());
            }}
            data={[
              { value: "made", label: t("password.generate") },
              { value: "own", label: t("password.choose") },
            ]}
          />
        )}
      </div>
      {mode === "made" ? (
        <div className="row">
          <output className="password-shown mono" aria-label={t("password.generated")}>
            {choice.made}
          </output>
          <CopyButton text={choice.made} />
          <Button variant="default" leftSection={<Icon name="refresh" size={16} />} onClick={() => onChange({ ...choice, made: makePassword() })}>
            {t("password.another")}
          </Button>
        </div>
      ) : (
        <OwnPassword choice={choice} onChange={onChange} address={address} displayName={displayName} label={label ?? t("password.label")} error={error} field={fieldRef ?? own} />
      )}
    </div>
  );
}

interface OwnPasswordProps {
  choice: PasswordChoice;
  onChange: (choice: PasswordChoice) => void;
  address: string;
  displayName: string;
  label: string;
  error: string | undefined;
  field: RefObject<HTMLInputElement | null>;
}

type Answer = "good" | "bad" | "open";
const plainFaults: ReadonlySet<string> = new Set(["too_short", "holds_user_name", "holds_domain_name"]);

function OwnPassword({ choice, onChange, address, displayName, label, error, field }: OwnPasswordProps): ReactNode {
  const rulesId = useId();
  const typed = choice.own;
  const plain = judgePlainly(typed, address);
  const judgement = useJudgement(typed, address, displayName);
  const serverFault = judgement?.faults.map((one) => one.fault).find((one) => !plainFaults.has(one));
  const holdsName = plain.holds !== "" || (judgement?.faults.some((one) => one.fault.startsWith("holds_")) ?? false);
  const { minScore, mayHoldAddress } = passwordRules();
  const hard: Answer = judgement === undefined ? "open" : serverFault === undefined && judgement.score >= minScore ? "good" : "bad";
  const strength = judgement === undefined ? undefined : strengthOf(judgement.score);
  return (
    <>
      <PasswordInput
        ref={field}
        aria-label={label}
        aria-describedby={rulesId}
        autoComplete="new-password"
        value={typed}
        error={error}
        onChange={(event) => onChange({ ...choice, own: event.currentTarget.value })}
        visibilityToggleButtonProps={{ "aria-label": t("password.show"), tabIndex: 0 }}
      />
      <ul className="checklist" id={rulesId}>
        <Rule answer={typed === "" ? "open" : plain.longEnough ? "good" : "bad"}>{t("password.rule_length", { least: plain.minCharacters, count: plain.characters })}</Rule>
        {minScore > 0 && <Rule answer={hard}>{hard === "bad" ? t(faultKey(serverFault)) : t("password.rule_hard")}</Rule>}
        {!mayHoldAddress && <Rule answer={typed === "" ? "open" : holdsName ? "bad" : "good"}>{t("password.rule_name")}</Rule>}
      </ul>
      <p className="small" aria-live="polite" style={{ minHeight: 20 }}>
        {strength !== undefined && (
          <>
            <span className={`strength ${strength}`} aria-hidden="true" /> {t(`password.${strength}`)}
          </>
        )}
      </p>
    </>
  );
}

function faultKey(fault: string | undefined): TextKey {
  switch (fault) {
    case "repeats":
      return "password.hard_repeats";
    case "rows":
      return "password.hard_rows";
    case "dates":
      return "password.hard_dates";
    case "known_words":
      return "password.hard_words";
    default:
      return "password.hard_no";
  }
}

function Rule({ answer, children }: { answer: Answer; children: ReactNode }): ReactNode {
  const icon: IconName = answer === "good" ? "check" : answer === "bad" ? "cross" : "circle";
  const tone = answer === "good" ? "text-good" : answer === "bad" ? "text-bad" : "dim";
  return (
    <li className={tone}>
      <Icon name={icon} size={15} />
      <span>
        {children}
        <span className="visually-hidden"> – {t(answer === "good" ? "password.met" : answer === "bad" ? "password.not_met" : "password.not_judged")}</span>
      </span>
    </li>
  );
}

/// What the server says of it, 200 ms after the last key; undefined: nothing yet, or no answer.
function useJudgement(password: string, address: string, displayName: string): PasswordJudgement | undefined {
  const [known, setKnown] = useState<{ of: string; judgement: PasswordJudgement }>();
  useEffect(() => {
    if (password === "") return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      call("password/check", { password, address }, { signal: stop.signal }).then(
        (judgement) => setKnown({ of: password, judgement }),
        () => undefined, // the rules stay open; the server judges again when the password is set
      );
    }, 200);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [password, address, displayName]);
  return known?.of === password ? known.judgement : undefined;
}
