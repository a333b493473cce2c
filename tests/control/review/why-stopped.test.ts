import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../control/record/events.ts';
import type { ReplayedFrame } from '../../../control/record/replay.ts';
import { whyStopped, whyStoppedSchema } from '../../../control/review/why-stopped.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { ROLES, spec } from '../../support/interlock-bench.ts';

/** Why a run stopped is said by its record: the rule, what was read then and how old it was, what was done. */

const LOCK = spec({
  kind: 'threshold',
  id: 'too-high',
  role: 'cell.voltage_V[]',
  trips: '>',
  limit: 10,
  delay_s: 2,
});
const channels = new Map([
  ['one', 4],
  ['two', 1],
]);
const timeline = { of: () => ({ t_s: 0, phase: 'wind', step: 'follow' }) };

const frame = (t_s: number, values: readonly number[], quality: readonly number[] = []): ReplayedFrame => ({
  device: 'one',
  t_s,
  row: 1,
  values: Float64Array.from(values),
  quality: Uint8Array.from({ length: 4 }, (_, i) => quality[i] ?? QUALITY.good),
});

function replayOf(events: readonly JournalEvent[], frames: readonly ReplayedFrame[] = []) {
  return {
    events,
    *between(
      device: string,
      _: object,
      { from_s, to_s }: { readonly from_s: number; readonly to_s: number },
    ) {
      yield* frames.filter(f => f.device === device && f.t_s >= from_s && f.t_s <= to_s);
    },
  };
}

const end = (t_s: number, by: 'interlock' | 'signal' | 'procedure' | 'step', id: string): JournalEvent => ({
  t_s,
  kind: 'end',
  text: 'why',
  data: { cause: { by, id } },
});
const safe = (t_s: number, what: 'line' | 'outcome', ok: boolean): JournalEvent => ({
  t_s,
  kind: 'safe',
  text: what,
  data: { what, ok },
});
const alarm = (t_s: number): JournalEvent => ({
  t_s,
  kind: 'alarm',
  text: 'too-high',
  data: { id: 'too-high', reaction: 'trip' },
});

describe('why a run stopped', () => {
  it('names the rule of the bench, the member nearest to it, and how old its reading was', () => {
    const frames = [frame(96, [0, 1, 2, 3]), frame(99.5, [0, 9, 12, 11]), frame(101, [0, 20, 0, 0])];
    const why = whyStopped(
      replayOf(
        [
          alarm(100),
          end(100, 'interlock', 'too-high'),
          safe(100.2, 'line', true),
          safe(101, 'outcome', true),
        ],
        frames,
      ),
      { interlocks: [LOCK], ofMethod: [], roles: ROLES, channels },
      timeline,
    );
    expect(whyStoppedSchema.parse(why)).toEqual(why);
    expect(why?.limit).toMatchObject({ id: 'too-high', trips: '>', limit: 10, unit: 'V', delay_s: 2 });
    expect(why?.readings).toEqual([
      { role: 'cell.voltage_V[2]', unit: 'V', value: 12, quality: 'good', age_s: 0.5 },
    ]);
    expect(why).toMatchObject({ t_s: 100, phase: 'wind', step: 'follow', safe_s: 1, left_out: 0 });
  });

  it('of a condition every role in it, each with its value and age', () => {
    const lock = spec({
      kind: 'expression',
      id: 'both',
      when: 'min(cell.voltage_V) < 2 and b.pressure_barg > 3 or a.value_mV > 9000',
      delay_s: 1,
    });
    const why = whyStopped(
      replayOf(
        [end(100, 'interlock', 'both')],
        [frame(99.5, [1, 9, 1.5, 11]), { ...frame(98, [4]), device: 'two', quality: Uint8Array.of(0) }],
      ),
      { interlocks: [lock], ofMethod: [], roles: ROLES, channels },
      timeline,
    );
    expect(whyStoppedSchema.parse(why)).toEqual(why);
    expect(why?.limit).toMatchObject({
      id: 'both',
      kind: 'expression',
      of: 'min(cell.voltage_V) < 2 and b.pressure_barg > 3 or a.value_mV > 9000',
    });
    expect(why?.readings).toEqual([
      { role: 'cell.voltage_V[2]', unit: 'V', value: 1.5, quality: 'good', age_s: 0.5 },
      { role: 'b.pressure_barg', unit: 'barg', value: 4, quality: 'good', age_s: 2 },
      { role: 'a.value_V', unit: 'V', value: 1, quality: 'good', age_s: 0.5 },
    ]);
  });

  it('of a limit of the method its words, who set it, and every role in it', () => {
    const limit: JournalEvent = {
      t_s: 100,
      kind: 'limit',
      text: 'rate.yaml:4: a.value_V > 5',
      data: { reaction: 'stop', place: 'rate.yaml:4', condition: 'a.value_V > 5' },
    };
    const why = whyStopped(
      replayOf([limit, end(100, 'step', 'rate.yaml:4')], [frame(99.5, [6, 0, 0, 0])]),
      {
        interlocks: [LOCK],
        ofMethod: [
          { place: 'rate.yaml:4', condition: 'a.value_V > 5', by: 'step wait', roles: ['a.value_V'] },
        ],
        roles: ROLES,
        channels,
      },
      timeline,
    );
    expect(whyStoppedSchema.parse(why)).toEqual(why);
    expect(why?.limit).toBeUndefined();
    expect(why?.methodLimit).toEqual({
      by: 'step wait',
      where: 'rate.yaml:4',
      condition: 'a.value_V > 5',
      reaction: 'stop',
      unusable: [],
    });
    expect(why?.readings).toEqual([{ role: 'a.value_V', unit: 'V', value: 6, quality: 'good', age_s: 0.5 }]);
  });

  it('a member that could not be read speaks for its role, and gives no value', () => {
    const frames = [frame(99, [0, 9, 12, Number.NaN], [0, 0, 0, QUALITY.bad])];
    const why = whyStopped(
      replayOf([end(100, 'interlock', 'too-high')], frames),
      { interlocks: [LOCK], ofMethod: [], roles: ROLES, channels },
      timeline,
    );
    expect(why?.readings).toEqual([
      { role: 'cell.voltage_V[3]', unit: 'V', value: null, quality: 'bad', age_s: 1 },
    ]);
    expect(why?.safe_s).toBeNull();
  });

  it('an instrument that has said nothing for ten minutes has no reading', () => {
    const why = whyStopped(
      replayOf([end(1000, 'interlock', 'too-high')], [frame(300, [0, 1, 1, 1])]),
      { interlocks: [LOCK], ofMethod: [], roles: ROLES, channels },
      timeline,
    );
    expect(why?.readings).toEqual([
      { role: 'cell.voltage_V[]', unit: 'V', value: null, quality: 'none', age_s: null },
    ]);
  });

  it('what led to it and what was done, in order, with what failed; a minute before, until the outcome', () => {
    const why = whyStopped(
      replayOf([
        alarm(10),
        alarm(70),
        end(100, 'signal', 'SIGINT'),
        safe(100, 'line', false),
        safe(103, 'outcome', false),
        alarm(104),
      ]),
      { interlocks: [LOCK], ofMethod: [], roles: ROLES, channels },
      timeline,
    );
    expect(why?.chain.map(({ after_s, kind, ok }) => [after_s, kind, ok])).toEqual([
      [-30, 'alarm', null],
      [0, 'end', null],
      [0, 'safe', false],
      [3, 'safe', false],
    ]);
    expect(why?.limit).toBeUndefined();
    expect(why?.readings).toEqual([]);
  });

  it('a flood is cut on both sides, and counted', () => {
    const flood = (from_s: number) => Array.from({ length: 300 }, (_, i) => alarm(from_s + i / 1000));
    const why = whyStopped(
      replayOf([...flood(99), end(100, 'signal', 'SIGINT'), ...flood(100.5)]),
      { interlocks: [LOCK], ofMethod: [], roles: ROLES, channels },
      timeline,
    );
    expect(why?.chain.length).toBe(120);
    expect(why?.left_out).toBe(601 - 120);
    expect(why?.chain.some(({ kind }) => kind === 'end')).toBe(true);
  });

  it('nothing of a run that came to its end, or of a record without one', () => {
    const bench = { interlocks: [LOCK], ofMethod: [], roles: ROLES, channels };
    expect(whyStopped(replayOf([end(5, 'procedure', 'complete')]), bench, timeline)).toBeUndefined();
    expect(whyStopped(replayOf([alarm(5)]), bench, timeline)).toBeUndefined();
  });
});
