import { type FormEvent, useState } from "react";

interface Submit {
  send: (event: FormEvent) => void;
  /** What went wrong, in words. */
  failure: string;
  busy: boolean;
}

/** Sends a form once; a failure is kept to be said beside it, and it can then be sent again. */
export function useSubmit(submit: () => Promise<unknown>): Submit {
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure("");
    try {
      await submit();
    } catch (error) {
      setFailure((error as Error).message);
      setBusy(false);
    }
  };
  return { send: (event) => void send(event), failure, busy };
}
