import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../../control/bench/bench.ts';
import { openRecord } from '../../../control/record/record.ts';
import { examine, runUnattended } from '../../../control/rehearse/rehearsal.ts';
import { type Rehearsal, rehearsalSchema } from '../../../control/rehearse/summary.ts';
import type { Kpi } from '../../../control/review/result.ts';
import { reviewed } from '../../../control/review/review.ts';
import { rehearsalText } from '../../../dashboards/terminal/rehearsal.ts';
import { MINI_BENCH, type MiniRun, miniRun } from '../../support/mini-bench.ts';
import { plainResult } from '../../support/plain-result.ts';

/** What a rehearsal makes of a run: steps, ends, limits, findings; on a bench without physics. */

const phase = (name: string, ...steps: string[]): string =>
  `- name: ${name}\n  steps:\n${steps.map(step => `  ${step}`).join('\n')}`;
const hold = (for_s: number, label = `hold ${for_s} s`): string =>
  `- { name: ${label}, wait: {}, for_s: ${for_s} }`;

async function rehearse(
  phases: readonly string[],
  options: Parameters<typeof miniRun>[1] & { drive?: (mini: MiniRun) => void; kpis?: Kpi[] } = {},
): Promise<Rehearsal> {
  const mini = await miniRun(`phases:\n${phases.join('\n')}`, options);
  options.drive?.(mini);
  const session = await mini.open();
  const ended = mini.execute();
  const outcome = await runUnattended(mini.run, mini.clock);
  await ended;
  await mini.journal.close();
  const { roles, devices, bench } = session.parts;
  const record = openRecord(mini.path, roles, subjectOf(MINI_BENCH));
  const { limits, alarms, setpoints } = reviewed(mini.path, session.parts, mini.run.spec.procedure);
  const result = plainResult({
    verdict: outcome.state,
    reason: outcome.reason,
    cause: outcome.cause,
    unproven: outcome.unproven,
    simulated_s: mini.clock.now_s(),
    rows: mini.journal.rows,
    phases: mini.run.phases,
    kpis: options.kpis ?? [],
    counts: { devices: [], events: {}, setpoints },
    limits,
    alarms,
  });
  try {
    return rehearsalSchema.parse(
      examine(
        { bench, roles, devices, procedure: mini.run.spec.procedure },
        mini.path,
        outcome,
        result,
        record,
      ),
    );
  } finally {
    record.close();
  }
}

const texts = (r: Rehearsal, level: string): string[] =>
  r.findings.filter(f => f.level === level).map(f => f.text);

describe('steps', () => {
  it('says how each ended, which timed out and which were never reached', async () => {
    const skipped = `- steps:
    - { name: point 10, wait: {}, for_s: 5, average_s: 2, exits: [{ when: stack.current_A > 1, then: leave }] }
    - { name: rest of the leg, wait: {}, for_s: 5 }`;
    const r = await rehearse([
      phase(
        'one',
        hold(5),
        '- { name: wait for 90 A, wait: {}, until: stack.current_A > 90, within_s: 10, otherwise: next }',
      ),
      phase(
        'two',
        '- { name: set 10 A, set: { stack.current_A: 10 } }',
        '- { name: wait for 5 A, wait: {}, until: stack.current_A > 5, within_s: 10 }',
        skipped,
        hold(1),
      ),
    ]);
    expect(r.outcome).toBe('completed');
    const ends = r.steps.map(s => [s.phase, s.step, s.runs, ...s.ended.map(e => `${e.by} x ${e.count}`)]);
    expect(ends).toEqual([
      ['one', 'hold 5 s', 1, 'time x 1'],
      ['one', 'wait for 90 A', 1, 'time-out x 1'],
      ['two', 'set 10 A', 1, 'done x 1'],
      ['two', 'wait for 5 A', 1, 'condition x 1'],
      ['two', 'point 10', 1, 'condition x 1'],
      ['two', 'rest of the leg', 0],
      ['two', 'hold 1 s', 1, 'time x 1'],
    ]);
    expect(texts(r, 'warning')).toEqual([
      'Step "wait for 90 A" in one ends by deadline of 10 s passed without stack.current_A > 90',
      '1 step never reached, in two: "rest of the leg"',
    ]);
  });

  it('completes, but a safe state that is not proved is the first to be said', async () => {
    const r = await rehearse([phase('one', hold(5))], {
      drive: ({ clock, plc }) => {
        clock.schedule(3, () => {
          const write = plc.write.bind(plc);
          plc.write = async (...given) => {
            await write(...given);
            plc.values[1] = 0;
          };
          plc.values[1] = 0;
        });
      },
    });
    expect(r.outcome).toBe('completed');
    expect(r.unproven.map(({ otherwise }) => otherwise)).toContain('open the vent by hand');
    expect(r.findings[0].level).toBe('trip');
    expect(r.findings[0].text).toMatch(/^Completes, but its safe state is NOT fully proved at .*: /);
    expect(rehearsalText(r)).toMatch(/^Completed, but the safe state is NOT fully proved: /);
  });

  it('a figure that its method does not accept is a finding, with what it is and what was wanted', async () => {
    const margin: Kpi = {
      id: 'margin-at-1.5C',
      phase: 'half-cell-rate',
      value: -2.613,
      u95: 0.61,
      unit: 'mV',
      definition: 'd',
      basis: 'default',
      criterion: { is: '>', limit: 0, outcome: 'fail' },
    };
    const { phase: _, u95: __, ...whole } = margin;
    const r = await rehearse([phase('one', hold(5))], {
      kpis: [
        margin,
        { ...margin, id: 'met', criterion: { is: '<', limit: 0, outcome: 'pass' } },
        {
          ...whole,
          id: 'share',
          unit: 'pct',
          value: null,
          criterion: { is: '>', limit: 95, outcome: 'undecided' },
        },
      ],
    });
    expect(r.findings).toEqual([
      {
        level: 'fail',
        text: 'Criterion of the method not met: margin-at-1.5C, half-cell-rate: -2.61 +- 0.61 mV, wanted > 0 mV',
      },
      {
        level: 'note',
        text: 'Criterion of the method not decided: share: no value, wanted > 95 %',
      },
    ]);
    expect(r.judged.map(({ id }) => id)).toEqual(['margin-at-1.5C', 'met', 'share']);
    expect(rehearsalText(r)).toMatch(/^Completed, but a criterion of the method is not met: /);
  });

  it('tells what the methods found, with its uncertainty', async () => {
    const r = await rehearse([phase('loop', hold(2))]);
    const figure = { phase: 'check', unit: 'Ah', definition: '', basis: 'default' } as const;
    const found = { ...figure, id: 'capacity', value: 4.98765, u95: 0.0031 };
    const text = rehearsalText({ ...r, figures: [found, { ...figure, id: 'lost', value: null }] });
    expect(r.figures).toEqual([]);
    expect(text).toMatch(/^ {2}check {3}capacity {2}4\.9877 \+- 0\.0031 {2}Ah$/m);
    expect(text).toMatch(/^ {2}check {3}lost +none {2}Ah\n {2}none: the report says why$/m);
  });

  it('counts a loop by its runs', async () => {
    const r = await rehearse([phase('loop', `- repeat: { times: 3 }\n    steps:\n    ${hold(2)}`)]);
    expect(r.steps).toEqual([
      {
        phase: 'loop',
        step: 'hold 2 s',
        op: 'wait',
        runs: 3,
        ended: [{ by: 'time', text: 'time', count: 3 }],
      },
    ]);
    expect(r.findings).toEqual([]);
  });

  it('a step whose time is not in the plan (60 s) lasts as long as it says', async () => {
    expect(await rehearse([phase('one', hold(4500))])).toMatchObject({ outcome: 'completed' });
  });

  it('a run that an interlock puts on hold never ends: it is stopped, and says why', async () => {
    const r = await rehearse([phase('one', hold(3600))], {
      drive: ({ clock, plc }) => {
        clock.schedule(100, () => {
          plc.values[2] = 1.8;
        });
      },
    });
    expect(r.outcome).toBe('stopped');
    expect(r.end?.reason).toMatch(/^on hold for good, nobody resumes a rehearsal \(h2-hold: /);
    expect(r.duration_s).toBeGreaterThan(600);
    expect(r.duration_s).toBeLessThan(1000);
    expect(r.steps[0].ended).toMatchObject([{ by: 'cut off', count: 1 }]);
    expect(r.findings[0].level).toBe('trip');
  });
});

describe('limits', () => {
  it('a trip: which interlock, when, in which step, and what led to it', async () => {
    const r = await rehearse([phase('one', hold(50, 'first')), phase('two', hold(100, 'second'))], {
      drive: ({ clock, supply }) => {
        clock.schedule(70, () => {
          supply.values[1] = 120;
        });
      },
    });
    expect(r.outcome).toBe('tripped');
    expect(r.end).toMatchObject({ interlock: 'current-high', at: { phase: 'two', step: 'second' } });
    expect(r.end?.at.t_s).toBeCloseTo(70, -1);
    expect(r.end?.led[0].role).toBe('stack.current_A');
    expect(r.end?.led[0].value).toEqual([0, 0, 0, 120]);
    expect(r.limits[0]).toMatchObject({ id: 'current-high', fired: 1, closest: 120, distance: -10 });
    expect(texts(r, 'trip')[0]).toMatch(/^Trips at 0:01:\d\d h, phase two, step "second": current-high: /);
  });

  it('armed by tag: only what the tagged step saw counts', async () => {
    const bench = {
      ...MINI_BENCH,
      interlocks: MINI_BENCH.interlocks.map(i => (i.id === 'current-high' ? { ...i, armed: 'load' } : i)),
    };
    const r = await rehearse(
      [phase('one', hold(20), '- { name: loaded, wait: {}, for_s: 20, tags: [load] }', hold(20))],
      {
        bench,
        drive: ({ clock, supply }) => {
          const at = (t_s: number, current_A: number) =>
            clock.schedule(t_s, () => {
              supply.values[1] = current_A;
            });
          at(5, 100);
          at(15, 60);
          at(30, 70);
          at(35, 60);
          at(55, 100);
          at(58, 0);
        },
      },
    );
    const limit = r.limits.find(l => l.id === 'current-high');
    expect(limit).toMatchObject({ closest: 70, distance: 40, fired: 0 });
    expect(limit?.at).toMatchObject({ phase: 'one', step: 'loaded' });
    expect(limit?.armed_s).toBeGreaterThan(15);
    expect(limit?.armed_s).toBeLessThan(22);
  });

  it('a limit exceeded for less than its delay is worth a warning', async () => {
    const bench = {
      ...MINI_BENCH,
      interlocks: MINI_BENCH.interlocks.filter(i => i.id === 'h2-in-o2').map(i => ({ ...i, delay_s: 5 })),
    };
    const r = await rehearse([phase('one', hold(60))], {
      bench,
      drive: ({ clock, plc }) => {
        clock.schedule(20, () => {
          plc.values[2] = 2.5;
        });
        clock.schedule(23, () => {
          plc.values[2] = 0.1;
        });
      },
    });
    expect(r.outcome).toBe('completed');
    expect(texts(r, 'warning')).toEqual([
      'h2-in-o2 (trip > 2 vol %) is exceeded for less than its delay of 5 s: up to 2.5 vol %',
    ]);
  });

  it('readings out of range are counted by channel', async () => {
    const r = await rehearse([phase('one', hold(30))], {
      bench: { ...MINI_BENCH, interlocks: MINI_BENCH.interlocks.filter(i => i.id === 'current-high') },
      drive: ({ clock, plc }) => {
        const read = plc.read.bind(plc);
        plc.read = async () => {
          const frame = await read();
          if (clock.now_s() < 10 || clock.now_s() > 12.5) return frame;
          frame.quality[0] = 4;
          return { ...frame, reason: 'pressure_barg 99, expected 0..40' };
        };
      },
    });
    expect(r.badReadings).toEqual([
      {
        device: 'plc',
        channel: 'pressure_barg',
        frames: 3,
        first_s: 10,
        text: 'pressure_barg 99, expected 0..40',
      },
    ]);
    expect(texts(r, 'warning')[0]).toMatch(
      /^plc: pressure_barg gives no usable value in 3 readings from 0:00:10 h on/,
    );
  });
});
