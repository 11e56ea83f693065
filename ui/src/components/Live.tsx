import { useConnection } from "@/api/events.ts";
import styles from "./Live.module.css";

/** Says that what is on screen follows what happens, or that the server is being looked for. */
export function Live({ running = 0 }: { running?: number }) {
  const connection = useConnection((state) => state.state);
  if (connection === "lost") {
    return (
      <span className={styles.live} data-state="lost">
        <i /> Reconnecting…
      </span>
    );
  }
  if (!running || connection !== "open") return null;
  return (
    <span className={styles.live}>
      <i /> Live · {running} running
    </span>
  );
}
