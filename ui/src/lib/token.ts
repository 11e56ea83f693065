/** The value that a token of tokens.css has in the theme on screen, for what is drawn. */
export const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();
