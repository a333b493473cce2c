import { describe, expect, it } from 'vitest';
import { loadBench } from '../../../../control/bench/bench-file.ts';
import { startRulesSchema } from '../../../../control/bench/rules/start-rules.ts';
import type { StartCheck, StartRow } from '../../../../control/contract/start-check.ts';
import { describeDevice } from '../../../../control/program/open-devices.ts';
import { diskFacts } from '../../../../control/program/start/machine.ts';
import type { StartFacts } from '../../../../control/run/pre-start/facts.ts';
import { startList } from '../../../../control/run/pre-start/list.ts';
import { compileRoles } from '../../../../control/tick/roles.ts';

const CELL = loadBench('examples/cell-cycling/bench.yaml', describeDevice);
const STACK = loadBench('examples/pem-500kw/bench.yaml', describeDevice);
const UTC_MS = Date.parse('2026-05-02T08:00:00Z');

/** A bench at rest as it should be; `values`: what a role reads instead. */
function facts(loaded = CELL, values: Readonly<Record<string, number | readonly number[]>> = {}): StartFacts {
  const { bench, descriptions } = loaded;
  const roles = compileRoles(bench, descriptions);
  const atRest: Record<string, number> = {
    'cell.voltage_V': 3.7,
    'anode.ventValve_on': 1,
    'room.ventilation_on': 1,
  };
  return {
    bench,
    entryOf: device => `bench.yaml:${device}`,
    devices: [...descriptions].map(([device, { driver, settables, onLoss }]) => ({
      device,
      driver,
      missing: undefined,
      drives: settables.length > 0,
      onLoss,
    })),
    measured: [...roles.measured.values()],
    valuesOf: ({ role, count }) => {
      const value = values[role] ?? atRest[role] ?? 0;
      return typeof value === 'number' ? Array.from({ length: count }, () => value) : value;
    },
    watchdogs: new Map(
      Object.entries(bench.devices).map(([id, { watchdog }]) => [id, watchdog?.timeout_s ?? 0]),
    ),
    guard: { watches: 'a second process' },
    blocking: [],
    isDriving: false,
    disk: { needed_bytes: 1e6, free_bytes: 1e9 },
    clock: {
      utc_ms: UTC_MS,
      newest_ms: UTC_MS - 1000,
      newest: 'the record of before',
      apart_s: 0.01,
      isMonotonic: true,
      goesOn: false,
    },
  };
}

const of = (rows: readonly StartRow[], check: StartCheck): StartRow[] =>
  rows.filter(row => row.check === check);
const clock = (more: Partial<Extract<StartFacts['clock'], { utc_ms: number }>>): StartFacts['clock'] =>
  ({ ...facts().clock, ...more }) as StartFacts['clock'];

describe('the list before a start', () => {
  it.each([
    ['cell', CELL],
    ['stack', STACK],
  ] as const)('a %s bench at rest as it should be: each check has its rows, none has failed', (_, loaded) => {
    const rows = startList(facts(loaded));
    expect(rows.filter(row => row.outcome === 'failed')).toEqual([]);
    for (const { outcome, reason } of rows) expect(reason === '').toBe(outcome === 'ok');
    const checks = new Set(rows.map(row => row.check));
    for (const check of ['identity', 'range', 'watchdog', 'guard', 'permissive', 'disk', 'clock'] as const)
      expect(checks).toContain(check);
    expect(checks.has('pressure-zero')).toBe(loaded === STACK);
  });

  it.each<[StartCheck, string, StartFacts, string]>([
    [
      'identity',
      'cycler',
      { ...facts(), devices: facts().devices.map(d => ({ ...d, missing: 'is lost' })) },
      'is lost',
    ],
    [
      'range',
      'cycler',
      facts(CELL, { 'cell.temperature_degC': Number.NaN }),
      'not usable: cell.temperature_degC',
    ],
    ['watchdog', 'cycler', { ...facts(), watchdogs: new Map() }, 'not armed'],
    ['polarity', 'cell.voltage_V', facts(CELL, { 'cell.voltage_V': -3.7 }), '-3.7 V'],
    [
      'polarity',
      'cell.voltage_V[]',
      facts(STACK, { 'cell.voltage_V[]': [0, 0.2, -0.4] }),
      'cell.voltage_V[3] -0.4 V',
    ],
    ['open-lead', 'cell.voltage_V', facts(CELL, { 'cell.voltage_V': 0.01 }), '0.01 V'],
    ['open-lead', 'cell.voltage_V', facts(CELL, { 'cell.voltage_V': 9.9 }), '9.9 V'],
    ['pressure-zero', 'cathode.pressure_barg', facts(STACK, { 'cathode.pressure_barg': -0.4 }), '-0.4 barg'],
    // Nobody has vented it: no mark of a guard tells of it, the reading does.
    ['pressure-zero', 'cathode.pressure_barg', facts(STACK, { 'cathode.pressure_barg': 3.5 }), '3.5 barg'],
    ['permissive', 'anode.ventValve_on', facts(STACK, { 'anode.ventValve_on': 0 }), '0 on'],
    [
      'permissive',
      'anode.ventValve_on',
      facts(STACK, { 'anode.ventValve_on': Number.NaN }),
      'no usable reading',
    ],
    ['permissive', 'alarms', { ...facts(), blocking: ['cell-voltage-high'] }, 'cell-voltage-high'],
    [
      'disk',
      'room for the record',
      { ...facts(), disk: { needed_bytes: 2e9, free_bytes: 1e9 } },
      '1.0 GB free',
    ],
    ['clock', 'UTC', { ...facts(), clock: clock({ utc_ms: 0 }) }, '1970-01-01T00:00:00.000Z'],
    ['clock', 'monotonic clock', { ...facts(), clock: clock({ apart_s: 3600 }) }, '3600.000 s apart'],
    ['clock', 'monotonic clock', { ...facts(), clock: clock({ isMonotonic: false }) }, 'went back'],
  ])('%s of %s fails', (check, what, found, seen) => {
    const failed = startList(found).filter(row => row.outcome === 'failed' && row.check === check);
    expect(failed.find(row => row.what === what)?.seen).toBe(seen);
  });

  it.each<[string, StartCheck, StartFacts, string]>([
    ['a stack without charge', 'polarity', facts(STACK), 'too little to tell the sign by'],
    ['a stack under pressure', 'pressure-zero', facts(STACK, { 'anode.pressure_barg': 5 }), 'under pressure'],
    [
      'nobody knows the watchdogs',
      'watchdog',
      { ...facts(), watchdogs: { unknown: 'only a run' } },
      'only a run',
    ],
    [
      'a guard that is none',
      'guard',
      { ...facts(), guard: { none: 'a bench of emulators' } },
      'a bench of emulators',
    ],
    [
      'a program that drives',
      'permissive',
      { ...facts(CELL, { 'cell.output_on': 1 }), isDriving: true },
      'drives',
    ],
    [
      'a run taken up',
      'clock',
      { ...facts(), clock: clock({ utc_ms: 0, goesOn: true }) },
      'was cut off goes on',
    ],
  ])('%s: not applicable, with its reason', (_, check, found, reason) => {
    const rows = of(startList(found), check);
    expect(rows.some(row => row.outcome === 'not applicable' && row.reason.includes(reason))).toBe(true);
    expect(rows.filter(row => row.outcome === 'failed')).toEqual([]);
  });

  it('lets pass what the bench file says may fail, with the reason, and nothing else', () => {
    const found = facts(CELL, { 'cell.voltage_V': -3.7 });
    const preStart = startRulesSchema.parse({ mayFail: { polarity: 'measured from the other side' } });
    const rows = startList({ ...found, bench: { ...found.bench, preStart } });
    expect(of(rows, 'polarity')).toMatchObject([
      { outcome: 'accepted', reason: 'measured from the other side' },
    ]);
    expect(of(rows, 'open-lead')).toMatchObject([{ outcome: 'failed', reason: '' }]);
    expect(startRulesSchema.safeParse({ mayFail: { guard: 'no time' } }).success).toBe(false);
    expect(startRulesSchema.safeParse({ mayFail: { disk: ' ' } }).success).toBe(false);
  });

  it('asks for more room where a run is longer or polls faster', () => {
    const needed = (planned_s: number, count: number): number => {
      const channels = new Map([['cycler', count]]);
      const disk = diskFacts({ dir: '.', bench: CELL.bench, channels, planned_s, isThinned: false });
      return 'needed_bytes' in disk ? disk.needed_bytes : Number.NaN;
    };
    expect(needed(7200, 10) - needed(3600, 10)).toBeCloseTo(needed(3600, 10) - needed(0, 10), 3);
    expect(needed(3600, 20)).toBeGreaterThan(needed(3600, 10));
    const lost = diskFacts({
      dir: '/nowhere',
      bench: CELL.bench,
      channels: new Map(),
      planned_s: 1,
      isThinned: false,
    });
    expect(lost).toHaveProperty('unknown');
  });
});

it('readings that only the set-up of a run brings are not asked for, of this device alone', () => {
  const none = facts(CELL, { 'cell.current_A': Number.NaN });
  const [{ device }] = none.measured.filter(({ role }) => role === 'cell.current_A');
  const currents = (rows: readonly StartRow[]): (readonly [string, string | undefined])[] =>
    rows
      .filter(({ check, what }) =>
        check === 'range' ? what === device : check === 'permissive' && what === 'cell.current_A',
      )
      .map(({ outcome, reason }) => [outcome, reason] as const);
  expect(new Set(currents(startList(none)).map(([outcome]) => outcome))).toEqual(new Set(['failed']));
  const devices = none.devices.map(one => (one.device === device ? { ...one, awaitsRun: 'it is off' } : one));
  const rows = currents(startList({ ...none, devices }));
  expect(rows.length).toBeGreaterThan(1);
  for (const row of rows) expect(row).toEqual(['not applicable', 'as the run will set it up: it is off']);
});
