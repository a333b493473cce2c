import { expect, it } from 'vitest';
import { loadBench } from '../../control/bench/bench-file.ts';
import { describeDevice, wireConfig } from '../../control/program/open-devices.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { genericImpedanceJson as impedanceJson } from '../../drivers/generic/impedance-json.ts';
import type { PlantRig } from '../../sim/plant/parts/model.ts';
import { startWireBench } from '../../sim/wire-bench.ts';
import { wireConfigSchema } from '../../sim/wire-protocol.ts';

/** The instrument for impedance of a wire bench stands on the same plant as the others. */

const accuracy = { modulus_pct: 0.5, phase_deg: 0.2, basis: 'default' } as const;
const config = await wireConfig(loadBench('examples/pem-500kw/bench.yaml', describeDevice), 1, 50);
const settings = wireConfigSchema.parse({
  ...config,
  devices: {
    ...config.devices,
    analyser: {
      driver: 'generic/impedance-json',
      options: { name: 'FRA', accuracy },
      roles: {},
      baseDir: '.',
    },
  },
});

it('a spectrum over a real socket is the one of the plant within 1 %', async () => {
  const clock = realClock();
  let plant: PlantRig | undefined;
  const bench = await startWireBench(settings, clock, rig => {
    plant = rig as PlantRig;
    return rig;
  });
  try {
    const { port } = bench.endpoints['analyser'];
    const options = impedanceJson.options.parse({
      host: '127.0.0.1',
      port,
      name: 'FRA',
      band_Hz: [0.001, 1e6],
      amplitudeMax_A: 200,
      accuracy,
    });
    const device = impedanceJson.open('analyser', options, { clock, baseDir: '.', reply_s: 1 });
    await device.connect();
    const request = {
      control: 'current' as const,
      amplitude: 10,
      from_Hz: 10_000,
      to_Hz: 1,
      pointsPerDecade: 5,
      cycles: 1,
      dc: 'keep' as const,
    };
    const begun_s = clock.now_s();
    const { rows } = (await device.measure?.(request, () => {}, new AbortController().signal)) ?? {
      rows: [],
    };
    // 21 points take some 6 s of the plant, which runs fifty times faster than life.
    expect(clock.now_s() - begun_s).toBeLessThan(5);
    expect(rows).toHaveLength(21);
    const exact = plant?.impedance(Float64Array.from(rows, row => row.values[0]));
    rows.forEach(({ values: [, re, im] }, i) => {
      const [r, x] = [exact?.re_Ohm[i] ?? Number.NaN, exact?.im_Ohm[i] ?? Number.NaN];
      expect(Math.hypot(re - r, im - x) / Math.hypot(r, x)).toBeLessThan(0.01);
    });
    await device.close();
  } finally {
    await bench.end();
  }
});
