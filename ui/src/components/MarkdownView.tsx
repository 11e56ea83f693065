/** Markdown as it is meant to look. Raw HTML in it stays text, and addresses that run something are dropped. */
import type { ComponentProps } from "react";
import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";
import styles from "./Markdown.module.css";

const LEVELS = { h1: "h3", h2: "h4", h3: "h5", h4: "h6", h5: "h6", h6: "h6" } as const;

/** Below the titles of the page. */
const headings = Object.fromEntries(
  Object.entries(LEVELS).map(([level, Tag]) => [
    level,
    ({ children }: ComponentProps<"h3">) => <Tag data-level={level}>{children}</Tag>,
  ]),
);

interface MarkdownViewProps {
  text: string;
  /** The address of a picture that the text names by a path of its own; others are not loaded. */
  picture?: (path: string) => string | null;
}

export default function MarkdownView({ text, picture }: MarkdownViewProps) {
  return (
    <div className={styles.markdown}>
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        components={{
          ...headings,
          a: ({ href, children }) => (
            <a href={href} target="_blank" rel="noreferrer">
              {children}
            </a>
          ),
          img: ({ src, alt }) => {
            const own = typeof src === "string" && !/^([a-z]+:|\/)/i.test(src) ? picture?.(src) : null;
            return own ? <img src={own} alt={alt ?? ""} /> : <span>[{alt || src}]</span>;
          },
          table: ({ children }) => (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
            <div className={styles.scroll} tabIndex={0}>
              <table>{children}</table>
            </div>
          ),
        }}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
