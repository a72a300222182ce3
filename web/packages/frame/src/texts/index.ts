import type { de } from "./de.ts";

export type FrameTexts = Record<keyof typeof de, string>;
