import { Button, TextInput } from "@mantine/core";
import { Card, DataTable, day, Dialog, Empty, Icon, Link, navigate, Page, Refusal, Skeletons, t, useParam, type Column } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { call } from "../api/client.ts";
import type { Domain } from "../api/contract.ts";
import { checkQuery, domainsQuery, useChange } from "../api/queries.ts";
import { DnsPill } from "./domain.tsx";

export function domainPath(name: string): string {
  return `/domains/${encodeURIComponent(name)}`;
}

export default function DomainsPage(): ReactNode {
  const list = useQuery(domainsQuery);
  const [adds, setAdds] = useParam("new");
  const add = (
    <Button color="green" leftSection={<Icon name="plus" size={18} />} onClick={() => setAdds("1")}>
      {t("domains.add")}
    </Button>
  );
  const columns: ReadonlyArray<Column<Domain>> = [
    {
      key: "name",
      title: t("domains.domain"),
      width: "minmax(0, 2fr)",
      phone: "first",
      render: (one) => (
        <Link className="row-link" to={domainPath(one.name)}>
          {one.display}
        </Link>
      ),
    },
    { key: "catch", title: t("catchall.title"), width: "minmax(0, 2fr)", phone: "line", render: (one) => (one.catch_all === "" ? <span className="dim">{t("catchall.refused")}</span> : one.catch_all) },
    { key: "created", title: t("account.created"), width: "130px", phone: "hide", render: (one) => <span className="nowrap">{day(one.created_at)}</span> },
    { key: "state", title: t("domains.dns"), width: "210px", phone: "line", render: (one) => <DomainState name={one.name} /> },
  ];
  return (
    <Page title={t("nav.domains")} line={t("domains.line")} actions={add}>
      <Refusal error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending && (
        <Card>
          <Skeletons lines={4} height={18} />
        </Card>
      )}
      {list.data?.length === 0 && (
        <Card>
          <Empty icon="globe" action={add}>
            {t("domains.empty")}
          </Empty>
        </Card>
      )}
      {list.data !== undefined && list.data.length > 0 && <DataTable label={t("nav.domains")} columns={columns} rows={list.data} rowKey={(one) => one.name} />}
      {adds !== "" && <AddDomain onClose={() => setAdds("")} />}
    </Page>
  );
}

function DomainState({ name }: { name: string }): ReactNode {
  return <DnsPill check={useQuery(checkQuery(name))} />;
}

function AddDomain({ onClose }: { onClose: () => void }): ReactNode {
  const [name, setName] = useState("");
  const add = useChange(() => call("domain/add", { name: name.trim().toLowerCase() }), ["domain"], (made) => t("domains.added", { subject: made.name }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate(undefined, { onSuccess: (made) => navigate(domainPath(made.name)) });
  };
  return (
    <Dialog title={t("domains.add_title")} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <TextInput label={t("domains.domain")} description={t("domains.add_help")} placeholder="muster-gmbh.de" data-autofocus autoCapitalize="none" spellCheck={false} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Refusal error={add.error} />
        <div className="dialog-foot">
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" color="green" disabled={name.trim() === ""} loading={add.isPending}>
            {t("domains.add")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
