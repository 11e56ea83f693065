/** A run's state as a shape and a word; colour only repeats it. */
import styles from "./Status.module.css";

const LABELS: Record<string, string> = {
  RUNNING: "Running",
  SCHEDULED: "Scheduled",
  FINISHED: "Finished",
  FAILED: "Failed",
  KILLED: "Killed",
  STALE: "No sign of life",
};

const SHAPES: Record<string, string> = {
  RUNNING: "M8 4.5V8l2.3 1.5",
  SCHEDULED: "M5.5 8h.01M8 8h.01M10.5 8h.01",
  FINISHED: "M5 8.2 7.2 10.3 11 6",
  FAILED: "M5.8 5.800l4.4 4.400M10.2 5.800l-4.4 4.4",
  KILLED: "M5 8h6",
  STALE: "M8 4.800v3.700M8 11.100h.01",
};

export function Status({ status, word = false }: { status: string; word?: boolean }) {
  const label = LABELS[status] ?? status;
  return (
    <span className={styles.status} data-status={status} title={label}>
      <svg
        width="16"
        height="16"
        viewBox="0 0 16 16"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeLinecap="round"
      >
        <circle
          cx="8"
          cy="8"
          r="6.5"
          strokeWidth="1.3"
          strokeDasharray={status === "STALE" ? "2.5 2" : undefined}
        />
        <path d={SHAPES[status] ?? ""} strokeWidth="1.5" strokeLinejoin="round" />
      </svg>
      {word ? label : <span className="sr-only">{label}</span>}
    </span>
  );
}
