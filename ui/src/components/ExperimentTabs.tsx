import { Link, type LinkProps } from "@tanstack/react-router";
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
    <Tabs
      label="Parts of the experiment"
      links={TABS.map(([to, title]) => [title, { to, params: { experimentId }, search: {} }])}
    />
  );
}

/** What there is of several experiments. */
export function SeveralTabs({ e }: { e: string[] | undefined }) {
  return (
    <Tabs
      label="Parts of the experiments"
      links={[
        ["Runs", { to: "/runs", search: { e } }],
        ["Sweep", { to: "/runs/sweep", search: { e } }],
      ]}
    />
  );
}

function Tabs({ label, links }: { label: string; links: readonly [title: string, link: LinkProps][] }) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {links.map(([title, link]) => (
        <Link
          key={title}
          {...link}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ "aria-current": "page" }}
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}
