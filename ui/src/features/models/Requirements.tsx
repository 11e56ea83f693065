import { Card } from "@/components/Card.tsx";
import { Snippet } from "@/components/Snippet.tsx";
import styles from "./Models.module.css";
import { useRequirements } from "./useRequirements.ts";

/** The packages a version needs, as its own file tells; nothing where it has none. */
export function Requirements({ name, version }: { name: string; version: string }) {
  const text = useRequirements(name, version);
  if (!text?.trim()) return null;
  return (
    <Card title="Requirements" count={text.trim().split("\n").length}>
      <div className={styles.inset}>
        <Snippet code={text.trimEnd()} label="Requirements" />
      </div>
    </Card>
  );
}
