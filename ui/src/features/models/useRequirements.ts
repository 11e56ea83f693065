import { useQuery } from "@tanstack/react-query";
import { listing, textFile } from "@/api/artifacts.ts";
import { versionFiles } from "@/api/files.ts";

const REQUIREMENTS = "requirements.txt";

/** What a version's requirements.txt says; asked for where its files have one. */
export function useRequirements(name: string, version: string): string | undefined {
  const files = versionFiles(name, version);
  const top = useQuery({ ...listing(files, ""), enabled: version !== "", retry: false }).data;
  const there = top?.some(({ path }) => path === REQUIREMENTS) ?? false;
  return useQuery({ ...textFile(files, REQUIREMENTS), enabled: there }).data?.text;
}
