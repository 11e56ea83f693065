import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { listing } from "@/api/artifacts.ts";
import { versionFiles } from "@/api/files.ts";
import { type Model, modelDocument, type Version } from "@/api/models.ts";
import { Card } from "@/components/Card.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Signature } from "@/components/Signature.tsx";
import { Snippet } from "@/components/Snippet.tsx";
import { formatBytes } from "@/lib/format.ts";
import { flavorsIn, loadingCode } from "@/lib/loadingCode.ts";
import styles from "./Models.module.css";

interface LoadingProps {
  model: Model;
  version: Version;
  /** Stands before the signature, which may be long. */
  children?: ReactNode;
}

/** How to load a version, what it takes and gives, and the files it is made of. */
export function Loading({ model, version, children }: LoadingProps) {
  const { name, version: number } = version;
  const { data: document, error } = useQuery(modelDocument(name, number));
  const files = useQuery({ ...listing(versionFiles(name, number), ""), retry: false }).data;
  const alias = model.aliases.find((one) => one.version === number)?.alias;
  const uri = alias ? `models:/${name}@${alias}` : `models:/${name}/${number}`;
  return (
    <>
      <Card title="Load it">
        <div className={styles.inset}>
          <Snippet code={loadingCode(uri, flavorsIn(document))} />
        </div>
      </Card>
      {children}
      <Card title="Signature">
        <div className={styles.inset}>
          {error ? (
            <p className={styles.quiet}>{error.message}</p>
          ) : (
            <Signature signature={document?.signature} />
          )}
        </div>
      </Card>
      {files && files.length > 0 && (
        <Card title="Files" count={files.length}>
          <ul className={styles.files}>
            {files.map(({ path, is_dir, file_size }) => (
              <li key={path}>
                <Icon name={is_dir ? "folder" : "file"} size={15} />
                <Link
                  to="/models/$name/$version/files/$"
                  params={{ name, version: number, _splat: is_dir ? "" : path }}
                  search={{}}
                >
                  {path}
                </Link>
                {file_size != null && <small className="num">{formatBytes(file_size)}</small>}
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}
