/** Programs that make a first run appear, with this server's address in them. */
import { useState } from "react";
import { PREFIX } from "@/api/client.ts";
import { copyText } from "@/lib/copy.ts";
import { CLIENTS, type Client, firstRun, MEANING } from "@/lib/firstRun.ts";
import { Button } from "./Button.tsx";
import { Segmented } from "./Segmented.tsx";

export function FirstRun({ experiment }: { experiment: string }) {
  const [client, setClient] = useState<Client>("python");
  const code = firstRun(client, `${window.location.origin}${PREFIX}`, experiment);
  return (
    <>
      <div>
        <Segmented label="Log with" value={client} options={CLIENTS} onChange={setClient} />
      </div>
      <p>{MEANING[client]}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{code}</pre>
      <Button icon="copy" onClick={() => copyText(code, "Code")}>
        Copy
      </Button>
      <p role="status">Waiting for the first run… it opens here as soon as it starts.</p>
    </>
  );
}
