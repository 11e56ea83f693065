/** What the browser keeps for this site; where it may not, it lasts until the page is closed. */

export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function keep(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    // storage is forbidden, or full
  }
}
