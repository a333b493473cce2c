import { useEffect, useRef, useState } from 'preact/hooks';
import type { CommandName, LiveSnapshot } from '../../../control/view.ts';
import type { CutOff } from '../../door/lab/cut-off.ts';

/** What the door of a laboratory knows, where the page of a run is seen through one. */

/** Who may steer is told within a second that somebody else does now; who only looks on, or looks elsewhere, is in no hurry. */
export const askAgainIn_ms = (maySteer: boolean, isSeen: boolean): number =>
  maySteer && isSeen ? 800 : 5000;
/** One that does not come is not waited for. */
const ANSWER_MS = 5000;
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
  /** What whoever is in control has said for it; empty: nothing. */
  readonly because: string;
  /** Its verdict once it is over; null: it goes on, or nobody could say. */
  readonly verdict: string | null;
  /** As the laboratory lists the run, while nothing comes of it; null: it does come, or nobody could say. */
  readonly listed: Listed | null;
  /** It ended without a word, and how it left its bench; null: it did not, or nobody could say. */
  readonly cutOff: CutOff | null;
  /** The process of the run does not answer; null: it does, or nobody could say. */
  readonly silent: Silent | null;
}

/** What a list of runs says of one. */
export interface Listed {
  /** Name of its bench. */
  readonly bench: string;
  readonly mode: Mode;
}
type Mode = LiveSnapshot['run']['mode'];
const MODES: readonly Mode[] = ['rehearsal', 'wire', 'bench'];

/** As `GET /runs/ID/silent` has it. */
export interface Silent {
  readonly sinceUtc: string;
  readonly guard: { readonly what: string; readonly timeout_s: number | null } | null;
  readonly watchdogs: readonly { readonly device: string; readonly armed_s: number }[];
}

/** Laboratory and run of a page. */
interface Behind {
  readonly lab: string;
  readonly id: string;
}

/** Of a page at this path; undefined: it is seen through no door. */
export function behindDoor(path: string): Behind | undefined {
  const [, lab, id] = BEHIND.exec(path) ?? [];
  return lab === undefined || id === undefined ? undefined : { lab: `${lab}/`, id };
}

/** Where the laboratory shows what has come of the run. */
export const resultOf = ({ lab, id }: Behind): string => `${lab}#/runs/${id}`;

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

/** What is said of control, as far as it is known; undefined: nobody has signed in here, and the door tells only who has. */
export function controlSeen({ name, by }: AtDoor): 'nobody' | 'you' | { readonly by: string } | undefined {
  if (name === null) return undefined;
  if (by === null) return 'nobody';
  return by === name ? 'you' : { by };
}

/** Who has taken control from whoever sits here since the door was asked before, and why; undefined: nobody. */
export function takenFrom(
  before: AtDoor | undefined,
  at: AtDoor | undefined,
): { readonly by: string; readonly because: string } | undefined {
  if (before === undefined || at === undefined || at.by === null) return undefined;
  if (controlSeen(before) !== 'you' || at.by === before.name) return undefined;
  return { by: at.by, because: at.because };
}

/** Asks the door at once, where a page is seen through one: control has changed, or somebody has heard so. */
export let lookAtDoor = (): void => {};

/** Asks the door again and again; undefined: there is none, or it has not answered yet. */
export function useDoor(isConnected: boolean): AtDoor | undefined {
  const [at, setAt] = useState<Omit<AtDoor, 'silent'>>();
  const silent = useSilent(at?.name != null);
  const isHurried = useRef(false);
  isHurried.current = at !== undefined && at.verdict === null && mayOperate({ ...at, silent });
  useEffect(() => {
    const behind = behindDoor(location.pathname);
    if (behind === undefined || isAlone) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let newest = 0;
    const ask = async (): Promise<void> => {
      clearTimeout(timer);
      newest += 1;
      const own = newest;
      try {
        const found = await askedOf(behind, isConnected);
        // An answer that was asked for earlier says what was so earlier.
        if (own === newest) setAt(found);
      } catch (error) {
        // Below a campaign alone there is nobody to ask. Else what was known stands until the door answers again.
        if (error instanceof NoDoor) return;
      }
      if (own !== newest) return;
      const isSeen = document.visibilityState === 'visible';
      timer = setTimeout(() => void ask(), askAgainIn_ms(isHurried.current, isSeen));
    };
    const look = (): void => void ask();
    lookAtDoor = look;
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      newest += 1;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [isConnected]);
  return at === undefined ? undefined : { ...at, silent };
}

async function askedOf(behind: Behind, isConnected: boolean): Promise<Omit<AtDoor, 'silent'>> {
  const me = await meAt(behind);
  const name = textOf(me['name']);
  const run = isConnected || name === null ? {} : await runAt(behind);
  const control = me['control'] as { by?: string; reason?: string } | null;
  return {
    name,
    role: textOf(me['role']),
    account: me['withoutAccounts'] === true ? '' : (name ?? ''),
    csrf: textOf(me['csrf']),
    by: control?.by ?? null,
    because: control?.reason ?? '',
    verdict: run['state'] === 'over' ? (textOf(run['verdict']) ?? '') : null,
    listed: listedOf(run),
    cutOff: (run['cutOff'] as CutOff | null | undefined) ?? null,
  };
}

function listedOf(run: Readonly<Record<string, unknown>>): Listed | null {
  const bench = textOf(run['bench']);
  const mode = MODES.find(known => known === run['mode']);
  return bench === null || mode === undefined ? null : { bench, mode };
}

/**
 * Whether a line to the run may be opened: nobody knocks where the door would say no, of a run that is over or to somebody who is
 * signed out.
 */
export async function mayOpenLine(): Promise<boolean> {
  const behind = behindDoor(location.pathname);
  if (behind === undefined || isAlone) return true;
  try {
    const { name } = await meAt(behind);
    return name !== null && (await runAt(behind))['state'] === 'going';
  } catch (error) {
    return error instanceof NoDoor;
  }
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
        const reply = await fetched(`${behind.lab}api/v1/runs/${behind.id}/silent`);
        // Whoever has been signed out elsewhere is told so at once, and asks no more until they are in.
        if (reply.status === 401) lookAtDoor();
        const { silent: found } = (await reply.json()) as { silent?: unknown };
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

/** There is no door at this address. */
class NoDoor extends Error {}
/** It has been found out: the page of a run stands below that of its campaign, which whoever is on this machine may use. */
let isAlone = false;

type Told = Readonly<Record<string, unknown>>;

/** Who sits here. @throws NoDoor where nobody can be asked, Error where the door does not answer now */
async function meAt({ lab }: Behind): Promise<Told> {
  const reply = await fetched(`${lab}api/v1/me`);
  if (reply.status === 404) {
    isAlone = true;
    throw new NoDoor('nobody to ask');
  }
  if (!reply.ok) throw new Error(`status ${reply.status}`);
  return (await reply.json()) as Told;
}

/** What the laboratory knows of the run; nothing where it does not say. */
async function runAt({ lab, id }: Behind): Promise<Told> {
  const reply = await fetched(`${lab}api/v1/runs/${id}`);
  return reply.ok ? ((await reply.json()) as Told) : {};
}

const fetched = (url: string): Promise<Response> => fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
