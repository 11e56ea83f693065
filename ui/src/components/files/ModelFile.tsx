/** An MLmodel file: how to load the model, what it takes and gives, its flavors. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { excerpt, yamlFile } from "@/api/artifacts.ts";
import type { Files } from "@/api/files.ts";
import { formatBytes } from "@/lib/format.ts";
import { loadingCode } from "@/lib/loadingCode.ts";
import { Button } from "../Button.tsx";
import { Code } from "../Code.tsx";
import { RegisterDialog } from "../RegisterDialog.tsx";
import { Signature } from "../Signature.tsx";
import { Snippet } from "../Snippet.tsx";
import { Skeleton } from "../State.tsx";
import styles from "./Files.module.css";

export function ModelFile({ files, path }: { files: Files; path: string }) {
  const { data: model, error } = useQuery(yamlFile(files, path));
  const [registering, setRegistering] = useState(false);
  const text = useQuery(excerpt(files, path)).data?.text;
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const flavors = Object.keys((model?.flavors ?? {}) as object);
  return (
    <>
      <div className={styles.model}>
        <Snippet code={loadingCode(files.uri(folder), flavors)} />
        {model && files.register && (
          <p>
            <Button icon="box" onClick={() => setRegistering(true)}>
              Register this model
            </Button>
          </p>
        )}
        {error && <p>{error.message}</p>}
        {model && <p className={styles.about}>{aboutModel(model).join(" · ")}</p>}
        {model && <Signature signature={model.signature} />}
      </div>
      {registering && files.register && (
        <RegisterDialog source={files.register(folder, model ?? {})} onClose={() => setRegistering(false)} />
      )}
      {text === undefined ? <Skeleton /> : <Code text={text} name={path} />}
    </>
  );
}

/** Its flavors, how large it is, and what it was made with. */
function aboutModel({ flavors, model_size_bytes: size, mlflow_version }: Record<string, unknown>): string[] {
  const known = (flavors ?? {}) as Record<string, { python_version?: unknown } | null>;
  const python = known.python_function?.python_version;
  return [
    Object.keys(known).join(", "),
    typeof size === "number" ? formatBytes(size) : "",
    mlflow_version ? `MLflow ${mlflow_version}` : "",
    python ? `Python ${python}` : "",
  ].filter(Boolean);
}
