import { useEffect, useRef } from "react";
import { announce, announceLive } from "./announce.ts";

/** Says a text that changes: at once after another question, which somebody asked, else as what happens by itself. */
export function useAnnounced(subject: string, text: string | undefined, question: string): void {
  const before = useRef<{ text: string; question: string } | null>(null);
  useEffect(() => {
    if (text === undefined) return;
    const last = before.current;
    before.current = { text, question };
    if (last === null || last.text === text) return;
    if (last.question === question) announceLive(subject, text);
    else announce(text);
  }, [subject, text, question]);
}
