import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { experimentById } from "@/api/experiments.ts";
import { formatTime } from "@/lib/format.ts";
import { Button } from "./Button.tsx";
import { ExperimentMenu } from "./ExperimentMenu.tsx";
import { ExperimentTabs } from "./ExperimentTabs.tsx";
import { Header } from "./Header.tsx";
import { useEditExperiment } from "./useEditExperiment.ts";

interface ExperimentHeadProps {
  experimentId: string;
  aside?: ReactNode;
  /** Beside the name. */
  children?: ReactNode;
}

/** An experiment's name, what can be done with it, and its parts. */
export function ExperimentHead({ experimentId, aside, children }: ExperimentHeadProps) {
  const { data } = useQuery(experimentById(experimentId));
  const [renaming, setRenaming] = useState(false);
  const edit = useEditExperiment(experimentId, data?.name ?? "");
  return (
    <>
      <Header
        title={data?.name ?? "…"}
        rename={
          data?.lifecycle_stage === "active"
            ? {
                what: "the experiment",
                name: data.name,
                save: edit.rename,
                open: renaming,
                onOpen: setRenaming,
              }
            : undefined
        }
        aside={
          <>
            {aside}
            {data && <ExperimentMenu experiment={data} rename={() => setRenaming(true)} />}
          </>
        }
        crumbs={
          <Link to="/experiments" search={{}}>
            Experiments
          </Link>
        }
      >
        {children}
        {data?.lifecycle_stage === "deleted" && (
          <>
            <span>
              in the trash{data.last_update_time ? ` since ${formatTime(data.last_update_time)}` : ""}
            </span>
            <Button icon="restore" onClick={edit.restore}>
              Restore
            </Button>
          </>
        )}
      </Header>
      <ExperimentTabs experimentId={experimentId} />
    </>
  );
}
