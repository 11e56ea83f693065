/** The filter as text: colours under a transparent input, suggestions below, the server's complaint underlined. */
import { type ChangeEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { FilterFault } from "@/api/filters.ts";
import { IconButton } from "@/components/Button.tsx";
import { tokenize } from "@/lib/filter.ts";
import { rememberFilter } from "@/lib/recentFilters.ts";
import styles from "./FilterBox.module.css";
import type { RunsView } from "./useRunsView.ts";
import { useSuggestions } from "./useSuggestions.ts";

const PAUSE = 600; // milliseconds without typing after which the filter is applied

export function FilterBox({ view }: { view: RunsView }) {
  const { search, change, fault } = view;
  const [draft, setDraft] = useDraft(search.q ?? "", (text) => change({ q: text || undefined }, true));
  const [caret, setCaret] = useState<number | null>(null);
  const [active, setActive] = useState(-1);
  const [scroll, setScroll] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const suggestions = useSuggestions(view.experimentIds, draft, caret);
  const take = (index: number) => {
    const taken = suggestions[index];
    if (!taken) return;
    setDraft(draft.slice(0, taken.start) + taken.insert + draft.slice(taken.end));
    setCaret(taken.start + taken.insert.length);
    setActive(-1);
    input.current?.focus();
  };
  const clear = () => {
    setDraft("");
    input.current?.focus(); // the button is gone then
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === 1 && caret === null) setCaret(input.current?.selectionStart ?? 0);
    else if (step && suggestions.length) setActive((active + step + suggestions.length) % suggestions.length);
    else if ((event.key === "Enter" || event.key === "Tab") && suggestions[active]) take(active);
    else if (event.key === "Enter") {
      change({ q: draft || undefined });
      rememberFilter(draft);
      setCaret(null);
    } else if (event.key === "Escape" && suggestions.length) setCaret(null);
    else if (event.key === "Escape") input.current?.blur();
    else return;
    event.preventDefault();
  };
  const onChange = (event: ChangeEvent<HTMLInputElement>) => {
    setDraft(event.target.value);
    setCaret(event.target.selectionStart);
    setActive(-1);
  };
  const settled = fault !== null && draft === (search.q ?? "");
  return (
    <div className={styles.box}>
      <div className={styles.field} data-faulty={settled}>
        <div className={styles.text}>
          <Colours text={draft} fault={settled ? fault : null} scroll={scroll} />
          <input
            ref={input}
            data-search
            value={draft}
            aria-label="Filter runs"
            aria-invalid={settled}
            aria-describedby={settled ? `${listId}-fault` : undefined}
            role="combobox"
            aria-expanded={suggestions.length > 0}
            aria-controls={listId}
            aria-activedescendant={active >= 0 ? `${listId}-${active}` : undefined}
            autoComplete="off"
            spellCheck={false}
            placeholder="Name contains…, or metrics.val_loss < 0.3 and params.optimizer = 'adamw'"
            onChange={onChange}
            onKeyDown={onKeyDown}
            onBlur={() => setCaret(null)}
            onScroll={(event) => setScroll(event.currentTarget.scrollLeft)}
          />
        </div>
        {draft ? <IconButton icon="close" label="Clear the filter" onClick={clear} /> : <kbd>/</kbd>}
      </div>
      <div
        id={listId}
        role="listbox"
        aria-label="Suggestions"
        className={suggestions.length ? styles.list : "sr-only"}
      >
        {suggestions.map(({ insert, hint }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the keys
          <div
            key={insert}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            className={styles.option}
            aria-selected={index === active}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(index)}
          >
            <span className="cut">{insert}</span>
            <small>{hint}</small>
          </div>
        ))}
      </div>
      {settled && (
        <p id={`${listId}-fault`} className={styles.fault} role="alert">
          {fault.message}
        </p>
      )}
    </div>
  );
}

function Colours({ text, fault, scroll }: { text: string; fault: FilterFault | null; scroll: number }) {
  return (
    <div className={styles.colours} aria-hidden="true">
      <span style={{ display: "inline-block", transform: `translateX(${-scroll}px)` }}>
        {tokenize(text).map((token) => {
          const wrong = fault && token.start < fault.end && token.start + token.text.length > fault.start;
          return (
            <span key={token.start} data-kind={token.kind}>
              {wrong ? <mark>{token.text}</mark> : token.text}
            </span>
          );
        })}
      </span>
    </div>
  );
}

/** Text being typed; it is handed on after a pause, and follows the address when that changes from elsewhere. */
function useDraft(applied: string, apply: (text: string) => void): [string, (text: string) => void] {
  const [draft, setDraft] = useState(applied);
  const [followed, setFollowed] = useState(applied);
  const latest = useRef(apply);
  useEffect(() => {
    latest.current = apply;
  });
  if (followed !== applied) {
    setFollowed(applied);
    setDraft(applied);
  }
  useEffect(() => {
    if (draft === applied) return;
    const timer = setTimeout(() => latest.current(draft), PAUSE);
    return () => clearTimeout(timer);
  }, [draft, applied]);
  return [draft, setDraft];
}
