/** Short messages at the edge of the screen, some with one action. */
import { create } from "zustand";

interface Toast {
  id: number;
  text: string;
  failed: boolean;
  action?: { label: string; run: () => void };
}

interface Toasts {
  list: Toast[];
  show: (toast: Omit<Toast, "id">) => void;
  close: (id: number) => void;
  /** Keeps them there while somebody reads them or is about to press; afterwards each has its whole time again. */
  hold: (held: boolean) => void;
}

const LASTS = 10_000;
const MOST = 4;
let count = 0;
const timers = new Map<number, ReturnType<typeof setTimeout>>();

export const useToasts = create<Toasts>((set, get) => ({
  list: [],
  show: (toast) => {
    count += 1;
    const id = count;
    set({ list: [...get().list, { ...toast, id }].slice(-MOST) });
    begin(id);
  },
  close: (id) => {
    clearTimeout(timers.get(id));
    timers.delete(id);
    set({ list: get().list.filter((toast) => toast.id !== id) });
  },
  hold: (held) => {
    for (const { id } of get().list) {
      clearTimeout(timers.get(id));
      if (!held) begin(id);
    }
  },
}));

const begin = (id: number): void => {
  timers.set(
    id,
    setTimeout(() => useToasts.getState().close(id), LASTS),
  );
};

export const toast = (text: string, action?: Toast["action"]): void =>
  useToasts.getState().show({ text, failed: false, action });

export const toastFailure = (failure: Error): void =>
  useToasts.getState().show({ text: failure.message, failed: true });
