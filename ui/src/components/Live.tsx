import { useConnection } from "@/api/events.ts";
import styles from "./Live.module.css";

/** Says how many runs train while what is on screen follows them. */
export function Live({ running = 0 }: { running?: number }) {
  const connection = useConnection((state) => state.state);
  if (!running || connection !== "open") return null;
  return (
    <span className={styles.live}>
      <i /> Live · {running} running
    </span>
  );
}

/** Says that the server is being looked for, on every screen that follows something. */
export function Lost() {
  const lost = useConnection((state) => state.state) === "lost";
  if (!lost) return null;
  return (
    <span className={styles.live} data-state="lost" role="status">
      <i /> Reconnecting…
    </span>
  );
}
