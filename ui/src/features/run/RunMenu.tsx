import type { Run } from "@/api/runs.ts";
import { Button, IconButton } from "@/components/Button.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { toast } from "@/lib/toasts.ts";
import { useEditRun } from "./useEditRun.ts";

export function RunMenu({ run, rename }: { run: Run; rename: () => void }) {
  const edit = useEditRun(run);
  const copy = async (text: string, what: string) => {
    await navigator.clipboard.writeText(text);
    toast(`${what} copied.`);
  };
  return (
    <>
      <Button icon="copy" onClick={() => copy(run.id, "Run id")}>
        <code>{run.id.slice(0, 8)}</code>
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton icon="more" label="Actions for this run" />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="pencil" />} onClick={rename}>
            Rename…
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="copy" />} onClick={() => copy(asPython(run.params), "Params")}>
            Copy params as a Python dict
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="external" />}
            onClick={() => copy(window.location.href, "Link")}
          >
            Copy link
          </Menu.Item>
          {!run.deleted && (
            <Menu.Item leftSection={<Icon name="trash" />} onClick={edit.remove}>
              Move to trash
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

/** JSON's strings are Python's; what looks like a number becomes one. */
const asPython = (params: Run["params"]): string =>
  `{${Object.entries(params)
    .map(
      ([key, value]) =>
        `${JSON.stringify(key)}: ${/^-?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(value) ? value : JSON.stringify(value)}`,
    )
    .join(", ")}}`;
