/** Pictures, sound and film over steps: a card a key, one slider for all. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { runFiles } from "@/api/files.ts";
import { mediaOf } from "@/api/media.ts";
import { Media } from "@/components/Media.tsx";
import { MediaBar, SOME_KEYS, useZoom } from "@/components/MediaBar.tsx";
import { More, useSome } from "@/components/More.tsx";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { placeOf } from "@/components/Steps.tsx";
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
  const [{ px, k = "" }] = useAddress();
  const sharp = px === "1";
  const { zoomed, props } = useZoom();
  const found = series.filter(({ key }) => key.toLowerCase().includes(k.toLowerCase()));
  const [shown, more] = useSome(found, SOME_KEYS);
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
    <section className={styles.page} aria-label="Images" {...props}>
      <MediaBar steps={steps} at={at} onAt={go} keys={series.length} />
      <ul className={styles.grid}>
        {shown.map((one) => (
          <Card
            key={`${one.kind} ${one.key}`}
            runId={runId}
            series={one}
            step={step}
            {...{ sharp, zoomed }}
          />
        ))}
      </ul>
      {more && <More shown={shown.length} all={found.length} onMore={more} hint="the search finds keys." />}
      {found.length === 0 && <p className={styles.quiet}>No key contains “{k}”.</p>}
    </section>
  );
}

interface CardProps {
  runId: string;
  series: MediaSeries;
  step: number;
  sharp: boolean;
  zoomed: boolean;
}

function Card({ runId, series, step, sharp, zoomed }: CardProps) {
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
        {...{ sharp, zoomed }}
      />
      <p className={`${styles.quiet} num`}>
        {shot.step === step ? `step ${shot.step}` : `step ${shot.step}, the last one before`}
      </p>
    </li>
  );
}
