import type { Run } from "@/api/runs.ts";
import { IconButton } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { CardSearch } from "@/components/CardSearch.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { More, useSome } from "@/components/More.tsx";
import { useAddress } from "@/components/useAddress.ts";
import { byName } from "@/lib/byName.ts";
import { copyText } from "@/lib/copy.ts";
import { asPython, asYaml, type Pair, type ParamRow, paramRows } from "@/lib/params.ts";
import { MOST_ROWS } from "./MetricsCard.tsx";
import styles from "./Overview.module.css";

export function ParamsCard({ run }: { run: Run }) {
  const [{ qp: text = "", cp }, change] = useAddress();
  const closed = new Set(cp);
  const params = Object.entries(run.params).sort(([a], [b]) => byName(a, b));
  const matching = params.filter((pair) => pair.join(" ").toLowerCase().includes(text.toLowerCase()));
  const rows = paramRows(matching, text ? new Set() : closed);
  const [shown, more] = useSome(rows, MOST_ROWS);
  const toggle = (path: string) => {
    const after = new Set(closed);
    if (!after.delete(path)) after.add(path);
    change({ cp: after.size ? [...after] : undefined });
  };
  return (
    <Card
      title="Params"
      count={params.length}
      aside={
        params.length > 0 && (
          <>
            <CardSearch
              label="Search params"
              text={text}
              onText={(qp) => change({ qp })}
              of={params.length}
            />
            <CopyMenu pairs={matching} />
          </>
        )
      }
    >
      {params.length === 0 ? (
        <p className={styles.none}>
          None: <code>mlflow.log_param("lr", 0.01)</code>
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <div className={styles.scroll} tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Param</th>
                <th scope="col">Value</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <ParamLine key={row.path} row={row} closed={closed.has(row.path)} onToggle={toggle} />
              ))}
            </tbody>
          </table>
          {more && (
            <More shown={shown.length} all={rows.length} onMore={more} hint="the search finds the others." />
          )}
        </div>
      )}
    </Card>
  );
}

interface ParamLineProps {
  row: ParamRow;
  closed: boolean;
  onToggle: (path: string) => void;
}

function ParamLine({ row: { path, label, depth, value }, closed, onToggle }: ParamLineProps) {
  return (
    <tr>
      <td style={{ paddingLeft: `calc(var(--s4) + ${depth * 18}px)` }} title={path}>
        {value === undefined ? (
          <button
            type="button"
            className={styles.joined}
            aria-expanded={!closed}
            onClick={() => onToggle(path)}
          >
            <Icon name={closed ? "right" : "down"} size={14} />
            {label}
          </button>
        ) : (
          label
        )}
      </td>
      <td className="num">{value}</td>
    </tr>
  );
}

function CopyMenu({ pairs }: { pairs: readonly Pair[] }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <IconButton icon="copy" label="Copy these params" />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => copyText(asPython(pairs), "Params")}>As a Python dict</Menu.Item>
        <Menu.Item onClick={() => copyText(asYaml(pairs), "Params")}>As YAML</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
