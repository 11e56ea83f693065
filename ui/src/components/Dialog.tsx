import { Modal } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "./Button.tsx";
import styles from "./Dialog.module.css";
import { Field } from "./Field.tsx";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  width?: number;
}

export function Dialog({ title, onClose, children, width = 440 }: DialogProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={width}
      centered
      closeButtonProps={{ "aria-label": "Close" }}
      classNames={{ content: styles.content, header: styles.header, title: styles.title, body: styles.body }}
      transitionProps={{ duration: 0 }}
    >
      {children}
    </Modal>
  );
}

interface NameDialogProps {
  title: string;
  label: string;
  action: string;
  start?: string;
  onClose: () => void;
  /** Resolves when it is done; the dialog then closes. A failure is said in the dialog. */
  submit: (name: string) => Promise<unknown>;
}

/** Asks for one text. */
export function NameDialog({ title, label, action, start = "", onClose, submit }: NameDialogProps) {
  const [name, setName] = useState(start);
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await submit(name.trim());
      onClose();
    } catch (error) {
      setFailure((error as Error).message);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={styles.form} onSubmit={send}>
        <Field
          label={label}
          visibleLabel
          value={name}
          onChange={(event) => setName(event.target.value)}
          data-autofocus
        />
        {failure && <p role="alert">{failure}</p>}
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy || !name.trim()}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface ConfirmProps {
  title: string;
  children: ReactNode;
  action: string;
  onClose: () => void;
  onConfirm: () => void;
}

export function Confirm({ title, children, action, onClose, onConfirm }: ConfirmProps) {
  const confirm = () => {
    onClose();
    onConfirm();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div className={styles.form}>
        <div>{children}</div>
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" onClick={confirm} data-autofocus>
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
