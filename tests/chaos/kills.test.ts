import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Fault, nothingFound } from './kills/fault.ts';
import { FAULTS } from './kills/faults.ts';
import { judgeNextStart, judgeOff, judgeSafe, judgeVent } from './kills/off.ts';
import { lanesOf, plansOf } from './kills/plans.ts';
import { isBad, type Tally, tallyOf } from './kills/tally.ts';
import type { Seen } from './wires/seen.ts';

/** Kills of the program on a bench in processes of its own; and whether their judge sees what must not be. */

const stack = (t_s: number, output_on: number, cathode_barg = 0): Seen => ({
  what: 'stack',
  t_s,
  output_on,
  current_A: 1500 * output_on,
  voltage_V: 260,
  cathode_barg,
});
const off = (t_s: number, by: 'line' | 'own', value = 0): Seen => ({
  what: 'set',
  t_s,
  signal: 'stack.outputSet_on',
  value,
  by,
});
/** On until `to_s`, then off, looked at as often as the instruments are. */
function looks(to_s: number, end_s = to_s + 1): Seen[] {
  return Array.from({ length: Math.round(end_s / 0.05) }, (_, i) => stack(i * 0.05, i * 0.05 < to_s ? 1 : 0));
}
const fault = FAULTS.find(({ name }) => name === 'stop-controller') as Fault;
const judged = (log: readonly Seen[], silent_s = 1) => {
  const found = nothingFound();
  judgeOff(found, { fault, log, at_s: 1, silent_s, isGoingOn: false });
  return found;
};

describe('the judge of a kill', () => {
  it.each([
    ['the guard', [...looks(4), off(3.98, 'line')], 1, 'guard'],
    ['the controller', [...looks(4), off(3.98, 'line')], 9, 'controller'],
    ['the watchdog of the supply', [...looks(4), off(3.98, 'own')], 1, 'watchdog'],
  ] as const)('knows who put the output off: %s', (_name, log, silent_s, layer) => {
    const found = judged(log, silent_s);
    expect(found).toMatchObject({ unsafe: [], layers: [layer] });
    expect(found.off_s).toBeCloseTo(3, 1);
  });

  it('sees an output that stays on, and one that goes off late', () => {
    expect(judged(looks(20, 20)).unsafe).toEqual([expect.stringMatching(/^output still on/)]);
    expect(judged([...looks(6.2), off(6.18, 'own')]).unsafe).toEqual([
      expect.stringMatching(/^output off 5\.2\d s after, expected 4\.5 s \(watchdog\)/),
    ]);
  });

  it('sees pressure that is left, an output that is not as the safe state wants it, a start on pressure', () => {
    const found = nothingFound();
    judgeVent(found, [stack(1, 0, 3.9)], 'by the guard');
    judgeSafe(found, [off(1, 'line', 1)], { 'stack.outputSet_on': 0 });
    judgeNextStart(found, [stack(1, 0, 3.9), stack(2, 1, 3.8)]);
    expect(found.unsafe).toHaveLength(3);
    const good = nothingFound();
    judgeNextStart(good, [stack(1, 0, 3.9), stack(2, 0, 0.3), stack(3, 1, 2)]);
    expect(good.unsafe).toEqual([]);
  });

  it('counts it, and calls each of them bad', () => {
    const one = { ...nothingFound(), off_s: 3, layers: ['guard'] };
    const all = [
      { kind: 'a', found: one },
      { kind: 'a', found: { ...one, off_s: 1 } },
      { kind: 'b', found: { ...nothingFound(), skipped: 'no disk' } },
    ];
    expect(tallyOf(all)).toEqual({
      kills: 2,
      unsafe: 0,
      rows_lost: 0,
      wrong_counters: 0,
      other: 0,
      skipped: 1,
      kinds: { a: { n: 2, off_max_s: 3, off_p99_s: 3, layers: { guard: 2 } } },
    });
    expect(isBad(tallyOf(all))).toBe(false);
    for (const bad of [{ unsafe: ['x'] }, { rows_lost: 1 }, { wrongCounters: ['x'] }, { other: ['x'] }])
      expect(isBad(tallyOf([{ kind: 'a', found: { ...one, ...bad } }]))).toBe(true);
  });
});

describe('the plans of kills', () => {
  it('are the same by the same seed, each kind once before one comes again, each on a bench that has it', () => {
    const plans = plansOf(80, 3, undefined);
    expect(plansOf(80, 3, undefined)).toEqual(plans);
    expect(plansOf(80, 4, undefined)).not.toEqual(plans);
    const names = plans.map(({ fault }) => fault.name);
    const kinds = new Set(names).size;
    expect(new Set(names.slice(0, kinds)).size).toBe(kinds);
    const placed = lanesOf(plans, 2).flatMap(({ plans }) => plans);
    expect(placed.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
      plans.map(({ number }) => number),
    );
    expect(() => plansOf(1, 1, ['no-such-kind'])).toThrow(/no such kind/);
  });
});

/** What stands for the rest here: no PLC and no OPC UA, whose programs take much longer to start; a campaign has a story of its own. */
const KINDS = [
  'kill-controller',
  'kill-both',
  'kill-both-and-begin',
  'kill-guard-as-it-vents',
  'stop-controller',
  'stop-guard',
  'block-loop',
  'reboot',
  'clock-back-killed',
  'disk-full',
  'cut-supply',
  'frozen-supply',
];

describe('kills', () => {
  it('leave nothing on, lose no row and no count: 20 of them', async () => {
    const kills = fileURLToPath(new URL('./kills.ts', import.meta.url));
    const args = [
      '--disable-warning=ExperimentalWarning',
      kills,
      '--kills',
      '20',
      '--seed',
      '2',
      '--jobs',
      '5',
    ];
    const { NODE_OPTIONS: _options, ...env } = process.env;
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [...args, '--kinds', KINDS.join()],
      { env, maxBuffer: 1 << 24 },
    ).catch((error: { stdout: string; stderr: string }) => error);
    const tally = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Tally;
    expect(tally, stderr).toMatchObject({ unsafe: 0, rows_lost: 0, wrong_counters: 0, other: 0 });
    expect(tally.kills + tally.skipped).toBe(20);
    expect(tally.kinds['kill-controller'].layers).toHaveProperty('guard');
  }, 400_000);
});
