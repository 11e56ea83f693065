import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { deleteLoggedModel, type LoggedModel, loggedModelKeys } from "@/api/loggedModels.ts";
import { Button, IconButton } from "@/components/Button.tsx";
import { Confirm } from "@/components/Dialog.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { RegisterDialog } from "@/components/RegisterDialog.tsx";
import { copyText } from "@/lib/copy.ts";
import { useEdit } from "@/lib/useEdit.ts";

export function LoggedModelMenu({ model }: { model: LoggedModel }) {
  const [dialog, setDialog] = useState<"register" | "delete" | null>(null);
  const navigate = useNavigate();
  const edit = useEdit(loggedModelKeys.all);
  const { id, name, experimentId, runId } = model;
  const uri = `models:/${id}`;
  return (
    <>
      <Button
        look="primary"
        icon="box"
        disabled={model.status !== "READY"}
        onClick={() => setDialog("register")}
      >
        Register
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton icon="more" label="Actions for this model" />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="copy" />} onClick={() => copyText(uri, "URI")}>
            Copy {uri.slice(0, 20)}…
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="external" />}
            onClick={() => copyText(window.location.href, "Link")}
          >
            Copy link
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="trash" />} onClick={() => setDialog("delete")}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === "register" && (
        <RegisterDialog
          source={{ source: uri, model_id: id, ...(runId ? { run_id: runId } : {}) }}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === "delete" && (
        <Confirm
          title={`Delete ${name}?`}
          action="Delete"
          onClose={() => setDialog(null)}
          onConfirm={() =>
            edit({
              call: async () => {
                await navigate({
                  to: "/experiments/$experimentId/models",
                  params: { experimentId },
                  search: {},
                });
                await deleteLoggedModel(id);
              },
              done: `“${name}” is deleted.`,
            })
          }
        >
          It is no longer listed, and can no longer be loaded as <code>{uri}</code>. Versions that are
          registered of it stay.
        </Confirm>
      )}
    </>
  );
}
