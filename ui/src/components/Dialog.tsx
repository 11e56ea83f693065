import { Modal } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { useLeaving } from "@/lib/useLeaving.ts";
import { useSubmit } from "@/lib/useSubmit.ts";
import { Button } from "./Button.tsx";
import styles from "./Dialog.module.css";
import { Field } from "./Field.tsx";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  width?: number;
  /** For what grows and shrinks as one types: it hangs from the top, so that nothing above moves. */
  hanging?: boolean;
  /** Whether the address says that it is open, so that going back closes it in any case. */
  inAddress?: boolean;
}

export function Dialog({
  title,
  onClose,
  children,
  width = 440,
  hanging = false,
  inAddress = false,
}: DialogProps) {
  useLeaving(!inAddress, onClose);
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={width}
      centered={!hanging}
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
  const { send, failure, busy } = useSubmit(() => submit(name.trim()).then(onClose));
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
  /** What has to be typed first, where a slip would cost much. */
  typed?: string;
  onClose: () => void;
  onConfirm: () => void;
}

export function Confirm({ title, children, action, typed, onClose, onConfirm }: ConfirmProps) {
  const [text, setText] = useState("");
  const confirm = (event: FormEvent) => {
    event.preventDefault();
    onClose();
    onConfirm();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={styles.form} onSubmit={confirm}>
        <div>{children}</div>
        {typed && (
          <Field
            label={`Type ${typed} to go on`}
            visibleLabel
            value={text}
            autoComplete="off"
            onChange={(event) => setText(event.target.value)}
            data-autofocus
          />
        )}
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="danger"
            disabled={typed !== undefined && text.trim() !== typed.trim()}
            data-autofocus={typed ? undefined : true}
          >
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
