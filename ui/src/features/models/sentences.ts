/** Events of the registry in words. */
import { commentIn, type RegistryEvent } from "@/api/models.ts";

type Event = Pick<RegistryEvent, "action" | "version" | "subject" | "before" | "after" | "evidence">;

const quoted = (value: unknown): string =>
  `“${typeof value === "string" ? value : JSON.stringify(value ?? "")}”`;

/** `named` says which version it is about; on a version's own page that is clear. */
export function sentenceOf(event: Event, named = true): string {
  const { action, version, subject, before, after } = event;
  const comment = commentIn(event.evidence);
  const of = named && version ? ` of v${version}` : "";
  const what = named && version ? `v${version}` : "Version";
  switch (action) {
    case "model_created":
      return "Model created";
    case "model_renamed":
      return `Renamed from ${quoted(before)} to ${quoted(after)}`;
    case "model_updated":
      return "Description changed";
    case "model_deleted":
      return "Model deleted";
    case "model_tag_set":
    case "version_tag_set":
      return `Tag ${subject}${of} set to ${quoted(after)}`;
    case "model_tag_deleted":
    case "version_tag_deleted":
      return `Tag ${subject}${of} removed`;
    case "version_created":
      return `${what} registered`;
    case "version_updated":
      return `Description${of} changed`;
    case "version_deleted":
      return `${what} deleted`;
    case "stage_moved":
      return `${what} moved from ${before ?? "None"} to ${after}`;
    case "stage_refused":
      return `${what} was refused the stage ${subject}`;
    case "alias_moved":
      return before && before !== after
        ? `@${subject} moved from v${before} to v${after ?? version}`
        : `@${subject} points to v${after ?? version}`;
    case "alias_refused":
      return `${what} was refused the alias @${subject}`;
    case "alias_deleted":
      return `@${subject} removed`;
    case "evidence_added":
      return comment === null
        ? `Evidence${of} attached`
        : `${quoted(comment)}${named && version ? `, of v${version}` : ""}`;
  }
}
