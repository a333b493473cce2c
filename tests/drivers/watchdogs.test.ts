import { describe, expect, it } from 'vitest';
import { onAWire } from './wires/on-a-wire.ts';
import { onOneLine, subjects } from './wires/subjects.ts';

/**
 * Every driver with a watchdog reads it back in a run (decision 0063), or is named here with the reason. A driver that is
 * merged is here by itself, each family once, on a real line.
 */

/** This list only shrinks. */
const NOT_READ: Readonly<Record<string, string>> = {
  'palmsens/methodscript':
    'its running script is the watchdog: nobody else can change it, and it cannot be asked',
};

const isNamed = (name: string): boolean => Object.keys(NOT_READ).some(id => name.startsWith(`${id} `));
const ALL = onOneLine(await subjects());
const heard = new Map<string, boolean>();

describe.each(ALL.map(one => [one.name, one] as const))('%s', (name, subject) => {
  it('a watchdog that is armed reads back as armed, or why it does not stands here', async () => {
    const on = await onAWire(subject);
    try {
      const { device } = on;
      const { watchdog = false } = device;
      heard.set(name, watchdog);
      expect(device.readWatchdog !== undefined, 'reads it back').toBe(watchdog && !isNamed(name));
      if (device.readWatchdog === undefined) return;
      await device.connect();
      expect(await device.readWatchdog(), 'before it is armed').toBeUndefined();
      expect(await device.armWatchdog(10)).toBeGreaterThan(0);
      await device.read();
      const asking = device.readWatchdog();
      // Each question goes behind a poll of its own.
      let isOver = false;
      void asking.finally(() => {
        isOver = true;
      });
      while (!isOver) await device.read();
      expect(await asking).toMatchObject({ isArmed: true });
    } finally {
      await on.end();
    }
    // A server of OPC UA takes its time to begin.
  }, 180_000);
});

it('no name in the list is out of date', () => {
  for (const id of Object.keys(NOT_READ))
    expect(
      [...heard].some(([name, has]) => has && name.startsWith(`${id} `)),
      id,
    ).toBe(true);
});
