import styles from "./CardSearch.module.css";
import { Field } from "./Field.tsx";

const SEARCHABLE = 8; // rows from which a search is worth its room

interface CardSearchProps {
  label: string;
  text: string;
  onText: (text: string | undefined) => void;
  /** How many rows there are to search. */
  of: number;
}

/** Beside the title of a card with many rows. */
export function CardSearch({ label, text, onText, of }: CardSearchProps) {
  if (of < SEARCHABLE && !text) return null;
  return (
    <div className={styles.search}>
      <Field
        label={label}
        icon="search"
        value={text}
        onChange={(event) => onText(event.target.value || undefined)}
      />
    </div>
  );
}
