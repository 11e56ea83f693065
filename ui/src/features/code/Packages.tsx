import { useQuery } from "@tanstack/react-query";
import { textFile } from "@/api/artifacts.ts";
import { runFiles } from "@/api/files.ts";
import { PACKAGES, parsePackages } from "@/api/origin.ts";
import { Field } from "@/components/Field.tsx";
import { Failed, Skeleton } from "@/components/State.tsx";
import { useAddress } from "@/components/useAddress.ts";
import { plural } from "@/lib/format.ts";
import styles from "./CodePage.module.css";

/** The packages that were installed where the run ran. */
export function Packages({ runId }: { runId: string }) {
  const { data, isPending, error, refetch } = useQuery(textFile(runFiles(runId), PACKAGES));
  const [{ qp: text = "" }, change] = useAddress();
  if (isPending) return <Skeleton />;
  if (error) return <Failed error={error} retry={() => refetch()} />;
  if (!data) return <p className={styles.none}>The packages were not recorded.</p>;
  const packages = parsePackages(data.text);
  const found = packages.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
  return (
    <section className={styles.card} aria-label="Packages">
      <header>
        <span className={styles.none}>{plural(packages.length, "package")}</span>
        <div className={styles.search}>
          <Field
            label="Search packages"
            icon="search"
            value={text}
            onChange={(event) => change({ qp: event.target.value || undefined })}
          />
        </div>
      </header>
      <ul className={styles.packages}>
        {found.map(({ name, version }) => (
          <li key={`${name} ${version}`}>
            <span>{name}</span>
            <code>{version}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}
