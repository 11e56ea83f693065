import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { readBytes } from "@/api/artifacts.ts";
import type { Files } from "@/api/files.ts";
import { Failed, Skeleton } from "../State.tsx";
import styles from "./Files.module.css";

/** The browser's own viewer, over a copy: the server's answer is sandboxed, where no viewer starts. */
export function PdfFile({ files, path }: { files: Files; path: string }) {
  const { data, error } = useQuery({
    queryKey: ["artifacts", files.id, path, "pdf"],
    queryFn: ({ signal }) => readBytes(files, path, {}, signal),
    gcTime: 0,
  });
  const [url, setUrl] = useState("");
  useEffect(() => {
    if (!data) return;
    const made = URL.createObjectURL(
      new Blob([data.bytes as Uint8Array<ArrayBuffer>], { type: "application/pdf" }),
    );
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [data]);
  if (error) return <Failed error={error} />;
  if (!url) return <Skeleton />;
  return <embed className={styles.frame} src={url} type="application/pdf" title={path} />;
}
