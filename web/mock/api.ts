import type { AccountEntry, ArgumentsOf, Ban, CallName, DeletedEntry, DeletedFilter, PageState, PasswordJudgement, ResultOf, Setting, TestStep } from "../admin/src/api/contract.ts";
import { emptyOffice, keptSeconds, now, office, overview, records, services, shown, type Office, reachability } from "./data.ts";
import { resetOne, rulesOf, setOne } from "./settings.ts";

/// What the pages' tests set: who is there, and what goes wrong.
export interface Scenario {
  state: PageState;
  office: Office;
  secondFactor: boolean;
  /// What a restore brought back, by the text that takes it back.
  undone: Map<string, DeletedEntry[]>;
  /// Every call but session/state is refused like this.
  fault?: { status: number; type: string };
}

export function scenario(name: "full" | "many" | "empty" | "setup" | "resumed" | "signed_out"): Scenario {
  const made: Scenario = { state: "signed_in", office: office(), secondFactor: false, undone: new Map() };
  if (name === "many") made.office = office(2500);
  if (name === "signed_out") made.state = "signed_out";
  if (name === "empty") {
    made.office = emptyOffice();
    made.office.domains.set("muster-gmbh.de", { name: "muster-gmbh.de", display: "muster-gmbh.de", catch_all: "", created_at: now });
  }
  if (name === "setup" || name === "resumed") {
    made.state = name === "setup" ? "no_owner" : "setup";
    made.office = emptyOffice();
  }
  return made;
}

export class Refused extends Error {
  readonly status: number;
  readonly type: string;
  readonly more: Readonly<Record<string, unknown>>;
  constructor(type: string, more: Readonly<Record<string, unknown>> = {}, status = 422) {
    super(type);
    this.type = type;
    this.more = more;
    this.status = status;
  }
}

export const ownerPassword = "laterne-kiesel-montag-velo";
const code = "123456";

type Handler<Name extends CallName> = (args: ArgumentsOf<Name>, at: Scenario) => ResultOf<Name>;
type Handlers = { [Name in CallName]: Handler<Name> };

function find(at: Scenario, address: string): AccountEntry {
  const found = at.office.accounts.get(address);
  if (found !== undefined) return found;
  throw new Refused(at.office.aliases.has(address) ? "is_alias" : "no_such_account", { subject: address }, 404);
}

function settingOf(at: Scenario, name: string, seen: string | undefined): Setting {
  const row = at.office.settings.find((one) => one.name === name);
  if (row === undefined) throw new Refused("no_such_setting", { subject: name }, 404);
  if (row.source === "file") throw new Refused("setting_fixed", { subject: name, number: row.line }, 409);
  if (seen !== undefined && seen !== row.value) throw new Refused("changed_meanwhile", { subject: name }, 409);
  return row;
}

/// What was set, else an account of that name, as the server has it.
function catchAllOf(all: Office, domain: string): string {
  const byName = `catchall@${domain}`;
  return all.domains.get(domain)?.catch_all || (all.accounts.has(byName) ? byName : "");
}

function page<T>(all: readonly T[], filter: string | undefined, after: string | undefined, key: (one: T) => string): { entries: T[]; next?: string } {
  const wanted = (filter ?? "").toLowerCase();
  const fitting = all.filter((one) => JSON.stringify(one).toLowerCase().includes(wanted)).sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const rest = after === undefined ? fitting : fitting.filter((one) => key(one) > after);
  const entries = rest.slice(0, 1000);
  const last = entries.at(-1);
  return rest.length > 1000 && last !== undefined ? { entries, next: key(last) } : { entries };
}

function judge(password: string, address = ""): { faults: string[]; score: PasswordJudgement["score"] } {
  const faults: string[] = [];
  if ([...password].length < 12) faults.push("too_short");
  const local = address.split("@")[0] ?? "";
  if (local.length >= 4 && password.toLowerCase().includes(local)) faults.push("holds_user_name");
  if (/sommer|passwor|hallo/i.test(password)) faults.push("known_words");
  const kinds = new Set(password).size;
  const score = faults.includes("known_words") ? 1 : kinds < 6 ? 0 : kinds < 9 ? 2 : password.length < 16 ? 3 : 4;
  return { faults, score: score as PasswordJudgement["score"] };
}

function mustBeGood(password: string, address = ""): void {
  const { faults, score } = judge(password, address);
  if (faults.length > 0 || score < 3) throw new Refused("password_refused", { password_faults: faults.length > 0 ? faults : ["guessable"] });
}

function isMeant(one: DeletedEntry, { mailbox, text, first_at, last_at, account, box }: DeletedFilter): boolean {
  return (
    (mailbox === undefined || one.mailbox === mailbox) &&
    `${one.subject} ${one.from_name ?? ""} ${one.from ?? ""}`.toLowerCase().includes((text ?? "").toLowerCase()) &&
    one.deleted_at >= (first_at ?? 0) &&
    one.deleted_at <= (last_at ?? Infinity) &&
    (account === undefined || one.account === account) &&
    (box === undefined || one.box === box)
  );
}

/// Of ten and more that went from one folder in one go the list makes one row.
function groups(all: readonly DeletedEntry[]): DeletedEntry[] {
  const made: DeletedEntry[] = [];
  for (const one of all) {
    const same = all.filter((other) => other.box === one.box && Math.abs(other.deleted_at - one.deleted_at) <= 60);
    const first = same[0];
    if (first === undefined || same.length < 10) made.push(one);
    else if (first === one) made.push({ ...one, messages: same.length, octets: same.reduce((sum, other) => sum + other.octets, 0), since: Math.min(...same.map((other) => other.deleted_at)) });
  }
  return made;
}

let wrongTries = 0;

export const handlers: Handlers = {
  "session/state": (_, at) => ({ state: at.state, hostname: "mail.muster-gmbh.de", version: "0.1.0", second_factor: at.secondFactor, idle_seconds: 1800, domains: at.office.domains.size, session: "a" }),
  "session/open": ({ password, code: given }, at) => {
    if (password !== ownerPassword) {
      if (++wrongTries > 5) throw new Refused("owner_wait", { number: 52 }, 429);
      throw new Refused("owner_wrong", { number: 5 - wrongTries }, 401);
    }
    if (at.secondFactor && given === undefined) throw new Refused("code_wanted", {}, 401);
    if (at.secondFactor && given !== code) throw new Refused("wrong_code", {}, 401);
    wrongTries = 0;
    at.state = "signed_in";
    return {};
  },
  "session/close": (_, at) => {
    at.state = "signed_out";
    return {};
  },
  "setup/open": ({ secret }, at) => {
    if (secret !== "good-secret") throw new Refused("no_setup_link", {}, 403);
    at.state = "setup";
    return {};
  },
  "owner/password": ({ password, present_password: present }, at) => {
    if (at.state === "signed_in" && present !== ownerPassword) throw new Refused("owner_wrong", { number: 4 }, 422);
    mustBeGood(password);
    at.state = "signed_in";
    return {};
  },
  "owner/totp-begin": () => ({ key: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", uri: "otpauth://totp/Hauspost:owner@mail.muster-gmbh.de?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Hauspost" }),
  "owner/totp-enable": ({ code: given }, at) => {
    if (given !== code) throw new Refused("wrong_code");
    at.secondFactor = true;
    return { recovery_codes: Array.from({ length: 8 }, (_, i) => `k7m${String(i)}-pw3t-9xqd`) };
  },
  "owner/totp-disable": ({ present_password: present }, at) => {
    if (present !== ownerPassword) throw new Refused("owner_wrong", { number: 4 }, 403);
    at.secondFactor = false;
    return {};
  },
  "owner/sessions": (_, at) => ({ sessions: at.office.sessions }),
  "owner/end-session": ({ id }, at) => {
    at.office.sessions = at.office.sessions.filter((one) => one.id !== id);
    return {};
  },
  "password/check": ({ password, address }, at) => {
    const { faults, score } = judge(password, address);
    return { good: faults.length === 0, score, faults: faults.map((fault) => ({ fault, text: `${fault}.` })), rules: rulesOf(at.office.settings) };
  },
  "account/add": (args, at) => {
    if (at.office.accounts.has(args.address) || at.office.aliases.has(args.address)) throw new Refused("address_taken", { subject: args.address }, 409);
    if (args.password !== undefined) mustBeGood(args.password, args.address);
    at.office.accounts.set(args.address, {
      address: args.address,
      display: args.address,
      display_name: args.display_name ?? "",
      active: true,
      has_password: true,
      quota_octets: args.quota_octets ?? 0,
      octets: 0,
      messages: 0,
      forwards: [],
      keep_copy: true,
      files_sent: true,
      note: args.note ?? "",
      created_at: now,
      last_sign_in_at: 0,
      last_program: "",
    });
    return { address: args.address };
  },
  "account/list": ({ filter, after }, at) => {
    const { entries, next } = page([...at.office.accounts.values()], filter, after, (one) => one.address);
    return { accounts: entries, ...(next === undefined ? {} : { next }) };
  },
  "account/show": ({ address }, at) => ({ ...shown(at.office, find(at, address)) }),
  "account/set": (args, at) => {
    const one = find(at, args.address);
    if (args.display_name !== undefined) one.display_name = args.display_name;
    if (args.note !== undefined) one.note = args.note;
    if (args.quota_octets !== undefined) one.quota_octets = args.quota_octets;
    if (args.files_sent !== undefined) one.files_sent = args.files_sent;
    return { address: one.address };
  },
  "account/rename": (args, at) => {
    const one = find(at, args.address);
    at.office.accounts.delete(one.address);
    const old = one.address;
    one.address = one.display = args.new_address;
    at.office.accounts.set(one.address, one);
    if (args.keep_alias) at.office.aliases.set(old, { address: old, display: old, targets: [one.address], enabled: true });
    return { address: one.address, old_address: old, kept_as_alias: args.keep_alias, changed_targets: 0 };
  },
  "account/password": ({ address, password }, at) => {
    const one = find(at, address);
    if (password !== undefined) mustBeGood(password, address);
    one.has_password = true;
    return { address };
  },
  "account/enable": ({ address }, at) => {
    find(at, address).active = true;
    return { address };
  },
  "account/disable": ({ address }, at) => {
    find(at, address).active = false;
    return { address };
  },
  "account/remove": ({ address }, at) => {
    find(at, address);
    at.office.accounts.delete(address);
    return { address };
  },
  "account/freeze": ({ address }) => ({ address }),
  "account/unfreeze": ({ address }, at) => {
    at.office.worse = at.office.worse.filter((one) => one.id !== "account.spamming" || one.subject !== address);
    return { address, released: 0 };
  },
  "alias/add": ({ address, targets }, at) => {
    if (at.office.accounts.has(address)) throw new Refused("is_account", { subject: address }, 409);
    const old = at.office.aliases.get(address)?.targets ?? [];
    at.office.aliases.set(address, { address, display: address, targets: [...new Set([...old, ...targets])], enabled: true });
    return { address };
  },
  "alias/remove": ({ address, targets }, at) => {
    const one = at.office.aliases.get(address);
    if (one === undefined) throw new Refused("no_such_alias", { subject: address }, 404);
    one.targets = targets === undefined ? [] : one.targets.filter((to) => !targets.includes(to));
    if (one.targets.length === 0) at.office.aliases.delete(address);
    return { address };
  },
  "alias/list": ({ filter, after }, at) => {
    const { entries, next } = page([...at.office.aliases.values()], filter, after, (one) => one.address);
    return { aliases: entries, ...(next === undefined ? {} : { next }) };
  },
  "alias/enable": ({ address }, at) => {
    const one = at.office.aliases.get(address);
    if (one !== undefined) one.enabled = true;
    return { address };
  },
  "alias/disable": ({ address }, at) => {
    const one = at.office.aliases.get(address);
    if (one !== undefined) one.enabled = false;
    return { address };
  },
  "forward/set": ({ address, targets, keep_copy }, at) => {
    const one = find(at, address);
    if (targets.includes(address)) throw new Refused("own_target", { subject: address });
    one.forwards = targets;
    one.keep_copy = keep_copy;
    return { address };
  },
  "forward/clear": ({ address }, at) => {
    find(at, address).forwards = [];
    return { address };
  },
  "forward/list": ({ filter, after }, at) => {
    const { entries, next } = page([...at.office.accounts.values()].filter((one) => one.forwards.length > 0), filter, after, (one) => one.address);
    return { forwards: entries, ...(next === undefined ? {} : { next }) };
  },
  "forward/suspended": (_, at) => ({ suspended: at.office.suspended }),
  "forward/resume": ({ address }, at) => {
    at.office.suspended = at.office.suspended.filter((one) => one.address !== address);
    return { address };
  },
  "catchall/set": ({ name, target }, at) => {
    const one = at.office.domains.get(name);
    if (one === undefined) throw new Refused("no_such_domain", { subject: name }, 404);
    one.catch_all = target;
    return { name, catch_all: target };
  },
  "catchall/clear": ({ name }, at) => {
    const one = at.office.domains.get(name);
    if (one !== undefined) one.catch_all = "";
    return { name };
  },
  "domain/add": ({ name }, at) => {
    if (at.office.domains.has(name)) throw new Refused("domain_exists", { subject: name }, 409);
    if (!name.includes(".")) throw new Refused("not_a_domain", { subject: name });
    at.office.domains.set(name, { name, display: name, catch_all: "", created_at: now });
    return { name };
  },
  "domain/remove": ({ name }, at) => {
    if ([...at.office.accounts.keys()].some((one) => one.endsWith(`@${name}`))) throw new Refused("domain_in_use", { subject: name }, 409);
    at.office.domains.delete(name);
    return { name };
  },
  "domain/list": (_, at) => ({ domains: [...at.office.domains.values()].map((one) => ({ ...one, catch_all: catchAllOf(at.office, one.name) })) }),
  "domain/dns": ({ name, check }, at) => {
    if (!at.office.domains.has(name)) throw new Refused("no_such_domain", { subject: name }, 404);
    const all = records(name);
    if (check === true) return { name, good: false, signed: false, records: all };
    return { name, records: all.map(({ name: host, type, value, note }) => ({ name: host, type, value, ...(note === undefined ? {} : { note }) })) };
  },
  "domain/rotate-keys": ({ name }) => ({ name, records: records(name) }),
  "delivery/reach": () => reachability(),
  "delivery/test": ({ address }, at) => {
    const own = [...at.office.domains.keys()].some((one) => address.endsWith(`@${one}`));
    if (!own)
      return {
        address,
        good: true,
        here: false,
        steps: [
          { step: "route", result: "good", text: "mail for kunde.example goes to the servers that the DNS names" },
          { step: "hosts", result: "good", text: "mx1.kunde.example (192.0.2.25), mx2.kunde.example (192.0.2.26)" },
          { step: "tls", result: "note", text: "the server offers no TLS: mail to it can be read on its way" },
          { step: "recipient", result: "good", text: "the server takes mail for this address: 250 2.1.5 Ok" },
        ],
      };
    const steps: TestStep[] = [];
    const step = (kind: string, name: string, targets: string[] = [], result: TestStep["result"] = "good"): void => {
      steps.push({ step: kind, result, text: `${kind} ${name}`, name, ...(targets.length > 0 ? { targets } : {}) });
    };
    const reach = (name: string): void => {
      const account = at.office.accounts.get(name);
      const alias = at.office.aliases.get(name);
      if (alias !== undefined) {
        step("alias", name, alias.targets);
        alias.targets.forEach(reach);
      } else if (account === undefined) step("nobody", name, [], "bad");
      else if (!account.active) step("disabled", name, [], "bad");
      else {
        if (account.forwards.length > 0) step(account.keep_copy ? "forward" : "forward_only", name, account.forwards);
        if (account.forwards.length === 0 || account.keep_copy) step("kept", name);
        for (const one of account.forwards) if ([...at.office.domains.keys()].some((ours) => one.endsWith(`@${ours}`))) reach(one); else step("other_domain", one);
      }
    };
    const caught = catchAllOf(at.office, address.split("@")[1] ?? "");
    if (caught !== "" && !at.office.accounts.has(address) && !at.office.aliases.has(address)) {
      step("catch_all", address, [caught]);
      reach(caught);
    } else reach(address);
    return { address, good: steps.some((one) => one.step === "kept" || one.step === "other_domain"), here: true, steps };
  },
  "queue/list": ({ filter, after }, at) => {
    const { entries, next } = page(at.office.queue, filter, after, (one) => String(one.id));
    return { queue: entries, ...(next === undefined ? {} : { next }) };
  },
  "queue/show": ({ id }, at) => {
    const one = at.office.queue.find((item) => item.id === id);
    if (one === undefined) throw new Refused("no_such_message", { number: id }, 404);
    return one;
  },
  "queue/retry": ({ id }) => ({ id }),
  "queue/hold": ({ id }, at) => {
    for (const one of at.office.queue) if (one.id === id) for (const to of one.recipients) to.state = one.state = "held";
    return { id };
  },
  "queue/release": ({ id }, at) => {
    for (const one of at.office.queue) if (one.id === id) for (const to of one.recipients) to.state = one.state = "waiting";
    return { id };
  },
  "queue/drop": ({ id }, at) => {
    at.office.queue = at.office.queue.filter((one) => one.id !== id);
    return { id };
  },
  "deleted/mail": ({ address, together, after, ...filter }, at) => {
    const fitting = (at.office.deleted.get(address) ?? []).filter((one) => isMeant(one, filter));
    const entries = together === true ? groups(fitting) : fitting;
    const rest = after === undefined ? entries : entries.slice(entries.findIndex((one) => one.id === after) + 1);
    const page = rest.slice(0, 100);
    const mailboxes = [...new Set((at.office.deleted.get(address) ?? []).map((one) => one.mailbox))].sort();
    return {
      address,
      has_account: at.office.accounts.has(address),
      kept_seconds: keptSeconds,
      entries: page,
      ...(after === undefined ? { mailboxes: ["INBOX", ...mailboxes.filter((one) => one !== "INBOX")] } : {}),
      ...(rest.length > 100 ? { more: page.at(-1)?.id ?? "" } : {}),
    };
  },
  "deleted/accounts": (_, at) => ({ kept_seconds: keptSeconds, accounts: at.office.removed.map((one) => ({ ...one, is_taken: at.office.accounts.has(one.address) })) }),
  "restore-mail": (args, at) => {
    if (!at.office.accounts.has(args.into ?? args.address)) throw new Refused("nobody_to_restore_to", { subject: args.into ?? args.address }, 404);
    const all = at.office.deleted.get(args.address) ?? [];
    const back = all.filter((one) => (args.ids === undefined ? isMeant(one, args) : args.ids.includes(one.id)));
    if (back.length === 0) throw new Refused("nothing_to_restore", { subject: args.address }, 409);
    const isFull = args.address.startsWith("buchhaltung");
    const fits = isFull ? back.slice(0, 1) : back;
    at.office.deleted.set(args.address, all.filter((one) => !fits.includes(one)));
    at.undone.set("1", fits);
    const names = [...new Set(fits.map((one) => args.to ?? one.mailbox))];
    return {
      address: args.into ?? args.address,
      messages: fits.length,
      left_over_quota: back.length - fits.length,
      ...(isFull ? { missing_octets: 120 * 1024 ** 2 } : {}),
      mailboxes: names.map((name) => ({ name, messages: fits.filter((one) => (args.to ?? one.mailbox) === name).length })),
      undo: "1",
    };
  },
  "restore-traced": ({ id, deleted_at }, at) => {
    const one = at.office.trace.find((mail) => mail.id === id);
    if (one === undefined) throw new Refused("nothing_to_restore", { subject: id }, 409);
    one.steps.push({ at: now, step: "restored", text: "", door: "administrator", messages: 1 });
    const address = one.steps.find((step) => step.at === deleted_at)?.by ?? "";
    return { address, messages: 1, left_over_quota: 0, mailboxes: [{ name: "INBOX", messages: 1 }] };
  },
  "resend": ({ id, to }, at) => {
    const one = at.office.trace.find((mail) => mail.id === id);
    if (one === undefined || !one.steps.some((step) => step.step === "stored" || step.step === "filed")) throw new Refused("message_gone", { subject: id }, 409);
    const domain = to.split("@")[1] ?? "";
    const isHere = at.office.domains.has(domain);
    if (isHere && !at.office.accounts.has(to) && !at.office.aliases.has(to) && catchAllOf(at.office, domain) === "") throw new Refused("no_such_address", { subject: to }, 404);
    const sent_as = `0R${String(at.office.trace.length).padStart(11, "0")}`;
    at.office.trace.unshift({
      id: sent_as,
      at: now,
      from: `postmaster@${(one.recipients[0] ?? "").split("@")[1] ?? ""}`,
      recipients: [to],
      ...(one.subject === undefined ? {} : { subject: one.subject }),
      octets: one.octets ?? 0,
      state: isHere ? "in mailbox" : "waiting",
      steps: [
        { at: now, step: "received", text: "", door: "administrator", octets: one.octets ?? 0 },
        isHere ? { at: now, step: "stored", text: "", to, rule: "exact" } : { at: now, step: "queued", text: "", to, queue: 4900, rule: "other_domain" },
      ],
    });
    return { id, to, sent_as };
  },
  "undo-restore": ({ address, undo }, at) => {
    const back = at.undone.get(undo);
    if (back === undefined) throw new Refused("no_such_restore", { subject: undo });
    at.office.deleted.set(address, [...back, ...(at.office.deleted.get(address) ?? [])]);
    return { address, messages: back.length };
  },
  "account/undelete": ({ address, password }, at) => {
    const one = at.office.removed.find((gone) => gone.address === address);
    if (one === undefined) throw new Refused("no_such_removed_account", { subject: address }, 404);
    const made = handlers["account/add"]({ address, display_name: one.display_name, quota_octets: one.quota_octets, ...(password === undefined ? {} : { password }) }, at);
    at.office.removed = at.office.removed.filter((gone) => gone !== one);
    return { ...made, messages: one.messages, left_over_quota: 0, mailboxes: [{ name: "INBOX", messages: one.messages }] };
  },
  "trace": ({ about, message_id }, at) => {
    const wanted = (about ?? message_id ?? "").toLowerCase();
    return { messages: at.office.trace.filter((one) => JSON.stringify(one).toLowerCase().includes(wanted)), ...(wanted === "" && at.office.trace.length > 0 ? { only_counted: 214 } : {}) };
  },
  "ban/list": ({ filter }, at) => ({ bans: at.office.bans.filter((one) => JSON.stringify(one).includes(filter ?? "")) }),
  "ban/lift": ({ name }, at) => {
    const isMeant = (one: Ban): boolean => one.network === name || (one.network === "" && (one.account === "" ? "owner" : one.account) === name);
    const bans = at.office.bans.filter(isMeant).length;
    if (bans === 0) throw new Refused("nothing_banned", { subject: name }, 404);
    at.office.bans = at.office.bans.filter((one) => !isMeant(one));
    return { name, bans };
  },
  "ban/add": ({ name, for_seconds: seconds }, at) => {
    if (!/^[0-9a-f.:/]+$/i.test(name)) throw new Refused("not_a_network", { subject: name });
    if (name.startsWith("127.")) throw new Refused("own_machine", { subject: name });
    const ends = now + (seconds ?? 86_400);
    at.office.bans.unshift({ kind: "ordered", network: name, account: "", why: "", passwords: 0, times: 1, begun_at: now, ends_at: ends, tried: [], own: false });
    return { name, ends_at: ends };
  },
  "setting/list": ({ filter }, at) => ({ settings: at.office.settings.filter((one) => one.name.includes(filter ?? "")) }),
  "setting/set": ({ name, value, seen }, at) => {
    const row = settingOf(at, name, seen);
    const wrong = setOne(row, value);
    if (wrong !== undefined) throw new Refused(wrong.code, { subject: wrong.code.startsWith("not_") ? value : name, ...(wrong.other === undefined ? {} : { other: wrong.other }) });
    return { ...row };
  },
  "setting/reset": ({ name, seen }, at) => {
    const row = settingOf(at, name, seen);
    resetOne(row);
    return { ...row };
  },
  "certificate/list": (_, at) => at.office.certificates,
  "certificate/reload": (_, at) => {
    for (const one of at.office.certificates.certificates) one.problems = one.problems.filter((problem) => problem !== "file_is_another");
    return at.office.certificates;
  },
  "audit/list": ({ filter }, at) => ({ entries: at.office.audit.filter((one) => JSON.stringify(one).includes(filter ?? "")) }),
  "overview/show": (_, at) => overview(at.office),
  "setup-data/show": ({ address }) => ({ services: [...services], profile_url: `https://mail.muster-gmbh.de/profile.mobileconfig?email=${encodeURIComponent(address)}` }),
};
