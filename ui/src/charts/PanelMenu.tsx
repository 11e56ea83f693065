import { useState } from "react";
import { IconButton } from "@/components/Button.tsx";
import { Dialog } from "@/components/Dialog.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { PickList } from "@/components/PickList.tsx";
import { RangeDialog } from "@/components/RangeDialog.tsx";
import { AXES, axisOf, metricOf } from "@/lib/axes.ts";
import type { OwnOptions, PanelMoves, PanelOptions } from "./types.ts";

interface PanelMenuProps {
  metric: string;
  options: PanelOptions;
  own: OwnOptions;
  onOwn: (own: OwnOptions) => void;
  /** Metrics that the horizontal axis can be. */
  axes: readonly string[];
  moves?: PanelMoves;
  /** Shows only a part of the horizontal axis, in all panels; null all of it. */
  onZoom: (range: [number, number] | null) => void;
  /** Copies the address of this panel over the whole screen. */
  onLink?: () => void;
  onCsv: () => void;
  /** Where there is a chart. */
  pictures?: { onPng: () => void; onSvg: () => void };
}

const MOST = 5; // metrics beside the panel's own

/** How this panel alone is drawn, and saving it. */
export function PanelMenu({
  metric,
  options,
  own,
  onOwn,
  axes,
  moves,
  onZoom,
  onLink,
  onCsv,
  pictures,
}: PanelMenuProps) {
  const [ranging, setRanging] = useState<"across" | "upwards" | null>(null);
  const [picking, setPicking] = useState(false);
  const [adding, setAdding] = useState(false);
  const { also = [] } = own;
  const along = metricOf(options.axis);
  const item = (name: string, on: boolean, change: () => void) => (
    <Menu.Item key={name} rightSection={on ? <Icon name="check" /> : null} onClick={change}>
      {name}
      {on && <span className="sr-only"> (on)</span>}
    </Menu.Item>
  );
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <IconButton icon="more" label={`Options of ${metric}`} />
        </Menu.Target>
        <Menu.Dropdown>
          {axes.length > 1 && item("Metrics beside it…", also.length > 0, () => setAdding(true))}
          <Menu.Label>Horizontal axis of this panel</Menu.Label>
          {AXES.map(([axis, name]) => item(name, options.axis === axis, () => onOwn({ ...own, axis })))}
          {axes.length > 0 && item(along ?? "Another metric…", along !== null, () => setPicking(true))}
          {options.axis !== "wall" &&
            item("Logarithmic across", options.logX === true, () => onOwn({ ...own, logX: !options.logX }))}
          {own.axis === undefined &&
            (options.axis === "step" || along !== null) &&
            item("Range across…", options.zoom !== null, () => setRanging("across"))}
          <Menu.Divider />
          <Menu.Label>Vertical axis</Menu.Label>
          {item("Logarithmic", options.logScale, () => onOwn({ ...own, logScale: !options.logScale }))}
          {item("Leave out outliers", options.clipped === true, () =>
            onOwn({ ...own, clipped: !options.clipped }),
          )}
          {item("Range…", options.range !== undefined, () => setRanging("upwards"))}
          <Menu.Divider />
          {item("Dots at points", options.points === true, () => onOwn({ ...own, points: !options.points }))}
          {Object.keys(own).length > 0 && (
            <Menu.Item leftSection={<Icon name="restore" />} onClick={() => onOwn({})}>
              As the other panels
            </Menu.Item>
          )}
          {moves && <Moves moves={moves} />}
          <Menu.Divider />
          {onLink && (
            <Menu.Item leftSection={<Icon name="link" />} onClick={onLink}>
              Copy link to this panel
            </Menu.Item>
          )}
          {pictures && (
            <>
              <Menu.Item leftSection={<Icon name="image" />} onClick={pictures.onPng}>
                Save as picture
              </Menu.Item>
              <Menu.Item leftSection={<Icon name="image" />} onClick={pictures.onSvg}>
                Save as SVG
              </Menu.Item>
            </>
          )}
          <Menu.Item leftSection={<Icon name="download" />} onClick={onCsv}>
            Save as CSV
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {picking && (
        <Dialog title={`Horizontal axis of ${metric}`} onClose={() => setPicking(false)} width={400} hanging>
          <PickList
            label="Find a metric"
            options={axes}
            chosen={along === null ? [] : [along]}
            onPick={(other) => {
              onOwn({ ...own, axis: axisOf(other) });
              setPicking(false);
            }}
          />
        </Dialog>
      )}
      {adding && (
        <Dialog title={`Metrics beside ${metric}`} onClose={() => setAdding(false)} width={400} hanging>
          <PickList
            label="Find a metric"
            options={axes.filter((key) => key !== metric)}
            chosen={also}
            most={MOST}
            onPick={(key) =>
              onOwn({
                ...own,
                also: also.includes(key) ? also.filter((one) => one !== key) : [...also, key],
              })
            }
          />
        </Dialog>
      )}
      {ranging === "across" && (
        <RangeDialog
          title="Horizontal range of all panels"
          clear="All of it"
          range={options.zoom ?? undefined}
          onRange={(range) => onZoom(range ? [...range] : null)}
          onClose={() => setRanging(null)}
        />
      )}
      {ranging === "upwards" && (
        <RangeDialog
          title={`Vertical range of ${metric}`}
          clear="By itself"
          range={own.range}
          onRange={(range) => onOwn({ ...own, range })}
          onClose={() => setRanging(null)}
        />
      )}
    </>
  );
}

function Moves({ moves: { sections, earlier, later } }: { moves: PanelMoves }) {
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Place of the panel</Menu.Label>
      <Menu.Item leftSection={<Icon name="left" />} disabled={!earlier} onClick={earlier}>
        Earlier
      </Menu.Item>
      <Menu.Item leftSection={<Icon name="right" />} disabled={!later} onClick={later}>
        Later
      </Menu.Item>
      {sections.map(({ title, go }) => (
        <Menu.Item key={title} leftSection={<Icon name="layers" />} onClick={go}>
          To “{title}”
        </Menu.Item>
      ))}
    </>
  );
}
