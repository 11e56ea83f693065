import { useEffect, useRef } from "react";
import { announce, announceLive } from "./announce.ts";

const [SETTLED, OWN] = [400, 3000]; // milliseconds until an answer is whole, and within which it is one

/** Says a text that changes: soon after another question, which somebody asked, else as what happens by itself. An empty one is not said. */
export function useAnnounced(subject: string, text: string | undefined, question: string): void {
  const said = useRef<string>(undefined);
  const asked = useRef({ question, at: Number.NEGATIVE_INFINITY });
  useEffect(() => {
    if (asked.current.question !== question) asked.current = { question, at: Date.now() };
    if (text === undefined || text === said.current) return;
    const quiet = said.current === undefined || !text;
    if (quiet || Date.now() - asked.current.at > OWN) {
      said.current = text;
      if (!quiet) announceLive(subject, text);
      return;
    }
    const timer = setTimeout(() => {
      said.current = text;
      announce(text);
    }, SETTLED);
    return () => clearTimeout(timer);
  }, [subject, text, question]);
}
