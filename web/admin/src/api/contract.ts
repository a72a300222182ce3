/// The calls of the admin page, as docs/openapi.yaml tells them in full. Each is `POST /api/<noun>/<verb>` with
/// `Content-Type: application/json` and `X-Hauspost: 1`; the body is the object of arguments, the answer 200 with a
/// JSON object or a ProblemDocument (application/problem+json). Times are seconds since 1970 in UTC, sizes octets.
///
/// A call that no person caused (an overview that looks again) bears `X-Hauspost-Idle: 1`: the session's
/// idle time goes on.

export type Seconds = number;
export type Octets = number;
type Nothing = Record<string, never>;

export interface ListArguments {
  /// What an entry has to contain, in upper or lower case.
  filter?: string;
  /// `next` of the page before.
  after?: string;
}

// Accounts

export interface AccountEntry {
  address: string;
  /// With its domain in U-labels.
  display: string;
  display_name: string;
  active: boolean;
  has_password: boolean;
  /// 0: no limit
  quota_octets: Octets;
  octets: Octets;
  messages: number;
  forwards: string[];
  keep_copy: boolean;
  files_sent: boolean;
  note: string;
  created_at: Seconds;
  /// 0: nobody ever did
  last_sign_in_at: Seconds;
  last_program: string;
}

/// The last one of an account by one protocol.
export interface SignIn {
  protocol: "imap" | "pop3" | "submission";
  at: Seconds;
  address: string;
  encrypted: boolean;
  /// What it calls itself: IMAP's ID, or the name of EHLO; "": nothing.
  program: string;
}

export interface Account extends AccountEntry {
  /// "alias rechnung@example.org", "catch-all of example.org": what leads here.
  reached_from: string[];
  sending: "on" | "frozen";
  frozen_at?: Seconds;
  frozen_because?: string;
  /// Of the last 24 hours.
  sent_messages: number;
  sent_recipients: number;
  sent_to_new: number;
  sent_to_unknown: number;
  /// Targets that are tried no more.
  suspended?: string[];
  /// The latest first.
  sign_ins: SignIn[];
}

export interface MadeLogin {
  address: string;
  /// Only where the server generated it.
  password?: string;
  warning?: string;
}

export interface Changed {
  address: string;
  warning?: string;
}

// Addresses that lead on

export interface Alias {
  address: string;
  display: string;
  targets: string[];
  enabled: boolean;
  suspended?: string[];
}
export interface Forward {
  address: string;
  display: string;
  forwards: string[];
  keep_copy: boolean;
}
export interface SuspendedForward {
  address: string;
  display: string;
  target: string;
  refusals: number;
  since: Seconds;
  suspended_at: Seconds;
  last_reply: string;
}

// Domains

export interface Domain {
  name: string;
  display: string;
  /// Who gets the mail for unknown addresses: what was set, else the account or alias catchall@; "": it is refused.
  catch_all: string;
  created_at: Seconds;
}
export interface DnsRecord {
  /// With a dot at its end.
  name: string;
  type: string;
  value: string;
  note?: string;
}
export type RecordState = "right" | "missing" | "other" | "optional" | "unknown";
export interface CheckedRecord extends DnsRecord {
  state: RecordState;
  found?: string[];
  advice?: string;
}
export interface DomainRecords {
  name: string;
  records: DnsRecord[];
  warning?: string;
}
export interface CheckedDomain {
  name: string;
  good: boolean;
  signed: boolean;
  records: CheckedRecord[];
}

// Queue

export type QueueState = "waiting" | "in delivery" | "held" | "frozen" | "for later" | "delivered" | "failed";
export interface QueuedRecipient {
  to: string;
  state: QueueState;
  attempts: number;
  due_at: Seconds;
  attempted_at?: Seconds;
  last_host?: string;
  last_reply?: string;
  last_tls?: string;
}
export interface QueuedMessage {
  id: number;
  /// "": a report to a sender
  from: string;
  recipients: QueuedRecipient[];
  octets: Octets;
  created_at: Seconds;
  held_until?: Seconds;
  state?: QueueState;
  due_at?: Seconds;
  last_reply?: string;
}

// Trace

export type TraceStepName =
  | "received" | "refused" | "more_refused" | "stored" | "queued" | "not_sent_on" | "filed" | "postponed"
  | "delivered" | "failed" | "sender_told" | "held" | "released" | "retried" | "dropped" | "replaced"
  | "expunged" | "purged" | "restored" | "steps_lost";
export type TraceRule =
  | "exact" | "sub_address" | "alias" | "forward" | "catch_all" | "owner" | "last_resort" | "other_domain" | "way_back";
export type TraceDoor = "smtp" | "submission" | "imap" | "pop3" | "administrator" | "server";
export interface TraceStep {
  at: Seconds;
  step: TraceStepName;
  /// The server's English sentence.
  text: string;
  rule?: TraceRule;
  door?: TraceDoor;
  from?: string;
  to?: string;
  target?: string;
  by?: string;
  peer?: string;
  reply?: string;
  tls?: string;
  octets?: Octets;
  messages?: number;
  steps?: number;
  queue?: number;
  attempt?: number;
  due_at?: Seconds;
}
export interface TracedMessage {
  id?: string;
  at: Seconds;
  /// Absent where the beginning was not recorded; "": the null sender.
  from?: string;
  recipients: string[];
  message_id?: string;
  subject?: string;
  octets?: Octets;
  /// Words as "in mailbox", "waiting", several by commas.
  state: string;
  left_out?: number;
  steps: TraceStep[];
}
export interface TraceArguments {
  about?: string;
  /// "7d", "2h", "2026-03-31"
  since?: string;
  until?: string;
  account?: string;
  message_id?: string;
  limit?: number;
  after?: string;
}
export interface TracedMail {
  messages: TracedMessage[];
  life?: boolean;
  /// Refusals of those days that were only counted.
  only_counted?: number;
  /// To give as `after` for older ones.
  more?: string;
}

// What was deleted and can be brought back

export interface DeletedFilter {
  mailbox?: string;
  /// In sender or subject, in upper or lower case.
  text?: string;
  /// "7d", "2h", "2026-03-31"
  since?: string;
  until?: string;
  /// As an entry says them.
  first_at?: Seconds;
  last_at?: Seconds;
  account?: number;
  box?: number;
}
/// A message; with `messages` above 1 so many that went from one folder in one go, of which subject and
/// sender are the last one's.
export interface DeletedEntry {
  id: string;
  /// Numbers of the account and its folder, for DeletedFilter.
  account: number;
  box: number;
  subject: string;
  from_name?: string;
  from?: string;
  /// "": nobody knows it any more.
  mailbox: string;
  mailbox_gone?: boolean;
  messages: number;
  octets: Octets;
  deleted_at: Seconds;
  /// Of several, when the first of them went.
  since?: Seconds;
  kept_until: Seconds;
  door?: TraceDoor;
  by?: string;
  program?: string;
}
export interface DeletedMail {
  address: string;
  has_account: boolean;
  kept_seconds: Seconds;
  /// The latest first.
  entries: DeletedEntry[];
  /// Of the first page.
  mailboxes?: string[];
  more?: string;
}
export interface ReturnedMail {
  /// Of the account that got it.
  address: string;
  messages: number;
  left_over_quota: number;
  left_octets?: Octets;
  /// Of storage, for what was left over.
  missing_octets?: Octets;
  mailboxes: { name: string; messages: number; made?: boolean }[];
  /// To give to undo-restore.
  undo?: string;
  password?: string;
  warning?: string;
}
export interface RemovedAccount {
  address: string;
  display: string;
  id: number;
  display_name: string;
  messages: number;
  octets: Octets;
  quota_octets: Octets;
  removed_at: Seconds;
  kept_until: Seconds;
  /// Its mail is still being taken out.
  is_going: boolean;
  /// Somebody has the address by now.
  is_taken: boolean;
  /// Who has removed it, where the audit log still says so.
  by?: Doer;
}

export interface TestStep {
  step: string;
  result: "good" | "note" | "bad";
  text: string;
  advice?: string;
  /// Of the way inside this server: whose mail, and where it goes.
  name?: string;
  targets?: string[];
  targets_left_out?: number;
}
export interface DeliveryTest {
  address: string;
  good: boolean;
  /// The domain is of this server.
  here: boolean;
  left_out?: number;
  steps: TestStep[];
}

/// Of how others see this server.
export interface ReachStep {
  step: "address" | "reverse_name" | "port_25" | "block_list";
  result: "good" | "note" | "bad";
  state: "right" | "wrong" | "missing" | "unknown" | "private" | "not_needed";
  text: string;
  advice?: string;
  address?: string;
  found?: string[];
  /// Who was tried; the list.
  host?: string;
  words?: string;
}
export interface Reachability {
  host: string;
  good: boolean;
  steps: ReachStep[];
}

// Bans

export interface Ban {
  /// "account": for networks that it was never used from; "pair": in one that it is used from; "ordered": somebody
  /// wants it. The others are of the owner's page.
  kind: "network" | "account" | "pair" | "ordered" | "owner_network" | "owner_account" | "owner_pair" | "owner_pause";
  /// "": all
  network: string;
  /// "": all
  account: string;
  /// The server's English sentence.
  why: string;
  /// Different wrong ones.
  passwords: number;
  /// Which ban it is in a row.
  times: number;
  begun_at: Seconds;
  ends_at: Seconds;
  /// The first few accounts.
  tried: string[];
  /// It is of the network that this browser is in.
  own: boolean;
}

// The owner

/// "setup": whoever came with the link, and has no password yet.
export type PageState = "no_owner" | "setup" | "signed_out" | "signed_in";
export interface SessionState {
  state: PageState;
  hostname: string;
  version?: string;
  idle_seconds: number;
  /// From here on: only of who is signed in.
  second_factor?: boolean;
  domains?: number;
  /// OwnerSession.id of this very browser.
  session?: string;
}
export interface OwnerSession {
  id: string;
  address: string;
  agent: string;
  made_at: Seconds;
  seen_at: Seconds;
  /// Came by a set-up link, and has chosen no password yet.
  is_setup: boolean;
}
export interface PasswordJudgement {
  good: boolean;
  /// Names of sasl::password_fault, such as "too_short".
  faults: { fault: string; text: string }[];
  score: 0 | 1 | 2 | 3 | 4;
  /// What holds at present.
  rules: { min_characters: number; min_score: number; may_hold_address: boolean };
}

// What the pages ask beside the commands

/// Where mail programs connect, as other machines see it.
export interface Service {
  protocol: "imap" | "pop3" | "smtp";
  host: string;
  port: number;
  security: "tls" | "starttls";
}
export interface SetUpData {
  services: Service[];
  /// Of the profile for iPhone, iPad and Mac; missing where the server does not listen for HTTPS.
  profile_url?: string;
}

export type Doer = "owner" | "set-up" | "command line" | "server";
export interface AuditEntry {
  begun_at: Seconds;
  who: Doer;
  /// The address that the owner's browser came from; of the command line, its user.
  from?: string;
  /// The command's name, such as "account add"; or "session open", "owner password".
  command: string;
  subject?: string;
  end: "done" | "refused" | "unknown";
  reason?: string;
  /// Never passwords.
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}
export interface AuditList {
  /// The newest first.
  entries: AuditEntry[];
  more?: string;
}

/// The page makes the sentence from id and values.
export interface Alarm {
  id: "disk" | "cert" | "account.spamming" | "account.full" | "dns.changed" | "queue.old" | "mass.delete" | "forward.dead" | "owner.totp";
  level: "bad" | "warn" | "info";
  subject?: string;
  other?: string;
  number?: number;
  /// Of a deletion its begin; else when sending was paused, or the records were last seen right.
  since?: Seconds;
  until?: Seconds;
}
export interface Passed {
  received: number;
  submitted: number;
  refused: number;
  delivered: number;
  failed: number;
  sign_ins: number;
  wrong_passwords: number;
}
export interface OverviewAnswer {
  at: Seconds;
  receiving: "good" | "stopped";
  /// "off": it is not set how mail leaves this server.
  sending: "good" | "off";
  /// Since the time that was asked for.
  today: Passed;
  /// Of the last 31 days those that had any, the oldest first; `at`: when the hour began.
  hours: (Passed & { at: Seconds })[];
  waiting: number;
  has_domain: boolean;
  has_account: boolean;
  storage?: { mail_octets: Octets; free_octets: Octets; disk_octets: Octets };
  certificate?: { ends_at: Seconds; self_signed: boolean };
  last_change?: AuditEntry;
  /// The worst first.
  alarms: Alarm[];
}

/// An item that is the owner's where the configuration file leaves it out.
export interface Setting {
  name: string;
  kind: "text" | "flag" | "count" | "octets" | "time";
  /// As it is typed: "14d", "5 GiB", "on".
  value: string;
  /// The same as octets or seconds; of a flag 1 or 0.
  number: number;
  default: string;
  source: "default" | "owner" | "file";
  /// Of the file; 0: it does not fix it.
  line: number;
  least: number;
  most: number;
  zero_is_off: boolean;
  words: string[];
  at_once: boolean;
  /// For the next start: until then `in_force` holds.
  waits: boolean;
  in_force: string;
  warning?: string;
}

export type CertificateProblem = "expired" | "not_yet" | "wrong_name" | "ends_this_week" | "ends_soon" | "file_is_another" | "self_signed" | "no_chain";

export interface Certificate {
  names: string[];
  subject: string;
  issuer: string;
  key: string;
  fingerprint: string;
  file: string;
  begins_at: Seconds;
  ends_at: Seconds;
  intermediates: number;
  self_signed: boolean;
  /// By the server for itself.
  made_here: boolean;
  /// The worst first.
  problems: CertificateProblem[];
}

export interface TlsListener {
  role: string;
  port: number;
  tls: "implicit" | "starttls";
}

export interface Certificates {
  host: string;
  listeners: TlsListener[];
  certificates: Certificate[];
}

interface Call<Arguments, Result> {
  arguments: Arguments;
  result: Result;
}
type OfAccount = { address: string };

/// Every call: its arguments and what it gives.
export interface Calls {
  "account/add": Call<{ address: string; password?: string; display_name?: string; note?: string; quota_octets?: Octets }, MadeLogin>;
  "account/list": Call<ListArguments, { accounts: AccountEntry[]; next?: string }>;
  "account/show": Call<OfAccount, Account>;
  "account/set": Call<OfAccount & { display_name?: string; note?: string; quota_octets?: Octets; files_sent?: boolean }, Changed>;
  "account/rename": Call<
    OfAccount & { new_address: string; keep_alias: boolean },
    { address: string; old_address: string; kept_as_alias: boolean; changed_targets: number; warning?: string }
  >;
  "account/password": Call<OfAccount & { password?: string }, MadeLogin>;
  "account/enable": Call<OfAccount, Changed>;
  "account/disable": Call<OfAccount, Changed>;
  "account/remove": Call<OfAccount, Changed>;
  "account/freeze": Call<OfAccount, Changed>;
  "account/unfreeze": Call<OfAccount, { address: string; released: number }>;
  "alias/add": Call<OfAccount & { targets: string[] }, Changed>;
  "alias/remove": Call<OfAccount & { targets?: string[] }, Changed>;
  "alias/list": Call<ListArguments, { aliases: Alias[]; next?: string }>;
  "alias/enable": Call<OfAccount, Changed>;
  "alias/disable": Call<OfAccount, Changed>;
  "forward/set": Call<OfAccount & { targets: string[]; keep_copy: boolean }, Changed>;
  "forward/clear": Call<OfAccount, Changed>;
  "forward/list": Call<ListArguments, { forwards: Forward[]; next?: string }>;
  "forward/suspended": Call<{ filter?: string }, { suspended: SuspendedForward[] }>;
  "forward/resume": Call<OfAccount & { targets?: string[] }, Changed>;
  "catchall/set": Call<{ name: string; target: string }, { name: string; catch_all: string; warning?: string }>;
  "catchall/clear": Call<{ name: string }, { name: string }>;
  "domain/add": Call<{ name: string }, { name: string; warning?: string }>;
  "domain/remove": Call<{ name: string }, { name: string; warning?: string }>;
  "domain/list": Call<{ filter?: string }, { domains: Domain[] }>;
  /// With `check` the DNS is asked, and each record has its state.
  "domain/dns": Call<{ name: string; check?: boolean }, DomainRecords | CheckedDomain>;
  "domain/rotate-keys": Call<{ name: string }, DomainRecords>;
  "delivery/test": Call<OfAccount & { sender?: string }, DeliveryTest>;
  "delivery/reach": Call<Nothing, Reachability>;
  "queue/list": Call<ListArguments, { queue: QueuedMessage[]; next?: string }>;
  "queue/show": Call<{ id: number }, QueuedMessage>;
  "queue/retry": Call<{ id: number }, { id: number }>;
  "queue/hold": Call<{ id: number }, { id: number }>;
  "queue/release": Call<{ id: number }, { id: number }>;
  "queue/drop": Call<{ id: number }, { id: number }>;
  "trace": Call<TraceArguments, TracedMail>;
  "ban/list": Call<{ filter?: string }, { bans: Ban[] }>;
  /// name: a network, an address in it, an account, or "owner"
  "ban/lift": Call<{ name: string }, { name: string; bans: number }>;
  "ban/add": Call<{ name: string; for_seconds?: number }, { name: string; ends_at: Seconds }>;
  "setting/list": Call<{ filter?: string }, { settings: Setting[] }>;
  /// seen: its value as it was shown; where it is another by now, that is refused
  "setting/set": Call<{ name: string; value: string; seen?: string }, Setting>;
  "setting/reset": Call<{ name: string; seen?: string }, Setting>;
  "certificate/list": Call<Nothing, Certificates>;
  "certificate/reload": Call<Nothing, Certificates>;
  /// With `together` what went in one go is one entry.
  "deleted/mail": Call<OfAccount & DeletedFilter & { together?: boolean; limit?: number; after?: string }, DeletedMail>;
  "deleted/accounts": Call<Nothing, { kept_seconds: Seconds; accounts: RemovedAccount[] }>;
  /// Without `ids` all that the filter lets through; to the folders they were in, or to one by its name.
  "restore-mail": Call<OfAccount & DeletedFilter & { ids?: string[]; to?: string; into?: string }, ReturnedMail>;
  /// A message of the trace, as it was deleted then.
  "restore-traced": Call<{ id: string; deleted_at: Seconds }, ReturnedMail>;
  /// id: of the trace, or a number of the queue
  "resend": Call<{ id: string; to: string }, { id: string; to: string; sent_as: string }>;
  "undo-restore": Call<OfAccount & { undo: string }, { address: string; messages: number }>;
  "account/undelete": Call<OfAccount & { password?: string }, ReturnedMail>;

  "session/state": Call<Nothing, SessionState>;
  "session/open": Call<{ password: string; code?: string }, Nothing>;
  "session/close": Call<Nothing, Nothing>;
  "setup/open": Call<{ secret: string }, Nothing>;
  "owner/password": Call<{ password: string; present_password?: string }, Nothing>;
  "owner/totp-begin": Call<Nothing, { key: string; uri: string }>;
  "owner/totp-enable": Call<{ code: string }, { recovery_codes: string[] }>;
  "owner/totp-disable": Call<{ present_password: string }, Nothing>;
  "owner/sessions": Call<Nothing, { sessions: OwnerSession[] }>;
  "owner/end-session": Call<{ id: string }, Nothing>;
  "password/check": Call<{ address?: string; password: string }, PasswordJudgement>;
  "audit/list": Call<ListArguments, AuditList>;
  "overview/show": Call<{ since: Seconds }, OverviewAnswer>;
  "setup-data/show": Call<OfAccount, SetUpData>;
}

export type CallName = keyof Calls;
export type ArgumentsOf<Name extends CallName> = Calls[Name]["arguments"];
export type ResultOf<Name extends CallName> = Calls[Name]["result"];
