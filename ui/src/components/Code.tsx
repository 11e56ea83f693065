/** The viewer of text files; it comes when it is needed. */
import { lazy, Suspense } from "react";
import { Skeleton } from "./State.tsx";

const CodeView = lazy(() => import("./code/CodeView.tsx").then(({ CodeView }) => ({ default: CodeView })));

export function Code({ text, name }: { text: string; name: string }) {
  return (
    <Suspense fallback={<Skeleton />}>
      <CodeView text={text} name={name} />
    </Suspense>
  );
}
