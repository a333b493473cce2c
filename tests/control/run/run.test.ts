import { describe, expect, it } from 'vitest';
import { inEnglish } from '../../../control/contract/said/said.ts';
import { acknowledge } from '../../../control/run/lead-out.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { MINI_BENCH, miniRun } from '../../support/mini-bench.ts';

const ON = '- { name: on, set: { stack.output_on: on, stack.current_A: 80 } }';
const HOLD = (for_s: number): string => `- { name: hold, wait: {}, for_s: ${for_s} }`;

describe('a run', () => {
  it('goes through its procedure, ends in the proved safe state, and records why each step ended', async () => {
    const mini = await miniRun([ON, HOLD(10), '- { name: down, ramp: { stack.current_A: 0, per_s: 10 } }']);
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome).toEqual({
      state: 'Complete',
      cause: { by: 'procedure', id: 'complete' },
      reason: '',
      unproven: [],
    });
    expect(mini.run.phases).toHaveLength(1);
    const events = await mini.events();
    expect(events.filter(e => e.kind === 'step').map(e => e.text)).toEqual([
      'on: applied',
      'hold: time',
      'down: reached',
    ]);
    expect(events.some(e => e.kind === 'watchdog' && e.text.includes('supply'))).toBe(true);
    // The ramp limit of 20 A/s holds upwards, and what was asked stands beside what was applied.
    const sets = mini.setpoints('stack.currentSet_A');
    expect(sets.slice(0, 4).map(s => [s.asked, s.applied])).toEqual([
      [80, 20],
      [80, 40],
      [80, 60],
      [80, 80],
    ]);
    expect(mini.supply.written.at(-1)).toMatchObject({ key: 'currentSet_A', value: 0, urgent: true });
  });

  it('a limit trips: the OFF write is the next thing on the wire, within the same tick', async () => {
    const mini = await miniRun([ON, HOLD(100)]);
    mini.clock.schedule(20.5, () => {
      mini.supply.values[1] = 120;
    });
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome.state).toBe('Aborted');
    expect(outcome.reason).toContain('current-high: stack.current_A = 120 A > 110');
    const off = mini.supply.written.findIndex(w => w.key === 'outputSet_on' && w.value === 0 && w.urgent);
    expect(mini.supply.written[off].t_s).toBe(21);
    expect(mini.session.gate.latch).toContain('current-high');
    await mini.events();
  });

  it('after a trip nothing but the safe state reaches a device, and a person must acknowledge', async () => {
    const mini = await miniRun([ON, HOLD(100)]);
    mini.clock.schedule(20.5, () => {
      mini.plc.values[2] = 5;
    });
    await mini.clock.runUntil(mini.execute());
    const trip_s = 23;
    const after = mini.supply.written.filter(w => w.t_s > trip_s);
    expect(after.filter(w => !w.urgent)).toEqual([]);
    expect(await mini.session.gate.ask('stack.currentSet_A', 1, 'test')).toMatchObject({
      outcome: 'refused',
    });
    expect(inEnglish(acknowledge(mini.session, undefined, 'test'))).toContain('still present: h2-in-o2');
    await mini.events();
  });

  it('a lost device trips, the others are made safe, and what is not proved is named with the next means', async () => {
    const mini = await miniRun([ON, HOLD(100)]);
    mini.clock.schedule(20.5, () => {
      mini.supply.reading = 'fails';
      mini.supply.behaviour = 'fails';
    });
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome.state).toBe('Aborted');
    expect(outcome.unproven.map(u => `${u.what}: ${u.otherwise}`).join()).toContain('emergency stop');
    expect(mini.plc.written).toContainEqual(
      expect.objectContaining({ key: 'ventSet_on', value: 1, urgent: true }),
    );
    const events = await mini.events();
    const aborting = events.find(e => e.kind === 'state' && e.text.includes('Aborting'));
    expect(aborting?.t_s).toBe(21);
  });

  it('a silent device, in real time: trips at the stale limit, and the others are secured within a second of it', async () => {
    // Virtual time stands still for a read that never ends, so silence is a matter of real time.
    const clock = realClock();
    const quick = { driver: 'test/memory', poll_s: 0.02, stale_after_s: 0.3, options: {} };
    const bench = { ...MINI_BENCH, devices: { supply: quick, plc: quick } };
    const mini = await miniRun([HOLD(10)], { bench, realTime: clock });
    let silent_s = Number.NaN;
    clock.schedule(0.5, () => {
      silent_s = clock.now_s();
      mini.supply.reading = 'hangs';
      mini.supply.behaviour = 'hangs';
    });
    const outcome = await mini.execute();
    expect(outcome.state).toBe('Aborted');
    expect(outcome.reason).toContain('no reading from supply');
    expect(outcome.unproven.map(u => `${u.what}: ${u.otherwise}`).join()).toContain(
      'not done within 0.3 s): emergency stop',
    );
    const vent = mini.plc.written.find(w => w.key === 'ventSet_on' && w.urgent);
    expect((vent?.t_s ?? Infinity) - silent_s).toBeLessThan(0.3 + 1);
    await mini.events();
  });

  it('hold freezes the method but not the interlocks; resume is refused while the alarm stands', async () => {
    const mini = await miniRun([ON, HOLD(30)]);
    const answers: string[] = [];
    mini.clock.schedule(15.5, () => {
      mini.plc.values[2] = 1.7;
    });
    mini.clock.schedule(50.5, () => {
      answers.push(mini.session.state, mini.session.resume());
      mini.plc.values[2] = 0.5;
    });
    mini.clock.schedule(52.5, () => {
      acknowledge(mini.session, 'h2-hold', 'test');
      answers.push(mini.session.resume());
    });
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(answers).toEqual(['Held', 'acknowledge the alarms first', '']);
    expect(outcome.state).toBe('Complete');
    expect(mini.run.phases[0].end_s - mini.run.phases[0].start_s).toBeGreaterThanOrEqual(30 + 36);
    await mini.events();
  });

  it('stop ramps the load off before the safe state', async () => {
    const mini = await miniRun([ON, HOLD(100)]);
    mini.clock.schedule(20.5, () => mini.session.stop({ by: 'person', id: 'test' }, 'operator'));
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome).toMatchObject({ state: 'Stopped', reason: 'operator', unproven: [] });
    await mini.events();
    const down = mini
      .setpoints('stack.currentSet_A')
      .filter(s => s.asked === 0)
      .map(s => s.applied);
    expect(down.slice(0, 4)).toEqual([60, 40, 20, 0]);
  });

  it.each([
    ['out of range', '101', 'stop', 'outside 0 .. 100'],
    [
      'not a number',
      '1 A * stack.power_W / (stack.power_W - stack.power_W)',
      'stop',
      'cannot be worked out now',
    ],
  ])('a set point %s never reaches the wire and ends the run', async (_, value, __, text) => {
    const mini = await miniRun([`- { name: bad, set: { stack.current_A: ${value} } }`, HOLD(5)]);
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome.state).toBe('Stopped');
    expect(outcome.reason).toContain(text);
    expect(mini.supply.written.filter(w => !w.urgent && w.value !== 0)).toEqual([]);
    await mini.events();
  });

  it('a write that the instrument refuses leads to the safe state', async () => {
    const mini = await miniRun([HOLD(5), ON, HOLD(5)]);
    mini.clock.schedule(5, () => {
      mini.supply.behaviour = 'fails';
    });
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome.state).toBe('Aborted');
    expect(outcome.reason).toContain('says no');
    await mini.events();
  });

  it('an exception in a load source leads to the safe state, not to silence', async () => {
    const mini = await miniRun(['- { follow: { current_A: wind.current_A }, for_s: 50 }'], {
      head: 'data: { wind: { file: wind.csv, time_s: t, current_A: i } }\n',
      source: s => {
        if (s > 10) throw new Error('no more wind');
        return 50;
      },
    });
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome.state).toBe('Aborted');
    expect(outcome.reason).toContain('no more wind');
    await mini.events();
  });

  it('an error of our own in a tick leads to the safe state', async () => {
    const mini = await miniRun([ON, HOLD(50)]);
    mini.clock.schedule(20.5, () => {
      mini.run.tick = () => {
        throw new Error('a bug');
      };
    });
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome).toMatchObject({
      state: 'Aborted',
      reason: 'cellbench itself failed: a bug',
      unproven: [],
    });
    await mini.events();
  });

  it('does not start on a bench that is not in its safe state', async () => {
    const mini = await miniRun([ON, HOLD(5)]);
    mini.plc.values[1] = 0;
    mini.plc.write = () => Promise.reject(new Error('stuck'));
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome.state).toBe('Stopped');
    expect(outcome.reason).toContain('anode.ventValve_on reads 0, expected > 0.5');
    expect(mini.supply.written.filter(w => w.key === 'outputSet_on' && w.value === 1)).toEqual([]);
    await mini.events();
  });

  it('a watchdog that the bench asks for and the device lacks: no start', async () => {
    const mini = await miniRun([ON]);
    mini.supply.armWatchdog = () => Promise.resolve(undefined);
    await expect(mini.clock.runUntil(mini.execute())).rejects.toThrow(/watchdog/);
    expect(mini.supply.written).toEqual([]);
    await mini.events();
  });

  it('a record that cannot be written ends the run safely', async () => {
    const mini = await miniRun([ON, HOLD(5000)], { bench: MINI_BENCH });
    mini.clock.schedule(30, () =>
      mini.session.abort({ by: 'record', id: 'journal' }, 'the record cannot be written: disk full'),
    );
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome.state).toBe('Aborted');
    expect(outcome.reason).toContain('the record cannot be written: disk full');
    await mini.events();
  });

  it('lines of the safe state behind the vent run after the vent, however long it takes', async () => {
    const { steps, proof } = MINI_BENCH.safeState;
    const close = { set: 'anode.ventValveSet_on', to: 0, within_s: 0.5, otherwise: 'close the vent by hand' };
    const mini = await miniRun([HOLD(5)], {
      bench: { ...MINI_BENCH, safeState: { steps: [...steps, close], proof } },
    });
    // A vessel at 6 barg that follows its set point.
    mini.plc.values[0] = 6;
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome).toMatchObject({ state: 'Complete', unproven: [] });
    const vents = mini.plc.written.filter(w => w.key === 'pressureSet_barg');
    expect(vents.length).toBeGreaterThan(100);
    const last = mini.plc.written.at(-1);
    expect(last).toMatchObject({ key: 'ventSet_on', value: 0, urgent: true });
    expect(last?.t_s).toBeGreaterThanOrEqual(vents.at(-1)?.t_s ?? Infinity);
    await mini.events();
  });

  it('loops run as often as they say', async () => {
    const rounds = `- repeat: { times: 3 }
  steps:
  - { name: a, set: { stack.current_A: 10 } }
  - { name: b, set: { stack.current_A: 0 } }`;
    const mini = await miniRun([rounds, HOLD(2)]);
    await mini.clock.runUntil(mini.execute());
    const steps = (await mini.events()).filter(e => e.kind === 'step').map(e => e.text[0]);
    expect(steps.join('')).toBe('abababh');
  });
});
