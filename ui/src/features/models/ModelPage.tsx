/** One registered model: its versions, what it is for, what happened to it. */

import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import {
  deleteModel,
  deleteModelTag,
  describeModel,
  type Model,
  modelByName,
  modelKeys,
  renameModel,
  setModelTag,
  versionsOf,
} from "@/api/models.ts";
import { IconButton } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Description } from "@/components/Description.tsx";
import { Confirm } from "@/components/Dialog.tsx";
import { Header } from "@/components/Header.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import page from "@/components/Page.module.css";
import { Snippet } from "@/components/Snippet.tsx";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { TagChips } from "@/components/TagChips.tsx";
import { isTime } from "@/lib/format.ts";
import { useEdit } from "@/lib/useEdit.ts";
import { AliasChip } from "./AliasChip.tsx";
import { AsOf } from "./AsOf.tsx";
import { History } from "./History.tsx";
import styles from "./Models.module.css";
import { VersionsTable } from "./VersionsTable.tsx";

const route = getRouteApi("/models/$name");

export function ModelPage() {
  const { name } = route.useParams();
  const { data: model, error, isPending, refetch } = useQuery(modelByName(name));
  if (isPending) return <Skeleton rows={12} />;
  if (!model) {
    return (
      <>
        <Header title={name} crumbs={<Crumb />} />
        <Failed error={error as Error} retry={() => refetch()}>
          <Link to="/models">See all models</Link>
        </Failed>
      </>
    );
  }
  return <Loaded key={model.name} model={model} />;
}

const Crumb = () => (
  <Link to="/models" search={{}}>
    Models
  </Link>
);

function Loaded({ model }: { model: Model }) {
  const { at, c, s } = route.useSearch();
  const { name, aliases, tags = [] } = model;
  const versions = useQuery(versionsOf(name));
  const navigate = route.useNavigate();
  const edit = useEdit(modelKeys.all);
  const [renaming, setRenaming] = useState(false);
  return (
    <>
      <Header
        title={name}
        rename={{
          what: "the model",
          name,
          save: async (to) => {
            await renameModel(name, to);
            await navigate({ to: "/models/$name", params: { name: to }, search: {}, replace: true });
          },
          open: renaming,
          onOpen: setRenaming,
        }}
        crumbs={<Crumb />}
        aside={<ModelMenu model={model} rename={() => setRenaming(true)} />}
      >
        <span className={styles.chips}>
          {aliases.map(({ alias, version }) => (
            <AliasChip key={alias} name={name} alias={alias} version={version} />
          ))}
        </span>
      </Header>
      {at !== undefined && isTime(Number(at)) ? (
        <AsOf
          name={name}
          time={Number(at)}
          onTime={(time) =>
            void navigate({
              search: { at: time === null ? undefined : String(time) },
              replace: time !== null,
            })
          }
        />
      ) : (
        <div className={styles.page}>
          <div className={page.column}>
            {versions.data?.length === 0 ? (
              <Card title="Versions">
                <Empty title="No versions yet">
                  <Snippet code={`mlflow.register_model("runs:/<run id>/model", ${JSON.stringify(name)})`} />
                </Empty>
              </Card>
            ) : versions.data ? (
              <VersionsTable
                model={model}
                versions={versions.data}
                columns={c}
                sort={s ?? ""}
                change={(part) =>
                  void navigate({ search: (before) => ({ ...before, ...part }), replace: true })
                }
                onCompare={([older, newer]) =>
                  void navigate({
                    to: "/models/$name/$version",
                    params: { name, version: newer },
                    search: { with: older },
                  })
                }
              />
            ) : versions.error ? (
              <Failed error={versions.error} retry={() => versions.refetch()} />
            ) : (
              <Skeleton />
            )}
          </div>
          <div className={page.column}>
            <Description
              text={model.description ?? ""}
              ask="What is this model for?"
              save={(text) => edit({ call: () => describeModel(name, text) })}
            />
            <Card title="Tags">
              <div className={styles.inset}>
                <TagChips
                  tags={tags}
                  onSet={(key, value) => edit({ call: () => setModelTag(name, key, value) })}
                  onRemove={(key) => edit({ call: () => deleteModelTag(name, key) })}
                />
              </div>
            </Card>
            <History name={name} />
          </div>
        </div>
      )}
    </>
  );
}

function ModelMenu({ model: { name }, rename }: { model: Model; rename: () => void }) {
  const [deleting, setDeleting] = useState(false);
  const navigate = route.useNavigate();
  const edit = useEdit(modelKeys.all);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton icon="more" label="Actions for this model" />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="pencil" />} onClick={rename}>
            Rename
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="restore" />}
            onClick={() => void navigate({ search: { at: String(Date.now()) } })}
          >
            As it was at a time…
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="trash" />} onClick={() => setDeleting(true)}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {deleting && (
        <Confirm
          title={`Delete ${name}?`}
          action="Delete for good"
          typed={name}
          onClose={() => setDeleting(false)}
          onConfirm={() =>
            edit({
              call: async () => {
                await navigate({ to: "/models", search: {} });
                await deleteModel(name);
              },
              done: `“${name}” is deleted.`,
            })
          }
        >
          Its versions, tags and aliases go with it; the files and runs they came from stay.
        </Confirm>
      )}
    </>
  );
}
