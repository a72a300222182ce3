import { Button, PasswordInput, TextInput } from "@mantine/core";
import { BrandMark, LanguageMenu, Problem, Refusal, SchemeMenu, Sentence, t } from "@hauspost/frame";
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import { call } from "../api/client.ts";

/// One column in the middle, with the sign above.
export function Single({ children, title }: { children: ReactNode; title: string }): ReactNode {
  useEffect(() => {
    document.title = `${title} – Hauspost`;
  }, [title]);
  return (
    <div className="single">
      <div className="single-top">
        <LanguageMenu />
        <SchemeMenu />
      </div>
      <main className="single-body">
        <div className="brand">
          <BrandMark />
          <span>Hauspost</span>
        </div>
        {children}
      </main>
    </div>
  );
}

export function SignInPage({ host, onSignedIn }: { host: string; onSignedIn: () => void }): ReactNode {
  return (
    <Single title={t("sign_in.title")}>
      <section className="card stack">
        <div>
          <h1>{t("sign_in.title")}</h1>
          <p className="dim">{t("sign_in.line", { host })}</p>
        </div>
        <SignInForm onSignedIn={onSignedIn} />
      </section>
    </Single>
  );
}

export function SignInForm({ onSignedIn }: { onSignedIn: () => void }): ReactNode {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [wantsCode, setWantsCode] = useState(false);
  const [forgot, setForgot] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const codeField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const wait = useWait(error);

  const open = async (given: string): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await call("session/open", { password, ...(given === "" ? {} : { code: given }) });
      onSignedIn();
    } catch (why) {
      const type = why instanceof Problem ? why.type : "";
      if (type === "code_wanted") {
        setWantsCode(true);
        setTimeout(() => codeField.current?.focus());
      } else {
        setError(why);
        setCode("");
        const field = type === "wrong_code" || type === "used_code" ? codeField : passwordField;
        setTimeout(() => field.current?.focus());
      }
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (password !== "") void open(code);
    else passwordField.current?.focus();
  };
  return (
    <form className="stack" onSubmit={submit}>
      <input type="text" name="username" autoComplete="username" value="owner" readOnly hidden />
      <PasswordInput
        ref={passwordField}
        label={t("sign_in.password")}
        autoComplete="current-password"
        autoFocus
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": t("password.show"), tabIndex: 0 }}
      />
      {wantsCode && (
        <TextInput
          ref={codeField}
          label={t("totp.code")}
          description={t("sign_in.code_help")}
          autoComplete="one-time-code"
          inputMode="text"
          value={code}
          onChange={(event) => {
            const typed = event.currentTarget.value.trim();
            setCode(typed);
            if (/^\d{6}$/.test(typed)) void open(typed);
          }}
        />
      )}
      {wait > 0 ? <Refusal error={new Problem({ type: "owner_wait", title: "", status: 429, number: wait })} /> : <Refusal error={error instanceof Problem && error.type === "owner_wait" ? null : error} />}
      <Button type="submit" loading={busy} disabled={wait > 0} fullWidth>
        {t("sign_in.open")}
      </Button>
      <div>
        <button type="button" className="text-button" aria-expanded={forgot} onClick={() => setForgot(!forgot)}>
          {t("sign_in.forgot")}
        </button>
        {forgot && (
          <p className="small dim">
            <Sentence text={t("sign_in.forgot_help")} />
          </p>
        )}
      </div>
    </form>
  );
}

/// Seconds that are left of a pause, counted down.
function useWait(error: unknown): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (!(error instanceof Problem) || error.type !== "owner_wait") {
      setLeft(0);
      return undefined;
    }
    const until = Date.now() + (error.document.number ?? 0) * 1000;
    const tell = (): void => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    tell();
    const timer = setInterval(tell, 1000);
    return () => clearInterval(timer);
  }, [error]);
  return left;
}
