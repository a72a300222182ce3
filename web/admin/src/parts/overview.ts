import type { Alarm, AuditEntry, Octets, OverviewAnswer, Passed, Seconds } from "../api/contract.ts";

export interface MailCount {
  /// When the hour or day began.
  at: Seconds;
  received: number;
  sent: number;
  refused: number;
  failed: number;
}

/// The answer as the page shows it: days and hours of the browser's own time zone.
export interface Overview {
  at: Seconds;
  receiving: "good" | "stopped";
  sending: "good" | "off";
  alarms: Alarm[];
  today: Passed;
  waiting: number;
  certificate?: { days_left: number; self_signed: boolean };
  storage?: { used_octets: Octets; free_octets: Octets; disk_octets: Octets };
  /// 24 and 30, the oldest first.
  hours: MailCount[];
  days: MailCount[];
  last_change?: AuditEntry;
  /// Until all are done they stand where the charts will be.
  first_steps: { domain: boolean; account: boolean; mail: boolean; program: boolean };
}

const hour = 3600;

/// Midnight here.
export function dayBegin(now = new Date()): Seconds {
  return Math.floor(new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime() / 1000);
}

function sum(at: Seconds, some: readonly Passed[]): MailCount {
  const all: MailCount = { at, received: 0, sent: 0, refused: 0, failed: 0 };
  for (const one of some) {
    all.received += one.received;
    all.sent += one.submitted;
    all.refused += one.refused;
    all.failed += one.failed;
  }
  return all;
}

export function overviewOf(answer: OverviewAnswer): Overview {
  const lastHour = Math.floor(answer.at / hour) * hour;
  const hours = Array.from({ length: 24 }, (_, i) => {
    const at = lastHour - (23 - i) * hour;
    return sum(at, answer.hours.filter((one) => one.at === at));
  });
  const today = new Date(answer.at * 1000);
  const days = Array.from({ length: 30 }, (_, i) => {
    const begin = dayBegin(new Date(today.getFullYear(), today.getMonth(), today.getDate() - (29 - i)));
    const end = dayBegin(new Date(today.getFullYear(), today.getMonth(), today.getDate() - (28 - i)));
    return sum(begin, answer.hours.filter((one) => one.at >= begin && one.at < end));
  });
  const { certificate, storage, last_change } = answer;
  return {
    at: answer.at,
    receiving: answer.receiving,
    sending: answer.sending,
    alarms: answer.alarms,
    today: answer.today,
    waiting: answer.waiting,
    hours,
    days,
    first_steps: {
      domain: answer.has_domain,
      account: answer.has_account,
      mail: answer.hours.some((one) => one.received + one.submitted > 0),
      program: answer.hours.some((one) => one.sign_ins > 0),
    },
    ...(certificate === undefined ? {} : { certificate: { days_left: Math.max(0, Math.floor((certificate.ends_at - answer.at) / 86_400)), self_signed: certificate.self_signed } }),
    ...(storage === undefined ? {} : { storage: { used_octets: storage.mail_octets, free_octets: storage.free_octets, disk_octets: storage.disk_octets } }),
    ...(last_change === undefined ? {} : { last_change }),
  };
}
