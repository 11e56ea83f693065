import { getRouteApi } from "@tanstack/react-router";
import { runFiles } from "@/api/files.ts";
import { FileBrowser } from "@/components/files/FileBrowser.tsx";
import { Empty } from "@/components/State.tsx";

const route = getRouteApi("/runs/$runId/artifacts/$");

export function ArtifactsPage() {
  const { runId, _splat: path = "" } = route.useParams();
  const navigate = route.useNavigate();
  return (
    <FileBrowser
      files={runFiles(runId)}
      path={path}
      onChoose={(to) =>
        void navigate({
          to: "/runs/$runId/artifacts/$",
          params: { runId, _splat: to },
          search: ({ ff }) => ({ ff }),
        })
      }
      empty={
        <Empty title="No artifacts yet">
          <p>
            Files appear here after <code>mlflow.log_artifact("file")</code>.
          </p>
        </Empty>
      }
    />
  );
}
