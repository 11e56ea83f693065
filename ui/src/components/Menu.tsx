import { Menu as MantineMenu, type MenuProps } from "@mantine/core";
import { useState } from "react";
import { useLeaving } from "@/lib/useLeaving.ts";

function ClosingMenu({ opened, onChange, ...props }: MenuProps) {
  const [own, setOwn] = useState(false);
  const open = opened ?? own;
  const change = (next: boolean) => {
    setOwn(next);
    onChange?.(next);
  };
  useLeaving(open, () => change(false));
  return <MantineMenu opened={open} onChange={change} {...props} />;
}

const { Target, Dropdown, Item, Label, Divider } = MantineMenu;

/** A menu that closes when the screen below it is left. */
export const Menu = Object.assign(ClosingMenu, { Target, Dropdown, Item, Label, Divider });
