import { useState } from "react";
import { Button, IconButton } from "@/components/Button.tsx";
import { Markdown } from "@/components/Markdown.tsx";
import { Card } from "./Card.tsx";
import styles from "./Overview.module.css";

export function Description({ text, save }: { text: string; save: (text: string) => void }) {
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
          <p className={styles.none}>What was this run for?</p>
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
