import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findDriver } from '../../drivers/registry.ts';
import { type OnAWire, onAWire, untilGood, wrongIn } from './wires/on-a-wire.ts';
import { onOneLine, type Subject, subjects } from './wires/subjects.ts';

/**
 * Every driver of the registry with its emulator on a real line, each family once: a driver that is merged is here by
 * itself. The whole matrix of faults is `npm run measure:faults`.
 */
const ALL = onOneLine(await subjects());

/** Without effect while the output is off, which each safe list sees to. */
const OF_AN_OUTPUT = /(voltage|current|power)\w*Set_[VAW]$|^modeSet_count$/;
/** Kept by the map or the program of the instrument, which say why. */
const KEPT: Readonly<Record<string, string>> = {
  'generic/modbus-map setpointSet_degC': 'the controller is put to manual with its output off',
  'generic/modbus-map productionRateSet_pct': 'without effect once production is stopped, which is safe',
  'bronkhorst/propar cathodePressureSet_barg':
    'dropped at once it would vent at full speed: the bench ramps it down',
  'generic/thermal temperatureSet_degC':
    'it is stopped; the bench may name the temperature at which it goes on instead',
  'generic/thermal pumpSet_on':
    'it neither heats nor cools: stopped, nothing would carry the heat away that is still there',
  'opcua/plc n2CathodeValveSet_on': 'kept by the nodes file',
  'opcua/plc n2PressureSet_barg': 'kept by the nodes file',
  'opcua/plc cathodePurgeValveSet_on': 'kept by the nodes file',
  'opcua/plc waterPumpSet_on': 'kept by the nodes file',
  'opcua/plc temperatureSet_degC': 'kept by the nodes file',
};

async function withDevice(subject: Subject, work: (on: OnAWire) => Promise<void>): Promise<void> {
  const on = await onAWire(subject);
  try {
    await on.device.connect();
    await work(on);
  } finally {
    await on.end();
  }
}

describe.each(ALL.map(one => [one.name, one] as const))('%s', (_, subject) => {
  it('keeps what is no value off the wire, names what is not safe, reads split bytes, refuses another instrument', async () => {
    await withDevice(subject, async on => {
      const { device, tap } = on;
      const right = (await untilGood(on, 0.3)) ?? (await device.read());
      expect(findDriver(subject.driver).id).toBe(device.driver);

      tap.heard.length = 0;
      const before = tap.sent;
      for (const { name, range } of device.settables) {
        const span = range[1] - range[0];
        for (const value of [
          Number.NaN,
          Infinity,
          -Infinity,
          range[0] - 1e-3 * span,
          range[1] + 1e-3 * span,
        ]) {
          await expect(device.write(name, value), `${name} = ${value}`).rejects.toMatchObject({
            code: 'range',
          });
          await expect(device.write(name, value, { urgent: true })).rejects.toMatchObject({ code: 'range' });
        }
      }
      await expect(device.write('nothing_V', 0)).rejects.toMatchObject({ code: 'config' });
      // All of that was refused before anything could be sent, or a running script be spoken to.
      expect(tap.sent - before).toBe(0);

      const safe = new Set(device.safeList.map(([key]) => key));
      const hasOutput = device.safeList.some(([key]) => /output\w*Set_on$/.test(key));
      const unsaid = device.settables
        .map(({ name }) => name)
        .filter(
          name =>
            !safe.has(name) &&
            !(hasOutput && OF_AN_OUTPUT.test(name)) &&
            !(`${subject.driver} ${name}` in KEPT),
        );
      expect(unsaid).toEqual([]);

      tap.meddle = (bytes, pass) => {
        for (const byte of bytes) pass(Buffer.from([byte]));
      };
      const frame = await device.read();
      expect(wrongIn(frame, right, device)).toEqual([]);
      expect([...frame.quality]).toEqual([...right.quality]);
      tap.meddle = undefined;

      const others = othersThan(subject);
      if (others.length === 0) return;
      await on.device.close();
      const outcomes: string[] = [];
      for (const other of others) {
        let device: ReturnType<OnAWire['open']>;
        try {
          device = on.open(other);
        } catch {
          continue;
        }
        const outcome = await device.connect().then(
          () => 'connected',
          error => error.code,
        );
        outcomes.push(outcome);
        if (outcome !== 'connected') expect(device.state).toBe('closed');
        await device.close();
      }
      expect(outcomes).toContain('identity');
    });
  });
});

/** Options that name another instrument, as far as the emulator's own say which it is. */
function othersThan({ options }: Subject): Record<string, unknown>[] {
  return Object.entries(options).flatMap(([key, value]): Record<string, unknown>[] => {
    if (typeof value === 'string' && /^(model|serial|name)$/.test(key)) return [{ [key]: `${value}X` }];
    if (typeof value === 'number' && /Nominal_/.test(key)) return [{ [key]: 2 * value }];
    return [];
  });
}

it('ten thousand random frames: no crash, no hang, nothing wrong taken for good', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['tests/fuzz/frames.ts', '--n', '10000']);
  const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}');
  expect(last).toMatchObject({ n: 10_000, crashes: 0, wrong: 0, hangs: 0 });
  expect(last.accepted).toBeGreaterThan(500);
});
