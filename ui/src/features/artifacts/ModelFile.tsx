/** An MLmodel file: how to load the model, what it takes and gives, its flavors. */
import { useQuery } from "@tanstack/react-query";
import { excerpt, yamlFile } from "@/api/artifacts.ts";
import { Code } from "@/components/Code.tsx";
import { Signature } from "@/components/Signature.tsx";
import { Snippet } from "@/components/Snippet.tsx";
import { Skeleton } from "@/components/State.tsx";
import { loadingCode } from "@/lib/loadingCode.ts";
import styles from "./ArtifactsPage.module.css";

export function ModelFile({ runId, path }: { runId: string; path: string }) {
  const { data: model, error } = useQuery(yamlFile(runId, path));
  const text = useQuery(excerpt(runId, path)).data?.text;
  const folder = path.slice(0, path.lastIndexOf("/"));
  const flavors = Object.keys((model?.flavors ?? {}) as object);
  return (
    <>
      <div className={styles.model}>
        <Snippet code={loadingCode(`runs:/${runId}/${folder}`, flavors)} />
        {error && <p>{error.message}</p>}
        {model && <Signature signature={model.signature} />}
      </div>
      {text === undefined ? <Skeleton /> : <Code text={text} name={path} />}
    </>
  );
}
