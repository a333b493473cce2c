import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { realClock } from '../../drivers/contract/clock.ts';
import { genericImpedanceJson as impedanceJson } from '../../drivers/generic/impedance-json.ts';
import type { PlantRig } from '../../sim/plant/parts/model.ts';
import { PEM_MODEL } from '../../sim/plant/pem/model.ts';
import { startWireBench } from '../../sim/wire-bench.ts';
import { wireConfigSchema } from '../../sim/wire-protocol.ts';
import { PLC_CHANNELS, PLC_SETTABLES } from '../support/plc-roles.ts';

/** The instrument for impedance of a wire bench stands on the same plant as the others. */

const accuracy = { modulus_pct: 0.5, phase_deg: 0.2, basis: 'default' } as const;
const settings = wireConfigSchema.parse({
  plant: {
    plant: 'pem',
    set: PEM_MODEL.sets[0],
    parameters: {},
    subject: { cells: 135, activeArea_cm2: 1000, currentNominal_A: 2000 },
  },
  seed: 1,
  timeFactor: 50,
  rackMap: resolve('examples/pem-500kw/cell-rack.yaml'),
  plcNodes: resolve('examples/pem-500kw/plc-nodes.yaml'),
  rackRoles: {
    outletTemperature_degC: 'stack.temperature_degC',
    inletTemperature_degC: 'stack.inletTemperature_degC',
    roomTemperature_degC: 'room.temperature_degC',
    anodePressure_barg: 'anode.pressure_barg',
    'cell[].voltage_V': 'cell.voltage_V[]',
  },
  plcRoles: { ...PLC_CHANNELS, ...PLC_SETTABLES },
  supply: { voltageNominal_V: 360, currentNominal_A: 2400, powerNominal_W: 600_000 },
  gas: [
    {
      node: 3,
      signal: 'cathode.pressure_barg',
      setSignal: 'cathode.pressureSet_barg',
      capacity: 40,
      unit: 'bar(g)',
    },
    { node: 4, signal: 'h2.flow_NL_per_min', capacity: 2500, unit: 'ln/min' },
  ],
  impedance: { name: 'FRA', accuracy },
});

it('a spectrum over a real socket is the one of the plant within 1 %', async () => {
  const clock = realClock();
  let plant: PlantRig | undefined;
  const bench = await startWireBench(settings, clock, rig => {
    plant = rig as PlantRig;
    return rig;
  });
  try {
    const { port } = bench.endpoints.impedance ?? { port: 0 };
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
