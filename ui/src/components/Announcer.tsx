import { useAnnouncement } from "@/lib/announce.ts";

/** Says what `announce` is told. */
export function Announcer() {
  const { text, count } = useAnnouncement();
  return (
    <p className="sr-only" role="status">
      {text}
      {count % 2 ? "\u00a0" : ""}
    </p>
  );
}
