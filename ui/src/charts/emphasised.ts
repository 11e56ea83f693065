/** What of a chart stands out, and what steps back. */
import { type Emphasis, useEmphasis } from "@/lib/emphasis.ts";

/** Whether a run's bar steps back for others among `runs`. */
export function useFaint(runs: readonly { id: string }[]): (id: string) => boolean {
  const emphasis = useEmphasis();
  const bold = emphasised(
    runs.map((run) => ({ run })),
    emphasis,
  ).map((at) => runs[at]?.id);
  return (id) => bold.length > 0 && !bold.includes(id);
}

/** Which of the lines stand out; none where all of them would. */
export function emphasised<Line extends { run: { id: string } }>(
  lines: readonly (Line | null)[],
  { run, chosen }: Emphasis,
): number[] {
  const among = (wanted: (id: string) => boolean) =>
    lines.flatMap((line, at) => (line && wanted(line.run.id) ? [at] : []));
  const under = among((id) => id === run);
  if (under.length) return under;
  const picked = among((id) => chosen.has(id));
  return picked.length < among(() => true).length ? picked : [];
}
