import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type Experiment, experimentById } from "@/api/experiments.ts";
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
  return (
    <>
      <Header
        title={data?.name ?? "…"}
        aside={
          <>
            {aside}
            {data && <ExperimentMenu experiment={data} />}
          </>
        }
        crumbs={
          <Link to="/experiments" search={{}}>
            Experiments
          </Link>
        }
      >
        {children}
        {data?.lifecycle_stage === "deleted" && <Trashed experiment={data} />}
      </Header>
      <ExperimentTabs experimentId={experimentId} />
    </>
  );
}

function Trashed({ experiment }: { experiment: Experiment }) {
  const { restore } = useEditExperiment(experiment);
  return (
    <>
      <span>in the trash</span>
      <Button icon="restore" onClick={restore}>
        Restore
      </Button>
    </>
  );
}
