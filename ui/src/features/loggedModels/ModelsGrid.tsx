/** A row a model; metrics stand together by the dataset they were taken on. */
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { Grid } from "@/components/grid/Grid.tsx";
import { HeadLine } from "@/components/grid/HeadLine.tsx";
import { useSelection } from "@/components/grid/selection.ts";
import { HEAD, type Place, useGrid } from "@/components/grid/useGrid.ts";
import { useGridKeys } from "@/components/grid/useGridKeys.ts";
import { useNow } from "@/lib/useNow.ts";
import { bestOf, type Column } from "./columns.ts";
import { DATASETS, DatasetsLine } from "./DatasetsLine.tsx";
import { ColumnHead, NameHead } from "./ModelHead.tsx";
import { GroupLine, ModelLine } from "./ModelLine.tsx";
import type { LoggedModelsView } from "./useLoggedModels.ts";

export function ModelsGrid({ view }: { view: LoggedModelsView }) {
  const { rows, columns, grid } = view;
  const { widths, pinned } = grid;
  const [active, setActive] = useState(0);
  const now = useNow();
  const navigate = useNavigate();
  const selection = useSelection((state) => state.ids);
  const frame = useGrid({ count: rows.count, widths, pinned, heads: HEAD + DATASETS, see: rows.see });
  const best = useMemo(() => columns.map((column) => bestOf(rows.loaded, column)), [rows.loaded, columns]);
  const onKeyDown = useGridKeys({
    ...{ count: rows.count, active, setActive, scrollTo: frame.scrollTo },
    idAt: (index) => rows.at(index).model?.id,
    open: (modelId) => {
      const { experimentId } = rows.at(active).model ?? view;
      void navigate({
        to: "/experiments/$experimentId/models/$modelId",
        params: { experimentId, modelId },
        search: {},
      });
    },
  });
  const draw = ({ index, top }: Place) => {
    const { model, group } = rows.at(index);
    const place = {
      ...{ index, top, active: index === active, onActive: setActive },
      ...{ widths, pinned, cells: frame.cells },
    };
    return group ? (
      <GroupLine key={`run ${group.runId}`} {...place} group={group} />
    ) : (
      <ModelLine
        key={model?.id ?? index}
        {...place}
        {...{ model, columns, best, now }}
        selected={model !== undefined && selection.has(model.id)}
      />
    );
  };
  return (
    <Grid
      frame={frame}
      label="Logged models"
      count={rows.count}
      columns={columns.length}
      active={active}
      head={
        <>
          <DatasetsLine columns={columns} grid={grid} frame={frame} />
          <HeadLine
            columns={grid}
            frame={frame}
            line={2}
            noun="model"
            nameId="name"
            title={<NameHead grid={grid} />}
            loaded={rows.loaded.map(({ id }) => id)}
            isNumber={(at) => isNumber(columns[at])}
            menu={(at) => <ColumnHead grid={grid} column={columns[at] as Column} index={at} />}
          />
        </>
      }
      row={draw}
      onKeyDown={onKeyDown}
    />
  );
}

const isNumber = (column: Column | undefined): boolean => column?.kind === "metric" || column?.id === "step";
