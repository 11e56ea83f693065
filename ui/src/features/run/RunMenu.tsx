import { useNavigate } from "@tanstack/react-router";
import { runFiles } from "@/api/files.ts";
import { PARENT_TAG, type Run } from "@/api/runs.ts";
import { Button, IconButton } from "@/components/Button.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { copyText } from "@/lib/copy.ts";
import { useLastRuns } from "@/lib/lastRuns.ts";
import { asPython } from "@/lib/params.ts";
import { useEditRun } from "./useEditRun.ts";

export function RunMenu({ run, rename }: { run: Run; rename: () => void }) {
  const edit = useEditRun(run);
  const navigate = useNavigate();
  const baseline = useLastRuns((state) => state.baseline);
  const parent = run.tags[PARENT_TAG];
  return (
    <>
      <Button icon="copy" compact title="Copy the run's id" onClick={() => copyText(run.id, "Run id")}>
        <code>{run.id.slice(0, 8)}</code>
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton icon="more" label="Actions for this run" />
        </Menu.Target>
        <Menu.Dropdown>
          {!run.deleted && (
            <Menu.Item leftSection={<Icon name="pencil" />} onClick={rename}>
              Rename
            </Menu.Item>
          )}
          {baseline && baseline !== run.id && (
            <Menu.Item
              leftSection={<Icon name="flag" />}
              onClick={() => navigate({ to: "/compare", search: { r: [baseline, run.id] } })}
            >
              Compare with the baseline
            </Menu.Item>
          )}
          {parent && (
            <Menu.Item
              leftSection={<Icon name="columns" />}
              onClick={() => navigate({ to: "/compare", search: { r: [parent, run.id] } })}
            >
              Compare with its parent
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<Icon name="copy" />}
            onClick={() => copyText(asPython(Object.entries(run.params)), "Params")}
          >
            Copy params as a Python dict
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="external" />}
            onClick={() => copyText(window.location.href, "Link")}
          >
            Copy link
          </Menu.Item>
          <Menu.Item
            component="a"
            href={runFiles(run.id).zipUrl("")}
            download
            leftSection={<Icon name="download" />}
          >
            Download all files
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
