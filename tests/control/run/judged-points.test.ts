import { expect, it } from 'vitest';
import { Measuring, type MeasuringParts } from '../../../control/run/measure/measuring.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import {
  frequenciesOf,
  type ImpedanceRequest,
  impedanceRow,
} from '../../../drivers/contract/measure/impedance.ts';

/** Points of a spectrum are judged as they come: an instrument measures many between two looks at the bench. */

const REQUEST: ImpedanceRequest = {
  control: 'voltage',
  amplitude: 0.1,
  from_Hz: 1e5,
  to_Hz: 1,
  pointsPerDecade: 10,
  cycles: 1,
  dc: 'keep',
};

it('no point follows the first one that is beyond, however fast the instrument is', async () => {
  const rows: unknown[] = [];
  const events: { text: string }[] = [];
  let driven = 0;
  // All points in one go, each a little lower than the one before; it stops when it is told.
  const device = {
    id: 'analyser',
    impedance: { accuracy: { modulus_pct: 1, phase_deg: 1, basis: 'default' } },
    measure: async (request: ImpedanceRequest, onRow: (row: unknown) => void, off: AbortSignal) => {
      for (const [i, f] of frequenciesOf(request).entries()) {
        if (off.aborted) throw new Error('aborted');
        driven++;
        onRow(impedanceRow(i, 0, f, { re_Ohm: 0.1 - 0.01 * i, im_Ohm: 0 }, QUALITY));
      }
    },
  } as unknown as Device;
  const parts = {
    devices: new Map([['analyser', device]]),
    recording: {
      spectrum: () => ({ add: (row: unknown) => rows.push(row) }),
      event: (event: { text: string }) => events.push(event),
    },
    image: { value: () => Number.NaN, ground: () => undefined },
    clock: { now_s: () => 0 },
    beside: [],
    origin_s: 0,
    driver: undefined,
    onEnd: () => {},
  } as unknown as MeasuringParts;
  const measuring = new Measuring(parts);
  const judged: number[] = [];
  measuring.begin(REQUEST, { label: 'z', levels: {} }, ([least_Ohm]) => {
    judged.push(least_Ohm);
    return least_Ohm < 0.075 ? 'too much would flow' : undefined;
  });
  await new Promise(setImmediate);
  expect(judged).toHaveLength(4);
  expect(driven).toBe(4);
  expect(rows).toHaveLength(4);
  expect(measuring.now).toMatchObject({ is: 'failed', points: 4, reason: 'too much would flow' });
  expect(events.map(({ text }) => text)).toEqual(['z: 4 of 51 points: too much would flow']);
});
