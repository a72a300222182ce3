import { fill, findText, t, type Values } from "./catalogue.ts";

/// What the server says when it refuses (RFC 9457), and what the page makes of no answer at all.
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  subject?: string;
  other?: string;
  number?: number;
  password_faults?: string[];
  field?: string;
}

export class Problem extends Error {
  readonly document: ProblemDocument;
  constructor(document: ProblemDocument) {
    super(document.title);
    this.name = "Problem";
    this.document = document;
  }
  get type(): string {
    return this.document.type;
  }
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem({ type: "server_unreachable", title: "The server does not answer.", status: 0 });
}

/// The words for it in the page's language; what the catalogue does not know, in the server's.
export function problemText(error: unknown): string {
  const { document } = problemOf(error);
  const values: Values = {
    subject: document.subject ?? "",
    other: document.other ?? "",
    number: document.number ?? 0,
  };
  const faults = document.password_faults ?? [];
  if (document.type === "password_refused" && faults.length > 0)
    return faults.map((one) => findText(`fault.${one}`, values) ?? fill(document.title, values)).join(" ");
  return findText(`problem.${document.type}`, values) ?? (document.title || t("problem.unknown"));
}
