import { Link } from "@tanstack/react-router";
import styles from "./ExperimentTabs.module.css";

const TABS = [
  ["/experiments/$experimentId", "Runs"],
  ["/experiments/$experimentId/sweep", "Sweep"],
  ["/experiments/$experimentId/images", "Images"],
  ["/experiments/$experimentId/models", "Models"],
  ["/experiments/$experimentId/datasets", "Datasets"],
  ["/experiments/$experimentId/notes", "Notes"],
] as const;

/** The parts of an experiment. */
export function ExperimentTabs({ experimentId }: { experimentId: string }) {
  return (
    <nav className={styles.tabs} aria-label="Parts of the experiment">
      {TABS.map(([to, title]) => (
        <Link
          key={to}
          to={to}
          params={{ experimentId }}
          search={{}}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ "aria-current": "page" }}
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}
