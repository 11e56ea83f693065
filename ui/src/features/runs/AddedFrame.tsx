/** The frame of a panel that somebody added: its title, saving it, and taking it away. */
import type { ReactNode } from "react";
import panel from "@/charts/Panel.module.css";
import { fileName, inkNow, saveSvgAsPng, saveSvgText } from "@/charts/savePanel.ts";
import { IconButton } from "@/components/Button.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { toCsv } from "@/lib/csv.ts";
import { saveFile } from "@/lib/saveFile.ts";

export interface Saved {
  svg: (ink: ReturnType<typeof inkNow>) => string;
  /** A line a row, the first of them names. */
  rows: readonly (readonly (string | number)[])[];
}

interface AddedFrameProps {
  title: string;
  onRemove: () => void;
  /** Where there is something to save. */
  saved?: Saved | undefined;
  children: ReactNode;
}

export function AddedFrame({ title, onRemove, saved, children }: AddedFrameProps) {
  return (
    <section className={panel.panel} aria-label={title}>
      <header>
        <h2 title={title}>{title}</h2>
        {saved && (
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <IconButton icon="download" label={`Save ${title}`} />
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                leftSection={<Icon name="image" />}
                onClick={() => void saveSvgAsPng(title, saved.svg(inkNow()))}
              >
                Save as picture
              </Menu.Item>
              <Menu.Item
                leftSection={<Icon name="image" />}
                onClick={() => saveSvgText(title, saved.svg(inkNow()))}
              >
                Save as SVG
              </Menu.Item>
              <Menu.Item
                leftSection={<Icon name="download" />}
                onClick={() => saveFile(fileName(title, "csv"), toCsv(saved.rows))}
              >
                Save as CSV
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
        <IconButton icon="close" label={`Remove ${title}`} onClick={onRemove} />
      </header>
      {children}
    </section>
  );
}
