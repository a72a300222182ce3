import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { Icon } from "@hauspost/frame";
import { useEffect, useState, type ReactNode } from "react";

/// Says what was typed 150 ms after the last key.
export function SearchField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }): ReactNode {
  const [typed, setTyped] = useState(value);
  const tell = useDebouncedCallback(onChange, 150);
  useEffect(() => setTyped(value), [value]);
  return (
    <TextInput
      className="search-field"
      type="search"
      aria-label={label}
      placeholder={label}
      autoComplete="off"
      leftSection={<Icon name="search" size={18} />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}
