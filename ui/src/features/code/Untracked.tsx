import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { runFiles } from "@/api/files.ts";
import { readUntracked, UNTRACKED } from "@/api/origin.ts";
import { Code } from "@/components/Code.tsx";
import { More, useSome } from "@/components/More.tsx";
import { Failed, Skeleton } from "@/components/State.tsx";
import { formatBytes } from "@/lib/format.ts";
import type { TarFile } from "@/lib/tar.ts";
import styles from "./CodePage.module.css";

const route = getRouteApi("/runs/$runId/code");
const SOME = 200; // files
const MOST = 2 << 20; // bytes of a file that are shown

/** Files that git neither tracked nor ignored, out of the archive that the run kept. */
export function Untracked({ runId }: { runId: string }) {
  const { data, isPending, error, refetch } = useQuery({
    queryKey: ["artifacts", runId, UNTRACKED, "tar"],
    queryFn: ({ signal }) => readUntracked(runId, signal),
    gcTime: 0,
  });
  const [shown, more] = useSome(data ?? [], SOME);
  const { f } = route.useSearch();
  const navigate = route.useNavigate();
  if (isPending) return <Skeleton />;
  if (error) return <Failed error={error} retry={() => refetch()} />;
  const file = data.find(({ path }) => path === f) ?? data[0];
  if (!file) return <p className={styles.none}>No untracked file was recorded.</p>;
  return (
    <section className={styles.untracked} aria-label="Untracked files">
      <nav aria-label="Files">
        <ul>
          {shown.map(({ path, content }) => (
            <li key={path}>
              <button
                type="button"
                aria-current={path === file.path}
                title={path}
                onClick={() => void navigate({ search: (before) => ({ ...before, f: path }), replace: true })}
              >
                <span>{path}</span>
                <small className="num">{formatBytes(content.length)}</small>
              </button>
            </li>
          ))}
        </ul>
        {more && (
          <More shown={shown.length} all={data.length} onMore={more} hint="the archive has all of them." />
        )}
        <a href={runFiles(runId).url(UNTRACKED)} download="untracked.tar.gz">
          Download all
        </a>
      </nav>
      <div className={styles.code}>
        <Contents key={file.path} file={file} />
      </div>
    </section>
  );
}

function Contents({ file }: { file: TarFile }) {
  if (file.content.subarray(0, 4096).includes(0)) return <p className={styles.none}>This file is no text.</p>;
  const text = new TextDecoder().decode(file.content.subarray(0, MOST));
  return <Code text={text} name={file.path} />;
}
