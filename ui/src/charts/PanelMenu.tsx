import { Menu } from "@mantine/core";
import { IconButton } from "@/components/Button.tsx";
import { Icon } from "@/components/Icon.tsx";
import { AXES, type OwnOptions, type PanelOptions } from "./types.ts";

interface PanelMenuProps {
  metric: string;
  options: PanelOptions;
  own: OwnOptions;
  onOwn: (own: OwnOptions) => void;
  onCsv: () => void;
  onPng: () => void;
}

/** How this panel alone is drawn, and saving it. */
export function PanelMenu({ metric, options, own, onOwn, onCsv, onPng }: PanelMenuProps) {
  const item = (name: string, on: boolean, change: () => void) => (
    <Menu.Item key={name} rightSection={on ? <Icon name="check" /> : null} onClick={change}>
      {name}
      {on && <span className="sr-only"> (on)</span>}
    </Menu.Item>
  );
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <IconButton icon="more" label={`Options of ${metric}`} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Horizontal axis of this panel</Menu.Label>
        {AXES.map(([axis, name]) => item(name, options.axis === axis, () => onOwn({ ...own, axis })))}
        {options.axis !== "wall" &&
          item("Logarithmic across", options.logX === true, () => onOwn({ ...own, logX: !options.logX }))}
        <Menu.Divider />
        <Menu.Label>Vertical axis</Menu.Label>
        {item("Logarithmic", options.logScale, () => onOwn({ ...own, logScale: !options.logScale }))}
        {item("Leave out outliers", options.clipped === true, () =>
          onOwn({ ...own, clipped: !options.clipped }),
        )}
        {Object.keys(own).length > 0 && (
          <Menu.Item leftSection={<Icon name="restore" />} onClick={() => onOwn({})}>
            As the other panels
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="image" />} onClick={onPng}>
          Save as picture
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="download" />} onClick={onCsv}>
          Save as CSV
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
