import type { de } from "./de.ts";

export type AdminTexts = Record<keyof typeof de, string>;

declare module "@hauspost/frame/catalogue" {
  // The keys of this page join those of the frame.
  interface Texts extends AdminTexts {}
}
