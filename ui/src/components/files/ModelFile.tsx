/** An MLmodel file: how to load the model, what it takes and gives, its flavors. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { excerpt, yamlFile } from "@/api/artifacts.ts";
import type { Files } from "@/api/files.ts";
import { formatBytes } from "@/lib/format.ts";
import { object, word } from "@/lib/json.ts";
import { flavorsIn, loadingCode } from "@/lib/loadingCode.ts";
import { Button } from "../Button.tsx";
import { Code } from "../Code.tsx";
import { RegisterDialog } from "../RegisterDialog.tsx";
import { Signature } from "../Signature.tsx";
import { Snippet } from "../Snippet.tsx";
import { Failed, Skeleton } from "../State.tsx";
import styles from "./Files.module.css";

export function ModelFile({ files, path }: { files: Files; path: string }) {
  const { data: model, error } = useQuery(yamlFile(files, path));
  const [registering, setRegistering] = useState(false);
  const text = useQuery(excerpt(files, path));
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  return (
    <>
      <div className={styles.model}>
        <Snippet code={loadingCode(files.uri(folder), flavorsIn(model))} />
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
      {text.error ? (
        <Failed error={text.error} retry={() => text.refetch()} />
      ) : text.data ? (
        <Code text={text.data.text} name={path} />
      ) : (
        <Skeleton />
      )}
    </>
  );
}

/** Its flavors, how large it is, and what it was made with. */
function aboutModel(document: Record<string, unknown>): string[] {
  const { flavors, model_size_bytes: size, mlflow_version } = document;
  const python = word(object(object(flavors).python_function).python_version);
  return [
    flavorsIn(document).join(", "),
    typeof size === "number" ? formatBytes(size) : "",
    word(mlflow_version) && `MLflow ${word(mlflow_version)}`,
    python && `Python ${python}`,
  ].filter(Boolean);
}
