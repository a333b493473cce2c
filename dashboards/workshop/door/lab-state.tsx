import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { LabCampaign, LabRun } from '../../door/lab.ts';
import { ask, keepCsrf, onSessionOver, pathOf, type Refusal, refusalOf } from './ask.ts';
import { withOlder } from './listed-runs.ts';

/** What the whole page knows of the laboratory: who sits here, who is in control, which runs and campaigns there are. */

export const ROLES = ['viewer', 'operator', 'engineer', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface InControl {
  readonly by: string;
  readonly sinceUtc: string;
  readonly reason: string;
}

/** Who sits here. Null: nobody has signed in. */
export interface Me {
  readonly name: string | null;
  readonly role: Role | null;
  readonly csrf: string | null;
  readonly withoutAccounts: boolean;
  readonly control: InControl | null;
  readonly guestUntilUtc: string | null;
}

export interface LabState {
  /** Undefined: not known yet. */
  readonly me: Me | undefined;
  readonly refusal: Refusal | undefined;
  /** Changes come in as they happen. */
  readonly connected: boolean;
  readonly control: InControl | null;
  readonly isInControl: boolean;
  readonly runs: readonly LabRun[] | undefined;
  readonly campaigns: readonly LabCampaign[] | undefined;
  /** Another text whenever a run or a campaign has begun, ended or changed its state; what hangs on that is asked for anew. */
  readonly standing: string;
  /** At least this role. */
  may(role: Role): boolean;
  /** At least this role, and there is somebody to ask. */
  mayAsk(role: Role): boolean;
  /** Likewise, and in control. */
  mayAct(role: Role): boolean;
  reload(): void;
}

const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 5000;

const context = createContext<LabState | undefined>(undefined);

export function useLab(): LabState {
  const state = useContext(context);
  if (state === undefined) throw new Error('outside of the laboratory');
  return state;
}

interface Told {
  readonly runs?: readonly LabRun[];
  readonly campaigns?: readonly LabCampaign[];
  readonly control?: InControl | null;
}

export function LabProvider({ children }: { readonly children: ComponentChildren }) {
  const [me, setMe] = useState<Me>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [told, setTold] = useState<Told>({});
  const [connected, setConnected] = useState(false);
  const take = (next: Told): void => setTold(old => ({ ...old, ...next }));
  const hear = ({ runs, ...next }: Told): void =>
    setTold(({ runs: known, ...old }) => {
      const all = runs === undefined ? known : withOlder(runs, known ?? []);
      return { ...old, ...next, ...(all === undefined ? {} : { runs: all }) };
    });

  const reload = async (): Promise<void> => {
    try {
      const found = await ask<Me>('GET', pathOf('me'));
      keepCsrf(found.csrf);
      setMe(found);
      setRefusal(undefined);
      take({ control: found.control });
      if (found.role === null) return;
      const [runs, campaigns] = await Promise.all([
        ask<readonly LabRun[]>('GET', pathOf('runs')),
        ask<readonly LabCampaign[]>('GET', pathOf('campaigns')),
      ]);
      take({ runs, campaigns });
    } catch (error) {
      setRefusal(refusalOf(error));
    }
  };
  useEffect(() => {
    void reload();
  }, []);
  const isIn = me?.role !== null && me !== undefined;
  useEffect(() => (isIn ? onSessionOver(() => void reload()) : undefined), [isIn]);
  useEffect(() => {
    if (!isIn) return;
    return follow({
      onTold: hear,
      onConnected(up) {
        setConnected(up);
        // Whoever was away has missed something, perhaps the end of the session.
        if (!up) void reload();
      },
    });
  }, [isIn]);

  const control = told.control ?? null;
  const may = (role: Role): boolean =>
    me?.role !== undefined && me.role !== null && ROLES.indexOf(me.role) >= ROLES.indexOf(role);
  const isInControl = control !== null && control.by === me?.name;
  const state: LabState = {
    me,
    refusal,
    connected,
    control,
    isInControl,
    runs: told.runs,
    campaigns: told.campaigns,
    standing: standingOf(told),
    may,
    mayAsk: role => may(role) && connected,
    mayAct: role => may(role) && connected && isInControl,
    reload: () => void reload(),
  };
  return <context.Provider value={state}>{children}</context.Provider>;
}

function standingOf({ runs = [], campaigns = [] }: Told): string {
  const going = runs.filter(({ state }) => state !== 'over').map(({ id, state }) => `${id} ${state}`);
  return [runs.length, ...going, ...campaigns.map(({ id, is }) => `${id} ${is}`)].join('\n');
}

interface Follower {
  onTold(told: Told): void;
  onConnected(up: boolean): void;
}

/** Holds the WebSocket to the door until the answer is called; closed, it is opened afresh with a growing pause. */
function follow(follower: Follower): () => void {
  const url = new URL(pathOf('live'), location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  let retry_ms = RETRY_FIRST_MS;
  let isOver = false;
  let socket: WebSocket;
  let timer: ReturnType<typeof setTimeout>;
  const open = (): void => {
    socket = new WebSocket(url);
    socket.onopen = () => {
      retry_ms = RETRY_FIRST_MS;
      follower.onConnected(true);
    };
    socket.onmessage = event => follower.onTold(JSON.parse(String(event.data)) as Told);
    socket.onclose = () => {
      if (isOver) return;
      follower.onConnected(false);
      timer = setTimeout(open, retry_ms);
      retry_ms = Math.min(RETRY_MAX_MS, retry_ms * 2);
    };
  };
  open();
  return () => {
    isOver = true;
    clearTimeout(timer);
    socket.close();
  };
}
