import { Link } from "@tanstack/react-router";
import type { LoggedModel } from "@/api/loggedModels.ts";
import styles from "./LoggedModels.module.css";

export function VersionLinks({ versions }: { versions: LoggedModel["versions"] }) {
  return (
    <span className={styles.chips}>
      {versions.map(({ name, version }) => (
        <Link
          key={`${name} ${version}`}
          className={styles.version}
          to="/models/$name/$version"
          params={{ name, version }}
          search={{}}
        >
          {name} v{version}
        </Link>
      ))}
    </span>
  );
}
