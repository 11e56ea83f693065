/** Views of a screen that are kept under a name, and a link to what is on screen now. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import {
  createView,
  deleteView,
  type SavedView,
  type Screen,
  updateView,
  viewKeys,
  viewsOf,
} from "@/api/views.ts";
import { Menu } from "@/components/Menu.tsx";
import { useShortcuts } from "@/lib/shortcuts.ts";
import { useEdit } from "@/lib/useEdit.ts";
import { addressOf, placeOf, stateOf } from "@/lib/viewState.ts";
import { Button } from "./Button.tsx";
import { Icon } from "./Icon.tsx";
import { shareLink } from "./shareLink.ts";
import styles from "./ViewsMenu.module.css";

const NameDialog = lazy(() => import("./Dialog.tsx").then(({ NameDialog }) => ({ default: NameDialog })));

interface ViewsMenuProps {
  /** The experiment that keeps the views; where there is none, a link is all there is. */
  experimentId: string | undefined;
  screen: Screen;
  /** Where the screen is, if not at the experiment. */
  place?: string;
  /** What the screen shows there at first. */
  start?: Record<string, unknown>;
  search: Record<string, unknown> & { v?: string };
  /** Says in the address which view is on screen. */
  onView: (id: string | undefined) => void;
}

export function ViewsMenu(props: ViewsMenuProps) {
  const { experimentId, screen, search } = props;
  const place = props.place ?? placeOf(experimentId ?? "", screen);
  const state = stateOf(search);
  const [viewId, setViewId] = useState<string>(); // of the view that is on screen unchanged
  const share = () => void shareLink({ experimentId, screen, place, state, viewId });
  useShortcuts({ s: share });
  return (
    <div className={styles.views}>
      {experimentId !== undefined && (
        <Views {...props} {...{ experimentId, place, state, onUnchanged: setViewId }} />
      )}
      <Button icon="link" compact title="Copy a link to what is on screen (s)" onClick={share}>
        Share link
      </Button>
    </div>
  );
}

interface ViewsProps extends ViewsMenuProps {
  experimentId: string;
  place: string;
  state: string;
  onUnchanged: (id: string | undefined) => void;
}

function Views({ experimentId, screen, search, onView, place, start = {}, state, onUnchanged }: ViewsProps) {
  const [dialog, setDialog] = useState<"save" | "rename" | null>(null);
  const [opened, setOpened] = useState(false);
  const wanted = opened || search.v !== undefined; // most screens never need the list
  const { data: views = [], error } = useQuery({ ...viewsOf(experimentId, screen), enabled: wanted });
  const queries = useQueryClient();
  const key = viewKeys.all(experimentId);
  const refresh = () => queries.invalidateQueries({ queryKey: key });
  const current = views.find(({ view_id }) => view_id === search.v);
  const changed = current !== undefined && current.state !== state;
  const edit = useEdit(key);
  const unchanged = changed ? undefined : current?.view_id;
  useEffect(() => onUnchanged(unchanged), [onUnchanged, unchanged]);
  const remove = (view: SavedView) => {
    const again = () => createView(experimentId, screen, view.state, view.name);
    const undo = () => edit({ call: again, done: `“${view.name}” is back.` });
    edit({ call: () => deleteView(view), done: `The view “${view.name}” is deleted.`, undo });
    onView(undefined);
  };
  return (
    <>
      <Menu position="bottom-end" onOpen={() => setOpened(true)}>
        <Menu.Target>
          <Button
            icon="view"
            compact={!current}
            aria-label={`Views: ${current?.name ?? "Default"}${changed ? ", changed" : ""}`}
          >
            <span className={`${styles.name} cut`}>{current?.name ?? "Views"}</span>
            {changed && <i className={styles.changed} title="Changed since it was saved" />}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={460} miw={220} className={styles.list}>
          <ViewItem
            href={addressOf(place, stateOf(start))}
            name="Default"
            chosen={!current && state === stateOf(start)}
          />
          {views.map((view) => (
            <ViewItem
              key={view.view_id}
              href={addressOf(placeOf(experimentId, screen), `v=${view.view_id}`)}
              name={view.name}
              chosen={view === current}
            />
          ))}
          {error && <Menu.Label>{error.message}</Menu.Label>}
          <Menu.Divider />
          {current && changed && (
            <Menu.Item
              leftSection={<Icon name="check" />}
              onClick={() =>
                edit({
                  call: () => updateView(current, { state }),
                  done: `“${current.name}” is saved.`,
                })
              }
            >
              Save changes to “{current.name}”
            </Menu.Item>
          )}
          <Menu.Item leftSection={<Icon name="plus" />} onClick={() => setDialog("save")}>
            Save as a new view…
          </Menu.Item>
          {current && (
            <>
              <Menu.Item leftSection={<Icon name="pencil" />} onClick={() => setDialog("rename")}>
                Rename “{current.name}”…
              </Menu.Item>
              <Menu.Item leftSection={<Icon name="trash" />} onClick={() => remove(current)}>
                Delete “{current.name}”
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {dialog === "save" && (
          <NameDialog
            title="Save this view"
            label="Name"
            action="Save"
            onClose={() => setDialog(null)}
            submit={async (name) => {
              const made = await createView(experimentId, screen, state, name);
              await refresh();
              onView(made.view_id);
            }}
          />
        )}
        {dialog === "rename" && current && (
          <NameDialog
            title="Rename the view"
            label="Name"
            action="Rename"
            start={current.name}
            onClose={() => setDialog(null)}
            submit={(name) => updateView(current, { name }).then(refresh)}
          />
        )}
      </Suspense>
    </>
  );
}

function ViewItem({ href, name, chosen }: { href: string; name: string; chosen: boolean }) {
  return (
    <Menu.Item component="a" href={href} rightSection={chosen ? <Icon name="check" /> : null}>
      {name}
      {chosen && <span className="sr-only"> (on screen)</span>}
    </Menu.Item>
  );
}
