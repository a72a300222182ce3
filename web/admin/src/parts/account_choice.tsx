import { Button, NativeSelect, TextInput } from "@mantine/core";
import { t } from "@hauspost/frame";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { accountsQuery, domainsQuery } from "../api/queries.ts";
import { readAddress } from "./address.ts";

/// More than a list can show are typed.
const mostListed = 300;

interface AccountChoiceProps {
  label: string;
  placeholder: string;
  value: string;
  onChange: (address: string) => void;
}

/// One of the accounts.
export function AccountChoice({ label, placeholder, value, onChange }: AccountChoiceProps): ReactNode {
  const accounts = useInfiniteQuery(accountsQuery("")).data?.pages[0];
  const domain = useQuery(domainsQuery).data?.[0]?.name ?? "";
  const [typed, setTyped] = useState(value);
  const all = accounts?.accounts ?? [];
  if (accounts !== undefined && accounts.next === undefined && all.length <= mostListed) {
    const isListed = value === "" || all.some((one) => one.address === value);
    return (
      <NativeSelect
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        data={[{ value: "", label: placeholder }, ...(isListed ? [] : [{ value, label: value }]), ...all.map((one) => ({ value: one.address, label: one.display }))]}
      />
    );
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const address = readAddress(typed, domain);
    if (address !== null) onChange(address);
  };
  return (
    <form className="row" onSubmit={submit}>
      <TextInput className="search-field" aria-label={label} placeholder={placeholder} autoCapitalize="none" spellCheck={false} value={typed} onChange={(event) => setTyped(event.currentTarget.value.toLowerCase())} />
      <Button type="submit" variant="default">
        {t("restore.choose_this")}
      </Button>
    </form>
  );
}
