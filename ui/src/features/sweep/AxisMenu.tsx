import { useState } from "react";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { RangeDialog } from "@/components/RangeDialog.tsx";
import { partBetween, valuesBetween } from "./brushes.ts";
import styles from "./Sweep.module.css";
import type { Sweep } from "./useSweep.ts";

/** The name over an axis, and how the axis is drawn. The target is the last one and stays there. */
export function AxisMenu({ sweep, at }: { sweep: Sweep; at: number }) {
  const [ranging, setRanging] = useState(false);
  const { axes, setLook, setShown, brush, brushes } = sweep;
  const axis = axes[at];
  if (!axis) return null;
  const { id, title, look, plain } = axis;
  const params = axes.slice(0, -1).map((one) => one.id);
  const isTarget = at === axes.length - 1;
  const move = (to: number) => setShown(params.toSpliced(at, 1).toSpliced(to, 0, id));
  const canLog = plain.kind === "number" && plain.bounds[0] > 0;
  const range = brushes.get(id);
  return (
    <>
      <Menu position="bottom">
        <Menu.Target>
          <button type="button" className={styles.axisName} title={title}>
            {title}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            rightSection={look.flipped ? <Icon name="check" /> : null}
            onClick={() => setLook(id, { ...look, flipped: !look.flipped })}
          >
            Upside down
            {look.flipped && <span className="sr-only"> (on)</span>}
          </Menu.Item>
          {canLog && (
            <Menu.Item
              rightSection={plain.log ? <Icon name="check" /> : null}
              onClick={() => setLook(id, { ...look, scale: plain.log ? "linear" : "log" })}
            >
              Logarithmic
              {plain.log && <span className="sr-only"> (on)</span>}
            </Menu.Item>
          )}
          {plain.kind === "number" && (
            <Menu.Item rightSection={range ? <Icon name="check" /> : null} onClick={() => setRanging(true)}>
              Keep a range…
              {range && <span className="sr-only"> (on)</span>}
            </Menu.Item>
          )}
          {!isTarget && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<Icon name="left" />} disabled={at === 0} onClick={() => move(at - 1)}>
                Move left
              </Menu.Item>
              <Menu.Item
                leftSection={<Icon name="right" />}
                disabled={at === params.length - 1}
                onClick={() => move(at + 1)}
              >
                Move right
              </Menu.Item>
              <Menu.Item
                leftSection={<Icon name="close" />}
                disabled={params.length === 1}
                onClick={() => setShown(params.filter((one) => one !== id))}
              >
                Hide
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {ranging && (
        <RangeDialog
          title={`Runs kept by ${title}`}
          clear="All runs"
          range={range && valuesBetween(axis.axis, range)}
          onRange={(bounds) => brush(id, bounds ? partBetween(axis.axis, bounds) : null)}
          onClose={() => setRanging(false)}
        />
      )}
    </>
  );
}
