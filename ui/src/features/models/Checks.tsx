import type { RegistryEvent } from "@/api/models.ts";
import styles from "./Models.module.css";

/** What checks found, with the facts behind it. */
export function Checks({ evidence }: { evidence: NonNullable<RegistryEvent["evidence"]> }) {
  return (
    <ul className={styles.checks}>
      {evidence.map(({ check, passed = true, reason, details }) => (
        <li key={check} data-passed={passed}>
          {passed ? "✓" : "✗"} {check}
          {reason && `: ${reason}`}
          {Object.keys(details ?? {}).length > 0 && (
            <small>
              {Object.entries(details as Record<string, unknown>)
                .map(([key, value]) => `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`)
                .join(", ")}
            </small>
          )}
        </li>
      ))}
    </ul>
  );
}
