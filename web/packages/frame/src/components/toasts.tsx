import { Button, CloseButton } from "@mantine/core";
import { useSyncExternalStore, type ReactNode } from "react";
import { t } from "../catalogue.ts";
import { Icon } from "../icons.tsx";

export interface ToastOptions {
  failed?: boolean;
  undo?: () => void;
}
interface Toast extends ToastOptions {
  id: number;
  text: string;
}

let shown: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function put(next: readonly Toast[]): void {
  shown = next;
  for (const told of listeners) told();
}

export function dismiss(id: number): void {
  put(shown.filter((one) => one.id !== id));
}

/// Says at the bottom right what was done: for 5 s, with a way back for 10 s.
export function toast(text: string, options: ToastOptions = {}): void {
  const id = ++lastId;
  put([...shown.slice(-2), { id, text, ...options }]);
  setTimeout(() => dismiss(id), options.undo === undefined ? 5000 : 10_000);
}

export function Toasts(): ReactNode {
  const all = useSyncExternalStore(
    (told) => {
      listeners.add(told);
      return () => listeners.delete(told);
    },
    () => shown,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {all.map((one) => (
        <div key={one.id} className={one.failed === true ? "toast failed" : "toast"}>
          <Icon name={one.failed === true ? "alert" : "check"} size={20} />
          <span className="grow">{one.text}</span>
          {one.undo !== undefined && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                one.undo?.();
                dismiss(one.id);
              }}
            >
              {t("frame.undo")}
            </Button>
          )}
          <CloseButton size="sm" aria-label={t("frame.close")} onClick={() => dismiss(one.id)} />
        </div>
      ))}
    </div>
  );
}
