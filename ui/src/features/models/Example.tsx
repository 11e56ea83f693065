import { useQuery } from "@tanstack/react-query";
import { textFile } from "@/api/artifacts.ts";
import { versionFiles } from "@/api/files.ts";
import { modelDocument } from "@/api/models.ts";
import { Card } from "@/components/Card.tsx";
import { Snippet } from "@/components/Snippet.tsx";
import { layJson } from "@/lib/layJson.ts";
import styles from "./Models.module.css";

const MOST = 4000; // characters

/** What the model was given as an example of its input; nothing where there is none, or where it is no text. */
export function Example({ name, version }: { name: string; version: string }) {
  const document = useQuery(modelDocument(name, version)).data;
  const info = (document?.saved_input_example_info ?? {}) as { artifact_path?: unknown };
  const path = typeof info.artifact_path === "string" ? info.artifact_path : "";
  const readable = /\.(json|txt|csv)$/i.test(path);
  const text = useQuery({ ...textFile(versionFiles(name, version), path), enabled: readable, retry: false })
    .data?.text;
  if (!text) return null;
  return (
    <Card title="Input example">
      <div className={styles.inset}>
        <Snippet
          code={text.length > MOST ? `${text.slice(0, MOST)}…` : (layJson(text) ?? text)}
          label="Input example"
        />
      </div>
    </Card>
  );
}
