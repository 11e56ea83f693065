import { useToasts } from "@/lib/toasts.ts";
import { Button, IconButton } from "./Button.tsx";
import styles from "./Toasts.module.css";

export function Toasts() {
  const { list, close, hold } = useToasts();
  return (
    <section
      className={styles.stack}
      aria-live="polite"
      aria-label="Messages"
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
    >
      {list.map(({ id, text, failed, action }) => (
        <div key={id} className={styles.toast} data-failed={failed}>
          <p>{text}</p>
          {action && (
            <Button
              look="quiet"
              onClick={() => {
                action.run();
                close(id);
              }}
            >
              {action.label}
            </Button>
          )}
          <IconButton icon="close" label="Close this message" onClick={() => close(id)} />
        </div>
      ))}
    </section>
  );
}
