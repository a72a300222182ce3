import { NativeSelect } from "@mantine/core";
import { octets, t } from "@hauspost/frame";
import type { ReactNode } from "react";

const giga = 1024 ** 3;
export const defaultQuota = 5 * giga;
const presets = [1, 5, 10, 50].map((one) => one * giga);

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
