import { Link } from "@tanstack/react-router";

/** The run that made a model, whose name came with the model. */
export function SourceRun({ id, name }: { id: string; name: string }) {
  return (
    <Link to="/runs/$runId" params={{ runId: id }} search={{}} title={name || id}>
      {name || id.slice(0, 8)}
    </Link>
  );
}
