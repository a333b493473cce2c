import { useEffect, useState } from 'preact/hooks';

/** What the door of a laboratory knows, where the page of a run is seen through one. */

const ASK_MS = 5000;
/** Where a door shows the page of a run. */
const BEHIND = /^(.*)\/run\/[^/]+(\/[^/]+)?\/?$/;

/** Who sits here and who is in control; null: nobody. */
export interface AtDoor {
  readonly name: string | null;
  readonly by: string | null;
}

/** Address of the laboratory that a page at this path is seen through; undefined: through none. */
export function labOf(path: string): string | undefined {
  const found = BEHIND.exec(path);
  return found === null ? undefined : `${found[1]}/`;
}

/** Asks the door now and then; undefined: there is none, or it has not answered yet. */
export function useDoor(): AtDoor | undefined {
  const [at, setAt] = useState<AtDoor>();
  useEffect(() => {
    const lab = labOf(location.pathname);
    if (lab === undefined) return;
    const ask = async (): Promise<void> => {
      try {
        const reply = await fetch(`${lab}api/v1/me`);
        const me = (await reply.json()) as { name?: string | null; control?: { by?: string } | null };
        if (reply.ok) setAt({ name: me.name ?? null, by: me.control?.by ?? null });
      } catch {
        // What was known stands until the door answers again; the values come by another way.
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), ASK_MS);
    return () => clearInterval(timer);
  }, []);
  return at;
}
