import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { readBytes } from "@/api/artifacts.ts";
import type { Files } from "@/api/files.ts";
import { Empty, Failed, Skeleton } from "../State.tsx";
import styles from "./Files.module.css";

const MOST = 100 << 20; // bytes of a file that are copied for the viewer

/** The browser's own viewer, over a copy: the server's answer is sandboxed, where no viewer starts. */
export function PdfFile({ files, path }: { files: Files; path: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ["artifacts", files.id, path, "pdf"],
    queryFn: ({ signal }) => readBytes(files, path, { end: MOST }, signal),
    gcTime: 0,
  });
  const [url, setUrl] = useState("");
  useEffect(() => {
    if (!data || data.size > data.bytes.length) return;
    const made = URL.createObjectURL(
      new Blob([data.bytes as Uint8Array<ArrayBuffer>], { type: "application/pdf" }),
    );
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [data]);
  if (error) return <Failed error={error} retry={() => refetch()} />;
  if (data === null) return <Empty title="There is no such file" />;
  if (data && data.size > data.bytes.length)
    return <Empty title="The file is too large to be shown; download it" />;
  if (!url) return <Skeleton />;
  return <embed className={styles.frame} src={url} type="application/pdf" title={path} />;
}
