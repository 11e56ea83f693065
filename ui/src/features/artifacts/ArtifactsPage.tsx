import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { listing } from "@/api/artifacts.ts";
import { runById } from "@/api/runs.ts";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import styles from "./ArtifactsPage.module.css";
import { Tree } from "./Tree.tsx";
import { Viewer } from "./Viewer.tsx";

const route = getRouteApi("/runs/$runId/artifacts/$");

export function ArtifactsPage() {
  const { runId, _splat: path = "" } = route.useParams();
  const navigate = route.useNavigate();
  const { data: top, error, isPending, refetch } = useQuery(listing(runId, ""));
  const run = useQuery(runById(runId)).data;
  if (isPending) return <Skeleton />;
  if (error) return <Failed error={error} retry={() => refetch()} />;
  if (top.length === 0) {
    return (
      <Empty title="No artifacts yet">
        <p>
          Files appear here after <code>mlflow.log_artifact("file")</code>.
        </p>
      </Empty>
    );
  }
  const choose = (to: string) =>
    void navigate({ to: "/runs/$runId/artifacts/$", params: { runId, _splat: to }, search: {} });
  return (
    <div className={styles.page}>
      <nav className={styles.side} aria-label="Files">
        <div className={styles.tree}>
          <Tree runId={runId} path="" chosen={path} onChoose={choose} />
        </div>
      </nav>
      <section className={styles.viewer} aria-label="File">
        {path ? (
          <Viewer key={path} runId={runId} path={path} uri={run?.artifactUri ?? ""} />
        ) : (
          <Empty title="Choose a file">
            <p>{top.length === 1 ? "There is one entry." : `There are ${top.length} entries at the top.`}</p>
          </Empty>
        )}
      </section>
    </div>
  );
}
