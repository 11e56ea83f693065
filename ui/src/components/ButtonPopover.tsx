import { type ReactNode, useState } from "react";
import { Button } from "./Button.tsx";
import type { IconName } from "./Icon.tsx";
import { Popover } from "./Popover.tsx";

interface ButtonPopoverProps {
  icon: IconName;
  /** What the button says. */
  text: ReactNode;
  /** What the panel is called. */
  label: string;
  /** Whether what it offers is in force; absent where it is nothing that can be. */
  pressed?: boolean;
  /** Whether a narrow window shows the button's icon only. */
  compact?: boolean;
  /** Where the panel opens. */
  position?: "bottom-end" | "top";
  /** Drawn while it is open. */
  children: (close: () => void) => ReactNode;
}

/** A button with a panel below it. */
export function ButtonPopover({
  icon,
  text,
  label,
  pressed,
  compact,
  position = "bottom-end",
  children,
}: ButtonPopoverProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position={position} withRoles={false} trapFocus withinPortal>
      <Popover.Target>
        <Button
          icon={icon}
          compact={compact}
          aria-haspopup="dialog"
          aria-expanded={open}
          aria-pressed={pressed}
          onClick={() => setOpen(!open)}
        >
          {text}
        </Button>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={label}>
        {open && children(() => setOpen(false))}
      </Popover.Dropdown>
    </Popover>
  );
}
