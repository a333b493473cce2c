import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { measuredOf } from '../../control/program/commands/report.ts';
import { cellbench, ROOT, RUN_TIMEOUT_MS, scratchFolder, told } from './support/program.ts';

/** What instruments measured by themselves comes back out of the record, as pages draw it. */

const METHOD = `method: one-spectrum
version: 2
steps:
- { cc: { current_C: 0.2 }, for_min: 60 }
- { rest: {}, for_min: 30 }
- { eis: { amplitude_mV: 10, from_Hz: 1000, to_Hz: 1 }, id: eis, within_h: 1 }
finally:
- { rest: {}, for_s: 1 }
`;
const scratch = scratchFolder();
afterAll(() => scratch.remove());

it('a spectrum of a run that is over is read from its record', { timeout: RUN_TIMEOUT_MS }, async () => {
  const method = scratch.write('spectrum.yaml', METHOD);
  const out = join(scratch.path, 'run');
  const bench = join(ROOT, 'examples/lib-suite/bench.yaml');
  const ended = await cellbench(`--bench=${bench}`, `--method=${method}`, `--out=${out}`, '--no-serve');
  expect(ended.code, told(ended)).toBe(0);
  const { spectra, voltammograms } = measuredOf(out, 'refuse');
  expect(voltammograms).toEqual([]);
  expect(spectra.map(({ name, state }) => [name, state])).toEqual([['eis', 'whole']]);
  expect(spectra[0].frequency_Hz[0]).toBeCloseTo(1000);
  expect(Math.min(...spectra[0].im_Ohm)).toBeLessThan(0);
});
