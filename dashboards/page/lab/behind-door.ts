import { useEffect, useState } from 'preact/hooks';
import type { CommandName } from '../../../control/view.ts';
import type { CutOff } from '../../door/lab/cut-off.ts';

/** What the door of a laboratory knows, where the page of a run is seen through one. */

const ASK_MS = 5000;
/** Whether the process of the run answers is asked so often: its page says within 5 s that it does not. */
const SILENT_MS = { answers: 2000, silent: 1000 };
/** Where a door shows the page of a run. */
const BEHIND = /^(.*)\/run\/([^/]+)\/?$/;

/** Who sits here, what they may, who is in control, and whether the run is over. */
export interface AtDoor {
  /** Null: nobody has signed in, or not any more. */
  readonly name: string | null;
  readonly role: string | null;
  /** The account that the record names, whatever is typed; empty: the lab has no accounts, so that a page may say who it is. */
  readonly account: string;
  /** What the session sends along with a change; null: nothing is asked for. */
  readonly csrf: string | null;
  readonly by: string | null;
  /** Its verdict once it is over; null: it goes on, or nobody could say. */
  readonly verdict: string | null;
  /** It ended without a word, and how it left its bench; null: it did not, or nobody could say. */
  readonly cutOff: CutOff | null;
  /** The process of the run does not answer; null: it does, or nobody could say. */
  readonly silent: Silent | null;
}

/** As `GET /runs/ID/silent` has it. */
export interface Silent {
  readonly sinceUtc: string;
  readonly guard: { readonly what: string; readonly timeout_s: number | null } | null;
  readonly watchdogs: readonly { readonly device: string; readonly armed_s: number }[];
}

/** Laboratory and run of a page at this path; undefined: it is seen through no door. */
export function behindDoor(path: string): { readonly lab: string; readonly id: string } | undefined {
  const [, lab, id] = BEHIND.exec(path) ?? [];
  return lab === undefined || id === undefined ? undefined : { lab: `${lab}/`, id };
}

/** Where the laboratory shows what has come of the run. */
export const resultOf = ({ lab, id }: { readonly lab: string; readonly id: string }): string =>
  `${lab}#/runs/${id}`;

/** Whether who sits here may ask anything of a run; where there is no door whoever is on this machine may. */
export const mayOperate = (at: AtDoor | undefined): boolean =>
  at === undefined || (at.role ?? 'viewer') !== 'viewer';

/** What ends a run or quiets an alarm is asked by whoever may operate; all else by who is in control. */
const WITHOUT_CONTROL: readonly CommandName[] = ['stop', 'abort', 'acknowledge'];
const OF_ENGINEER: readonly CommandName[] = ['limit'];
const ENGINEERS: readonly (string | null)[] = ['engineer', 'admin'];

/** Whether the door lets this through as it stands: nothing looks as if it could be pressed that it would refuse. */
export function mayCommand(at: AtDoor | undefined, command: CommandName): boolean {
  if (at === undefined) return true;
  if (!mayOperate(at)) return false;
  if (OF_ENGINEER.includes(command) && !ENGINEERS.includes(at.role)) return false;
  return WITHOUT_CONTROL.includes(command) || (at.by !== null && at.by === at.name);
}

/** Asks the door at once, where a page is seen through one: control has changed from here. */
export let lookAtDoor = (): void => {};

/** Asks the door now and then; undefined: there is none, or it has not answered yet. */
export function useDoor(isConnected: boolean): AtDoor | undefined {
  const [at, setAt] = useState<Omit<AtDoor, 'silent'>>();
  const silent = useSilent(at?.name != null);
  useEffect(() => {
    const behind = behindDoor(location.pathname);
    if (behind === undefined) return;
    const ask = async (): Promise<void> => {
      try {
        const me = await fetched(`${behind.lab}api/v1/me`);
        const run =
          isConnected || me['name'] === null ? {} : await fetched(`${behind.lab}api/v1/runs/${behind.id}`);
        const control = me['control'] as { by?: string } | null;
        setAt({
          name: textOf(me['name']),
          role: textOf(me['role']),
          account: me['withoutAccounts'] === true ? '' : (textOf(me['name']) ?? ''),
          csrf: textOf(me['csrf']),
          by: control?.by ?? null,
          verdict: run['state'] === 'over' ? (textOf(run['verdict']) ?? '') : null,
          cutOff: (run['cutOff'] as CutOff | null | undefined) ?? null,
        });
      } catch {
        // What was known stands until the door answers again; the values come by another way.
      }
    };
    lookAtDoor = () => void ask();
    void ask();
    const timer = setInterval(() => void ask(), ASK_MS);
    return () => clearInterval(timer);
  }, [isConnected]);
  return at === undefined ? undefined : { ...at, silent };
}

/** Asks again and again, one request at a time. */
function useSilent(isIn: boolean): Silent | null {
  const [silent, setSilent] = useState<Silent | null>(null);
  useEffect(() => {
    const behind = behindDoor(location.pathname);
    if (behind === undefined || !isIn) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    let isSilent = false;
    const look = async (): Promise<void> => {
      try {
        const { silent: found } = await fetched(`${behind.lab}api/v1/runs/${behind.id}/silent`);
        isSilent = (found ?? null) !== null;
        setSilent((found as Silent | undefined) ?? null);
      } catch {
        // Nobody could say: the door itself does not answer, which the page says by itself.
      }
      if (!isOver) timer = setTimeout(() => void look(), isSilent ? SILENT_MS.silent : SILENT_MS.answers);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isIn]);
  return silent;
}

async function fetched(url: string): Promise<Readonly<Record<string, unknown>>> {
  return (await (await fetch(url)).json()) as Readonly<Record<string, unknown>>;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
