/** Saved views of an experiment's screens. */
import { queryOptions } from "@tanstack/react-query";
import { answer, client, type Schemas } from "./client.ts";

export type SavedView = Schemas["SavedView"];
export type Screen = SavedView["screen"];

const PATH = "/api/ext/v1/experiments/{experiment_id}/views";
const ONE = "/api/ext/v1/experiments/{experiment_id}/views/{view_id}";

export const viewKeys = {
  all: (experimentId: string) => ["views", experimentId] as const,
  list: (experimentId: string, screen: Screen) => ["views", experimentId, screen] as const,
  one: (experimentId: string, id: string) => ["views", experimentId, "one", id] as const,
};

export function viewsOf(experimentId: string, screen: Screen) {
  return queryOptions({
    queryKey: viewKeys.list(experimentId, screen),
    queryFn: async ({ signal }): Promise<SavedView[]> => {
      const params = { path: { experiment_id: experimentId }, query: { screen } };
      return (await answer(client.GET(PATH, { params, signal }))).views ?? [];
    },
  });
}

export function viewById(experimentId: string, id: string) {
  return queryOptions({
    queryKey: viewKeys.one(experimentId, id),
    queryFn: async ({ signal }) => {
      const params = { path: { experiment_id: experimentId, view_id: id } };
      return (await answer(client.GET(ONE, { params, signal }))).view;
    },
    staleTime: 0, // somebody else may have changed it
  });
}

/** Keeps a view; without a name it is only the short form of a long address. */
export async function createView(
  experimentId: string,
  screen: Screen,
  state: string,
  name = "",
): Promise<SavedView> {
  const params = { path: { experiment_id: experimentId } };
  return (await answer(client.POST(PATH, { params, body: { state, name, screen } }))).view;
}

export async function updateView(
  { experiment_id, view_id }: SavedView,
  body: { name?: string; state?: string },
): Promise<SavedView> {
  const params = { path: { experiment_id, view_id } };
  return (await answer(client.PATCH(ONE, { params, body }))).view;
}

export const deleteView = ({ experiment_id, view_id }: SavedView) =>
  answer(client.DELETE(ONE, { params: { path: { experiment_id, view_id } } }));
