import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sequencer, type SequencerEvents, type SequencerState } from '../../../control/run/sequencer.ts';
import type { Instruction, Procedure } from '../../../profiles/procedure.ts';
import { StepBench } from '../../support/step-bench.ts';
import { CURRENT, FAULT_ROLES, instructionArb, READ_ROLES, readyBench } from '../../support/step-cases.ts';

/** The sequencer beat by beat on a bench without devices: 1 s a beat. */

function procedureOf(instructions: readonly Instruction[]): Procedure {
  return { method: 'm', version: 1, instructions, planned_s: 1, sets: [], reads: [] };
}

/** Everything that the sequencer says, into the log of the bench. */
function events(bench: StepBench): SequencerEvents {
  const say = (text: string): void => {
    bench.log.push(text);
  };
  return {
    phase: (name, method, t_s) => say(`${t_s} phase ${name} ${method}`),
    phaseEnd: (name, t_s, by) => say(`${t_s} phaseEnd ${name}: ${by}`),
    step: label => say(`step ${label}`),
    stepEnd: (pc, instruction, start_s, end, t_s) =>
      say(`${t_s} end ${pc} ${instruction.op} ${start_s} ${end.kind} ${end.leadsTo} ${end.reason}`),
    tags: tags => say(`tags ${tags.join(' ')}`),
    transition: () => {},
    end: (how, reason) => say(`${how}: ${reason}`),
  };
}

const common = { label: '', tags: [] as string[] };
const PHASE: Instruction = { ...common, op: 'phase', name: 'p', method: 'steps', planned_s: 1 };
const wait = (for_s: number, tags: string[] = []): Instruction => ({
  ...common,
  tags,
  label: `wait ${for_s}`,
  op: 'wait',
  for_s,
  until: [],
  onTimeout: 'stop',
});
const set = (label: string, values: Record<string, number>): Instruction => ({
  ...common,
  label,
  op: 'set',
  values,
});

function run(
  bench: StepBench,
  instructions: readonly Instruction[],
  beats: number,
  held: number[] = [],
): Sequencer {
  const sequencer = new Sequencer(procedureOf(instructions), bench.env, events(bench));
  let isAfterHold = false;
  for (let t_s = 0; t_s < beats; t_s++) {
    bench.beat(1);
    if (held.includes(t_s)) isAfterHold = true;
    else {
      sequencer.tick(t_s, 1, isAfterHold);
      isAfterHold = false;
    }
  }
  return sequencer;
}
const ends = (bench: StepBench): string[] => bench.log.filter(line => / end /.test(line));

describe('time in a step', () => {
  it('begins with the step: the first lasts as long as any other', () => {
    const bench = new StepBench();
    run(bench, [PHASE, wait(3), wait(3)], 10);
    expect(ends(bench)).toEqual(['3 end 1 wait 0 time next time', '6 end 2 wait 3 time next time']);
  });

  it('stands still on hold', () => {
    const bench = new StepBench();
    run(bench, [PHASE, wait(5)], 20, [2, 3, 4, 5]);
    // Beats 0, 1, 6 (nothing counts across the hold), 7 ... 10.
    expect(ends(bench)).toEqual(['10 end 1 wait 0 time next time']);
  });
});

describe('what was asked for', () => {
  it.each([
    ['failed', 'trip', 'a.bSet_V not applied: says no'],
    ['refused', 'stop', 'a.bSet_V refused: not allowed'],
  ] as const)('that is %s ends the step that asked, one beat later', (fault, how, reason) => {
    const bench = new StepBench();
    bench.faults.set('a.bSet_V', fault);
    run(bench, [PHASE, set('s', { 'a.bSet_V': 1, 'a.cSet_V': 2 }), wait(9)], 5);
    expect(ends(bench)).toEqual([`1 end 1 set 0 ${fault} ${how} ${reason}`]);
    expect(bench.log.at(-1)).toBe(`${how}: s: ${reason}`);
  });

  it('and fails after its step has ended ends the step that runs then', () => {
    const bench = new StepBench();
    const pressed: Instruction = {
      ...common,
      label: 'p',
      op: 'pressure',
      pressure: {
        setRole: 'a.bSet_V',
        pressureRole: 'a.b_V',
        to_barg: 5,
        rate_bar_per_min: 60,
        holdEvery_bar: 0,
        hold_s: 0,
        h2InO2Role: 'a.b_V',
        h2InO2Gate_vol_pct: 100,
        currentRole: 'a.b_V',
        minCurrentPerBar_A: 0,
        timeout_s: 3,
        onTimeout: 'continue',
      },
    };
    bench.readings.set('a.b_V', 1);
    bench.stands('a.bSet_V', 1);
    // The write hangs while the step asks; its line fails when the next step only waits.
    bench.faults.set('a.bSet_V', 'silent');
    const sequencer = new Sequencer(procedureOf([PHASE, pressed, wait(20)]), bench.env, events(bench));
    for (let t_s = 0; t_s < 12; t_s++) {
      if (t_s === 8) bench.faults.set('a.bSet_V', 'failed');
      bench.beat(1);
      sequencer.tick(t_s, 1, false);
    }
    expect(ends(bench)).toEqual([
      '3 end 1 pressure 0 timeout next 5 barg not reached within 3 s (ramp)',
      '8 end 2 wait 3 failed trip a.bSet_V not applied: says no',
    ]);
  });
});

describe('the list', () => {
  it('loops run as often as they say, and nested ones anew each time', () => {
    const loop = (times: number, end: number): Instruction => ({ ...common, op: 'loop', times, end });
    const back = (start: number): Instruction => ({ ...common, op: 'endLoop', start });
    const bench = new StepBench();
    run(bench, [PHASE, loop(2, 6), wait(1), loop(3, 5), wait(2), back(3), back(1)], 40);
    expect(ends(bench).map(line => line.split(' ')[2])).toEqual(['2', '4', '4', '4', '2', '4', '4', '4']);
    expect(bench.log.at(-1)).toBe('complete: procedure completed');
  });

  it('a loop around nothing that takes time does not hang, and goes on in later beats', () => {
    const bench = new StepBench();
    const loop: Instruction = { ...common, op: 'loop', times: 20, end: 2 };
    const sequencer = run(bench, [PHASE, loop, { ...common, op: 'endLoop', start: 1 }, wait(1)], 3);
    expect(sequencer.state().pc).toBeLessThan(3);
    run(bench, [PHASE, loop, { ...common, op: 'endLoop', start: 1 }, wait(1)], 30);
    expect(bench.log.at(-1)).toBe('complete: procedure completed');
  });

  it('a leg that is over goes on behind it, and says that it skipped', () => {
    const point: Instruction = {
      ...common,
      label: 'pt',
      op: 'point',
      leg: 'up',
      setpoint: 5,
      dwell_s: 4,
      average_s: 2,
      stopAbove: { role: 'a.b_V', limit: 2 },
      legEnd: 3,
      minCurrentPerBar_A: 0,
    };
    const bench = new StepBench();
    bench.readings.set('a.b_V', 2.5);
    run(bench, [PHASE, point, wait(99), wait(1)], 2);
    expect(bench.log).toContain(
      '0 end 1 point 0 skipped skipSweep a.b_V = 2.5000 > 2: rest of the leg skipped',
    );
    expect(bench.log).toContain('step wait 1');
    expect(bench.log).not.toContain('step wait 99');
  });

  it('tells the tags when they change, without a gap between two steps of one tag', () => {
    const bench = new StepBench();
    run(bench, [PHASE, wait(1, ['load']), wait(1, ['load']), wait(1, [])], 6);
    const told = bench.log.filter(line => line.startsWith('tags'));
    expect(told.at(-1)).toBe('tags ');
    expect(told.slice(0, -1).every(line => line === 'tags load')).toBe(true);
  });

  it('entering a load profile under load never lets go of the tag', () => {
    const bench = readyBench(1);
    bench.stands(CURRENT, 80);
    bench.sources.set('wind', () => 0.8);
    const steps = fc.sample(instructionArb('follow'), 1);
    run(bench, [PHASE, wait(2, ['load']), ...steps], 4);
    expect(bench.log.filter(line => line.startsWith('tags'))).not.toContain('tags ');
  });
});

describe('a sequencer that is cut and goes on from its state', () => {
  /** Readings of beat n: the same for whoever asks. */
  const drive = (bench: StepBench, seed: number, n: number): void => {
    READ_ROLES.forEach((role, i) => {
      const phase = Math.sin(seed * 12.9898 + n * 0.37 + i * 4.1) * 43758.5453;
      const chance = phase - Math.floor(phase);
      bench.readings.set(role, chance < 0.05 ? Number.NaN : chance * 12);
    });
    for (const role of FAULT_ROLES) {
      if (Math.floor(seed + n) % 97 === 96) bench.faults.set(role, 'failed');
    }
  };

  it('says and asks from there what one that was never cut does', () => {
    const list = fc.array(instructionArb(), { minLength: 1, maxLength: 6 });
    const holds = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 8 });
    const cuts = fc.array(fc.integer({ min: 1, max: 119 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        list,
        fc.integer({ min: 0, max: 9999 }),
        holds,
        cuts,
        fc.boolean(),
        (steps, seed, held, cut, isLooped) => {
          const body = steps.length;
          const instructions: Instruction[] = isLooped
            ? [
                PHASE,
                { ...common, op: 'loop', times: 3, end: body + 2 },
                ...steps,
                { ...common, op: 'endLoop', start: 1 },
              ]
            : [PHASE, ...steps];
          const play = (cutAt: readonly number[]): { log: string[]; state: SequencerState } => {
            const bench = readyBench(seed);
            let sequencer = new Sequencer(procedureOf(instructions), bench.env, events(bench));
            let isAfterHold = false;
            for (let n = 0; n < 120; n++) {
              if (cutAt.includes(n)) {
                const saved: SequencerState = JSON.parse(JSON.stringify(sequencer.state()));
                sequencer = new Sequencer(procedureOf(instructions), bench.env, events(bench), saved);
                expect(JSON.parse(JSON.stringify(sequencer.state()))).toEqual(saved);
              }
              drive(bench, seed, n);
              bench.beat(0.5);
              if (held.includes(n)) isAfterHold = true;
              else {
                sequencer.tick(n * 0.5, 0.5, isAfterHold);
                isAfterHold = false;
              }
            }
            return { log: bench.log, state: sequencer.state() };
          };
          expect(play(cut)).toEqual(play([]));
        },
      ),
      { numRuns: 500 },
    );
  });
});
