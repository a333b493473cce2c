import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { realClock } from '../../drivers/contract/clock.ts';

/**
 * How long it takes until a command does its work: whole processes, in turn with a bare `node -e 0`, so that a busy
 * machine slows both. `--n N` rounds (default 9). Last line: JSON; per command the median wall time and `ratio`, the
 * median of its time over that of the bare Node of the same round.
 */

const PROGRAM = ['--disable-warning=ExperimentalWarning', 'control/program/main.ts'];
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  help: [...PROGRAM, '--help'],
  rehearseHelp: [...PROGRAM, 'rehearse', '--help'],
  // Everything of a rehearsal is loaded before the file is missed.
  rehearse: [...PROGRAM, 'rehearse', 'no-such-bench.yaml', 'no-such-method.yaml'],
  run: [...PROGRAM, '--bench', 'no-such-bench.yaml'],
  fit: [...PROGRAM, 'fit', 'pem', 'no-such-data.csv', '--out', 'no-such-folder/fitted.yaml'],
  page: ['dashboards/page/build-if-changed.ts'],
};

const { values } = parseArgs({ options: { n: { type: 'string', default: '9' } } });
const rounds = Math.max(1, Number(values.n));
const cwd = new URL('../..', import.meta.url).pathname;
const clock = realClock();

/** One process from start to exit, s. */
function time_s(args: readonly string[]): number {
  const start_s = clock.now_s();
  spawnSync(process.execPath, args, { cwd, stdio: 'ignore' });
  return clock.now_s() - start_s;
}

const median = (of: readonly number[]): number => [...of].sort((a, b) => a - b)[Math.floor(of.length / 2)];
const rounded = (value: number): number => Number(value.toFixed(3));

const bare: number[] = [];
const times = new Map(Object.keys(COMMANDS).map(name => [name, [] as number[]]));
const ratios = new Map(Object.keys(COMMANDS).map(name => [name, [] as number[]]));
// The first round fills the caches and does not count.
for (let round = -1; round < rounds; round++) {
  const bare_s = time_s(['-e', '0']);
  if (round >= 0) bare.push(bare_s);
  for (const [name, args] of Object.entries(COMMANDS)) {
    const taken_s = time_s(args);
    if (round < 0) continue;
    times.get(name)?.push(taken_s);
    ratios.get(name)?.push(taken_s / bare_s);
  }
}
const commands = Object.fromEntries(
  Object.keys(COMMANDS).map(name => [
    name,
    { wall_s: rounded(median(times.get(name) ?? [])), ratio: rounded(median(ratios.get(name) ?? [])) },
  ]),
);
console.log(JSON.stringify({ n: rounds, node_s: rounded(median(bare)), commands }));
