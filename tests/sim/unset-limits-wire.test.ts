import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { findDriver } from '../../drivers/registry.ts';
import type { EmulatedInstrument } from '../../sim/emulators/entry.ts';
import { findEmulator } from '../../sim/emulators/registry.ts';
import { NO_CHANCE } from '../../sim/no-chance.ts';
import type { PlantRig } from '../../sim/plant/parts/model.ts';
import { PLANTS } from '../../sim/plants.ts';
import { setAll } from '../validate/rig-run.ts';

/** As on the twin: behind its line, too, a supply whose power nobody has set gives the current that it is asked for. */

const clock = realClock();
const ASKED_A = 0.005;
const scpi = await findEmulator('generic/scpi');

const SUPPLIES: readonly (readonly [string, string, Readonly<Record<string, unknown>>, readonly string[]])[] =
  [
    ['EA registers', 'ea/psb-10000', {}, ['stack']],
    ...(scpi.families ?? [])
      // A load: no plant is drawn from.
      .filter(family => family !== 'bk-8600')
      .map(family => [`SCPI ${family}`, 'generic/scpi', { family }, ['stack', 'cell']] as const),
  ];

let instrument: EmulatedInstrument | undefined;
let device: Device | undefined;
afterEach(async () => {
  await device?.close();
  await instrument?.end();
});

async function flowing(
  id: string,
  given: Readonly<Record<string, unknown>>,
  subject: string,
  rig: PlantRig,
): Promise<number> {
  const emulator = await findEmulator(id);
  const driver = findDriver(id);
  const sample = { ...given, ...emulator.sample(given), voltageNominal_V: 100, currentNominal_A: 20 };
  const roles = { currentSet_A: `${subject}.currentSet_A`, voltageSet_V: `${subject}.voltageSet_V` };
  instrument = emulator.open(
    [{ id: 'supply', options: emulator.options.parse(sample), roles, baseDir: '.' }],
    { rig, clock, plant: rig, random: NO_CHANCE, timeFactor: 1, port: 0 },
  );
  await instrument.start();
  const options = driver.options.parse({ ...sample, ...instrument.address });
  device = driver.open('supply', options, { clock, baseDir: '.' });
  await device.connect();
  await device.write('voltageSet_V', 50);
  await device.write('currentSet_A', ASKED_A);
  await device.write('outputSet_on', 1);
  rig.advanceTo(30);
  const current_A = rig.truthOf(subject === 'cell' ? 'cell.terminalCurrent_A' : 'current_A');
  await device.close();
  await instrument.end();
  return current_A;
}

describe('on its line', () => {
  it.each(SUPPLIES)('%s: the current flows on every plant', async (_, id, given, subjects) => {
    // All cells stand in one rig.
    for (const model of PLANTS.filter(
      ({ name, kind }) => subjects.includes(kind) && (kind === 'stack' || name === 'ecm'),
    )) {
      const { kind } = model;
      const set = model.sets[0];
      const isDeclared = model.parameters(set).some(({ name }) => name === 'startSoc_frac');
      const rig = model.create({
        set,
        parameters: isDeclared ? { startSoc_frac: 0.5 } : {},
        subject: { cells: kind === 'cell' ? 1 : 5, activeArea_cm2: 100, currentNominal_A: 10 },
        random: NO_CHANCE,
      });
      const ready = { 'water.pumpSet_on': 1, 'h2.flowSet_NL_per_min': 5, 'air.flowSet_NL_per_min': 10 };
      setAll(rig, Object.fromEntries(Object.entries(ready).filter(([name]) => rig.actuatorIndex(name) >= 0)));
      expect(await flowing(id, given, kind, rig), model.name).toBeGreaterThan(0.9 * ASKED_A);
    }
  });
});
