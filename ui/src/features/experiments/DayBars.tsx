import { plural } from "@/lib/format.ts";

const [WIDTH, HEIGHT, GAP] = [98, 20, 1];

/** How many runs started on each of the latest days, the last bar being the last 24 hours. */
export function DayBars({ days }: { days: readonly number[] }) {
  const most = Math.max(...days, 1);
  const step = WIDTH / days.length;
  const total = days.reduce((sum, count) => sum + count, 0);
  const told = `${plural(total, "run")} in ${days.length} days`;
  const height = (count: number) => (count === 0 ? 1 : 2 + (count / most) * (HEIGHT - 2));
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={told}>
      {days.map((count, day) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its day
          key={day}
          x={day * step}
          y={HEIGHT - height(count)}
          width={step - GAP}
          height={height(count)}
          rx="1"
          fill={count === 0 ? "var(--line)" : "var(--accent)"}
        />
      ))}
    </svg>
  );
}
