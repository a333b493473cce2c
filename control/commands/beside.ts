import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { MisfitError } from '../../drivers/contract/explain.ts';
import { FileError } from '../../drivers/contract/yaml-file.ts';
import { openBeside } from '../../sim/beside.ts';
import { choosePlant } from '../../sim/open-rig.ts';
import type { PlantSubject } from '../../sim/plant/model.ts';
import type { Bench } from '../bench.ts';
import type { LoadedBench } from '../bench-file.ts';
import { type BesideDevice, openBesideDevice, withBeside } from '../residuals.ts';

/** What the plant of a twin must know of the device under test. */
export function plantSubjectOf(bench: Bench): PlantSubject {
  if (bench.stack !== undefined) {
    const { cells, activeArea_cm2, currentNominal_A } = bench.stack;
    return { cells, activeArea_cm2, currentNominal_A };
  }
  return { cells: 1, activeArea_cm2: 0, currentNominal_A: bench.cell?.capacity_Ah ?? 1 };
}

/**
 * Opens the twin that the bench file wants beside its devices; undefined where it wants none. `prepareRun` attaches it
 * to the run. @throws FileError for a plant, a figure or a role that does not fit
 */
export function besideOf(loaded: LoadedBench, clock: Clock, timeFactor: number): BesideDevice | undefined {
  const { bench, baseDir, path } = loaded;
  const { twin } = bench;
  if (twin?.beside === undefined) return undefined;
  const { roles } = twin.beside;
  try {
    const kind = bench.stack === undefined ? 'cell' : 'stack';
    const choice = choosePlant(twin, kind, plantSubjectOf(bench), baseDir);
    return openBesideDevice(roles, openBeside(choice, roles, timeFactor), clock);
  } catch (error) {
    if (!(error instanceof MisfitError)) throw error;
    throw new FileError(path, loaded.lineOf(['twin', ...error.found.place]), error.message);
  }
}

/** The opened bench with the twin beside it, if there is one. */
export function joinBeside<Opened extends { loaded: LoadedBench; devices: ReadonlyMap<string, Device> }>(
  opened: Opened,
  beside: BesideDevice | undefined,
): Opened {
  if (beside === undefined) return opened;
  const devices = new Map([...opened.devices, [beside.id, beside] as const]);
  return { ...opened, loaded: withBeside(opened.loaded), devices };
}
