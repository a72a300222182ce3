import { ActionIcon, Button, Menu, Switch, Tabs, Textarea, TextInput } from "@mantine/core";
import { Address, Bar, Card, CopyIcon, day, Empty, guardLeaving, Icon, Link, navigate, Notice, number, octets, Page, Problem, Refusal, Skeletons, t, useParam, type TextKey } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent, type ReactNode } from "react";
import { call } from "../api/client.ts";
import type { Account } from "../api/contract.ts";
import { accountQuery, useChange } from "../api/queries.ts";
import { AccountDialog, useUnlock, type AccountAction } from "../parts/account_dialogs.tsx";
import { AccountState } from "../parts/account_state.tsx";
import { AccountAddresses } from "../parts/account_addresses.tsx";
import { DeletedMailPart } from "../parts/deleted_mail.tsx";
import { SetUpData } from "../parts/set_up_data.tsx";
import { SignIns } from "../parts/sign_ins.tsx";
import { StorageChoice } from "../parts/storage_choice.tsx";

export default function AccountPage({ address }: { address: string }): ReactNode {
  const found = useQuery(accountQuery(address));
  const [tab, setTab] = useParam("tab", "overview");
  const [action, setAction] = useState<AccountAction | null>(null);
  const unlock = useUnlock();
  const account = found.data;

  if (account === undefined) {
    const isGone = found.error instanceof Problem && found.error.type === "no_such_account";
    return (
      <Page title={address}>
        {isGone ? (
          <div className="card">
            <Empty
              icon="accounts"
              action={
                <div className="row">
                  <Button onClick={() => navigate("/accounts")}>{t("account.to_list")}</Button>
                  <Button variant="default" onClick={() => navigate("/restore?show=accounts")}>
                    {t("nav.restore")}
                  </Button>
                </div>
              }
            >
              {t("account.gone", { subject: address })}
            </Empty>
          </div>
        ) : found.isError ? (
          <Refusal error={found.error} onRetry={() => void found.refetch()} />
        ) : (
          <div className="card">
            <Skeletons lines={6} height={18} />
          </div>
        )}
      </Page>
    );
  }
  return (
    <>
      <Link to="/accounts" className="back-link">
        <Icon name="back" size={16} /> {t("nav.accounts")}
      </Link>
      <Page
        title={account.display}
        heading={<Address of={account.display} />}
        line={
          <span className="row">
            <span>{account.display_name}</span>
            <AccountState of={account} />
            <CopyIcon text={account.address} what={t("account.address")} />
          </span>
        }
        actions={
          <>
            <Button leftSection={<Icon name="key" size={18} />} onClick={() => setAction("password")}>
              {t("password.change")}
            </Button>
            <Menu>
              <Menu.Target>
                <ActionIcon variant="default" size={36} aria-label={t("frame.more_actions")}>
                  <Icon name="more" />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<Icon name="at" />} onClick={() => setAction("rename")}>
                  {t("account.rename")}
                </Menu.Item>
                <Menu.Item leftSection={<Icon name="search" />} onClick={() => navigate(`/detective?q=${encodeURIComponent(account.address)}`)}>
                  {t("account.find_mail")}
                </Menu.Item>
                {account.active ? (
                  <Menu.Item leftSection={<Icon name="lock" />} onClick={() => setAction("lock")}>
                    {t("account.lock")}
                  </Menu.Item>
                ) : (
                  <Menu.Item leftSection={<Icon name="lock" />} onClick={() => unlock(account.address)}>
                    {t("account.unlock")}
                  </Menu.Item>
                )}
                <Menu.Item leftSection={<Icon name="trash" />} onClick={() => setAction("remove")}>
                  {t("account.remove")}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        }
      >
        <div className="stack wide">
          {!account.active && (
            <Notice
              tone="bad"
              icon="lock"
              title={t("account.is_locked")}
              actions={
                <Button size="xs" variant="default" onClick={() => unlock(account.address)}>
                  {t("account.unlock")}
                </Button>
              }
            >
              {t("account.lock_effect")}
            </Notice>
          )}
          {account.sending === "frozen" && <SendingFrozen account={account} />}
          <Tabs value={tab} onChange={(next) => setTab(next ?? "")} keepMounted={false}>
            <Tabs.List aria-label={account.display}>
              <Tabs.Tab value="overview">{t("account.tab_overview")}</Tabs.Tab>
              <Tabs.Tab value="data">{t("data.title")}</Tabs.Tab>
              <Tabs.Tab value="addresses">{t("account.tab_addresses")}</Tabs.Tab>
              <Tabs.Tab value="sign-ins">{t("account.tab_sign_ins")}</Tabs.Tab>
              <Tabs.Tab value="restore">{t("nav.restore")}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="overview" pt={24}>
              <AccountAbout key={account.address} account={account} />
            </Tabs.Panel>
            <Tabs.Panel value="data" pt={24}>
              <SetUpData account={account} onPassword={() => setAction("password")} />
            </Tabs.Panel>
            <Tabs.Panel value="addresses" pt={24}>
              <AccountAddresses key={account.address} account={account} />
            </Tabs.Panel>
            <Tabs.Panel value="sign-ins" pt={24}>
              <SignIns account={account} />
            </Tabs.Panel>
            <Tabs.Panel value="restore" pt={24}>
              <DeletedMailPart key={account.address} address={account.address} />
            </Tabs.Panel>
          </Tabs>
        </div>
      </Page>
      {action !== null && <AccountDialog action={action} account={account} onClose={() => setAction(null)} />}
    </>
  );
}

function SendingFrozen({ account }: { account: Account }): ReactNode {
  const allow = useChange(() => call("account/unfreeze", { address: account.address }), ["account", "queue"], () => t("account.sends_again", { subject: account.address }));
  return (
    <Notice
      tone="bad"
      icon="pause"
      title={t("account.frozen")}
      actions={
        <Button size="xs" variant="default" loading={allow.isPending} onClick={() => allow.mutate()}>
          {t("account.unfreeze")}
        </Button>
      }
    >
      {t("account.frozen_effect")}
      <Refusal error={allow.error} />
    </Notice>
  );
}

function AccountAbout({ account }: { account: Account }): ReactNode {
  const [form, setForm] = useState({ name: account.display_name, note: account.note, quota: account.quota_octets });
  const changed = form.name !== account.display_name || form.note !== account.note || form.quota !== account.quota_octets;
  const save = useChange(
    () => call("account/set", { address: account.address, display_name: form.name.trim(), note: form.note.trim(), quota_octets: form.quota }),
    ["account"],
    () => t("account.saved"),
  );
  const file = useChange((on: boolean) => call("account/set", { address: account.address, files_sent: on }), ["account"], () => t("account.saved"));
  useEffect(() => {
    guardLeaving(changed ? () => window.confirm(t("frame.unsaved")) : null);
    return () => guardLeaving(null);
  }, [changed]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  const part = account.quota_octets === 0 ? null : account.octets / account.quota_octets;
  const facts: ReadonlyArray<readonly [TextKey, string]> = [
    ["account.messages", number(account.messages)],
    ["account.sent_day", t("account.sent_day_value", { count: account.sent_messages, others: account.sent_recipients })],
    ["account.created", day(account.created_at)],
  ];
  return (
    <div className="columns">
      <Card title={t("account.about")}>
        <form className="stack form" onSubmit={submit}>
          <TextInput label={t("account.name")} value={form.name} maxLength={120} onChange={(event) => setForm({ ...form, name: event.currentTarget.value })} />
          <StorageChoice value={form.quota} onChange={(quota) => setForm({ ...form, quota })} />
          <Textarea
            label={t("account.note")}
            description={t("account.note_help")}
            autosize
            minRows={2}
            maxRows={6}
            value={form.note}
            onChange={(event) => setForm({ ...form, note: event.currentTarget.value.replace(/\n/g, " ") })}
          />
          <Refusal error={save.error} />
          <div className="row">
            <Button type="submit" disabled={!changed} loading={save.isPending}>
              {t("frame.save")}
            </Button>
            {changed && (
              <Button variant="default" onClick={() => setForm({ name: account.display_name, note: account.note, quota: account.quota_octets })}>
                {t("frame.cancel")}
              </Button>
            )}
          </div>
        </form>
      </Card>
      <div className="stack wide">
        <Card title={t("account.storage")}>
          <div className="stack tight">
            <div className="figure">{octets(account.octets)}</div>
            <p className="dim small">{part === null ? t("account.no_limit") : t("account.of_limit", { all: octets(account.quota_octets), part: Math.round(part * 100) })}</p>
            {part !== null && <Bar part={part} label={t("account.storage")} />}
          </div>
          <dl className="facts" style={{ marginTop: 16 }}>
            {facts.map(([key, value]) => (
              <div key={key}>
                <dt>{t(key)}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </Card>
        <Card title={t("account.sent")}>
          <Switch
            label={t("account.files_sent")}
            description={t("account.files_sent_help")}
            checked={account.files_sent}
            disabled={file.isPending}
            onChange={(event) => file.mutate(event.currentTarget.checked)}
          />
          <Refusal error={file.error} />
        </Card>
      </div>
    </div>
  );
}
