import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../drivers/contract/clock.ts';
import type { DeviceDescription } from '../../drivers/contract/device.ts';
import type { Quantity } from '../../drivers/contract/units.ts';
import { findDriver } from '../../drivers/registry.ts';
import { findEmulator } from '../../sim/emulators/registry.ts';
import { NO_CHANCE } from '../../sim/no-chance.ts';
import type { PlantModel, PlantRig } from '../../sim/plant/parts/model.ts';
import { findPlant, PLANTS } from '../../sim/plants.ts';
import { openTwin } from '../../sim/twin.ts';
import { setAll } from '../validate/rig-run.ts';

/** What nobody sets of an output does not stand in the way of its current: its ratings alone limit it. */

const SUBJECT = { cells: 5, activeArea_cm2: 100, currentNominal_A: 10 };
const ASKED_A = { stack: 0.005, cell: 2e-4, vessel: 0 };
const NOT_NAMED: readonly string[] = ['powerSet_W'];

/** What has terminals: every set of every plant but of the pellet, whose electrodes let no ions through. */
const SETS = PLANTS.filter(({ name, kind }) => kind !== 'vessel' && name !== 'pellet').flatMap(model =>
  model.sets.map(set => [`${model.name} ${set}`, model, set] as const),
);

/** With the pump on, and gas where the plant needs some. */
function rigOf(model: PlantModel, set: string): PlantRig {
  const subject = model.kind === 'cell' ? { ...SUBJECT, cells: 1, activeArea_cm2: 0 } : SUBJECT;
  const isDeclared = model.parameters(set).some(({ name }) => name === 'startSoc_frac');
  const parameters: Record<string, number> = isDeclared ? { startSoc_frac: 0.5 } : {};
  const rig = model.create({ set, parameters, subject, random: NO_CHANCE });
  const ready = { 'water.pumpSet_on': 1, 'h2.flowSet_NL_per_min': 5, 'air.flowSet_NL_per_min': 10 };
  setAll(rig, Object.fromEntries(Object.entries(ready).filter(([name]) => rig.actuatorIndex(name) >= 0)));
  return rig;
}

const electric = (settables: readonly Quantity[]): DeviceDescription => ({
  driver: 'any/supply',
  channels: [],
  settables: settables.map(name => ({
    name,
    range: name === 'outputSet_on' ? [0, 1] : [0, 1e4],
    tolerance: 1e-6,
  })),
  onLoss: 'hold',
  safeList: [],
});
const sampled = async (id: string, given: Readonly<Record<string, unknown>> = {}) => {
  const driver = findDriver(id);
  const where = { host: '127.0.0.1', port: 5025 };
  const options = driver.options.parse({ ...where, ...given, ...(await findEmulator(id)).sample(given) });
  return driver.describe(options, '.');
};
const families = (await findEmulator('generic/scpi')).families?.filter(name => name !== 'bk-8600') ?? [];

/** What drives current by a set point of its own; of all of them the power has no role. */
const SUPPLIES: readonly (readonly [string, DeviceDescription])[] = [
  ['an output with a current alone', electric(['currentSet_A', 'outputSet_on'])],
  [
    'a supply with nodes for all three',
    electric(['currentSet_A', 'voltageSet_V', 'powerSet_W', 'outputSet_on']),
  ],
  ['ea/psb-10000', await sampled('ea/psb-10000')],
  ...(await Promise.all(
    families.map(
      async family => [`generic/scpi ${family}`, await sampled('generic/scpi', { family })] as const,
    ),
  )),
];

/** A rig as a person left it: nothing but the terminals is used. Returns the current that flows after half a minute, A. */
async function flowing(model: PlantModel, set: string, description: DeviceDescription): Promise<number> {
  const rig = rigOf(model, set);
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const names = description.settables.map(({ name }) => name);
  const roles = names
    .filter(name => !NOT_NAMED.includes(name))
    .map(name => [name, `${model.kind}.${name}`] as const);
  const supply = openTwin('supply', description, new Map(roles), rig, clock);
  await supply.connect();
  const open_V = rig.sensor(rig.sensorIndex(`${model.kind}.voltage_V`));
  if (names.includes('voltageSet_V')) await supply.write('voltageSet_V', Math.max(10, 2 * open_V));
  await supply.write('currentSet_A', ASKED_A[model.kind]);
  await supply.write('outputSet_on', 1);
  await clock.runUntil(clock.sleep(30));
  rig.advanceTo(30);
  return rig.truthOf(model.kind === 'cell' ? 'cell.terminalCurrent_A' : 'current_A');
}

describe('with roles for current and voltage alone the current flows on the twin', () => {
  it.each(SETS)('%s', async (_, model, set) => {
    for (const [name, description] of SUPPLIES)
      expect(await flowing(model, set, description), name).toBeCloseTo(
        ASKED_A[model.kind],
        model.kind === 'stack' ? 3 : 6,
      );
  });
});

describe('an output on a cell that nobody tells a mode', () => {
  const cell = (): PlantRig => rigOf(findPlant('ecm'), findPlant('ecm').sets[0]);
  const settled = (rig: PlantRig, set: Readonly<Record<string, number>>, name: string): number => {
    setAll(rig, { ...set, 'cell.outputSet_on': 1 });
    rig.advanceTo(rig.time_s + 20);
    return rig.truthOf(name);
  };

  it('crosses over from its current to its voltage and to its power, and back', () => {
    const rig = cell();
    expect(settled(rig, { 'cell.currentSet_A': 3 }, 'cell.terminalCurrent_A')).toBeCloseTo(3, 6);
    const held_V = rig.truthOf('cell.terminalVoltage_V') - 0.005;
    expect(settled(rig, { 'cell.voltageSet_V': held_V }, 'cell.terminalVoltage_V')).toBeCloseTo(held_V, 4);
    expect(rig.truthOf('cell.terminalCurrent_A')).toBeLessThan(3);
    const full = { 'cell.voltageSet_V': 10, 'cell.powerSet_W': 2 };
    const power_W = settled(rig, full, 'cell.terminalVoltage_V') * rig.truthOf('cell.terminalCurrent_A');
    expect(power_W).toBeCloseTo(2, 2);
    expect(settled(rig, { 'cell.powerSet_W': 50 }, 'cell.terminalCurrent_A')).toBeCloseTo(3, 6);
  });

  it('holds a voltage where it has no current to set, and is told a mode from the first one on', () => {
    const rig = cell();
    const held_V = rig.truthOf('cell.terminalVoltage_V') - 0.002;
    expect(settled(rig, { 'cell.voltageSet_V': held_V }, 'cell.terminalVoltage_V')).toBeCloseTo(held_V, 4);
    expect(settled(rig, { 'cell.modeSet_count': 0 }, 'cell.terminalCurrent_A')).toBe(0);
  });
});
