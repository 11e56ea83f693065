import { useQuery } from "@tanstack/react-query";
import { listing } from "@/api/artifacts.ts";
import type { Files } from "@/api/files.ts";
import { copyText } from "@/lib/copy.ts";
import { formatBytes, formatTime } from "@/lib/format.ts";
import { IconButton, Word } from "../Button.tsx";
import { Icon } from "../Icon.tsx";
import { BytesFile } from "./BytesFile.tsx";
import styles from "./Files.module.css";
import { kindOf } from "./kinds.ts";
import { ModelFile } from "./ModelFile.tsx";
import { PdfFile } from "./PdfFile.tsx";
import { Picture } from "./Picture.tsx";
import { TableFile } from "./TableFile.tsx";
import { Written } from "./Written.tsx";

interface ViewerProps {
  files: Files;
  path: string;
}

export function Viewer({ files, path }: ViewerProps) {
  const url = files.url(path);
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const entry = useQuery(listing(files, folder)).data?.find((one) => one.path === path);
  const facts = [
    entry?.file_size != null && formatBytes(entry.file_size),
    entry?.modified && `changed ${formatTime(entry.modified)}`,
  ].filter(Boolean);
  return (
    <>
      <header className={styles.head}>
        <h2 className="cut" title={path}>
          {path}
        </h2>
        <small className="num">{facts.join(", ")}</small>
        <IconButton
          icon="copy"
          label="Copy the artifact's address"
          onClick={() => copyText(files.uri(path), "Address")}
        />
        <IconButton
          icon="code"
          label="Copy a line of Python that reads it"
          onClick={() =>
            copyText(`mlflow.artifacts.download_artifacts(${JSON.stringify(files.uri(path))})`, "Python")
          }
        />
        <a className={styles.download} href={url} download={path.slice(path.lastIndexOf("/") + 1)}>
          <Icon name="download" /> <Word>Download</Word>
        </a>
      </header>
      <Preview files={files} path={path} />
    </>
  );
}

/** The file in its viewer. */
export function Preview({ files, path }: ViewerProps) {
  const kind = kindOf(path);
  const url = files.url(path);
  switch (kind) {
    case "image":
      return <Picture url={url} name={path} />;
    case "table":
      return <TableFile files={files} path={path} />;
    case "pdf":
      return <PdfFile files={files} path={path} />;
    case "model":
      return <ModelFile files={files} path={path} />;
    case "audio":
      return (
        <div className={styles.picture}>
          {/* biome-ignore lint/a11y/useMediaCaption: a file of the user's, which has none */}
          <audio controls src={url} aria-label={path} />
        </div>
      );
    case "video":
      return (
        <div className={styles.picture}>
          {/* biome-ignore lint/a11y/useMediaCaption: a file of the user's, which has none */}
          <video controls src={url} aria-label={path} />
        </div>
      );
    case "binary":
      return <BytesFile files={files} path={path} />;
    default:
      return <Written files={files} path={path} kind={kind} />;
  }
}
