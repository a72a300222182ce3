import { Button, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { Card, Confirm, Empty, exactly, Icon, Link, navigate, Notice, octets, Page, Pill, Problem, problemText, RawReply, Refusal, remoteMeaning, remoteText, shortAddress, Skeletons, t, toast, useParam, when, type TextKey } from "@hauspost/frame";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState, type FormEvent, type ReactNode } from "react";
import { call } from "../api/client.ts";
import type { TracedMessage, TraceStep } from "../api/contract.ts";
import { client, useChange } from "../api/queries.ts";
import { readAddress } from "../parts/address.ts";
import { useRestore } from "../parts/restore.ts";
import { fits, keyOf, lastReply, toneOf, verdicts, verdictsOf, waitingNumber, type TraceFilter, type Verdict } from "../parts/trace.ts";
import { stepText } from "../parts/trace_text.ts";

const ranges = ["1d", "7d", "30d"] as const;

/// "Wo ist meine Mail?": one search over everything that came, went or was refused.
export default function DetectivePage(): ReactNode {
  const [about, setAbout] = useParam("q");
  const [since, setSince] = useParam("since", "7d");
  const [filter, setFilter] = useParam("show", "all");
  const [selected, setSelected] = useParam("mail");
  const [typed, setTyped] = useState(about);
  const isMessageId = about.startsWith("<") || (/@/.test(about) && about.includes(">"));
  const key = ["trace", about, since];
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ signal, pageParam }) =>
      call(
        "trace",
        { since, ...(about === "" ? {} : isMessageId ? { message_id: about } : { about }), ...(pageParam === "" ? {} : { after: pageParam }) },
        // What is shown already is asked for anew by the page itself.
        { signal, idle: pageParam === "" && client.getQueryData(key) !== undefined },
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.more,
    retry: false,
  });
  const all = useMemo(() => list.data?.pages.flatMap((page) => page.messages) ?? [], [list.data]);
  const rows = all.filter((one) => fits(one, filter as TraceFilter));
  const shown = all.find((one) => keyOf(one) === selected) ?? null;
  const onlyCounted = list.data?.pages.reduce((sum, page) => sum + (page.only_counted ?? 0), 0) ?? 0;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const text = typed.trim();
    if (text === about) void list.refetch();
    setSelected("");
    setAbout(text);
  };
  return (
    <Page title={t("nav.detective")} line={t("detective.line")}>
      <div className="stack">
        <form className="row" role="search" onSubmit={submit}>
          <TextInput className="search-field wide" aria-label={t("detective.field")} placeholder={t("detective.field")} leftSection={<Icon name="search" size={18} />} autoCapitalize="none" spellCheck={false} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
          <NativeSelect aria-label={t("detective.since")} value={since} onChange={(event) => setSince(event.currentTarget.value)} data={ranges.map((one) => ({ value: one, label: t(`detective.range_${one}`) }))} />
          <Button type="submit" loading={list.isFetching && !list.isFetchingNextPage}>
            {t("detective.search")}
          </Button>
        </form>
        <SegmentedControl
          className="wraps"
          aria-label={t("detective.show")}
          value={filter}
          onChange={setFilter}
          data={(["all", "in", "out", "refused", "waiting"] as const).map((one) => ({ value: one, label: t(one === "all" ? "filter.all" : `detective.show_${one}`) }))}
        />
        <Refusal error={list.error} onRetry={() => void list.refetch()} />
        {list.isPending && (
          <Card>
            <Skeletons lines={6} height={18} />
          </Card>
        )}
        {list.data !== undefined && rows.length === 0 && <NothingFound about={about} />}
        {rows.length > 0 && (
          <div className={shown === null ? "detective" : "detective open"}>
            <div className="stack">
              <ul className="mail-list" aria-label={t("nav.detective")}>
                {rows.map((one) => (
                  <MailRow key={keyOf(one)} message={one} isShown={one === shown} onShow={() => setSelected(keyOf(one))} />
                ))}
              </ul>
              {list.hasNextPage && (
                <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                  {t("frame.load_more")}
                </Button>
              )}
              {onlyCounted > 0 && <p className="dim small">{t("detective.only_counted", { count: onlyCounted })}</p>}
            </div>
            {shown !== null && <MailLife message={shown} onClose={() => setSelected("")} onChanged={() => void list.refetch()} />}
          </div>
        )}
      </div>
    </Page>
  );
}

function NothingFound({ about }: { about: string }): ReactNode {
  return (
    <Card>
      <Empty
        icon="search"
        action={
          about === "" ? undefined : (
            <div className="row">
              <Button variant="default" onClick={() => navigate(`/forwarding?address=${encodeURIComponent(about)}`)}>
                {t("detective.check_address")}
              </Button>
              <Button variant="default" onClick={() => navigate("/domains")}>
                {t("setup.check_dns")}
              </Button>
            </div>
          )
        }
      >
        {about === "" ? t("detective.empty") : t("detective.nothing", { subject: about })}
      </Empty>
    </Card>
  );
}

const verdictKey = (one: Verdict): TextKey => `verdict.${one.replaceAll(" ", "_")}` as TextKey;

function Verdicts({ of }: { of: TracedMessage }): ReactNode {
  return verdictsOf(of).map((one) => (
    <Pill key={one} tone={verdicts[one].tone} icon={verdicts[one].icon}>
      {t(verdictKey(one))}
    </Pill>
  ));
}

function envelope(message: TracedMessage): string {
  const from = message.from === undefined ? t("detective.unknown_sender") : message.from === "" ? t("queue.report") : message.from;
  return `${from} → ${message.recipients.join(", ") || "…"}`;
}

function MailRow({ message, isShown, onShow }: { message: TracedMessage; isShown: boolean; onShow: () => void }): ReactNode {
  const first = message.recipients[0];
  return (
    <li>
      <button type="button" className="mail-row" aria-current={isShown ? "true" : undefined} onClick={onShow}>
        <span className="mail-head">
          <strong className="anywhere">{message.subject ?? (message.from === "" ? t("queue.report") : (message.from ?? t("detective.unknown_sender")))}</strong>
          <time className="dim small nowrap" dateTime={new Date(message.at * 1000).toISOString()}>
            {when(message.at)}
          </time>
        </span>
        <span className="mail-line">
          <span className="dim small anywhere">
            {message.subject === undefined ? "" : `${message.from === "" ? t("queue.report") : (message.from ?? "…")} `}→ {first ?? "…"}
            {message.recipients.length > 1 && ` +${String(message.recipients.length - 1)}`}
          </span>
          <span className="row">
            <Verdicts of={message} />
          </span>
        </span>
      </button>
    </li>
  );
}

function MailLife({ message, onClose, onChanged }: { message: TracedMessage; onClose: () => void; onChanged: () => void }): ReactNode {
  const [drops, setDrops] = useState(false);
  const [sends, setSends] = useState(false);
  const queue = waitingNumber(message);
  const said = lastReply(message);
  const all = verdictsOf(message);
  const isBad = all.some((one) => verdicts[one].tone === "bad" || verdicts[one].tone === "warn");
  const retry = useChange((id: number) => call("queue/retry", { id }), ["queue"], () => t("queue.did_retry"));
  const drop = useChange((id: number) => call("queue/drop", { id }), ["queue"], () => t("queue.did_drop"));
  return (
    <section className="card mail-life" aria-label={t("detective.life")}>
      <div className="stack">
        <div className="row between top">
          <h2 className="grow anywhere">{message.subject ?? t("detective.no_subject")}</h2>
          <Button size="compact-sm" variant="default" onClick={onClose}>
            {t("frame.close")}
          </Button>
        </div>
        <div className="row">
          <Verdicts of={message} />
        </div>
        <p className="dim anywhere">{envelope(message)}</p>
        {isBad && said?.reply !== undefined && (
          <Notice tone={all.includes("waiting") ? "warn" : "bad"} title={remoteText(said.reply)}>
            {said.due_at !== undefined ? t("detective.next_try", { clock: when(said.due_at) }) : remoteMeaning(said.reply) === null ? "" : t(adviceFor(remoteMeaning(said.reply)))}
          </Notice>
        )}
        <ol className="timeline">
          {message.steps.map((one, i) => (
            <Step key={i} step={one} action={message.id !== undefined && canComeBack(message, i) ? <RestoreStep id={message.id} step={one} onDone={onChanged} /> : null} />
          ))}
        </ol>
        {message.left_out !== undefined && <p className="dim small">{t("detective.left_out", { count: message.left_out })}</p>}
        {(message.message_id !== undefined || message.id !== undefined) && (
          <dl className="facts small">
            {message.octets !== undefined && (
              <div>
                <dt>{t("detective.size")}</dt>
                <dd>{octets(message.octets)}</dd>
              </div>
            )}
            {message.message_id !== undefined && (
              <div>
                <dt>Message-ID</dt>
                <dd className="mono">{message.message_id}</dd>
              </div>
            )}
            {message.id !== undefined && (
              <div>
                <dt>{t("detective.id")}</dt>
                <dd className="mono">{message.id}</dd>
              </div>
            )}
          </dl>
        )}
        {(queue !== undefined || (message.id !== undefined && isKept(message))) && (
          <div className="row">
            {queue !== undefined && (
              <Button loading={retry.isPending} onClick={() => retry.mutate(queue, { onSuccess: onChanged, onError: (why) => toast(problemText(why), { failed: true }) })}>
                {t("detective.try_now")}
              </Button>
            )}
            {message.id !== undefined && isKept(message) && (
              <Button variant="default" onClick={() => setSends(true)}>
                {t("detective.send_on")}
              </Button>
            )}
            {queue !== undefined && (
              <Button variant="default" onClick={() => setDrops(true)}>
                {t("detective.stop")}
              </Button>
            )}
            {queue !== undefined && <Link to={`/queue?id=${String(queue)}`}>{t("detective.in_queue")}</Link>}
          </div>
        )}
      </div>
      {sends && message.id !== undefined && <SendElsewhere id={message.id} onDone={onChanged} onClose={() => setSends(false)} />}
      {drops && queue !== undefined && (
        <Confirm
          title={t("queue.drop_title")}
          verb={t("detective.stop")}
          destroys
          onConfirm={async () => {
            await drop.mutateAsync(queue);
            onChanged();
          }}
          onClose={() => setDrops(false)}
        >
          <p className="anywhere">{t("queue.drop_effect", { subject: message.recipients.map(shortAddress).join(", ") })}</p>
        </Confirm>
      )}
    </section>
  );
}

/// Its octets are still here: in a mailbox, among deleted mail, or in the queue.
function isKept(message: TracedMessage): boolean {
  if (message.steps.some((one) => one.step === "purged")) return false;
  return waitingNumber(message) !== undefined || message.steps.some((one) => one.step === "stored" || one.step === "filed");
}

function SendElsewhere({ id, onDone, onClose }: { id: string; onDone: () => void; onClose: () => void }): ReactNode {
  const [typed, setTyped] = useState("");
  const send = useChange(
    async () => {
      const to = readAddress(typed);
      if (to === null) throw new Problem({ type: "not_an_address", title: "", status: 422, subject: typed });
      return call("resend", { id, to });
    },
    ["queue"],
    (done) => t("detective.sent_on", { subject: done.to }),
  );
  return (
    <Confirm
      title={t("detective.send_on")}
      verb={t("detective.send_on_verb")}
      onConfirm={async () => {
        await send.mutateAsync();
        onDone();
      }}
      onClose={onClose}
    >
      <TextInput label={t("detective.send_on_to")} type="text" inputMode="email" autoCapitalize="none" spellCheck={false} data-autofocus value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
      <p className="dim small">{t("detective.send_on_effect")}</p>
    </Confirm>
  );
}

/// What can be done about it.
function adviceFor(meaning: TextKey | null): TextKey {
  switch (meaning) {
    case "remote.no_user":
      return "advice.spelling";
    case "remote.no_domain":
      return "advice.domain";
    case "remote.full":
      return "advice.call";
    case "remote.greylisted":
      return "advice.wait";
    case "remote.block_list":
    case "remote.microsoft":
      return "advice.delist";
    case "remote.no_proof":
    case "remote.no_ptr":
      return "advice.dns";
    case "remote.too_large":
      return "advice.smaller";
    case "remote.junk":
      return "advice.allow";
    case "remote.no_tls":
      return "advice.tell";
    default:
      return "advice.later";
  }
}

/// It was deleted then, and neither brought back nor purged since.
function canComeBack(message: TracedMessage, at: number): boolean {
  if (message.steps[at]?.step !== "expunged") return false;
  return !message.steps.slice(at + 1).some((one) => one.step === "restored" || one.step === "purged");
}

function RestoreStep({ id, step, onDone }: { id: string; step: TraceStep; onDone: () => void }): ReactNode {
  const restore = useRestore(onDone);
  return (
    <Button size="compact-sm" variant="default" leftSection={<Icon name="restore" size={16} />} loading={restore.isPending} onClick={() => restore.runTraced(id, step.at)}>
      {t("restore.restore")}
    </Button>
  );
}

function Step({ step, action }: { step: TraceStep; action: ReactNode }): ReactNode {
  const tone = toneOf(step);
  const icon = tone === "good" ? "check" : tone === "bad" ? "cross" : tone === "warn" ? "clock" : "circle";
  return (
    <li>
      <span className={tone === "neutral" ? "dim" : `text-${tone}`}>
        <Icon name={icon} size={18} />
      </span>
      <div className="grow">
        <time className="dim small" dateTime={new Date(step.at * 1000).toISOString()} title={exactly(step.at)}>
          {when(step.at)}
        </time>
        <div className="anywhere">{stepText(step)}</div>
        {step.reply !== undefined && step.reply !== "" && step.step !== "received" && <RawReply text={step.reply} />}
        {action}
      </div>
    </li>
  );
}
