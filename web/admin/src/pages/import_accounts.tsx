import { Button, FileButton } from "@mantine/core";
import { Bar, Dialog, Icon, Notice, number, Problem, problemText, t } from "@hauspost/frame";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { call } from "../api/client.ts";
import { domainsQuery, settingsQuery } from "../api/queries.ts";
import { maxRows, readAccounts, writePasswords, type CsvProblem, type CsvRow } from "../parts/accounts_csv.ts";
import { csvHeadings, saveFile } from "../parts/save_file.ts";
import { judgePlainly, makePassword } from "../parts/password.ts";
import { usualQuota } from "../parts/storage_choice.tsx";

const maxOctets = 1024 * 1024;

interface MadeLogin {
  address: string;
  password: string;
}

/// What is shown of the import; "checked" has something to confirm.
type Stage =
  | { at: "choose"; problems: readonly string[] }
  | { at: "checking"; done: number; all: number }
  | { at: "checked"; rows: readonly CsvRow[] }
  | { at: "making"; done: number; all: number }
  | { at: "made"; made: readonly MadeLogin[]; stopped: string };

/// Accounts from a spreadsheet: all rows are looked at before the first account is made.
export default function ImportAccounts({ onClose }: { onClose: () => void }): ReactNode {
  const domains = useQuery(domainsQuery).data ?? [];
  const usual = usualQuota(useQuery(settingsQuery).data);
  const client = useQueryClient();
  const [stage, setStage] = useState<Stage>({ at: "choose", problems: [] });
  const [saved, setSaved] = useState(false);
  const [asks, setAsks] = useState(false);

  const refuse = (problems: readonly string[]): void => setStage({ at: "choose", problems });
  const read = async (file: File | null): Promise<void> => {
    if (file === null) return;
    if (file.size > maxOctets) {
      refuse([t("import.too_large")]);
      return;
    }
    const names = domains.map((one) => one.name);
    const { rows, problems } = readAccounts(await file.text(), names);
    if (problems.length > 0) {
      refuse(problems.map(told));
      return;
    }
    const found: string[] = [];
    for (const [i, row] of rows.entries()) {
      setStage({ at: "checking", done: i, all: rows.length });
      const fault = await faultOf(row);
      if (fault !== null && found.length < 20) found.push(t("import.line", { number: row.line, other: fault }));
    }
    if (found.length > 0) refuse(found);
    else setStage({ at: "checked", rows });
  };
  const make = async (rows: readonly CsvRow[]): Promise<void> => {
    const made: MadeLogin[] = [];
    let stopped = "";
    for (const [i, row] of rows.entries()) {
      setStage({ at: "making", done: i, all: rows.length });
      const password = row.password === "" ? makePassword() : row.password;
      try {
        const added = await call("account/add", { address: row.address, password, display_name: row.displayName, quota_octets: row.quota ?? usual, ...(row.note === "" ? {} : { note: row.note }) });
        made.push({ address: added.address, password });
        if (row.forwards.length > 0) await call("forward/set", { address: added.address, targets: row.forwards, keep_copy: true });
      } catch (why) {
        stopped = t("import.line", { number: row.line, other: problemText(why) });
        break;
      }
    }
    await client.invalidateQueries({ queryKey: ["account"] });
    setStage({ at: "made", made, stopped });
  };
  const close = (): void => {
    if (stage.at === "making") return;
    if (stage.at === "made" && stage.made.length > 0 && !saved && !asks) setAsks(true);
    else onClose();
  };
  const busy = stage.at === "checking" || stage.at === "making";
  return (
    <Dialog title={t("import.title")} onClose={close}>
      <div className="stack">
        {stage.at === "choose" && (
          <>
            <p>{t("import.what", { most: maxRows })}</p>
            <p className="mono small anywhere">{t("import.example")}</p>
            <p className="dim small">{t("import.rest")}</p>
            {stage.problems.length > 0 && (
              <Notice tone="bad" role="alert" title={t("import.nothing_made")}>
                <ul className="plain-list">
                  {stage.problems.map((one) => (
                    <li key={one} className="anywhere">
                      {one}
                    </li>
                  ))}
                </ul>
              </Notice>
            )}
          </>
        )}
        {busy && (
          <div role="status" className="stack tight">
            <p>{t(stage.at === "checking" ? "import.checking" : "import.making", { count: stage.done, all: number(stage.all) })}</p>
            <Bar part={stage.done / stage.all} label={t("import.title")} />
          </div>
        )}
        {stage.at === "checked" && (
          <Notice tone="info" title={t("import.good", { count: stage.rows.length })}>
            {t("import.good_text", { count: stage.rows.filter((one) => one.password === "").length })}
          </Notice>
        )}
        {stage.at === "made" && (
          <>
            {stage.made.length > 0 && (
              <Notice tone="good" role="status" title={t("import.made", { count: stage.made.length })}>
                {t("import.only_now")}
              </Notice>
            )}
            {stage.stopped !== "" && (
              <Notice tone="bad" role="alert" title={t("import.stopped")}>
                {stage.stopped}
              </Notice>
            )}
            {asks && !saved && (
              <Notice tone="warn" role="alert">
                {t("import.noted")}
              </Notice>
            )}
          </>
        )}
        <div className="dialog-foot">
          {!busy && (
            <Button variant="default" onClick={close}>
              {t(stage.at === "made" ? "frame.done" : "frame.cancel")}
            </Button>
          )}
          {stage.at === "choose" && (
            <FileButton accept=".csv,text/csv" onChange={(file) => void read(file)}>
              {(props) => (
                <Button {...props} leftSection={<Icon name="plus" size={18} />} disabled={domains.length === 0}>
                  {t("import.choose")}
                </Button>
              )}
            </FileButton>
          )}
          {stage.at === "checked" && (
            <Button color="green" onClick={() => void make(stage.rows)}>
              {t("import.submit", { count: stage.rows.length })}
            </Button>
          )}
          {stage.at === "made" && stage.made.length > 0 && (
            <Button
              onClick={() => {
                setSaved(true);
                saveFile(t("import.file"), writePasswords(stage.made, csvHeadings()));
              }}
            >
              {t("import.save")}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function told(problem: CsvProblem): string {
  const text = t(`import.fault_${problem.fault}`, { subject: problem.text, most: maxRows });
  return problem.fault === "no_heading" || problem.fault === "no_rows" || problem.fault === "too_many" ? text : t("import.line", { number: problem.line, other: text });
}

/// What the server would refuse; null: nothing.
async function faultOf(row: CsvRow): Promise<string | null> {
  try {
    await call("account/show", { address: row.address });
    return t("create.taken", { subject: row.address });
  } catch (why) {
    const type = why instanceof Problem ? why.type : "";
    if (type === "is_alias") return t("create.taken", { subject: row.address });
    if (type !== "no_such_account") return problemText(why);
  }
  if (row.password === "") return null;
  const plain = judgePlainly(row.password, row.address);
  if (!plain.longEnough) return t("password.too_short", { count: plain.characters, least: plain.minCharacters });
  try {
    const judged = await call("password/check", { password: row.password, address: row.address });
    const faults = judged.faults.map((one) => one.fault);
    return faults.length === 0 ? null : problemText(new Problem({ type: "password_refused", title: t("password.hard_no"), status: 422, subject: row.address, password_faults: faults }));
  } catch (why) {
    return problemText(why);
  }
}
