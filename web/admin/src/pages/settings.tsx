import { Button, NativeSelect, Switch, TextInput } from "@mantine/core";
import { Card, findText, Page, problemOf, problemText, Refusal, Skeletons, t, toast } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { call } from "../api/client.ts";
import type { Setting } from "../api/contract.ts";
import { settingsQuery, useChange } from "../api/queries.ts";
import { choicesOf, isInDays, settingGroups, settingKey, settingTitle, shownValue, typedValue, valueWords, type SettingGroup } from "../parts/setting.ts";

/// What the owner decides, where the configuration file leaves it to him.
export default function SettingsPage(): ReactNode {
  const list = useQuery(settingsQuery);
  return (
    <Page title={t("nav.settings")} line={t("settings.line")}>
      <div className="stack">
        <Refusal error={list.error} onRetry={() => void list.refetch()} />
        {list.isPending && (
          <Card>
            <Skeletons lines={8} height={18} />
          </Card>
        )}
        {list.data !== undefined && settingGroups.map((group) => <Group key={group.key} group={group} all={list.data} />)}
      </div>
    </Page>
  );
}

function Group({ group, all }: { group: SettingGroup; all: readonly Setting[] }): ReactNode {
  const rows = group.names.flatMap((name) => all.filter((one) => one.name === name));
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const changed = rows.filter((one) => one.source !== "file" && typed[one.name] !== undefined && typed[one.name] !== shownValue(one));
  const set = useChange(({ one, value }: { one: Setting; value: string }) => call("setting/set", { name: one.name, value, seen: one.value }), ["setting", "password-rules"]);
  const reset = useChange((one: Setting) => call("setting/reset", { name: one.name, seen: one.value }), ["setting", "password-rules"]);
  const forget = (name: string): void => {
    setTyped(({ [name]: _, ...rest }) => rest);
    setFaults(({ [name]: _, ...rest }) => rest);
  };
  const fault = (name: string, why: unknown): void => setFaults((before) => ({ ...before, [name]: faultText(why) }));
  const say = (made: readonly Setting[]): void => toast(t(made.some((one) => one.waits) ? "settings.saved_later" : "settings.saved"));
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const made: Setting[] = [];
    for (const one of changed) {
      try {
        made.push(await set.mutateAsync({ one, value: typedValue(one, typed[one.name] ?? "") }));
        forget(one.name);
      } catch (why) {
        fault(one.name, why);
      }
    }
    if (made.length > 0) say(made);
  };
  const back = (one: Setting): void =>
    reset.mutate(one, {
      onSuccess: (made) => {
        forget(one.name);
        say([made]);
      },
      onError: (why) => fault(one.name, why),
    });
  return (
    <Card title={findText(`settings.group_${group.key}`) ?? ""} line={findText(`settings.group_${group.key}_line`)}>
      <form className="stack form" noValidate onSubmit={(event) => void save(event)}>
        {rows.map((one) => (
          <Field
            key={one.name}
            one={one}
            value={typed[one.name] ?? shownValue(one)}
            fault={faults[one.name]}
            onChange={(value) => {
              setTyped((before) => ({ ...before, [one.name]: value }));
              setFaults(({ [one.name]: _, ...rest }) => rest);
            }}
            onReset={() => back(one)}
          />
        ))}
        <div className="row">
          <Button type="submit" loading={set.isPending} disabled={changed.length === 0}>
            {t("frame.save")}
          </Button>
        </div>
      </form>
    </Card>
  );
}

/// Where another was quicker nothing says at which field.
function faultText(why: unknown): string {
  return problemOf(why).type === "changed_meanwhile" ? t("settings.conflict") : problemText(why);
}

interface FieldProps {
  one: Setting;
  value: string;
  fault: string | undefined;
  onChange: (value: string) => void;
  onReset: () => void;
}

function Field({ one, value, fault, onChange, onReset }: FieldProps): ReactNode {
  const label = settingTitle(one.name);
  const isFixed = one.source === "file";
  const help = findText(`setting.${settingKey(one.name)}_help`);
  const description = isFixed ? t("settings.fixed", { subject: one.name, number: one.line }) : help;
  const choices = choicesOf(one);
  return (
    <div className="stack lines">
      {one.kind === "flag" ? (
        <Switch label={label} description={description} checked={value === "on"} disabled={isFixed} error={fault} onChange={(event) => onChange(event.currentTarget.checked ? "on" : "off")} />
      ) : choices !== null ? (
        <NativeSelect label={label} description={description} data={choices} value={value} disabled={isFixed} error={fault} onChange={(event) => onChange(event.currentTarget.value)} />
      ) : (
        <TextInput
          label={label}
          description={description}
          value={value}
          readOnly={isFixed}
          {...(isFixed ? { classNames: { input: "fixed-input" } } : {})}
          error={fault}
          inputMode={one.kind === "count" || isInDays(one) ? "numeric" : "text"}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
      {one.waits && <span className="small text-warn">{t("settings.waits", { subject: valueWords(one, one.in_force) })}</span>}
      {one.source === "owner" && (
        <span className="small dim">
          {t("settings.usual", { subject: valueWords(one, one.default) })}{" "}
          <button type="button" className="text-button small" aria-label={t("settings.reset_of", { subject: label })} onClick={onReset}>
            {t("settings.reset")}
          </button>
        </span>
      )}
    </div>
  );
}
