import { Button } from "@/components/Button.tsx";
import { FirstRun } from "@/components/FirstRun.tsx";
import { Empty } from "@/components/State.tsx";

interface NoExperimentsProps {
  searching: boolean;
  deleted: boolean;
  clear: () => void;
}

export function NoExperiments({ searching, deleted, clear }: NoExperimentsProps) {
  if (searching) {
    return (
      <Empty title="No experiment matches">
        <Button onClick={clear}>Clear the search</Button>
      </Empty>
    );
  }
  if (deleted) {
    return (
      <Empty title="The trash is empty">
        <p>Experiments that are deleted stay here until they are removed for good.</p>
      </Empty>
    );
  }
  return (
    <Empty title="Log the first run">
      <FirstRun experiment="hello" />
    </Empty>
  );
}
