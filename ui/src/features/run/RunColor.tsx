/** The run's colour, which can be changed where it stands. */
import { useState } from "react";
import { ColorChoice } from "@/components/ColorChoice.tsx";
import { Popover } from "@/components/Popover.tsx";
import { fillOf, runStyle } from "@/lib/colors.ts";
import { useSlots } from "@/lib/ownColors.ts";
import { useTheme } from "@/lib/theme.ts";
import styles from "./RunPage.module.css";

export function RunColor({ id }: { id: string }) {
  const theme = useTheme();
  const [open, setOpen] = useState(false);
  const slot = useSlots([id]).get(id) ?? 0;
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-start"
      withRoles={false}
      trapFocus
      withinPortal
    >
      <Popover.Target>
        <button
          type="button"
          className={styles.color}
          title="Change the colour"
          aria-label="The run's colour"
          aria-haspopup="dialog"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <i style={{ background: fillOf(runStyle(slot, theme)) }} />
        </button>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label="The run's colour">
        {open && <ColorChoice id={id} onChosen={() => setOpen(false)} />}
      </Popover.Dropdown>
    </Popover>
  );
}
