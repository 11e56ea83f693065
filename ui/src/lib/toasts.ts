/** Short messages at the edge of the screen, some with one action. */
import { create } from "zustand";

export interface Toast {
  id: number;
  text: string;
  failed: boolean;
  action?: { label: string; run: () => void };
}

interface Toasts {
  list: Toast[];
  show: (toast: Omit<Toast, "id">) => void;
  close: (id: number) => void;
}

const LASTS = 10_000;
const MOST = 4;
let count = 0;

export const useToasts = create<Toasts>((set, get) => ({
  list: [],
  show: (toast) => {
    count += 1;
    const id = count;
    set({ list: [...get().list, { ...toast, id }].slice(-MOST) });
    setTimeout(() => get().close(id), LASTS);
  },
  close: (id) => set({ list: get().list.filter((toast) => toast.id !== id) }),
}));

export const toast = (text: string, action?: Toast["action"]): void =>
  useToasts.getState().show({ text, failed: false, action });

export const toastFailure = (failure: Error): void =>
  useToasts.getState().show({ text: failure.message, failed: true });
