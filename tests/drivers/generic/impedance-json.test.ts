import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { DatasetRow, ImpedanceRequest } from '../../../drivers/contract/measure/impedance.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { impedanceJson } from '../../../sim/device/impedance-json.ts';
import { NO_CHANCE } from '../../../sim/no-chance.ts';

/** The instrument for impedance on a real socket: its protocol both ways, and what goes wrong. */

const clock = realClock();
const accuracy = { modulus_pct: 0.5, phase_deg: 0.2, basis: 'default' } as const;
const REQUEST: ImpedanceRequest = {
  control: 'voltage',
  amplitude: 0.01,
  from_Hz: 1000,
  to_Hz: 100,
  pointsPerDecade: 2,
  cycles: 1,
  dc: 'keep',
};

/** 1 Ohm beside 1 mF, behind 0.5 Ohm. */
function impedance(frequencies_Hz: Float64Array): { re_Ohm: Float64Array; im_Ohm: Float64Array } {
  const x = frequencies_Hz.map(f => 2 * Math.PI * f * 1e-3);
  return { re_Ohm: x.map(v => 0.5 + 1 / (1 + v * v)), im_Ohm: x.map(v => -v / (1 + v * v)) };
}

let instrument: ReturnType<typeof impedanceJson>;
let device: Device;

function opened(name = 'FRA 1', tellsTime = false): Device {
  const driver = findDriver('generic/impedance-json');
  const options = {
    host: '127.0.0.1',
    port: instrument.port,
    name,
    band_Hz: [0.01, 1e5],
    amplitudeMax_V: 0.1,
    dc: ['keep', 'open'],
    accuracy,
    tellsTime,
  };
  return driver.open('analyser', driver.options.parse(options), { clock, baseDir: '.' });
}

const measure = (request: Partial<ImpedanceRequest> = {}, signal = new AbortController().signal) => {
  const heard: DatasetRow[] = [];
  const asked = { ...REQUEST, ...request };
  return { heard, end: device.measure?.(asked, row => heard.push(row), signal) };
};

beforeEach(async () => {
  const rig = { impedance, advanceTo: () => {} };
  instrument = impedanceJson({ rig, clock, name: 'FRA 1', accuracy, random: NO_CHANCE });
  await instrument.start();
  device = opened();
  await device.connect();
});

afterEach(async () => {
  await device.close();
  await instrument.end();
});

describe('an instrument for impedance', () => {
  it('gives each point as it is measured, then all of them', async () => {
    const { heard, end } = measure();
    const { columns, rows } = (await end) ?? { columns: [], rows: [] };
    expect(columns).toEqual(['frequency_Hz', 're_Ohm', 'im_Ohm', 'elapsed_s']);
    expect(rows).toEqual(heard);
    expect(rows.map(({ values }) => Math.round(values[0]))).toEqual([1000, 316, 100]);
    const at = impedance(Float64Array.of(100));
    expect(rows[2].values[1]).toBeCloseTo(at.re_Ohm[0], 9);
    expect(rows[2].values[2]).toBeCloseTo(at.im_Ohm[0], 9);
    // When it came is later than when it was measured, by nobody knows how much.
    const { good, uncertain } = QUALITY;
    expect([...rows[2].quality]).toEqual([good, good, good, uncertain]);
    expect(rows[2].values[3] - rows[0].values[3]).toBeCloseTo(rows[2].t_s - rows[0].t_s, 9);
  });

  it.each([
    ['says', true, QUALITY.good],
    ['should say and does not say', false, QUALITY.uncertain],
  ] as const)(
    'of an instrument that %s when: its time of each point, or that of arrival, marked as such',
    async (_, tells, flag) => {
      await device.close();
      await instrument.end();
      const rig = { impedance, advanceTo: () => {} };
      instrument = impedanceJson({
        rig,
        clock,
        name: 'FRA 1',
        accuracy,
        random: NO_CHANCE,
        tellsTime: tells,
      });
      await instrument.start();
      device = opened('FRA 1', true);
      await device.connect();
      expect(device.impedance?.tellsTime).toBe(true);
      const { rows } = (await measure({ to_Hz: 10 }).end) ?? { rows: [] };
      let least_s = 0;
      for (const { values, quality } of rows) {
        least_s += 1 / values[0];
        expect(quality[3]).toBe(flag);
        expect(values[3]).toBeGreaterThan(0.99 * least_s);
      }
    },
  );

  it('goes on over answers that get lost and a line that breaks', async () => {
    instrument.faults.delay_ms = 100;
    const { end } = measure({ to_Hz: 10, pointsPerDecade: 3 });
    await clock.sleep(0.3);
    await instrument.stop();
    await clock.sleep(0.2);
    await instrument.start();
    expect((await end)?.rows).toHaveLength(7);
    expect(instrument.log.filter(ask => ask === 'measure').length).toBeGreaterThan(0);
  });

  it('given up: at once, and the instrument drives nothing any more', async () => {
    const off = new AbortController();
    const { end } = measure({ to_Hz: 0.01 }, off.signal);
    await clock.sleep(0.3);
    expect(instrument.signals).toBe(1);
    const asked_s = clock.now_s();
    off.abort('a trip');
    await expect(end).rejects.toMatchObject({ code: 'cancelled' });
    expect(clock.now_s() - asked_s).toBeLessThan(0.05);
    await clock.sleep(0.1);
    expect(instrument.signals).toBe(0);
  });

  it.each([
    [{ from_Hz: 1e6 }, /1000000 Hz, expected 0.01..100000 Hz/],
    [{ amplitude: 1 }, /amplitude 1 V, expected at most 0.1 V/],
    [{ control: 'current' }, /drives no current, expected an amplitude in V/],
    [{ dc: { voltage_V: 1 } }, /cannot measure with dc: bias, expected one of keep, open/],
  ] as const)('what it cannot is refused and nothing sent: %j', async (request, message) => {
    await expect(measure(request).end).rejects.toThrow(message);
    expect(instrument.log).not.toContain('measure');
  });

  it('a second spectrum meanwhile is refused', async () => {
    const off = new AbortController();
    const { end } = measure({ to_Hz: 0.01 }, off.signal);
    await expect(measure().end).rejects.toMatchObject({ code: 'refused' });
    off.abort('over');
    await expect(end).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('another instrument than the bench file names is not taken', async () => {
    await device.close();
    device = opened('FRA 2');
    await expect(device.connect()).rejects.toMatchObject({ code: 'identity' });
  });

  it('shows whether it measures', async () => {
    expect([...(await device.read()).values]).toEqual([0]);
    const off = new AbortController();
    const { end } = measure({ to_Hz: 0.01 }, off.signal);
    await clock.sleep(0.1);
    expect([...(await device.read()).values]).toEqual([1]);
    off.abort('over');
    await expect(end).rejects.toMatchObject({ code: 'cancelled' });
  });
});
