import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../drivers/contract/clock.ts';
import type { Dataset, DatasetRow, ImpedanceRequest } from '../../drivers/contract/measure/impedance.ts';
import { spectrumTime_s } from '../../drivers/contract/measure/impedance.ts';
import { seededRandom } from '../../drivers/contract/random.ts';
import type { PlantModel, PlantRig } from '../../sim/plant/parts/model.ts';
import { VESSEL_SUBJECT } from '../../sim/plant/parts/model.ts';
import { PLANTS } from '../../sim/plants.ts';
import { openTwin } from '../../sim/twin.ts';

/** The device of the twin measures the spectrum of whatever plant stands under test. */

const ACCURACY = { modulus_pct: 1, phase_deg: 0.5, basis: 'default' } as const;
const REQUEST: ImpedanceRequest = {
  control: 'voltage',
  amplitude: 0.01,
  from_Hz: 10_000,
  to_Hz: 0.1,
  pointsPerDecade: 3,
  cycles: 2,
  dc: 'keep',
};

const SUBJECTS = {
  stack: { cells: 3, activeArea_cm2: 100, currentNominal_A: 50 },
  cell: { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 },
  vessel: VESSEL_SUBJECT,
};

const rigOf = ({ kind, sets, create }: PlantModel): PlantRig =>
  create({ set: sets[0], parameters: {}, subject: SUBJECTS[kind], random: seededRandom(1) });

interface Measured {
  readonly rig: PlantRig;
  readonly clock: VirtualClock;
  readonly heard: DatasetRow[];
  readonly end: Promise<Dataset>;
}

async function measured(
  plant: PlantModel,
  seed: number,
  signal = new AbortController().signal,
): Promise<Measured> {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const rig = rigOf(plant);
  const device = openTwin(
    'analyser',
    {
      driver: 'test/impedance',
      channels: [],
      settables: [],
      onLoss: 'unknown',
      safeList: [],
      impedance: {
        band_Hz: [1e-3, 1e6],
        amplitudeMax_V: 0.1,
        amplitudeMax_A: 0,
        dc: ['keep'],
        accuracy: ACCURACY,
      },
    },
    new Map(),
    rig,
    clock,
    seededRandom(seed),
  );
  await device.connect();
  const heard: DatasetRow[] = [];
  if (device.measure === undefined) throw new Error('the device measures no impedance');
  return { rig, clock, heard, end: device.measure(REQUEST, row => heard.push(row), signal) };
}

describe('a device of the twin sweeps', () => {
  const SWEEP = { kind: 'lsv', from_V: 3.6, to_V: 3.7, step_V: 0.01, rate_V_per_s: 0.02 } as const;
  const accuracy = { reading_pct: 0.1, abs: 1e-3, basis: 'default' } as const;

  async function sweeping(output: 0 | 1 = 1) {
    const clock = new VirtualClock({ utcStart_ms: 0 });
    const plant = PLANTS.find(p => p.name === 'spme');
    if (plant === undefined) throw new Error('no spme');
    const rig = rigOf(plant);
    const names = ['voltage_V', 'current_A', 'voltageSet_V', 'outputSet_on', 'modeSet_count'];
    const device = openTwin(
      'pstat',
      {
        driver: 'test/sweep',
        channels: [],
        settables: [],
        onLoss: 'unknown',
        safeList: [],
        sweep: {
          range_V: [0, 5],
          rateMax_V_per_s: 1,
          pointsMax: 100,
          currentMax_A: 50,
          voltage: accuracy,
          current: accuracy,
        },
      },
      new Map(names.map(name => [name, `cell.${name}`])),
      rig,
      clock,
    );
    await device.connect();
    const set = (name: string, value: number): void => rig.set(rig.actuatorIndex(`cell.${name}`), value);
    set('voltageSet_V', 3.6);
    set('modeSet_count', 2);
    set('outputSet_on', output);
    const state = (name: string): number => rig.setting(rig.actuatorIndex(`cell.${name}`));
    if (device.measure === undefined) throw new Error('the device sweeps nothing');
    return { clock, device, measure: device.measure, state };
  }

  it('by the dynamics of the plant: the current lags the more the faster, and the set point holds again', async () => {
    const currents: number[] = [];
    for (const rate_V_per_s of [0.002, 0.02]) {
      const { clock, measure, state } = await sweeping();
      const { rows } = await clock.runUntil(
        measure({ ...SWEEP, rate_V_per_s }, () => {}, new AbortController().signal),
      );
      expect(rows.map(({ values }) => Number(values[1].toFixed(6)))).toEqual(
        Array.from({ length: 11 }, (_, i) => Number((3.6 + 0.01 * i).toFixed(6))),
      );
      expect(clock.now_s()).toBeCloseTo((11 * 0.01) / rate_V_per_s, 6);
      expect([state('voltageSet_V'), state('outputSet_on')]).toEqual([3.6, 1]);
      currents.push(rows[10].values[3] - rows[0].values[3]);
    }
    expect(currents[1]).toBeGreaterThan(currents[0]);
    expect(currents[0]).toBeGreaterThan(0);
  });

  it('given up, or beyond its largest current: the output is off', async () => {
    const off = new AbortController();
    const { clock, measure, state } = await sweeping();
    const failure = measure(SWEEP, () => {}, off.signal).catch((error: unknown) => error);
    await clock.runUntil(clock.sleep(1.2));
    off.abort('a trip');
    expect(await clock.runUntil(failure)).toMatchObject({ code: 'cancelled' });
    expect(state('outputSet_on')).toBe(0);
    const other = await sweeping();
    const beyond = other.measure({ ...SWEEP, currentMax_A: 0.5 }, () => {}, new AbortController().signal);
    const told = beyond.catch((error: unknown) => error);
    expect(await other.clock.runUntil(told)).toMatchObject({
      message: expect.stringMatching(/beyond currentMax/),
    });
    expect(other.state('outputSet_on')).toBe(0);
  });

  it('with its output off it sweeps nothing', async () => {
    const { measure } = await sweeping(0);
    await expect(measure(SWEEP, () => {}, new AbortController().signal)).rejects.toThrow(/output is off/);
  });
});

describe('a device of the twin measures impedance', () => {
  it.each(PLANTS.filter(p => p.kind !== 'vessel').map(p => [p.name, p] as const))(
    '%s: within its accuracy, each point in its time',
    async (_, plant) => {
      const { rig, clock, heard, end } = await measured(plant, 7);
      const { rows } = await clock.runUntil(end);
      expect(rows).toHaveLength(16);
      expect(rows).toEqual(heard);
      expect(clock.now_s()).toBeCloseTo(spectrumTime_s(REQUEST), 6);
      const last = rows[15];
      expect(last.t_s).toBeCloseTo(clock.now_s(), 6);
      const [f, re, im] = last.values;
      const z = rig.impedance(Float64Array.of(f));
      const modulus = Math.hypot(z.re_Ohm[0], z.im_Ohm[0]);
      const turn = Math.atan2(im, re) - Math.atan2(z.im_Ohm[0], z.re_Ohm[0]);
      expect(modulus).toBeGreaterThan(0);
      expect(Math.abs(Math.hypot(re, im) / modulus - 1)).toBeLessThan((2 * ACCURACY.modulus_pct) / 100);
      expect(Math.abs(turn)).toBeLessThan((2 * ACCURACY.phase_deg * Math.PI) / 180);
    },
  );

  it.each(PLANTS.filter(p => p.kind === 'vessel').map(p => [p.name, p] as const))(
    '%s has no spectrum, and says so',
    async (_, plant) => {
      const { clock, end } = await measured(plant, 7);
      const failure = end.catch((error: unknown) => error);
      expect(await clock.runUntil(failure)).toMatchObject({
        code: 'refused',
        message: expect.stringContaining('no electrical terminals'),
      });
    },
  );

  it('gain errors of many instruments are as large as they declare', async () => {
    const plant = PLANTS.find(p => p.name === 'pellet');
    if (plant === undefined) throw new Error('no pellet');
    let within = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { rig, clock, end } = await measured(plant, seed);
      const { rows } = await clock.runUntil(end);
      const [f, re, im] = rows[0].values;
      const z = rig.impedance(Float64Array.of(f));
      const ratio = Math.hypot(re, im) / Math.hypot(z.re_Ohm[0], z.im_Ohm[0]);
      if (Math.abs(ratio - 1) < ACCURACY.modulus_pct / 100) within++;
    }
    expect(within / 200).toBeGreaterThan(0.91);
    expect(within / 200).toBeLessThan(0.99);
  });

  it('ends at once when it is given up', async () => {
    const off = new AbortController();
    const plant = PLANTS[0];
    const { clock, heard, end } = await measured(plant, 7, off.signal);
    const failure = end.catch((error: unknown) => error);
    await clock.runUntil(clock.sleep(5));
    const points = heard.length;
    off.abort('a trip');
    expect(await clock.runUntil(failure)).toMatchObject({ code: 'cancelled' });
    expect(clock.now_s()).toBeCloseTo(5, 6);
    expect(heard).toHaveLength(points);
  });
});
