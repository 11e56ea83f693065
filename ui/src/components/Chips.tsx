import styles from "./TagChips.module.css";

/** Words that belong together, such as the events of a webhook. */
export function Chips({ words }: { words: readonly string[] }) {
  return (
    <span className={styles.chips}>
      {words.map((word) => (
        <span key={word} className={styles.chip} title={word}>
          <span>{word}</span>
        </span>
      ))}
    </span>
  );
}
