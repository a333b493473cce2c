import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRunSource } from '../../control/exchange/recorded-run.ts';
import { eventsOf, readEvents } from '../../control/record/recorded-events.ts';
import type { RunResult } from '../../control/review/result.ts';
import { cellbench } from './support/program.ts';
import {
  acted,
  alone,
  begin,
  clock,
  isOff,
  LOAD,
  scratch,
  TIMEOUT_S,
  WATCHDOG_S,
} from './support/wire-story.ts';

/**
 * Two processes that watch each other, on emulated lines that answer late: whichever is killed, stopped or stands still,
 * the output goes off; and the pressure is let off by whoever is left.
 */

describe('a run at pressure', () => {
  it('is stopped at 30 barg (SIGSTOP): the guard ends it, switches off, and lets the pressure off by its ramp', async () => {
    const vent_bar_per_min = 600;
    const story = await begin(
      'stop',
      150,
      raw => {
        // The gases of a plant that is so much faster, and not purged, are not what is looked at here.
        raw.interlocks = raw.interlocks.filter(({ id }) => /^(stack|cathode|supply|plc)-/.test(String(id)));
        raw.limits['cathode.pressureSet_barg']['ramp_per_s'] = 15;
        raw.safeState.steps = raw.safeState.steps.map(step =>
          'vent' in step
            ? { ...step, rate_bar_per_min: vent_bar_per_min, accepted: 'the plant is as much faster' }
            : step,
        );
      },
      LOAD.replace(
        '- set: {',
        `- set: { h2.outletValve_on: on, anode.ventValve_on: on, water.pump_on: on }\n- set: {`,
      ),
      '- set: { cathode.pressure_barg: 30 }',
    );
    await story.until('30 barg', 60, async () => (await story.look('cathode.pressure_barg')) > 29.5);
    process.kill(story.pid, 'SIGSTOP');
    const off_s = await story.until('off', 15, isOff(story));
    expect(off_s).toBeGreaterThan(TIMEOUT_S - 0.5);
    // Before the supply's own watchdog.
    expect(off_s).toBeLessThan(WATCHDOG_S);
    const from_barg = await story.look('cathode.pressure_barg');
    expect(from_barg).toBeGreaterThan(20);
    const start_s = clock.now_s();
    const took_s = await story.until(
      'vented',
      30,
      async () => (await story.look('cathode.pressure_barg')) < 0.5,
    );
    // By the ramp, not by opening a valve.
    expect(took_s).toBeGreaterThan((0.8 * (from_barg * 60)) / vent_bar_per_min - 1);
    expect(await acted(story)).toMatchObject({ because: 'silence', unproven: [], watchdog_s: WATCHDOG_S });
    expect(clock.now_s() - start_s).toBeLessThan(30);
    expect(await story.ended).toBe(null);
    expect(
      story
        .log()
        .map(({ text }) => text)
        .join('\n'),
    ).toMatch(/controlled vent from [\d.]+ barg.*[\s\S]*vented to/);
  }, 180_000);
});

/** How long the run that goes on holds its load, s. */
const HOLD_S = 15;

/** Rows of the supply in a record. */
function rowsOf(out: string): number {
  const source = openRunSource(out);
  const rows = source.reader('supply').count;
  source.close();
  return rows;
}

function wholeOf(out: string) {
  const rows = rowsOf(out);
  const source = openRunSource(out);
  const events = readEvents(source.db);
  source.close();
  const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult;
  return { events, rows, result };
}

// Two at a time: each is three processes.
describe('a run under load', () => {
  it.concurrent('is killed (SIGKILL): the guard acts at once, and what it did stands in the result', async () => {
    const story = await alone('kill');
    process.kill(story.pid, 'SIGKILL');
    expect(await story.until('off', 15, isOff(story))).toBeLessThan(TIMEOUT_S);
    const end = await acted(story);
    expect(end).toMatchObject({ because: 'gone', unproven: [] });
    expect(end.off_s).toBeLessThan(TIMEOUT_S);
    expect(await cellbench('conclude', story.out)).toMatchObject({ code: 0 });
    const result = JSON.parse(readFileSync(join(story.out, 'result.json'), 'utf8')) as RunResult;
    expect(result).toMatchObject({ verdict: 'cut off', cause: { by: 'guard', id: 'gone' }, unproven: [] });
    expect(result.reason).toMatch(
      /its guard ended it, had the output off [\d.]+ s after the last beat \(by the guard\)/,
    );
  }, 180_000);

  it.concurrent('is killed with its guard: the watchdog of the supply is what is left, and the next start asks', async () => {
    const story = await alone('both', HOLD_S);
    await clock.sleep(4);
    process.kill(story.guard, 'SIGKILL');
    process.kill(story.pid, 'SIGKILL');
    const off_s = await story.until('off', 15, isOff(story));
    expect(off_s).toBeGreaterThan(WATCHDOG_S - 1.5);
    expect(off_s).toBeLessThan(WATCHDOG_S + 1.5);
    const args = ['--real', '--bench', story.bench, '--method', story.method, '--no-serve', '--out'];
    const next = await cellbench(...args, join(scratch.path, 'both-next'));
    expect(next.code).toBe(2);
    expect(next.stderr).toMatch(/bench\.guard\.json: controller .* ended without a word: .*--acknowledge/);
    // Nobody goes on with it either before a person has looked; then it goes on where it was, in the same record.
    expect(await cellbench('resume', story.out)).toMatchObject({ code: 2 });
    const text = readFileSync(story.method, 'utf8');
    writeFileSync(story.method, text.replace('1900', '1901'));
    const changed = await cellbench('resume', story.out, '--acknowledge', 'A. Person');
    expect(changed).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/\.yaml: has changed since the run began/),
    });
    writeFileSync(story.method, text);
    const before = rowsOf(story.out);
    const again = await cellbench('resume', story.out, '--acknowledge', 'A. Person', '--no-serve');
    expect(again.stderr).toBe('');
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toMatch(/cut off at .* in load, held.* First the safe state/);
    const { events, rows, result } = wholeOf(story.out);
    expect(result).toMatchObject({ verdict: 'completed', unproven: [] });
    // Those of both programs; the last ones come while the result is worked out.
    expect(result.rows).toBeGreaterThan(before);
    expect(rows - result.rows).toBeLessThan(10);
    expect(rows).toBeGreaterThan(before);
    const [resumed] = eventsOf(events, 'resumed');
    expect(resumed.data.steps).toEqual([{ step: expect.stringContaining('held'), how: 'continue' }]);
    // It has held for as long as it was told, the time of the cut and of the way back not counted.
    const step = (name: string): number[] =>
      eventsOf(events, 'step').flatMap(({ text, t_s }) => (text.startsWith(name) ? [t_s] : []));
    const [end_s, ...more] = step('held');
    expect(more).toEqual([]);
    const [before_s, back_s] = step('ramp');
    const lasted_s = resumed.data.cut_s - before_s + (end_s - back_s);
    expect(Math.abs(lasted_s - HOLD_S)).toBeLessThan(1.5);
    // The gap is a gap: nothing was made up for it.
    expect(resumed.t_s - resumed.data.cut_s).toBeGreaterThan(WATCHDOG_S - 2);
    expect(await cellbench('verify', story.out)).toMatchObject({ code: 0 });
    expect((await cellbench('resume', story.out)).stderr).toMatch(
      /has a result, expected a run that was cut off/,
    );
  }, 180_000);
});

describe('a run or its guard under load', () => {
  it.concurrent('blocks its event loop: the guard ends it and switches off before the watchdog of the supply', async () => {
    const story = await alone('block');
    process.kill(story.pid, 'SIGUSR2');
    expect(await story.until('off', 15, isOff(story))).toBeLessThan(WATCHDOG_S);
    expect(await acted(story)).toMatchObject({ because: 'silence', unproven: [] });
    expect(await story.ended).toBe(null);
  }, 180_000);

  it.concurrent('loses its guard: it goes into its safe state, and says so', async () => {
    const story = await alone('guard');
    process.kill(story.guard, 'SIGKILL');
    expect(await story.until('off', 15, isOff(story))).toBeLessThan(TIMEOUT_S);
    expect(await story.ended).toBe(4);
    const result = JSON.parse(readFileSync(join(story.out, 'result.json'), 'utf8')) as RunResult;
    expect(result).toMatchObject({ cause: { by: 'guard', id: 'lost' }, unproven: [] });
    expect(existsSync(join(story.out, 'guard.jsonl'))).toBe(false);
  }, 180_000);

  it.concurrent('loses its guard for a while (SIGSTOP): it goes into its safe state, and is not ended by it on the way', async () => {
    const story = await alone('guard-back');
    process.kill(story.guard, 'SIGSTOP');
    expect(await story.until('off', 15, isOff(story))).toBeGreaterThan(TIMEOUT_S - 0.5);
    process.kill(story.guard, 'SIGCONT');
    expect(await story.ended).toBe(4);
    const result = JSON.parse(readFileSync(join(story.out, 'result.json'), 'utf8')) as RunResult;
    expect(result).toMatchObject({ cause: { by: 'guard', id: 'lost' }, unproven: [] });
    expect(existsSync(join(story.out, 'guard.jsonl'))).toBe(false);
  }, 180_000);
});
