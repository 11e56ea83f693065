import { Popover as MantinePopover, type PopoverProps } from "@mantine/core";
import { useLeaving } from "@/lib/useLeaving.ts";

interface ClosingProps extends PopoverProps {
  opened: boolean;
  onChange: (opened: boolean) => void;
}

function ClosingPopover(props: ClosingProps) {
  const { opened, onChange } = props;
  useLeaving(opened, () => onChange(false));
  return <MantinePopover {...props} />;
}

const { Target, Dropdown } = MantinePopover;

/** A panel at a button that closes when the screen below it is left. */
export const Popover = Object.assign(ClosingPopover, { Target, Dropdown });
