/** The parts of a run's page. */
export const TABS = [
  ["/runs/$runId", "Overview"],
  ["/runs/$runId/charts", "Charts"],
  ["/runs/$runId/images", "Images"],
  ["/runs/$runId/logs", "Logs"],
  ["/runs/$runId/system", "System"],
  ["/runs/$runId/code", "Code"],
  ["/runs/$runId/artifacts/$", "Artifacts"],
] as const;
