import { drawFigure } from '../../../dashboards/report/figure.ts';
import type { Distribution } from '../../../profiles/spectrum/drt.ts';
import { relaxationOf as processesOf, type Relaxation } from '../../../profiles/spectrum/relaxation.ts';
import type { PreparedSpectrum } from '../../../sim/fit/spectrum/prepare.ts';
import { unitWords } from '../../view.ts';

/** A spectrum's distribution of relaxation times for people: its processes in words and as a picture. */

/** The processes of a spectrum; undefined where there are none to be told (profiles/spectrum/relaxation.ts). */
export function relaxationOf(spectrum: PreparedSpectrum): Relaxation | undefined {
  // What the instrument adds is not known here.
  const found = processesOf(spectrum, { modulus_pct: 0, phase_deg: 0 });
  return 'missing' in found ? undefined : found;
}

/** One line: the processes, the fastest first. */
export function relaxationText({ peaks, polarisation, lambda }: Distribution, unit: string): string {
  const figure = (value: number): string => String(Number(value.toPrecision(3)));
  const each = peaks.map(p => `${figure(p.resistance)} ${unitWords(unit)} at ${figure(p.frequency_Hz)} Hz`);
  return `relaxation times: ${each.join(', ')}; ${figure(polarisation)} ${unitWords(unit)} together (smoothing ${lambda.toExponential(0)})`;
}

/** gamma over the frequency that belongs to each time. */
export function relaxationPicture(found: Distribution, unit: string): string {
  return drawFigure({
    title: 'Distribution of relaxation times',
    xLabel: 'log10 of frequency in Hz',
    xKind: 'number',
    panels: [
      {
        yLabel: `gamma, ${unitWords(unit)}`,
        height: 220,
        fromZero: true,
        lines: [
          {
            label: `smoothing ${found.lambda.toExponential(0)}`,
            colour: 'c0',
            x: Array.from(found.tau_s, tau_s => -Math.log10(2 * Math.PI * tau_s)).reverse(),
            y: Array.from(found.gamma).reverse(),
          },
        ],
      },
    ],
  });
}
