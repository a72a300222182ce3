import { t, type TextKey } from "./catalogue.ts";

/// What a remote server's reply means (ux.md 2.15). The first that fits counts.
const meanings: ReadonlyArray<readonly [RegExp, TextKey]> = [
  [/\bS31[45]0\b|\b5\.7\.(60[6-9]|6[1-4]\d)\b/, "remote.microsoft"],
  [/\b[45]\.7\.26\b/, "remote.no_proof"],
  [/\b5\.7\.25\b|no PTR|reverse (dns|name|lookup)/i, "remote.no_ptr"],
  [/spamhaus|spamcop|barracuda|block ?list|blacklist|\bRBL\b|\bDNSBL\b/i, "remote.block_list"],
  [/\b[45]\.1\.2\b|NXDOMAIN|null MX|no such domain|domain (does )?not exist/i, "remote.no_domain"],
  [/\b5\.1\.(1|10)\b|user unknown|unknown user|no such user|mailbox unavailable|recipient address rejected/i, "remote.no_user"],
  [/\b[45]\.2\.2\b|mailbox (is )?full|over ?quota|quota exceeded/i, "remote.full"],
  [/\b5\.3\.4\b|^552\b.*(size|large)|message (is )?too large|size limit/i, "remote.too_large"],
  [/\bMTA-STS\b|\bDANE\b|\bTLSA\b|certificate|\bTLS\b/i, "remote.no_tls"],
  [/^4\d\d.*(grey|gray)list|\b4\.7\.[01]\b|try again later|come back later/i, "remote.greylisted"],
  [/\b5\.7\.\d+\b.*(spam|policy|content)|spam|junk/i, "remote.junk"],
  [/timed? ?out|time-out|refused the connection|connection refused|unreachable|no route|did not answer|closed the connection/i, "remote.unreachable"],
];

/// The key of the sentence for a reply; null: no plain words for it.
export function remoteMeaning(reply: string): TextKey | null {
  return meanings.find(([pattern]) => pattern.test(reply))?.[1] ?? null;
}

export function remoteText(reply: string): string {
  const key = remoteMeaning(reply);
  return key === null ? t("remote.other", { text: reply }) : t(key);
}
