import { Pill, PillsInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { t } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import { useId, useState, type KeyboardEvent, type ReactNode } from "react";
import { call } from "../api/client.ts";
import { readAddress } from "./address.ts";

interface AddressesInputProps {
  label: string;
  description?: ReactNode;
  value: readonly string[];
  onChange: (value: string[]) => void;
  /// Of a name that is typed without one.
  domain: string;
  error?: string | undefined;
  placeholder?: string;
}

/// Several addresses, each a pill; accounts are suggested while typing.
export function AddressesInput({ label, description, value, onChange, domain, error, placeholder }: AddressesInputProps): ReactNode {
  const [typed, setTyped] = useState("");
  const [fault, setFault] = useState<string>();
  const [chosen, setChosen] = useState(-1);
  const [open, setOpen] = useState(false);
  const [asked] = useDebouncedValue(typed.trim(), 150);
  const list = useId();
  const found = useQuery({
    queryKey: ["account", "suggest", asked],
    queryFn: ({ signal }) => call("account/list", { filter: asked }, { signal }),
    enabled: asked.length > 0,
    staleTime: 30_000,
  });
  const suggestions = asked === "" ? [] : (found.data?.accounts ?? []).filter((one) => !value.includes(one.address)).slice(0, 6);
  const isOpen = open && suggestions.length > 0 && typed !== "";

  const add = (text: string): boolean => {
    const parts = text.split(/[,;]+/).filter((one) => one.trim() !== "");
    const read = parts.map((one) => readAddress(one, domain));
    const wrong = parts.find((_, i) => read[i] === null);
    if (wrong !== undefined) {
      setFault(t("problem.not_an_address", { subject: wrong.trim() }));
      return false;
    }
    const fresh = read.filter((one): one is string => one !== null && !value.includes(one));
    if (fresh.length > 0) onChange([...value, ...new Set(fresh)]);
    setTyped("");
    setFault(undefined);
    setChosen(-1);
    return true;
  };
  const pressed = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "ArrowDown" && isOpen) setChosen((chosen + 1) % suggestions.length);
    else if (event.key === "ArrowUp" && isOpen) setChosen((chosen + suggestions.length) % (suggestions.length + 1) - 1);
    else if (event.key === "Escape" && isOpen) setOpen(false);
    else if ((event.key === "Enter" || event.key === ",") && typed.trim() !== "") add(isOpen && chosen >= 0 ? (suggestions[chosen]?.address ?? typed) : typed);
    else if (event.key === "Backspace" && typed === "" && value.length > 0) return onChange(value.slice(0, -1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div style={{ position: "relative" }}>
      <PillsInput label={label} description={description} error={fault ?? error}>
        <Pill.Group>
          {value.map((one) => (
            <Pill
              key={one}
              withRemoveButton
              onRemove={() => onChange(value.filter((other) => other !== one))}
              removeButtonProps={{ "aria-label": t("address.remove", { subject: one }), "aria-hidden": false, tabIndex: 0 }}
            >
              {one}
            </Pill>
          ))}
          <PillsInput.Field
            value={typed}
            placeholder={value.length === 0 ? placeholder : undefined}
            role="combobox"
            aria-label={label}
            aria-expanded={isOpen}
            aria-controls={list}
            aria-activedescendant={isOpen && chosen >= 0 ? `${list}-${String(chosen)}` : undefined}
            aria-autocomplete="list"
            autoComplete="off"
            inputMode="email"
            onChange={(event) => {
              setTyped(event.currentTarget.value.toLowerCase());
              setFault(undefined);
              setOpen(true);
            }}
            onKeyDown={pressed}
            onBlur={() => {
              setOpen(false);
              if (typed.trim() !== "") add(typed);
            }}
          />
        </Pill.Group>
      </PillsInput>
      {isOpen && (
        <ul className="suggestions" id={list} role="listbox" aria-label={label}>
          {suggestions.map((one, i) => (
            <li
              key={one.address}
              id={`${list}-${String(i)}`}
              role="option"
              aria-selected={i === chosen}
              onMouseDown={(event) => {
                event.preventDefault();
                add(one.address);
              }}
            >
              <span className="anywhere">{one.display}</span> <span className="dim small">{one.display_name}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
