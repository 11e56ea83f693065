/** A dataset in one text, as URLs and columns name it: `name#digest`; the digest has no `#`. */
export const datasetId = (name: string, digest: string): string => (name ? `${name}#${digest}` : "");

export function datasetOf(id: string): { name: string; digest: string } {
  const cut = id.lastIndexOf("#");
  return cut < 0 ? { name: id, digest: "" } : { name: id.slice(0, cut), digest: id.slice(cut + 1) };
}
