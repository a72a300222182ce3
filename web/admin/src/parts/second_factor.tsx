import { Button, Checkbox, TextInput } from "@mantine/core";
import { CopyButton, CopyIcon, Icon, QrCode, Refusal, Skeletons, t } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { createPortal } from "react-dom";
import { call } from "../api/client.ts";

/// Shows the key, takes the first code, then shows the recovery codes until they are kept.
/// onDone  they are kept; the second factor is on
export function SecondFactorSetUp({ onDone, extra }: { onDone: () => void; extra?: ReactNode }): ReactNode {
  const begun = useQuery({ queryKey: ["owner", "totp"], queryFn: () => call("owner/totp-begin", {}), staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false });
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);

  const enable = async (given: string): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      setCodes((await call("owner/totp-enable", { code: given })).recovery_codes);
    } catch (why) {
      setError(why);
      setCode("");
    } finally {
      setBusy(false);
    }
  };
  if (codes !== null) return <RecoveryCodes codes={codes} onDone={onDone} />;
  if (begun.isError) return <Refusal error={begun.error} onRetry={() => void begun.refetch()} />;
  if (begun.data === undefined) return <Skeletons lines={6} />;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (code !== "") void enable(code);
      }}
    >
      <p>{t("totp.scan")}</p>
      <div className="row top">
        <QrCode text={begun.data.uri} label={t("totp.qr")} />
        <div className="grow" style={{ minWidth: 200 }}>
          <p className="dim small">{t("totp.by_hand")}</p>
          <span className="mono anywhere">{begun.data.key.match(/.{1,4}/g)?.join(" ")}</span>
          <CopyIcon text={begun.data.key} what={t("totp.key")} />
        </div>
      </div>
      <TextInput
        label={t("totp.code")}
        description={t("totp.code_help")}
        autoComplete="one-time-code"
        inputMode="numeric"
        maxLength={6}
        value={code}
        onChange={(event) => {
          const typed = event.currentTarget.value.replace(/\D/g, "");
          setCode(typed);
          if (typed.length === 6) void enable(typed);
        }}
      />
      <Refusal error={error} />
      <div className="row end">
        {extra}
        <Button type="submit" loading={busy}>
          {t("totp.enable")}
        </Button>
      </div>
    </form>
  );
}

function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }): ReactNode {
  const [kept, setKept] = useState(false);
  return (
    <div className="stack">
      <h2>{t("totp.codes")}</h2>
      <p>{t("totp.codes_help")}</p>
      <ul className="codes mono">
        {codes.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      <div className="row">
        <CopyButton text={codes.join("\n")} />
        <Button variant="default" leftSection={<Icon name="print" size={16} />} onClick={() => window.print()}>
          {t("action.print")}
        </Button>
      </div>
      <Checkbox label={t("totp.codes_kept")} checked={kept} onChange={(event) => setKept(event.currentTarget.checked)} />
      <div className="row end">
        <Button disabled={!kept} onClick={onDone}>
          {t("frame.done")}
        </Button>
      </div>
      {createPortal(
        <div className="print-sheet">
          <h2>Hauspost – {t("totp.codes")}</h2>
          <p>{t("totp.codes_help")}</p>
          <ul className="large">
            {codes.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </div>,
        document.body,
      )}
    </div>
  );
}
