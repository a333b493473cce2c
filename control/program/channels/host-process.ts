import '../../../drivers/contract/code/surest-compiler.ts';
import { createWriteStream, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Screen } from '../../../dashboards/terminal/screen.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { EXIT } from '../result/outcome.ts';
import { writeWhole } from '../result/write-whole.ts';
import { isBadInput } from '../run-files.ts';
import { SIGNALS } from '../signals.ts';
import { systemTrouble } from '../system-error.ts';
import { BenchHost, type HostedRun } from './bench-host.ts';
import { hostOfSchema, ORDER, type OrderFile, orderFileSchema, STOP } from './orders.ts';

/**
 * The process of a bench with several subjects: carries the runs that are ordered in its folder, until nothing is ordered any
 * more. Orders and words are files, so that whoever orders may be gone and come again.
 */

/** Orders and words are looked for so often, s. */
const LOOK_S = 0.1;
/** So long without a run, and it ends, s. */
const IDLE_S = 3;

const clock = realClock();
const goSchema = z.strictObject({ host: hostOfSchema, dir: z.string() });

/** A run under way here, and how often it was asked to end. */
interface Carried {
  readonly hosted: HostedRun;
  asked: number;
}
const carried = new Map<string, Carried>();

for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
const word = await new Promise<unknown>(resolve => {
  process.once('message', resolve);
  process.once('disconnect', () => resolve(undefined));
});
if (word === undefined) process.exit(EXIT.completed);
const { host: of, dir } = goSchema.parse(word);
// From here on nobody holds us: the supervisor may go and come again.
process.disconnect();

let host: BenchHost | undefined;
let failure = '';
try {
  host = await BenchHost.open(of);
} catch (error) {
  failure = wordsOf(error);
}
for (const signal of SIGNALS) process.on(signal, () => host?.words().map(one => one.told(signal)));
const onFailure = (error: unknown): void => {
  // Nobody knows whose it was: all of them go into their safe state.
  const open = (host?.words() ?? []).filter(one => one.hasSession);
  if (open.length === 0) throw error;
  console.error(error);
  for (const one of open) one.fail(error);
};
process.on('uncaughtException', onFailure);
process.on('unhandledRejection', onFailure);

let idle_s = 0;
for (;;) {
  for (const [id, order] of ordersIn()) take(id, order);
  for (const [id, one] of carried) hearStop(id, one);
  idle_s = carried.size === 0 ? idle_s + LOOK_S : 0;
  if (idle_s >= IDLE_S && ordersIn().length === 0) break;
  await clock.sleep(LOOK_S);
}
await host?.close();
process.exit(failure === '' ? EXIT.completed : EXIT.refused);

function ordersIn(): [id: string, order: OrderFile][] {
  return readdirSync(dir)
    .filter(name => name.endsWith(ORDER))
    .flatMap((name): [string, OrderFile][] => {
      const checked = orderFileSchema.safeParse(JSON.parse(readTextFile(join(dir, name))));
      return checked.success ? [[name.slice(0, -ORDER.length), checked.data]] : [];
    });
}

/** Begins a run: from its `end` on, whoever looks knows that it was let go. */
function take(id: string, order: OrderFile): void {
  const path = join(dir, `${id}${ORDER}`);
  const log = createWriteStream(order.log, { flags: 'a' });
  const screen = new Screen(log);
  writeWhole(order.end, `${JSON.stringify({ code: null, utc_ms: clock.utc_ms() })}\n`);
  rmSync(path);
  const over = (code: number): void => {
    carried.get(id)?.hosted.over();
    carried.delete(id);
    rmSync(join(dir, `${id}${STOP}`), { force: true });
    log.end(() => writeWhole(order.end, `${JSON.stringify({ code, utc_ms: clock.utc_ms() })}\n`));
  };
  void carry(id, order, screen).then(over, (error: unknown) => {
    screen.say(`cellbench: ${wordsOf(error)}`);
    over(isBadInput(error) || systemTrouble(error) !== undefined ? EXIT.refused : EXIT.failed);
  });
}

async function carry(id: string, { subject, args }: OrderFile, screen: Screen): Promise<number> {
  if (host === undefined) {
    screen.say(`cellbench: ${failure}`);
    return EXIT.refused;
  }
  const hosted = host.host(subject, screen);
  carried.set(id, { hosted, asked: 0 });
  const [first, ...rest] = args;
  if (first === 'resume') {
    const { resumeCommand } = await import('../resume/resume-command.ts');
    return resumeCommand(rest, hosted.place);
  }
  const { runCommand } = await import('../commands/run.ts');
  return runCommand(args, hosted.place);
}

/** A word for the orderly end; a second one: at once. */
function hearStop(id: string, one: Carried): void {
  const path = join(dir, `${id}${STOP}`);
  if (!existsSync(path)) return;
  const asked = Number(readTextFile(path));
  // Two of one kind at once count as one.
  for (; one.asked < asked; one.asked++) one.hosted.word.told(one.asked % 2 === 0 ? 'SIGTERM' : 'SIGHUP');
}

function wordsOf(error: unknown): string {
  return isBadInput(error) ? messageOf(error) : (systemTrouble(error) ?? messageOf(error));
}
