import styles from "./Choice.module.css";
import { LongChoice } from "./LongChoice.tsx";

const MOST = 200; // that a browser's own list has; more are searched

export interface ChoiceProps {
  label: string;
  /** Where the label stands; `hidden` is for assistive technology only. */
  place?: "before" | "above" | "hidden";
  value: string;
  options: readonly (readonly [value: string, text: string])[];
  onChange: (value: string) => void;
}

/** One of several, as the browser's own list while that is short. */
export function Choice(props: ChoiceProps) {
  const { label, place = "before", value, options, onChange } = props;
  if (options.length > MOST) return <LongChoice {...props} />;
  return (
    <label className={styles.choice} data-place={place}>
      <span className={place === "hidden" ? "sr-only" : undefined}>{label}</span>
      <select value={value} title={label} onChange={(event) => onChange(event.target.value)}>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
