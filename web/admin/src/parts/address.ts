/// What somebody typed for an address: "Anna <anna@x.de>", " Anna@X.de ", or a name alone, which is one
/// of `domain`. Null: no address.
export function readAddress(typed: string, domain = ""): string | null {
  const inside = /<([^<>]+)>\s*$/.exec(typed)?.[1] ?? typed;
  let text = inside.trim().toLowerCase().replace(/[,;]+$/, "");
  if (text !== "" && !text.includes("@") && domain !== "") text = `${text}@${domain}`;
  const at = text.lastIndexOf("@");
  const host = text.slice(at + 1);
  const good = at > 0 && !/\s/.test(text) && /^[^\s.@][^\s@]*\.[^\s.@]{2,}$/.test(host) && !host.includes("..");
  return good ? text : null;
}

/// How a name before the @ is written without umlauts: "Müller" becomes "mueller".
export function plainName(name: string): string {
  const written: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };
  return name
    .toLowerCase()
    .replace(/[äöüß]/g, (letter) => written[letter] ?? letter)
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/\s+/g, ".")
    .replace(/[^a-z0-9._-]/g, "")
    .replace(/\.{2,}/g, ".")
    .replace(/^\.|\.$/g, "");
}

/// The first letter that cannot be part of a name before the @; null: all can.
export function strangeLetter(name: string): string | null {
  return /[^a-z0-9._-]/u.exec(name)?.[0] ?? null;
}

/// "anna.schmidt" becomes "Anna Schmidt".
export function nameFrom(local: string): string {
  return local
    .split(/[._-]+/)
    .filter((word) => word !== "")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join(" ");
}
