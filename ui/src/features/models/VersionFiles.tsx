import { getRouteApi } from "@tanstack/react-router";
import { versionFiles } from "@/api/files.ts";
import { FileBrowser } from "@/components/files/FileBrowser.tsx";
import { Empty } from "@/components/State.tsx";

const route = getRouteApi("/models/$name/$version/files/$");

export function VersionFiles() {
  const { name, version, _splat: path = "" } = route.useParams();
  const navigate = route.useNavigate();
  return (
    <FileBrowser
      files={versionFiles(name, version)}
      path={path}
      onChoose={(to) =>
        void navigate({
          to: "/models/$name/$version/files/$",
          params: { name, version, _splat: to },
          search: ({ ff }) => ({ ff }),
        })
      }
      empty={<Empty title="The version has no files" />}
    />
  );
}
