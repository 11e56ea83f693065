import { useNavigate } from "@tanstack/react-router";
import { useSelection } from "@/components/grid/selection.ts";
import { plural } from "@/lib/format.ts";
import { toast } from "@/lib/toasts.ts";

const MOST = 50; // runs that are compared at once

/** Goes to the comparison of the ticked runs, where there are at least two. */
export function useCompareTicked(): () => void {
  const navigate = useNavigate();
  return () => {
    const { ids } = useSelection.getState();
    if (ids.size < 2) return;
    if (ids.size > MOST) toast(`The first ${MOST} of ${plural(ids.size, "run")} are compared.`);
    void navigate({ to: "/compare", search: { r: [...ids].slice(0, MOST) } });
  };
}
