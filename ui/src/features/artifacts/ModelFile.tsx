/** An MLmodel file: how to load the model, what it takes and gives, its flavors. */
import { useQuery } from "@tanstack/react-query";
import { excerpt, yamlFile } from "@/api/artifacts.ts";
import { Code } from "@/components/Code.tsx";
import { Signature } from "@/components/Signature.tsx";
import { Snippet } from "@/components/Snippet.tsx";
import { Skeleton } from "@/components/State.tsx";
import styles from "./ArtifactsPage.module.css";

export function ModelFile({ runId, path }: { runId: string; path: string }) {
  const { data: model, error } = useQuery(yamlFile(runId, path));
  const text = useQuery(excerpt(runId, path)).data?.text;
  const folder = path.slice(0, path.lastIndexOf("/"));
  const flavors = Object.keys((model?.flavors ?? {}) as object);
  return (
    <>
      <div className={styles.model}>
        <Snippet code={loading(`runs:/${runId}/${folder}`, flavors)} />
        {error && <p>{error.message}</p>}
        {model && <Signature signature={model.signature} />}
      </div>
      {text === undefined ? <Skeleton /> : <Code text={text} name={path} />}
    </>
  );
}

/** Lines that load a model as a function and, where its framework is known, as itself. */
export function loading(uri: string, flavors: readonly string[]): string {
  const own = flavors.find((flavor) => flavor !== "python_function");
  const lines = ["import mlflow", "", `model = mlflow.pyfunc.load_model("${uri}")`, "model.predict(data)"];
  if (own && /^\w+$/.test(own)) lines.push("", `native = mlflow.${own}.load_model("${uri}")`);
  return lines.join("\n");
}
