/// Without letters and digits that look alike (l 1 o 0 i), in one case: it is typed on phones.
const letters = "abcdefghjkmnpqrstuvwxyz23456789";
const group = 4;

/// What a new password must be like. The usual, until the server has said what holds.
export interface PasswordRules {
  minCharacters: number;
  minScore: number;
  mayHoldAddress: boolean;
}

let rules: PasswordRules = { minCharacters: 12, minScore: 3, mayHoldAddress: false };

export function passwordRules(): PasswordRules {
  return rules;
}

export function learnRules(told: PasswordRules): void {
  rules = told;
}

/// Four groups of four, about 79 bits; more where the rules want a longer one.
/// octets  gives so many random ones
export function makePassword(octets: (count: number) => Uint8Array = randomOctets): string {
  // Those above the largest multiple are left out, so that each letter is as likely.
  const limit = 256 - (256 % letters.length);
  let text = "";
  const wanted = group * Math.max(4, Math.ceil((rules.minCharacters + 1) / (group + 1)));
  while (text.length < wanted)
    for (const one of octets(32)) if (one < limit && text.length < wanted) text += letters[one % letters.length] ?? "";
  return text.match(/.{4}/g)?.join("-") ?? text;
}

function randomOctets(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}

export interface PlainRules {
  characters: number;
  minCharacters: number;
  longEnough: boolean;
  /// The part of address or company name that it holds; "": none.
  holds: string;
}

/// What the browser can say without the server.
export function judgePlainly(password: string, address: string): PlainRules {
  const characters = [...password].length;
  const lower = password.toLowerCase();
  const at = address.lastIndexOf("@");
  const local = at < 0 ? address : address.slice(0, at);
  const domain = at < 0 ? "" : address.slice(at + 1);
  const { minCharacters } = rules;
  const parts = [local, ...local.split(/[._-]/), ...domain.split(".").slice(0, -1)];
  const holds = rules.mayHoldAddress ? "" : parts.find((part) => part.length >= 4 && lower.includes(part.toLowerCase()));
  return { characters, minCharacters, longEnough: characters >= minCharacters, holds: holds ?? "" };
}

export type Strength = "weak" | "fair" | "strong";

export function strengthOf(score: number): Strength {
  return score >= 3 ? "strong" : score === 2 ? "fair" : "weak";
}
