import { useConnection } from "@/api/events.ts";
import { queryClient } from "@/api/queryClient.ts";
import { useSettings } from "@/lib/settings.ts";
import { useAnnounced } from "@/lib/useAnnounced.ts";
import styles from "./Live.module.css";

/** Says how many runs train while what is on screen follows them; pressed it stands still until it is pressed again. */
export function Live({ running }: { running?: number }) {
  const connection = useConnection((state) => state.state);
  const { live, change } = useSettings();
  useAnnounced("running", running === undefined ? undefined : `${running} running`, "");
  const toggle = () => {
    change({ live: !live });
    if (!live) void queryClient.invalidateQueries(); // also where nothing was followed so far
  };
  if (!running || (live && connection !== "open")) return null;
  return (
    <button
      type="button"
      className={styles.live}
      data-state={live ? "live" : "paused"}
      title={live ? "Pause live updates" : "Go on with live updates"}
      aria-pressed={live}
      onClick={toggle}
    >
      <i /> {live ? "Live" : "Paused"} · {running} running
    </button>
  );
}

/** Says that the server is being looked for, on every screen that follows something. */
export function Lost() {
  const lost = useConnection((state) => state.state) === "lost";
  useAnnounced("connection", lost ? "The server is not reached" : "The server is reached", "");
  if (!lost) return null;
  return (
    <span className={styles.live} data-state="lost">
      <i /> Reconnecting…
    </span>
  );
}
