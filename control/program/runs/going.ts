/** Of which run a folder was, by the name that it has while it is deleted, and which process deletes it. */
export function goingOf(name: string): { readonly run: string; readonly pid: number } | undefined {
  const found = /^(.+)\.going-(\d+)$/.exec(name);
  return found === null ? undefined : { run: found[1], pid: Number(found[2]) };
}
