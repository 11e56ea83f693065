/** Pictures over steps: a card a key, one slider for all. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { fileUrl, listing } from "@/api/artifacts.ts";
import { Button } from "@/components/Button.tsx";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { plural } from "@/lib/format.ts";
import styles from "./ImagesPage.module.css";
import { type ImageSeries, imageSeries, shotAt, stepsOf } from "./series.ts";

const route = getRouteApi("/runs/$runId/images");
const FRAME = 400; // milliseconds a step while playing

export function ImagesPage() {
  const { runId } = route.useParams();
  const { data, isPending, error, refetch } = useQuery(listing(runId, "images"));
  const series = useMemo(() => imageSeries((data ?? []).map(({ path }) => path)), [data]);
  if (isPending) return <Skeleton />;
  if (error) return <Failed error={error} retry={() => refetch()} />;
  if (!series.length) {
    return (
      <Empty title="No images over steps">
        <p>
          They appear here after <code>mlflow.log_image(image, key="samples", step=step)</code>.
        </p>
      </Empty>
    );
  }
  return <Series runId={runId} series={series} />;
}

function Series({ runId, series }: { runId: string; series: ImageSeries[] }) {
  const { st } = route.useSearch();
  const navigate = route.useNavigate();
  const steps = useMemo(() => stepsOf(series), [series]);
  const last = steps.length - 1;
  const wanted = st === undefined ? last : steps.findLastIndex((step) => step <= Number(st));
  const at = Math.max(wanted, 0);
  const step = steps[at] as number;
  const [playing, setPlaying] = useState(false);
  const [sharp, setSharp] = useState(false);
  const go = (to: number) =>
    void navigate({
      to: "/runs/$runId/images",
      search: (before) => ({ ...before, st: to >= last ? undefined : String(steps[Math.max(to, 0)]) }),
      replace: true,
    });
  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => (at >= last ? setPlaying(false) : go(at + 1)), FRAME);
    return () => clearTimeout(timer);
  });
  const play = () => {
    if (!playing && at >= last) go(0);
    setPlaying(!playing);
  };
  return (
    <div className={styles.page}>
      <div className={styles.bar}>
        {steps.length > 1 && (
          <>
            <Button aria-pressed={playing} onClick={play}>
              {playing ? "Pause" : "Play"}
            </Button>
            <label className={styles.slider}>
              Step
              <input
                type="range"
                min={0}
                max={last}
                value={at}
                aria-valuetext={`Step ${step}`}
                onChange={(event) => go(Number(event.target.value))}
              />
            </label>
          </>
        )}
        <b className="num">Step {step.toLocaleString("en-US")}</b>
        <span className={styles.quiet}>{plural(steps.length, "step")}</span>
        <label className={styles.quiet}>
          <input type="checkbox" checked={sharp} onChange={(event) => setSharp(event.target.checked)} /> Show
          pixels
        </label>
      </div>
      <ul className={styles.grid}>
        {series.map((one) => (
          <Card key={one.key} runId={runId} series={one} step={step} sharp={sharp} />
        ))}
      </ul>
    </div>
  );
}

interface CardProps {
  runId: string;
  series: ImageSeries;
  step: number;
  sharp: boolean;
}

function Card({ runId, series, step, sharp }: CardProps) {
  const shot = shotAt(series, step);
  if (!shot) return null;
  const url = fileUrl(runId, shot.path);
  return (
    <li className={styles.card}>
      <h2 title={series.key}>{series.key}</h2>
      <a href={url} target="_blank" rel="noreferrer" aria-label={`Open ${series.key} at step ${shot.step}`}>
        <img src={url} alt={`${series.key}, step ${shot.step}`} loading="lazy" data-sharp={sharp} />
      </a>
      <p className={`${styles.quiet} num`}>
        {shot.step === step ? `step ${shot.step}` : `step ${shot.step}, the last one before`}
      </p>
    </li>
  );
}
