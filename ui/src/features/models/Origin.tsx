import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { loggedModel } from "@/api/loggedModels.ts";
import type { Version } from "@/api/models.ts";

/** The version or the logged model that a version was made of. */
export function Origin({ version: { source, model_id } }: { version: Version }) {
  const made = useQuery({ ...loggedModel(model_id ?? ""), enabled: Boolean(model_id), retry: false }).data;
  const [, name, version] = /^models:\/([^/]+)\/(\d+)$/.exec(source ?? "") ?? [];
  return (
    <>
      {name && version && (
        <Link to="/models/$name/$version" params={{ name, version }} search={{}}>
          copied from {name} v{version}
        </Link>
      )}
      {made && (
        <Link
          to="/experiments/$experimentId/models/$modelId"
          params={{ experimentId: made.experimentId, modelId: made.id }}
        >
          logged as {made.name}
        </Link>
      )}
    </>
  );
}
