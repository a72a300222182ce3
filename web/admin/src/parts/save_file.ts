import { t } from "@hauspost/frame";
import type { CsvHeadings } from "./accounts_csv.ts";

/// Gives a text to the browser's downloads.
export function saveFile(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

export function csvHeadings(): CsvHeadings {
  return { address: t("create.address"), name: t("account.name"), storage: t("import.storage"), note: t("account.note"), forwards: t("forward.title"), password: t("password.label") };
}
