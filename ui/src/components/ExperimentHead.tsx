import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { experimentById } from "@/api/experiments.ts";
import { ExperimentTabs } from "./ExperimentTabs.tsx";
import { Header } from "./Header.tsx";

/** An experiment's name and its parts. */
export function ExperimentHead({ experimentId, aside }: { experimentId: string; aside?: ReactNode }) {
  const name = useQuery(experimentById(experimentId)).data?.name ?? "…";
  return (
    <>
      <Header
        title={name}
        aside={aside}
        crumbs={
          <Link to="/experiments" search={{}}>
            Experiments
          </Link>
        }
      />
      <ExperimentTabs experimentId={experimentId} />
    </>
  );
}
