import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventBody, EventKind, JournalEvent } from '../../../control/record/events.ts';
import { Journal } from '../../../control/record/journal.ts';
import { asEvent } from '../../../control/record/recorded-events.ts';
import { openReplay } from '../../../control/record/replay.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'events-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** One of each kind; the compiler asks for a new kind's example here. */
const ONE_OF_EACH: { readonly [K in EventKind]: Extract<EventBody, { kind: K }>['data'] } = {
  state: { from: 'Execute', to: 'Completing', event: 'complete' },
  phase: { name: 'wind', method: 'load-following' },
  phaseEnd: { name: 'wind', start_s: 1, end_s: 2.5, ended_by: 'time' },
  voltammogram: { name: 'z', start_s: 1, points: 3, asked: 4, whole: false, reason: 'a trip' },
  spectrum: { name: 'eis', start_s: 1, points: 3, asked: 4, whole: false, reason: 'a trip' },
  amplitudeTrial: {
    name: 'z',
    start_s: 1,
    control: 'voltage',
    frequency_Hz: 1e4,
    amplitude: 0.001,
    asked: 0.01,
    modulus_Ohm: 0.02,
    reason: '',
  },
  step: { pc: 3, op: 'set', start_s: 1, ended: 'applied', reason: 'applied' },
  resumed: { cut_s: 10, steps: [{ step: 'pulse', how: 'again' }] },
  limitChange: { id: 'hot', from: 75, to: 70, by: 'A. Volta (page)', reason: 'new seal' },
  walDamaged: { frame: 21, lost: 109, commits: 17 },
  limitKept: { id: 'hot', to: 70, against: '' },
  edit: {
    by: 'A. Volta (page)',
    reason: 'enough of them',
    from: 'a1',
    to: 'b2',
    changes: ['- 3 rest: for 2 h', '+ 3 rest: for 1 h'],
    path: 'night.yaml',
    inputs: [{ what: 'method', path: 'night.yaml', bytes: 12, sha256: 'b2' }],
    text: 'method: night',
  },
  finishes: { what: 'down (cc)', reason: 'cell.voltage_V < 2.5' },
  inexact: { step: 'pulse', asked_s: 10, lasted_s: 10.1, allowed_s: 0.02 },
  part: {
    method: 'capacity-check',
    name: 'now',
    start_s: 1,
    end_s: 9,
    isWhole: true,
    parameters: { rate_C: 1, rates_C: [1, 2] },
  },
  returned: { figures: { capacity_Ah: 4.9, gain_pct: Number.NaN } },
  callReturned: {
    call: 'cycle',
    procedure: 'one-cycle.yaml',
    start_s: 1,
    figures: { efficiency_pct: 99.5, gain_pct: Number.NaN },
  },
  roundValues: { where: 'm.yaml:6', round: 2, nth: 2, figures: { q_Ah: 4.9 } },
  roundsLeft: {
    loop: 'each',
    where: 'm.yaml:6',
    round: 2,
    rounds: 4,
    kind: 'exit',
    by: 'cc',
    reason: 'cell.current_A > 0.3',
  },
  ask: { what: 'ask', asked: 'Hand valves open' },
  limit: { reaction: 'warn', place: 'step 1', condition: 'cell.voltage_V < 2' },
  point: { leg: 'up', setpoint: 100, from_s: 1, to_s: 2 },
  controlled: {
    role: 'cell.negativePotential_V',
    target: 0.02,
    readings: 3,
    bad: 0,
    rms: 0.001,
    beyond: null,
    every_s: 1,
    saturated_s: 0,
  },
  short: {
    step: 'up (cc)',
    role: 'cell.current_A',
    asked: 2.5,
    shown: 0,
    from_s: 500,
    away_s: 10,
    isOver: true,
  },
  sameFigure: { role: 'cell.voltage_V', value: 3.7, from_s: 9, readings: 60, charge_Ah: 0.3, moved_A: 0 },
  standby: { available_kW: 3 },
  restart: { available_kW: 30 },
  pressure: { mode: 'wait', set_barg: 12 },
  tags: { tags: ['load', 'pressurised'] },
  limits: {
    from_s: 0,
    nearest: [
      {
        id: 'high',
        figure: 1,
        t_s: 2,
        peak: 1,
        armed_s: 3,
        unusable: 0,
        sum: 4,
        count: 5,
        member: 'cell.voltage_V[1]',
      },
    ],
  },
  alarm: { id: 'h2-in-o2', reaction: 'trip', priority: 'high', isFirstOut: true },
  suspended: {
    id: 'stack-hot',
    of: 'interlock',
    nth: 1,
    at_most: 3,
    for_s: 60,
    within_s: 1800,
    sets: [{ role: 'stack.currentSet_A', to: 20, per_s: 5 }],
  },
  recovered: { id: 'stack-hot', of: 'interlock', nth: 1, lasted_s: 170 },
  clear: { id: 'h2-in-o2', peak: 2.2 },
  chatter: { id: 'h2-in-o2', count: 40, over_s: 60 },
  shelve: {
    id: 'h2-warn',
    what: 'shelved',
    by: 'A. Miller',
    reason: 'span gas',
    for_s: 60,
    isStanding: true,
  },
  safe: {
    what: 'outcome',
    ok: false,
    took_s: 1.2,
    unproven: [{ what: 'supply safe', otherwise: 'open the contactor' }],
  },
  command: { command: 'hold', by: 'page', accepted: true },
  rowsMissing: { device: 'cycler', test: '143', from: 7, to: 9 },
  rowsLost: { device: 'cycler', last_s: 64, cut_s: 113 },
  device: { device: 'supply', state: 'lost' },
  watchdog: { device: 'supply', armed_s: null },
  guard: { what: 'watches', timeout_s: 3 },
  refused: { role: 'stack.currentSet_A', value: Number.NaN },
  failed: { role: 'stack.currentSet_A', value: 10 },
  foreign: { role: 'stack.currentSet_A', value: 11 },
  end: { cause: { by: 'interlock', id: 'h2-in-o2' } },
  fault: undefined,
  load: undefined,
  accepted: undefined,
  preStart: {
    rows: [
      { check: 'identity', what: 'plc', expected: 'a/b', seen: 'answers as that', outcome: 'ok', reason: '' },
    ],
  },
  listener: { count: 2 },
  clock: { what: 'step', step_s: -3600, utc: '2026-05-01T19:00:00.000Z' },
  instrumentClock: { device: 'plc', what: 'jump', channel: 'flowInstrumentTime_s', by_s: -7200 },
  record: { what: 'dropped', frames: 12 },
};

describe('events', () => {
  it('of every kind come back from the file as they were, a missing figure as NaN', async () => {
    const path = join(dir, 'run.sqlite');
    const journal = await Journal.open(path, [], {});
    const events = Object.entries(ONE_OF_EACH).map(
      ([kind, data], t_s) => ({ t_s, kind, text: `a ${kind}`, data }) as JournalEvent,
    );
    for (const event of events) journal.event(event);
    await journal.close();
    const replay = openReplay(path);
    expect(replay.events).toEqual(events);
    replay.close();
  });

  it('are not read out of their words: one with strange words means the same', async () => {
    const path = join(dir, 'run.sqlite');
    const journal = await Journal.open(path, [], {});
    journal.event({
      t_s: 1,
      kind: 'end',
      text: 'stopped by Ctrl-C',
      data: { cause: { by: 'self', id: 'x' } },
    });
    await journal.close();
    const replay = openReplay(path);
    expect(replay.events[0]).toMatchObject({ kind: 'end', data: { cause: { by: 'self' } } });
    replay.close();
  });

  it.each([
    ['a kind of a newer version', 'campaign', '{"next":4}'],
    ['a name that every object has', 'constructor', null],
    ['a word of a newer version', 'end', '{"cause":{"by":"nobody","id":"1"}}'],
    ['no data where there should be some', 'alarm', null],
    ['data that is no JSON', 'alarm', '{"id":'],
  ])('not understood are kept as text: %s', (_, kind, data) => {
    expect(asEvent({ t_s: 1, kind, text: 'words', data })).toEqual({
      t_s: 1,
      kind: 'not understood',
      text: 'words',
      data: { kind, json: data },
    });
  });

  it('with more in their data than this version knows are understood', () => {
    const event = asEvent({ t_s: 1, kind: 'clear', text: '', data: '{"id":"a","by":"somebody"}' });
    expect(event).toMatchObject({ kind: 'clear', data: { id: 'a' } });
  });
});

describe('checkpoints', () => {
  it.each([
    ['the sequencer alone', [{ pc: 4 }], 4],
    ['a whole run', [{ pc: 1 }, { version: 1, run: { sequencer: { pc: 7, loops: {} } }, gate: {} }], 7],
    ['a newer one that names no place', [{ pc: 5 }, { version: 9, where: 'x' }], 5],
    ['none', [], 0],
  ])('say where the run last was: %s', async (_, states, pc) => {
    const path = join(dir, 'run.sqlite');
    const journal = await Journal.open(path, [], {});
    for (const state of states) journal.checkpoint(1, state);
    await journal.close();
    const replay = openReplay(path);
    expect(replay.lastPc).toBe(pc);
    replay.close();
  });
});

it('a file written before events carried data of their kind can still be opened', async () => {
  const path = join(dir, 'run.sqlite');
  await (await Journal.open(path, [], {})).close();
  const db = new DatabaseSync(path);
  db.exec(`INSERT INTO events VALUES (1, 'step', 'hold: time', '{"pc":1,"op":"wait","start_s":0}')`);
  db.close();
  const replay = openReplay(path);
  expect(replay.events.map(e => e.text)).toEqual(['hold: time']);
  replay.close();
});
