import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { deleteVersion, modelKeys, type Version, versionsOf } from "@/api/models.ts";
import { IconButton } from "@/components/Button.tsx";
import { Choice } from "@/components/Choice.tsx";
import { Confirm } from "@/components/Dialog.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { RegisterDialog } from "@/components/RegisterDialog.tsx";
import { copyText } from "@/lib/copy.ts";
import { useEdit } from "@/lib/useEdit.ts";

const route = getRouteApi("/models/$name/$version");

/** The version to compare with, and what else can be done with this one. */
export function VersionMenu({ version: { name, version, source } }: { version: Version }) {
  const [dialog, setDialog] = useState<"copy" | "delete" | null>(null);
  const { with: other = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const edit = useEdit(modelKeys.all);
  const others = (useQuery(versionsOf(name)).data ?? []).filter((one) => one.version !== version);
  return (
    <>
      {others.length > 0 && (
        <Choice
          label="Compare with"
          value={other}
          options={[["", "nothing"], ...others.map((one) => [one.version, `v${one.version}`] as const)]}
          onChange={(chosen) => void navigate({ search: { with: chosen || undefined }, replace: true })}
        />
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton icon="more" label="Actions for this version" />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<Icon name="copy" />}
            onClick={() => copyText(`models:/${name}/${version}`, "URI")}
          >
            Copy models:/{name}/{version}
          </Menu.Item>
          {source && (
            <Menu.Item leftSection={<Icon name="copy" />} onClick={() => copyText(source, "Source")}>
              Copy the source
            </Menu.Item>
          )}
          <Menu.Item leftSection={<Icon name="box" />} onClick={() => setDialog("copy")}>
            Copy to another model…
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="trash" />} onClick={() => setDialog("delete")}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === "copy" && (
        <RegisterDialog
          source={{ source: `models:/${name}/${version}` }}
          title={`Copy v${version} of ${name}`}
          action="Copy"
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === "delete" && (
        <Confirm
          title={`Delete v${version} of ${name}?`}
          action="Delete for good"
          typed={`v${version}`}
          onClose={() => setDialog(null)}
          onConfirm={() =>
            edit({
              call: async () => {
                await navigate({ to: "/models/$name", params: { name }, search: {} });
                await deleteVersion(name, version);
              },
              done: `v${version} is deleted.`,
            })
          }
        >
          Its tags and the aliases that point to it go with it; its files stay.
        </Confirm>
      )}
    </>
  );
}
