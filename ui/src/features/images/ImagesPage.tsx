/** Pictures, sound and film over steps: a card a key, one slider for all. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { runFiles } from "@/api/files.ts";
import { mediaOf } from "@/api/media.ts";
import { Media } from "@/components/Media.tsx";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { placeOf, Steps } from "@/components/Steps.tsx";
import { useAddress } from "@/components/useAddress.ts";
import { type MediaSeries, shotAt, stepsOf } from "@/lib/mediaSeries.ts";
import styles from "./ImagesPage.module.css";

const route = getRouteApi("/runs/$runId/images");

export function ImagesPage() {
  const { runId } = route.useParams();
  const { data: series, isPending, error, refetch } = useQuery(mediaOf(runId));
  if (isPending) return <Skeleton />;
  if (error) return <Failed error={error} retry={() => refetch()} />;
  if (!series.length) {
    return (
      <Empty title="No images over steps">
        <p>
          They appear here after <code>mlflow.log_image(image, key="samples", step=step)</code>; so do sound
          and film, after <code>mlflow.log_audio</code> and <code>mlflow.log_video</code>.
        </p>
      </Empty>
    );
  }
  return <Series runId={runId} series={series} />;
}

function Series({ runId, series }: { runId: string; series: MediaSeries[] }) {
  const { st } = route.useSearch();
  const navigate = route.useNavigate();
  const steps = useMemo(() => stepsOf(series), [series]);
  const at = placeOf(steps, st);
  const step = steps[at] ?? 0;
  const [{ px }, change] = useAddress();
  const sharp = px === "1";
  const go = (to: number) =>
    void navigate({
      to: "/runs/$runId/images",
      search: (before) => ({
        ...before,
        st: to >= steps.length - 1 ? undefined : String(steps[Math.max(to, 0)]),
      }),
      replace: true,
    });
  return (
    <div className={styles.page}>
      <div className={styles.bar}>
        <Steps steps={steps} at={at} onAt={go} />
        <label className={styles.quiet}>
          <input
            type="checkbox"
            checked={sharp}
            onChange={(event) => change({ px: event.target.checked ? "1" : undefined })}
          />{" "}
          Show pixels
        </label>
      </div>
      <ul className={styles.grid}>
        {series.map((one) => (
          <Card key={`${one.kind} ${one.key}`} runId={runId} series={one} step={step} sharp={sharp} />
        ))}
      </ul>
    </div>
  );
}

interface CardProps {
  runId: string;
  series: MediaSeries;
  step: number;
  sharp: boolean;
}

function Card({ runId, series, step, sharp }: CardProps) {
  const shot = shotAt(series, step);
  if (!shot) return null;
  return (
    <li className={styles.card}>
      <h2 title={series.key}>{series.key}</h2>
      <Media
        key={shot.path}
        kind={series.kind}
        title={series.key}
        shot={shot}
        files={runFiles(runId)}
        sharp={sharp}
      />
      <p className={`${styles.quiet} num`}>
        {shot.step === step ? `step ${shot.step}` : `step ${shot.step}, the last one before`}
      </p>
    </li>
  );
}
