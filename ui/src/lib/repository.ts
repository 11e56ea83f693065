/** The page of a commit, where its repository is on the web; null where it is not. */
export function commitUrl(repository: string, commit: string): string | null {
  const address = repository.replace(/\.git$/, "").replace(/^git@([^:]+):/, "https://$1/");
  return commit && /^https?:\/\//.test(address) ? `${address}/commit/${encodeURIComponent(commit)}` : null;
}
