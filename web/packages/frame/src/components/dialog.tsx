import { Button, CloseButton, Modal } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { t } from "../catalogue.ts";
import { Refusal } from "./basics.tsx";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  size?: number;
}

/// Modal.Header would be a second banner landmark, so its head is a plain element; Modal.Title names the
/// dialog.
export function Dialog({ title, onClose, children, size = 520 }: DialogProps): ReactNode {
  return (
    <Modal.Root opened onClose={onClose} size={size} centered={false} className="full-on-phone">
      <Modal.Overlay />
      <Modal.Content>
        <div className="dialog-head">
          <Modal.Title>{title}</Modal.Title>
          <CloseButton aria-label={t("frame.close")} onClick={onClose} />
        </div>
        <div className="dialog-body">{children}</div>
      </Modal.Content>
    </Modal.Root>
  );
}

interface ConfirmProps {
  title: string;
  /// Repeats the verb: "Konto löschen".
  verb: string;
  destroys?: boolean;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
  children?: ReactNode;
}

/// Asks before something that hurts; stays open with the reason when it was refused.
export function Confirm({ title, verb, destroys = false, onConfirm, onClose, children }: ConfirmProps): ReactNode {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    onConfirm().then(onClose, (why: unknown) => {
      setError(why);
      setBusy(false);
    });
  };
  return (
    <Dialog title={title} onClose={onClose} size={480}>
      <form className="stack" onSubmit={submit}>
        {children}
        <Refusal error={error} />
        <div className="dialog-foot">
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" loading={busy} {...(destroys ? { color: "red" } : {})} data-autofocus>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
