/** Texts joined by bars in the URL. Keys are anybody's: a bar in one is no border between two. */

export const joinBars = (parts: readonly string[]): string => parts.map(encode).join("|");

export const splitBars = (text: string): string[] => text.split("|").map(decode);

const encode = (text: string): string => text.replaceAll("%", "%25").replaceAll("|", "%7C");
const decode = (text: string): string => text.replaceAll("%7C", "|").replaceAll("%25", "%");
