import { useLocation, useNavigate } from "@tanstack/react-router";
import { IconButton } from "@/components/Button.tsx";
import { neighboursOf, useLastRuns } from "@/lib/lastRuns.ts";
import { useShortcuts } from "@/lib/shortcuts.ts";
import { TABS } from "./tabs.ts";

/** Goes to the previous and the next run of the table that was on screen, to the same part of it. */
export function StepRuns({ runId }: { runId: string }) {
  const [before, after] = neighboursOf(
    useLastRuns((state) => state.ids),
    runId,
  );
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const inFiles = pathname.includes("/artifacts"); // where the keys go to the next file
  const [to] = TABS.find(([path]) => path.split("/")[3] === pathname.split("/")[3]) ?? TABS[0];
  const go = (id: string | undefined) =>
    id !== undefined && void navigate({ to, params: { runId: id, _splat: "" }, search: {} });
  useShortcuts(inFiles ? {} : { "[": () => go(before), "]": () => go(after) });
  if (!before && !after) return null;
  return (
    <>
      <IconButton icon="left" label="Previous run ([)" disabled={!before} onClick={() => go(before)} />
      <IconButton icon="right" label="Next run (])" disabled={!after} onClick={() => go(after)} />
    </>
  );
}
