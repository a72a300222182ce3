import { Button } from "@mantine/core";
import { Card, DataTable, Empty, navigate, Pill, t, When, type Column, type TextKey } from "@hauspost/frame";
import type { ReactNode } from "react";
import type { Account, SignIn } from "../api/contract.ts";
import { accountPath } from "./account_state.tsx";
import { programName } from "./sign_in.ts";

const protocols: Readonly<Record<SignIn["protocol"], TextKey>> = { imap: "sign_ins.imap", pop3: "sign_ins.pop3", submission: "sign_ins.submission" };

/// Who was let in last, by each protocol.
export function SignIns({ account }: { account: Account }): ReactNode {
  const columns: ReadonlyArray<Column<SignIn>> = [
    { key: "program", title: t("sign_ins.program"), width: "minmax(0, 2fr)", phone: "first", render: (one) => <span className="anywhere">{programName(one.program) === "" ? t("sign_ins.unnamed") : programName(one.program)}</span> },
    { key: "protocol", title: t("sign_ins.protocol"), width: "minmax(0, 2fr)", phone: "line", render: (one) => t(protocols[one.protocol]) },
    { key: "place", title: t("owner.place"), width: "minmax(0, 2fr)", phone: "second", render: (one) => <span className="anywhere">{one.address}</span> },
    { key: "at", title: t("account.last_sign_in"), width: "150px", phone: "second", render: (one) => <When at={one.at} /> },
    {
      key: "tls",
      title: t("sign_ins.connection"),
      width: "170px",
      phone: "line",
      render: (one) =>
        one.encrypted ? (
          <Pill tone="good" icon="lock">
            {t("sign_ins.encrypted")}
          </Pill>
        ) : (
          <Pill tone="warn">{t("sign_ins.plain")}</Pill>
        ),
    },
  ];
  if (account.sign_ins.length === 0)
    return (
      <Card>
        <Empty icon="user" action={<Button onClick={() => navigate(accountPath(account.address, "data"))}>{t("data.title")}</Button>}>
          {t("sign_ins.none")}
        </Empty>
      </Card>
    );
  return (
    <div className="stack">
      <p className="dim">{t("sign_ins.line")}</p>
      <DataTable label={t("account.tab_sign_ins")} columns={columns} rows={account.sign_ins} rowKey={(one) => one.protocol} />
    </div>
  );
}
