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

const end = (t_s: number, by: 'interlock' | 'signal' | 'procedure', id: string): JournalEvent => ({
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
      { interlocks: [LOCK], roles: ROLES, channels },
      timeline,
    );
    expect(whyStoppedSchema.parse(why)).toEqual(why);
    expect(why?.limit).toMatchObject({ id: 'too-high', trips: '>', limit: 10, unit: 'V', delay_s: 2 });
    expect(why?.readings).toEqual([
      { role: 'cell.voltage_V[2]', unit: 'V', value: 12, quality: 'good', age_s: 0.5 },
    ]);
    expect(why).toMatchObject({ t_s: 100, phase: 'wind', step: 'follow', safe_s: 1, left_out: 0 });
  });

  it('a member that could not be read speaks for its role, and gives no value', () => {
    const frames = [frame(99, [0, 9, 12, Number.NaN], [0, 0, 0, QUALITY.bad])];
    const why = whyStopped(
      replayOf([end(100, 'interlock', 'too-high')], frames),
      { interlocks: [LOCK], roles: ROLES, channels },
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
      { interlocks: [LOCK], roles: ROLES, channels },
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
      { interlocks: [LOCK], roles: ROLES, channels },
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
      { interlocks: [LOCK], roles: ROLES, channels },
      timeline,
    );
    expect(why?.chain.length).toBe(120);
    expect(why?.left_out).toBe(601 - 120);
    expect(why?.chain.some(({ kind }) => kind === 'end')).toBe(true);
  });

  it('nothing of a run that came to its end, or of a record without one', () => {
    const bench = { interlocks: [LOCK], roles: ROLES, channels };
    expect(whyStopped(replayOf([end(5, 'procedure', 'complete')]), bench, timeline)).toBeUndefined();
    expect(whyStopped(replayOf([alarm(5)]), bench, timeline)).toBeUndefined();
  });
});
