import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useEffect, useRef, useState, type CSSProperties, type ReactNode } from "react";
import { t } from "../catalogue.ts";
import { exactly, when } from "../format.ts";
import { Icon, type IconName } from "../icons.tsx";
import { problemText } from "../problem.ts";
import { toast } from "./toasts.tsx";

export type Tone = "good" | "warn" | "bad" | "info" | "neutral";

const toneIcon: Readonly<Record<Tone, IconName>> = { good: "check", warn: "alert", bad: "cross", info: "info", neutral: "circle" };

/// A state: always a word with an icon, never a colour alone.
export function Pill({ tone, icon, children }: { tone: Tone; icon?: IconName; children: ReactNode }): ReactNode {
  return (
    <span className={`pill ${tone}`}>
      <Icon name={icon ?? toneIcon[tone]} size={14} />
      <span>{children}</span>
    </span>
  );
}

interface NoticeProps {
  tone: Tone;
  icon?: IconName;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  role?: "alert" | "status";
}

export function Notice({ tone, icon, title, children, actions, role }: NoticeProps): ReactNode {
  return (
    <div className={`notice ${tone}`} role={role}>
      <Icon name={icon ?? toneIcon[tone]} size={20} />
      <div className="body">
        {title !== undefined && <div className="title">{title}</div>}
        {children}
        {actions !== undefined && <div className="row actions">{actions}</div>}
      </div>
    </div>
  );
}

/// A sentence of the catalogue in which `commands` stand between backquotes.
export function Sentence({ text }: { text: string }): ReactNode {
  return text.split("`").map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part));
}

/// What a call was refused with. Nothing: nothing is drawn.
export function Refusal({ error, onRetry, actions }: { error: unknown; onRetry?: () => void; actions?: ReactNode }): ReactNode {
  if (error === null || error === undefined) return null;
  const retry = onRetry === undefined ? undefined : (
    <Button size="xs" variant="default" onClick={onRetry}>
      {t("frame.retry")}
    </Button>
  );
  return (
    <Notice tone="bad" role="alert" {...(retry || actions ? { actions: <>{retry}{actions}</> } : {})}>
      <Sentence text={problemText(error)} />
    </Notice>
  );
}

export function Empty({ icon, children, action }: { icon: IconName; children: ReactNode; action?: ReactNode }): ReactNode {
  return (
    <div className="empty">
      <Icon name={icon} />
      <p>{children}</p>
      {action}
    </div>
  );
}

/// Lines of the real layout; they appear only when an answer is late.
export function Skeletons({ lines, height = 14 }: { lines: number; height?: number }): ReactNode {
  return (
    <div className="stack late" role="status" aria-label={t("frame.loading")}>
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} className="skeleton" style={{ width: `${String(92 - ((i * 17) % 40))}%`, height }} />
      ))}
    </div>
  );
}

export function Bar({ part, label }: { part: number; label: string }): ReactNode {
  const percent = Math.min(100, Math.max(0, part * 100));
  const tone = percent >= 100 ? "bad" : percent >= 90 ? "warn" : "";
  return (
    <span className={`bar ${tone}`} role="meter" aria-label={label} aria-valuenow={Math.round(percent)} aria-valuemin={0} aria-valuemax={100}>
      <span style={{ width: `${String(percent)}%` }} />
    </span>
  );
}

/// "heute 08:12", with the exact time at hand.
export function When({ at }: { at: number }): ReactNode {
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={exactly(at)} className="nowrap">
      {when(at)}
    </time>
  );
}

/// The domain is dim, and an address breaks only before its @.
export function Address({ of, mark = "" }: { of: string; mark?: string }): ReactNode {
  const at = of.lastIndexOf("@");
  if (at < 0) return <span className="anywhere">{of}</span>;
  return (
    <span className="anywhere" title={of}>
      <Marked text={of.slice(0, at)} mark={mark} />
      <wbr />
      <span className="dim">{of.slice(at)}</span>
    </span>
  );
}

/// Where the searched words stand.
export function Marked({ text, mark }: { text: string; mark: string }): ReactNode {
  const at = mark === "" ? -1 : text.toLowerCase().indexOf(mark.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + mark.length)}</mark>
      {text.slice(at + mark.length)}
    </>
  );
}

async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function useCopied(): [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = (text: string): void => {
    void writeClipboard(text).then((done) => {
      if (!done) {
        toast(t("frame.copy_failed"), { failed: true });
        return;
      }
      setCopied(true);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setCopied(false), 2000);
    });
  };
  return [copied, copy];
}

/// A small copy button; turns to a tick for two seconds.
export function CopyIcon({ text, what }: { text: string; what: string }): ReactNode {
  const [copied, copy] = useCopied();
  const label = copied ? t("frame.copied") : t("frame.copy_of", { what });
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" aria-label={label} onClick={() => copy(text)} className="no-print">
        <Icon name={copied ? "check" : "copy"} size={18} />
      </ActionIcon>
    </Tooltip>
  );
}

export function CopyButton({ text, label, onCopy }: { text: string; label?: string; onCopy?: () => void }): ReactNode {
  const [copied, copy] = useCopied();
  return (
    <Button
      variant="default"
      leftSection={<Icon name={copied ? "check" : "copy"} size={16} />}
      onClick={() => {
        copy(text);
        onCopy?.();
      }}
    >
      {copied ? t("frame.copied") : (label ?? t("frame.copy"))}
    </Button>
  );
}

/// The raw line below the plain words.
export function RawReply({ text }: { text: string }): ReactNode {
  return (
    <div className="raw-reply">
      <span className="dim nowrap">{t("frame.technical_reply")}:</span>
      <span className="mono">{text}</span>
      <CopyIcon text={text} what={t("frame.technical_reply")} />
    </div>
  );
}

export function cssVariables(values: Readonly<Record<`--${string}`, string>>): CSSProperties {
  return values as CSSProperties;
}
