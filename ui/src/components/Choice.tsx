import styles from "./Choice.module.css";

interface ChoiceProps {
  label: string;
  /** Where the label stands; `hidden` is for assistive technology only. */
  place?: "before" | "above" | "hidden";
  value: string;
  options: readonly (readonly [value: string, text: string])[];
  onChange: (value: string) => void;
}

/** One of several, as the browser's own list. */
export function Choice({ label, place = "before", value, options, onChange }: ChoiceProps) {
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
