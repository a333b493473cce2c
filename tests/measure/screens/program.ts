import type { LiveSnapshot } from '../../../control/view.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { type Controller, startController } from '../../chaos/wires/controller.ts';

/** The program with its page, as a person starts it, and what is asked of it. */

const ROOT = new URL('../../..', import.meta.url).pathname.replace(/\/$/, '');
const STARTS_WITHIN_S = 180;
const ASKS_EACH_S = 0.1;
const ENDS_WITHIN_S = 3;
export const clock = realClock();

export interface Program {
  /** Of its page. */
  readonly url: string;
  readonly pid: number;
  said(): string;
  /** Without a word; what it has started goes, too. */
  kill(): Promise<void>;
}

/** Starts it with these arguments; `says`: its words before the address of the page. */
export async function startProgram(args: readonly string[], says = 'Live page: '): Promise<Program> {
  const controller: Controller = startController(ROOT, args, clock);
  const kill = async (): Promise<void> => {
    const left = controller.leftBehind();
    for (const pid of [controller.pid, ...left])
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    await controller.gone(ENDS_WITHIN_S);
  };
  try {
    const said = new RegExp(`${says}.*?(http://[^\\s/]+)`);
    const url = await within(`page of ${args.join(' ')}`, STARTS_WITHIN_S, async () => {
      if (controller.exit() !== undefined) throw new Error(controller.said().slice(-1000));
      return said.exec(controller.said())?.[1];
    });
    return { url, pid: controller.pid, said: controller.said, kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

/** Asks again and again until there is an answer. */
export async function within<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const begin_s = clock.now_s();
  for (;;) {
    const got = await ask();
    if (got !== undefined) return got;
    if (clock.now_s() - begin_s > seconds) throw new Error(`${what}: not within ${seconds} s`);
    await clock.sleep(ASKS_EACH_S);
  }
}

/** Waits until the run is so, and gives how it is then. */
export function until(
  url: string,
  what: string,
  isSo: (snapshot: LiveSnapshot) => boolean,
  seconds = 90,
): Promise<LiveSnapshot> {
  return within(what, seconds, async () => {
    const reply = await fetch(`${url}/api/snapshot`);
    const snapshot = (await reply.json()) as LiveSnapshot;
    return isSo(snapshot) ? snapshot : undefined;
  });
}

/** Asks something of a run, as its page does. */
export async function command(url: string, body: Readonly<Record<string, unknown>>): Promise<void> {
  const reply = await fetch(`${url}/api/command`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${JSON.stringify(body)}: ${reply.status} ${text.slice(0, 300)}`);
}
