import { isAbsolute, join } from 'node:path';
import { readFittedFile } from '../../../sim/fit/fitted-file.ts';
import { plantFor } from '../../../sim/plants.ts';
import type { LoadedBench } from '../../bench/bench-file.ts';
import type { Uncertain } from '../../rehearse/monte-carlo.ts';
import { plantOf } from '../open-devices.ts';

/** The figures of the plant behind a bench: what is known of them, and a bench with others. */

/**
 * What the plant of a bench declares, with the values of the bench file and the uncertainties of its fitted file.
 * @throws FileError where the section does not fit the plant
 */
export function uncertainOf(loaded: LoadedBench): Uncertain[] {
  const choice = plantOf(loaded);
  const { set, parameters } = choice;
  const fitted = loaded.bench.twin?.fitted;
  const path = fitted === undefined || isAbsolute(fitted) ? fitted : join(loaded.baseDir, fitted);
  const u = path === undefined ? {} : readFittedFile(path).u;
  return plantFor(choice)
    .parameters(set)
    .map(({ name, value, low, high, u: declared }) => ({
      name,
      value: parameters[name] ?? value,
      low,
      high,
      u: u[name] ?? declared,
    }));
}

/** The same bench with other figures of its plant, by declared name. */
export function withTwinParameters(
  loaded: LoadedBench,
  parameters: Readonly<Record<string, number>>,
): LoadedBench {
  const { plant, set, parameters: stated } = plantOf(loaded);
  const twin = { ...loaded.bench.twin, plant, set, parameters: { ...stated, ...parameters } };
  return { ...loaded, bench: { ...loaded.bench, twin } };
}
