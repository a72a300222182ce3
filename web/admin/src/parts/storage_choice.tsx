import { NativeSelect } from "@mantine/core";
import { octets, t } from "@hauspost/frame";
import type { ReactNode } from "react";
import type { Setting } from "../api/contract.ts";

const giga = 1024 ** 3;
const defaultQuota = 5 * giga;
const presets = [1, 5, 10, 50].map((one) => one * giga);

/// With how much a new account begins: 5 GB where nobody has set it.
export function usualQuota(settings: readonly Setting[] | undefined): number {
  const set = settings?.find((one) => one.name === "accounts.default_quota");
  return set === undefined || set.source === "default" ? defaultQuota : set.number;
}

/// 0: no limit
export function StorageChoice({ value, onChange, description }: { value: number; onChange: (value: number) => void; description?: ReactNode }): ReactNode {
  const all = presets.includes(value) || value === 0 ? presets : [...presets, value].sort((a, b) => a - b);
  return (
    <NativeSelect
      label={t("account.storage")}
      description={description}
      value={String(value)}
      onChange={(event) => onChange(Number(event.currentTarget.value))}
      data={[...all.map((one) => ({ value: String(one), label: octets(one) })), { value: "0", label: t("account.unlimited") }]}
    />
  );
}
