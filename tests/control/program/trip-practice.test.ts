import { describe, expect, it } from 'vitest';
import { loadBench } from '../../../control/bench/bench-file.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import { practiseTrips } from '../../../control/program/trip-practice.ts';
import { Recording } from '../../../control/record/recording.ts';
import { compileRoles } from '../../../control/tick/roles.ts';
import { type Clock, realClock } from '../../../drivers/contract/clock.ts';
import type { Device, DeviceDescription } from '../../../drivers/contract/device.ts';

/** Before a bench is connected, a trip has been practised on devices that have nothing behind them. */

/** A device that must not be spoken to: every word to it is written down. */
function untouchable(id: string, description: DeviceDescription, words: string[]): Device {
  const word =
    (name: string) =>
    (...said: unknown[]): Promise<never> => {
      words.push(`${id}.${name}(${said.join(', ')})`);
      return Promise.reject(new Error(`${id} was spoken to`));
    };
  return {
    ...description,
    id,
    state: 'closed',
    connect: word('connect'),
    read: word('read'),
    write: word('write'),
    safe: word('safe'),
    readBack: word('readBack'),
    armWatchdog: word('armWatchdog'),
    close: word('close'),
    cancelWrites: word('cancelWrites'),
    leaveAlone: word('leaveAlone'),
    onState: () => () => {},
  };
}

const BENCHES = [
  'examples/pem-500kw/bench.yaml',
  'examples/cell-cycling/bench.yaml',
  'examples/alkaline-15kw/bench.yaml',
];

describe.each(BENCHES)('practice on %s', path => {
  it('trips as often as asked, says no word to a device of the bench or to a guard, and records nothing', async () => {
    const loaded = loadBench(path, describeDevice);
    const words: string[] = [];
    const recorded: unknown[] = [];
    const recording = new Recording();
    const keep = (...told: unknown[]): void => {
      recorded.push(told);
    };
    recording.add({ frame: keep, event: keep, setpoint: keep, checkpoint: keep });
    const devices = new Map<string, Device>();
    for (const [id, description] of loaded.descriptions) devices.set(id, untouchable(id, description, words));
    let beats = 0;
    const clock = realClock();
    // So busy a machine that control ticks fall into the practice.
    const busy: Clock = { ...clock, nextTurn: call => void clock.schedule(0.05, call) };
    const done = await practiseTrips(
      {
        bench: loaded.bench,
        entryOf: id => id,
        roles: compileRoles(loaded.bench, loaded.descriptions),
        devices,
        clock: busy,
        recording,
        control_s: 0.01,
        beat: () => void beats++,
        flush_s: 1,
        checkpoint_s: 10,
        checkpointsSteps: true,
      },
      3,
    );
    expect(done).toBe(3);
    expect(words).toEqual([]);
    expect(recorded).toEqual([]);
    // A guard counts from the first beat on: what follows, connecting, may take longer than it waits.
    expect(beats).toBe(0);
  });
});
