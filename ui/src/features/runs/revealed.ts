/** The column that the grid should bring into view; somebody looked for it. */
import { create } from "zustand";

export const useRevealed = create<{ column: string | null }>(() => ({ column: null }));

export const revealColumn = (column: string | null): void => useRevealed.setState({ column });
