import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { runById } from "@/api/runs.ts";
import styles from "./RunLink.module.css";

/** A run by its name; what is asked for at one moment is one request. */
export function RunLink({ id }: { id: string }) {
  const run = useQuery({ ...runById(id), retry: false, staleTime: 60_000 }).data;
  return (
    <Link className={styles.link} to="/runs/$runId" params={{ runId: id }} search={{}}>
      {run?.name || id.slice(0, 8)}
    </Link>
  );
}
