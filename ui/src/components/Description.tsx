import { useState } from "react";
import { Button, IconButton } from "./Button.tsx";
import styles from "./Card.module.css";
import { Card } from "./Card.tsx";
import { Markdown } from "./Markdown.tsx";

interface DescriptionProps {
  text: string;
  /** What stands there while there is none. */
  ask: string;
  save: (text: string) => void;
}

export function Description({ text, ask, save }: DescriptionProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const done = () => {
    if (draft !== null) save(draft);
    setDraft(null);
  };
  return (
    <Card
      title="Description"
      aside={
        draft === null && (
          <IconButton icon="pencil" label="Edit the description" onClick={() => setDraft(text)} />
        )
      }
    >
      {draft === null ? (
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
