import { Modal, TextInput } from "@mantine/core";
import { useId, useState, type KeyboardEvent, type ReactNode } from "react";
import { t } from "../catalogue.ts";
import { Icon, type IconName } from "../icons.tsx";

export interface PaletteEntry {
  key: string;
  icon: IconName;
  text: string;
  hint?: string;
  run: () => void;
}

/// Search and commands in one field; arrows choose, Enter does it.
export function Palette({ find, onClose }: { find: (typed: string) => readonly PaletteEntry[]; onClose: () => void }): ReactNode {
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const list = useId();
  const found = find(typed.trim());
  const at = Math.min(chosen, Math.max(0, found.length - 1));

  const run = (entry: PaletteEntry | undefined): void => {
    if (entry === undefined) return;
    onClose();
    entry.run();
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") setChosen((at + 1) % Math.max(1, found.length));
    else if (event.key === "ArrowUp") setChosen((at + found.length - 1) % Math.max(1, found.length));
    else if (event.key === "Enter") run(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal.Root opened onClose={onClose} size={560}>
      <Modal.Overlay />
      <Modal.Content aria-label={t("frame.search_label")}>
        <Modal.Body p={12}>
          <TextInput
            data-autofocus
            role="combobox"
            aria-label={t("frame.search_label")}
            aria-expanded={found.length > 0}
            aria-controls={list}
            aria-activedescendant={found.length > 0 ? `${list}-${String(at)}` : undefined}
            aria-autocomplete="list"
            autoComplete="off"
            placeholder={t("frame.search")}
            leftSection={<Icon name="search" size={18} />}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setChosen(0);
            }}
            onKeyDown={pressed}
          />
          {found.length > 0 ? (
            <ul className="palette-list" id={list} role="listbox" aria-label={t("frame.search_label")}>
              {found.map((one, i) => (
                <li
                  key={one.key}
                  id={`${list}-${String(i)}`}
                  role="option"
                  aria-selected={i === at}
                  onPointerMove={() => setChosen(i)}
                  onClick={() => run(one)}
                >
                  <Icon name={one.icon} size={18} />
                  <span className="anywhere">{one.text}</span>
                  {one.hint !== undefined && <span className="hint nowrap">{one.hint}</span>}
                </li>
              ))}
            </ul>
          ) : (
            <p className="dim" style={{ padding: 16 }} role="status">
              {t("frame.nothing_found")}
            </p>
          )}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
