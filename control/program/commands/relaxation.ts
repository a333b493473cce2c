import { drawFigure } from '../../../dashboards/report/figure.ts';
import { type Distribution, DRT_LEAST_POINTS, distributionOf } from '../../../profiles/spectrum/drt.ts';
import type { PreparedSpectrum } from '../../../sim/fit/spectrum/prepare.ts';
import { unitWords } from '../../view.ts';

/** A spectrum's distribution of relaxation times for people: its processes in words and as a picture. */

/**
 * The distribution of a spectrum; undefined where it would be one of something else: the Kramers-Kronig test was not passed,
 * there are too few points, or |Im Z| does not come back to the axis at low frequencies (a blocking electrode).
 */
export function relaxationOf({ frequency_Hz, re, im, kk }: PreparedSpectrum): Distribution | undefined {
  if (kk?.passes !== true || frequency_Hz.length < DRT_LEAST_POINTS) return undefined;
  const slowest = frequency_Hz.reduce((at, f, i) => (f < frequency_Hz[at] ? i : at), 0);
  const range = Math.max(...re) - Math.min(...re);
  if (!(range > 0) || Math.abs(im[slowest]) > OPEN_FRAC * range) return undefined;
  return distributionOf({ frequency_Hz, re, im });
}

/** More |Im Z| than this part of the real range at the lowest frequency: the last arc is not closed. */
const OPEN_FRAC = 0.2;

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
