import { useSyncExternalStore } from "react";
import type { FrameTexts } from "./texts/index.ts";

/// The keys of all texts. Each page adds its own by declaration merging:
///     declare module "@hauspost/frame" { interface Texts extends AdminTexts {} }
export interface Texts extends FrameTexts {}
export type TextKey = keyof Texts & string;
export type Language = "de" | "en";
export type Values = Readonly<Record<string, string | number>>;

/// One language's texts, loaded when it is chosen.
export type Catalogue = Readonly<Record<string, string>>;
type Loader = (language: Language) => Promise<Catalogue>;

let language: Language = "de";
let texts: Catalogue = {};
let load: Loader = () => Promise.resolve({});
const listeners = new Set<() => void>();

const storageKey = "hauspost-language";

/// The language of the browser unless one was chosen before.
export function preferredLanguage(stored: string | null, browser: readonly string[]): Language {
  if (stored === "de" || stored === "en") return stored;
  const first = browser.find((one) => /^(de|en)\b/i.test(one));
  return first?.toLowerCase().startsWith("de") ? "de" : "en";
}

export async function startCatalogue(loader: Loader): Promise<void> {
  load = loader;
  await changeTo(preferredLanguage(storage()?.getItem(storageKey) ?? null, navigator.languages));
}

export async function setLanguage(next: Language): Promise<void> {
  storage()?.setItem(storageKey, next);
  await changeTo(next);
}

async function changeTo(next: Language): Promise<void> {
  const loaded = await load(next);
  putTexts(next, loaded);
  document.documentElement.lang = next;
  for (const one of listeners) one();
}

/// Sets both at once; for tests, and for changeTo.
export function putTexts(next: Language, loaded: Catalogue): void {
  language = next;
  texts = loaded;
}

/// A browser may refuse storage; the page works without.
export function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

export function currentLanguage(): Language {
  return language;
}

/// Fills "{name}" with a value, and "{name|one|many}" with the word that fits a number.
export function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one !== undefined && many !== undefined) return value === 1 ? one : many;
    return typeof value === "number" ? new Intl.NumberFormat(language).format(value) : value;
  });
}

export function t(key: TextKey, values: Values = {}): string {
  const text = texts[key];
  return text === undefined ? key : fill(text, values);
}

/// For keys made at run time, such as those of a problem; undefined where there is no such text.
export function findText(key: string, values: Values = {}): string | undefined {
  const text = Object.hasOwn(texts, key) ? texts[key] : undefined;
  return text === undefined ? undefined : fill(text, values);
}

/// Draws the component anew when the language changes.
export function useLanguage(): Language {
  return useSyncExternalStore(
    (told) => {
      listeners.add(told);
      return () => listeners.delete(told);
    },
    () => language,
  );
}
