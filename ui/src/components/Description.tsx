import { useEffect, useRef, useState } from "react";
import { Button, IconButton } from "./Button.tsx";
import styles from "./Card.module.css";
import { Card } from "./Card.tsx";
import { Markdown } from "./Markdown.tsx";

/** The tag that holds the description of what has tags. */
export const NOTE_TAG = "mlflow.note.content";

interface DescriptionProps {
  text: string;
  /** What stands there while there is none. */
  ask: string;
  save: (text: string) => void;
}

export function Description({ text, ask, save }: DescriptionProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const box = useRef<HTMLElement>(null);
  const editing = draft !== null;
  const before = useRef(editing);
  useEffect(() => {
    if (before.current === editing) return;
    before.current = editing;
    // from the button to the text and back, as each of them goes when the other comes
    box.current?.querySelector<HTMLElement>(editing ? "textarea" : "header button")?.focus();
  }, [editing]);
  const done = () => {
    if (draft !== null && draft !== text) save(draft);
    setDraft(null);
  };
  return (
    <Card
      ref={box}
      title="Description"
      aside={
        !editing && <IconButton icon="pencil" label="Edit the description" onClick={() => setDraft(text)} />
      }
    >
      {!editing ? (
        text ? (
          <Markdown text={text} />
        ) : (
          <p className={styles.none}>{ask}</p>
        )
      ) : (
        <div className={styles.edit}>
          <textarea
            aria-label="Description"
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
          />
          <div>
            <Button look="primary" onClick={done}>
              Save
            </Button>
            <Button onClick={() => setDraft(null)}>Cancel</Button>
          </div>
        </div>
      )}
    </Card>
  );
}
