import type { Worker } from 'node:worker_threads';
import { carryOut } from '../../../../dashboards/door/answers/carry-out.ts';
import type { Who } from '../../../../dashboards/door/people/roles.ts';
import { LOCAL } from '../../../../dashboards/door/people/roles.ts';
import type { Door, Visit } from '../../../../dashboards/door/route.ts';
import { ROUTES } from '../../../../dashboards/door/table.ts';
import { endThread, startThread } from '../../../../drivers/contract/code/threads.ts';
import { messageOf } from '../../../../drivers/contract/errors.ts';
import { siblingUrl } from '../../../../drivers/contract/sibling.ts';
import { PerMinute } from './limits.ts';
import type { Asked, CameAs, DoorCalls, DoorState, FromThread, ToThread, ViewStart } from './line.ts';

/** The laboratory over OPC UA: starts the thread of the server, answers what it asks, begins it again when it has ended. */

const STATE_S = 1;
const FROM = 'opc.tcp';
const SIGN_INS = 5;
/** Of a kind, in a minute, with a line of their own in the audit: more are counted. */
const SIGN_INS_TOLD = 10;
/** Calls of one account in a minute. */
const MOST_CALLS = 300;
/** A thread that ends is begun again after so long, each time longer, s. */
const AGAIN_S = { first: 2, most: 60 };
const MEMORY = { maxOldGenerationSizeMb: 1024 };

/** A view that answers until it is closed. */
export interface LadsView {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Opens it. Rejects where the port is taken, or the server does not come up. */
export async function openLadsView(door: Door, start: Omit<ViewStart, 'state'>): Promise<LadsView> {
  const calls = callsOf(door);
  const hadAccounts = door.accounts.areThere;
  let worker: Worker | undefined;
  let isClosed = false;
  let again_s = AGAIN_S.first;
  const send = (message: ToThread): void => worker?.postMessage(message);

  const begin = (port: number): Promise<{ readonly endpoint: string; readonly port: number }> =>
    new Promise((resolve, reject) => {
      const own = startThread(siblingUrl(import.meta.url, './lads-thread'), {
        workerData: { ...start, port, state: stateOf(door) },
        resourceLimits: MEMORY,
        execArgv: ['--disable-warning=ExperimentalWarning'],
      });
      worker = own;
      let opened: number | undefined;
      const begun_s = door.clock.now_s();
      own.on('message', (message: FromThread) => {
        if (message.type === 'ask') void answer(own, message);
        else if (message.type === 'failed') reject(new Error(message.reason));
        else {
          opened = message.port;
          resolve(message);
        }
      });
      own.on('error', error => {
        if (opened === undefined) reject(error);
        else console.error(`OPC UA: ended by ${messageOf(error)}`);
      });
      own.on('exit', () => {
        if (worker === own) worker = undefined;
        reject(new Error('the server has ended as it was starting'));
        if (opened === undefined || isClosed) return;
        if (door.clock.now_s() - begun_s > AGAIN_S.most) again_s = AGAIN_S.first;
        void beginAgain(opened);
      });
    });
  const beginAgain = async (port: number): Promise<void> => {
    console.error(`OPC UA: begins again in ${again_s} s`);
    await door.clock.sleep(again_s);
    again_s = Math.min(AGAIN_S.most, 2 * again_s);
    if (isClosed) return;
    await begin(port).catch(error => {
      console.error(`OPC UA: not opened again (${messageOf(error)})`);
      if (!isClosed) void beginAgain(port);
    });
  };
  const answer = async (to: Worker, { id, call, args }: FromThread & { type: 'ask' }): Promise<void> => {
    try {
      const value = await (calls[call] as (...all: readonly unknown[]) => Promise<unknown>)(...args);
      // What a call has changed is known before its answer.
      if (call === 'ask') send({ type: 'state', state: stateOf(door) });
      to.postMessage({ type: 'answer', id, value } satisfies ToThread);
    } catch (error) {
      to.postMessage({ type: 'answer', id, error: messageOf(error) } satisfies ToThread);
    }
  };
  const cancel = door.clock.every(STATE_S, () => {
    const state = stateOf(door);
    send({ type: 'state', state });
    if (state.hasAccounts === hadAccounts || isClosed) return;
    console.error('OPC UA: the laboratory has accounts now: closed, expected the door opened again');
    void close();
  });
  const close = async (): Promise<void> => {
    isClosed = true;
    cancel();
    const own = worker;
    if (own === undefined) return;
    own.postMessage({ type: 'close' } satisfies ToThread);
    await Promise.race([new Promise(resolve => own.once('exit', resolve)), door.clock.sleep(STATE_S)]);
    await endThread(own);
  };
  try {
    const { endpoint } = await begin(start.port);
    return { endpoint, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function stateOf({ accounts, control }: Door): DoorState {
  const now = control.now();
  const shown = now === null ? null : { by: now.by, left_s: control.left_s() };
  try {
    const all = accounts.now().accounts.map(({ name, sinceUtc, role }) => ({ name, sinceUtc, role }));
    return { hasAccounts: accounts.areThere, accounts: all, control: shown };
  } catch {
    // They cannot be read: nobody comes in.
    return { hasAccounts: true, accounts: null, control: shown };
  }
}

function callsOf(door: Door): DoorCalls {
  const { lab, accounts, passwords, repeats, clock } = door;
  const signIns = new PerMinute(clock, SIGN_INS);
  const perMinute = new PerMinute(clock, MOST_CALLS);
  const nobody = {
    from: FROM,
    through: 'OPC UA' as const,
    origin: '',
    sessionKey: undefined,
    setSession: () => {},
  };

  return {
    runs: async () => (await lab.runs()).map(run => ({ run, page: lab.livePage(run.id) ?? null })),
    benches: () => lab.benches(),
    bench: name => lab.bench(name),
    methods: () => lab.methods(),
    result: id => lab.resultText(id),
    report: id => lab.report(id),
    async signIn(name, password) {
      const tell = (status: number, outcome: string): void =>
        repeats.tell(
          {
            ...{ by: accounts.of(name)?.name ?? null, how: null, from: FROM, what: 'signIn' },
            ...{ to: {}, asked: null, status, outcome },
          },
          SIGN_INS_TOLD,
        );
      if (!signIns.take(name.toLowerCase())) {
        tell(429, 'too many sign-ins');
        return null;
      }
      const account = accounts.of(name);
      const isRight = await passwords.isRight(password, account?.password);
      tell(isRight ? 200 : 401, isRight ? 'done' : 'no account with this name and password');
      return isRight && account !== undefined ? account.sinceUtc : null;
    },
    async ask(asked, came) {
      const visit: Visit = { ...nobody, ...whoOf(door, came) };
      const { who } = visit;
      if (who !== null) door.control.seen(who.name);
      const command = (asked.body as { command?: unknown } | undefined)?.command;
      const isStop = command === 'stop' || command === 'abort';
      if (!isStop && !perMinute.take(who?.name ?? 'nobody')) {
        const text = 'too many calls, expected the next one in a minute';
        if (who !== null)
          repeats.tell(
            {
              ...{ by: who.name, how: who.by, from: FROM, what: 'tooMany' },
              ...{ to: {}, asked: null, status: 429, outcome: text },
            },
            1,
          );
        return { isDone: false, status: 429, text, more: {} };
      }
      const route = ROUTES.find(({ id }) => id === asked.route);
      if (route === undefined) throw new Error(`no route ${asked.route}`);
      const { params = {} } = asked;
      const body = bodyOf(door, asked, who);
      return await carryOut(
        door,
        route,
        { params, query: {}, ...(body === undefined ? {} : { body }) },
        visit,
      );
    },
  };
}

/** What is sent along: a reason only where nobody else would lose control by it. */
function bodyOf({ control }: Door, { body, reasonIfFree = '' }: Asked, who: Who | null): unknown {
  const now = control.now();
  const isFree = now === null || now.by === who?.name;
  return isFree && reasonIfFree !== '' ? { ...(body as object | undefined), reason: reasonIfFree } : body;
}

/** Who it is now. */
function whoOf({ accounts }: Door, came: CameAs | null): Pick<Visit, 'who' | 'isByLastGood'> {
  const look = (): Who | null => {
    if (!accounts.areThere) return LOCAL;
    const account = came === null ? undefined : accounts.of(came.name);
    if (account === undefined || account.sinceUtc !== came?.sinceUtc) return null;
    return { name: account.name, role: account.role, by: 'session', csrf: null, guestUntilUtc: null };
  };
  try {
    return { who: look(), isByLastGood: false };
  } catch {
    return { who: accounts.asOfLastGood(look), isByLastGood: true };
  }
}
