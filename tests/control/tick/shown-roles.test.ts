import { describe, expect, it } from 'vitest';
import { LastUsable } from '../../../control/tick/last-usable.ts';
import { shownCells, shownRoles } from '../../../control/tick/shown-roles.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';

const MODES = { rest: 0, cc: 1, cv: 2, cp: 3 };

/** What the session of a test knows; `now_s` and what is read may change. */
interface Told {
  readonly measured: readonly string[];
  readonly settable?: readonly string[];
  readonly applied?: (role: string) => number;
  readonly modes?: typeof MODES;
  value: (role: string) => number;
  quality: number;
  state: string;
  now_s: number;
}

/** A session of which only the roles and what is set are there. */
function sessionOf(told: Told) {
  const session = {
    image: {
      value: (name: string) => told.value(name),
      quality: () => told.quality,
      arrived_s: () => told.now_s,
      fill: (name: string, into: Float64Array) => into.fill(told.value(name)),
    },
    gate: { applied: told.applied ?? (() => 2) },
    parts: {
      bench: { output: told.modes === undefined ? undefined : { modes: told.modes } },
      clock: { now_s: () => told.now_s },
      roles: {
        measured: new Map(
          told.measured.map(role => [
            role,
            {
              role,
              count: role.endsWith('[]') ? 2 : 1,
              device: 'rack',
              channel: role,
              accuracy: { reading_pct: 0, abs: 0.002, basis: 'default' },
            },
          ]),
        ),
        settable: new Map((told.settable ?? []).map(role => [role, { role, min: 0, max: 8 }])),
      },
      devices: new Map([
        [
          'rack',
          {
            get state() {
              return told.state;
            },
          },
        ],
      ]),
    },
  } as unknown as Parameters<typeof shownRoles>[0];
  const last = new LastUsable(session, 'cell.voltage_V[]');
  return { session, last, roles: () => shownRoles(session, last), cells: () => shownCells(session, last) };
}

const GOOD = { value: () => 1, quality: QUALITY.good, state: 'ready', now_s: 0 } as const;

describe('roles as they are shown', () => {
  it.each([
    ['stack.current_A', 'stack.currentSet_A'],
    ['h2.flow_NL_per_min', 'h2.flowSet_NL_per_min'],
  ])('%s with what is set by %s', (role, settable) => {
    const { roles } = sessionOf({ ...GOOD, measured: [role], settable: [settable] });
    expect(roles()[0].set).toEqual({ value: 2, min: 0, max: 8 });
  });

  it('without a set point where nothing sets it', () => {
    const told = { ...GOOD, measured: ['o2.h2_vol_pct'], settable: ['h2.flowSet_NL_per_min'] };
    expect(sessionOf(told).roles()[0].set).toBeUndefined();
  });

  const sets = {
    'cell.outputSet_on': 1,
    'cell.modeSet_count': 1,
    'cell.currentSet_A': 1.67,
    'cell.voltageMaxSet_V': 4.2,
    'cell.voltageMinSet_V': 2.5,
  };
  type Sets = Partial<Record<keyof typeof sets | 'cell.voltageSet_V' | 'cell.powerSet_W', number>>;
  const set = (role: string, more: Sets, output_on: number, modes?: typeof MODES) => {
    const of: Record<string, number> = { ...sets, ...more };
    const { roles } = sessionOf({
      ...GOOD,
      measured: [role, 'cell.output_on'],
      settable: ['cell.currentSet_A', 'cell.voltageSet_V', 'chamber.temperatureSet_degC'],
      applied: name => of[name] ?? Number.NaN,
      value: name => (name === 'cell.output_on' ? output_on : 1),
      ...(modes === undefined ? {} : { modes }),
    });
    const shown = roles()[0].set;
    return [shown?.value, shown?.is];
  };
  it.each<[string, unknown, unknown]>([
    ['of a supply', set('cell.current_A', {}, 1), [1.67, undefined]],
    ['of a supply that is off', set('cell.current_A', {}, 0), [1.67, 'off']],
    [
      'off by what was set, where it is not read',
      set('cell.current_A', { 'cell.outputSet_on': 0 }, Number.NaN),
      [1.67, 'off'],
    ],
    ['on by what was set, where it is not read', set('cell.current_A', {}, Number.NaN), [1.67, undefined]],
    [
      'nobody knows',
      set('cell.current_A', { 'cell.outputSet_on': Number.NaN }, Number.NaN),
      [1.67, undefined],
    ],
    ['of a channel at rest', set('cell.current_A', { 'cell.modeSet_count': 0 }, 1, MODES), [1.67, 'off']],
    ['of a channel that drives it', set('cell.current_A', {}, 1, MODES), [1.67, undefined]],
    ['the voltage that a charge ends at', set('cell.voltage_V', {}, 1, MODES), [4.2, 'ceiling']],
    [
      'the voltage that a discharge ends at',
      set('cell.voltage_V', { 'cell.currentSet_A': -2 }, 1, MODES),
      [2.5, 'floor'],
    ],
    [
      'a voltage of before',
      set('cell.voltage_V', { 'cell.voltageSet_V': 3.9, 'cell.currentSet_A': 0 }, 1, MODES),
      [3.9, 'other'],
    ],
    [
      'the current beside a held voltage',
      set('cell.current_A', { 'cell.modeSet_count': 2 }, 1, MODES),
      [1.67, 'ceiling'],
    ],
    [
      'the current beside a power',
      set('cell.current_A', { 'cell.modeSet_count': 3 }, 1, MODES),
      [1.67, 'other'],
    ],
    ['what is behind no output', set('chamber.temperature_degC', {}, 0), [null, undefined]],
  ])('say whether a set value is in force: %s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  it('keep the last usable value with its age, and forget it when one is usable again', () => {
    const told: Told = { ...GOOD, measured: ['cell.voltage_V'], value: () => 3.71 };
    const { roles, last } = sessionOf(told);
    for (; told.now_s < 10; told.now_s++) last.look(told.now_s);
    expect(roles()[0]).toMatchObject({ value: 3.71, resolution: 0.002 });
    expect(roles()[0]).not.toHaveProperty('last');
    told.state = 'lost';
    for (; told.now_s < 142; told.now_s++) last.look(told.now_s);
    expect(roles()[0]).toMatchObject({ value: null, quality: 'stale', last: { value: 3.71, age_s: 133 } });
    told.state = 'ready';
    told.quality = QUALITY.bad;
    told.value = () => Number.NaN;
    last.look(told.now_s++);
    expect(roles()[0]).toMatchObject({ value: null, quality: 'bad', last: { value: 3.71, age_s: 134 } });
    // Nothing is asked for at present: there is nothing to miss.
    told.quality = QUALITY.good;
    expect(roles()[0]).not.toHaveProperty('last');
    told.value = () => 3.6;
    last.look(told.now_s);
    expect(roles()[0]).toMatchObject({ value: 3.6 });
  });

  it('never had one: there is nothing to keep', () => {
    const { roles, last } = sessionOf({ ...GOOD, measured: ['cell.voltage_V'], state: 'connecting' });
    last.look(0);
    expect(roles()[0]).toMatchObject({ value: null, quality: 'stale' });
    expect(roles()[0]).not.toHaveProperty('last');
  });

  it('cells keep theirs, once no cell has one', () => {
    const told: Told = { ...GOOD, measured: ['cell.voltage_V[]'], value: () => 1.8 };
    const { cells, last, roles } = sessionOf(told);
    last.look(0);
    expect(cells()).toEqual({ role: 'cell.voltage_V[]', unit: 'V', values: [1.8, 1.8] });
    told.state = 'lost';
    told.now_s = 61;
    last.look(told.now_s);
    expect(cells()).toMatchObject({ values: [null, null], last: { values: [1.8, 1.8], age_s: 61 } });
    expect(roles().map(({ role, last: kept }) => [role, kept?.value])).toEqual([
      ['cell.voltage_V[].min', 1.8],
      ['cell.voltage_V[].mean', 1.8],
      ['cell.voltage_V[].max', 1.8],
    ]);
  });
});
