import { useState } from "react";
import { deleteWebhook, updateWebhook, type Webhook, webhookKeys } from "@/api/webhooks.ts";
import { Button, IconButton } from "@/components/Button.tsx";
import { Chips } from "@/components/Chips.tsx";
import { Confirm } from "@/components/Dialog.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { useEdit } from "@/lib/useEdit.ts";
import { TestDialog } from "./TestDialog.tsx";
import styles from "./Webhooks.module.css";

interface WebhookRowProps {
  webhook: Webhook;
  /** Whether its deliveries are shown. */
  open: boolean;
  onOpen: () => void;
  /** Stops showing deliveries. */
  onClose: () => Promise<void>;
  onEdit: () => void;
}

export function WebhookRow({ webhook, open, onOpen, onClose, onEdit }: WebhookRowProps) {
  const [dialog, setDialog] = useState<"test" | "delete" | null>(null);
  const edit = useEdit(webhookKeys.all);
  const { id, name, url, description, events, active } = webhook;
  return (
    <tr data-open={open || undefined}>
      <th scope="row">
        <button type="button" aria-expanded={open} onClick={onOpen}>
          {name}
        </button>
        {description && <small>{description}</small>}
      </th>
      <td>
        <span className={styles.state} data-state={active ? "active" : "off"}>
          {active ? "Active" : "Switched off"}
        </span>
      </td>
      <td>
        <code>{url}</code>
      </td>
      <td>
        <Chips words={events} />
      </td>
      <td>
        <span className={styles.actions}>
          <Button onClick={() => setDialog("test")}>Test</Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <IconButton icon="more" label={`Actions for ${name}`} />
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<Icon name="table" />} onClick={onOpen}>
                Deliveries
              </Menu.Item>
              <Menu.Item leftSection={<Icon name="pencil" />} onClick={onEdit}>
                Edit…
              </Menu.Item>
              <Menu.Item
                leftSection={<Icon name={active ? "close" : "check"} />}
                onClick={() =>
                  edit({
                    call: () => updateWebhook(id, { ...webhook, active: !active }),
                    done: `“${name}” is ${active ? "switched off" : "active"}.`,
                  })
                }
              >
                {active ? "Switch off" : "Switch on"}
              </Menu.Item>
              <Menu.Item leftSection={<Icon name="trash" />} onClick={() => setDialog("delete")}>
                Delete…
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </span>
        {dialog === "test" && <TestDialog webhook={webhook} onClose={() => setDialog(null)} />}
        {dialog === "delete" && (
          <Confirm
            title={`Delete ${name}?`}
            action="Delete for good"
            onClose={() => setDialog(null)}
            onConfirm={() =>
              edit({
                call: async () => {
                  await onClose();
                  await deleteWebhook(id);
                },
                done: `“${name}” is deleted.`,
              })
            }
          >
            Its log of deliveries goes with it, and what waits to be sent is not sent.
          </Confirm>
        )}
      </td>
    </tr>
  );
}
