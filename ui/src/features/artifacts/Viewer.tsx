import { fileUrl } from "@/api/artifacts.ts";
import { IconButton } from "@/components/Button.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Empty } from "@/components/State.tsx";
import { toast } from "@/lib/toasts.ts";
import styles from "./ArtifactsPage.module.css";
import { kindOf } from "./kinds.ts";
import { ModelFile } from "./ModelFile.tsx";
import { PdfFile } from "./PdfFile.tsx";
import { Picture } from "./Picture.tsx";
import { TableFile } from "./TableFile.tsx";
import { Written } from "./Written.tsx";

interface ViewerProps {
  runId: string;
  path: string;
  uri: string;
}

export function Viewer({ runId, path, uri }: ViewerProps) {
  const url = fileUrl(runId, path);
  const copy = async () => {
    await navigator.clipboard.writeText(`${uri}/${path}`);
    toast("Address copied.");
  };
  return (
    <>
      <header className={styles.head}>
        <h2 title={path}>{path}</h2>
        <IconButton icon="copy" label="Copy the artifact's address" onClick={copy} />
        <a className={styles.download} href={url} download={path.slice(path.lastIndexOf("/") + 1)}>
          <Icon name="download" /> Download
        </a>
      </header>
      <Preview runId={runId} path={path} url={url} />
    </>
  );
}

function Preview({ runId, path, url }: { runId: string; path: string; url: string }) {
  const kind = kindOf(path);
  switch (kind) {
    case "image":
      return <Picture url={url} name={path} />;
    case "table":
      return <TableFile runId={runId} path={path} />;
    case "pdf":
      return <PdfFile runId={runId} path={path} />;
    case "model":
      return <ModelFile runId={runId} path={path} />;
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
      return (
        <Empty title="No preview of this kind of file">
          <p>Download it, or read it with mlflow.artifacts.download_artifacts.</p>
        </Empty>
      );
    default:
      return <Written runId={runId} path={path} kind={kind} />;
  }
}
