const [WIDTH, HEIGHT] = [92, 22];

interface SparklineProps {
  /** From 0 to 1, at even distances. */
  parts: readonly number[];
  color: string;
}

/** A series as a small line; decoration beside its figures. */
export function Sparkline({ parts, color }: SparklineProps) {
  const x = (at: number) => (parts.length < 2 ? WIDTH / 2 : 2 + (at / (parts.length - 1)) * (WIDTH - 4));
  const y = (part: number) => HEIGHT - 3 - part * (HEIGHT - 6);
  const points = parts.map((part, at) => `${x(at).toFixed(1)},${y(part).toFixed(1)}`);
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {parts.length === 1 ? (
        <circle cx={WIDTH / 2} cy={HEIGHT / 2} r="2" fill={color} />
      ) : (
        <polyline
          points={points.join(" ")}
          fill="none"
          stroke={color}
          strokeWidth="1.4"
          strokeLinejoin="round"
        />
      )}
    </svg>
  );
}
