import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { PREFIX } from "@/api/client.ts";
import { Button } from "@/components/Button.tsx";
import { Empty, Failed } from "@/components/State.tsx";
import { isNotLoaded } from "./screen.ts";

/** What a fault in a screen leaves: its message, and a way to try it again. */
export function Problem({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  const failure = error instanceof Error ? error : new Error(String(error));
  return isNotLoaded(error) ? <Unloaded /> : <Failed error={failure} retry={retry} />;
}

const ONCE = "mlflow.reloaded";
const EVERY = 3000; // milliseconds between questions whether the server is back
const SOON = 60_000; // milliseconds in which the page is not loaded anew by itself again

/** The page is older than the server, or the server was away: all state is in the address, so loading it anew loses nothing. */
function Unloaded() {
  useEffect(() => {
    if (wasJustReloaded()) return;
    const ask = () => void fetch(`${PREFIX}/version`).then(({ ok }) => ok && reloadOnce(), ignored);
    ask();
    const asking = setInterval(ask, EVERY);
    return () => clearInterval(asking);
  }, []);
  return (
    <Empty title="A part of this page could not be loaded">
      <p>The server does not answer, or it has another version now.</p>
      <Button look="primary" onClick={() => window.location.reload()}>
        Load the page anew
      </Button>
    </Empty>
  );
}

/** Also where storage is forbidden, since then nobody could tell a second time from the first. */
function wasJustReloaded(): boolean {
  try {
    return Date.now() - Number(sessionStorage.getItem(ONCE)) < SOON;
  } catch {
    return true;
  }
}

function reloadOnce(): void {
  sessionStorage.setItem(ONCE, String(Date.now()));
  window.location.reload();
}

const ignored = () => {}; // the server is away still
