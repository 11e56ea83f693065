import { getRouteApi } from "@tanstack/react-router";
import { loggedModelFiles } from "@/api/files.ts";
import { FileBrowser } from "@/components/files/FileBrowser.tsx";
import { Empty } from "@/components/State.tsx";

const route = getRouteApi("/experiments/$experimentId/models/$modelId/artifacts/$");

export function LoggedModelArtifacts() {
  const { experimentId, modelId, _splat: path = "" } = route.useParams();
  const navigate = route.useNavigate();
  return (
    <FileBrowser
      files={loggedModelFiles(modelId)}
      path={path}
      onChoose={(to) =>
        void navigate({
          to: "/experiments/$experimentId/models/$modelId/artifacts/$",
          params: { experimentId, modelId, _splat: to },
          search: ({ ff }) => ({ ff }),
        })
      }
      empty={<Empty title="The model has no files" />}
    />
  );
}
