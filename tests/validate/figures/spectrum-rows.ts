import type { FigureSpec } from '../../../dashboards/report/figure.ts';
import { parseCircuit } from '../../../profiles/spectrum/circuit.ts';
import { fitCircuit } from '../../../profiles/spectrum/circuit-fit.ts';
import { kkChain, linKk } from '../../../profiles/spectrum/lin-kk.ts';
import { readFitData } from '../../../sim/fit/fit-data.ts';
import { prepareSpectrum } from '../../../sim/fit/spectrum/prepare.ts';
import { FAMILY, familySpectrum, frequencies, madeSpectrum, spectrumCsv } from '../../support/spectra.ts';
import { type FigureRow, figureRow } from './row.ts';

/** Spectra whose circuit is known: figures, intervals, sign, order, and the Kramers-Kronig verdict. */

const NOISE_FRAC = 0.005;
const MADE = 'figure that the spectrum was made from';

/** All rows of spectra. Of 1000 draws a fifth is taken, in tests ten of each coverage: a circuit takes its time. */
export function spectrumRows(draws: number): { readonly rows: FigureRow[]; readonly picture: FigureSpec } {
  return {
    rows: [
      ...figureRows(),
      ...fileRows(),
      ...kkRows(Math.min(draws, 200)),
      ...coverageRows(Math.min(draws, 200)),
    ],
    picture: kkPicture(),
  };
}

/** A circuit with every kind of element, and each figure that comes back, in units of its truth. */
function figureRows(): FigureRow[] {
  return ['L0-R0-p(R1,CPE1)-Wo1', 'L0-R0-p(R1,CPE1)-Ws1', 'L0-R0-p(R1,C1)', 'R0-p(R1-W1,CPE1)'].flatMap(
    text => {
      const { circuit, truth, data } = familySpectrum(text, 2, { noise_frac: NOISE_FRAC });
      const { estimates } = fitCircuit(data, circuit).estimates;
      return estimates.map((e, k) =>
        figureRow({
          id: `${text}: ${e.name} over its truth`,
          value: e.value / truth[k],
          expected: 1,
          // Of a normal error 999 of 1000 lie within 1.7 half widths of a 95 % interval.
          tolerance: (1.7 * (e.high95 - e.low95)) / 2 / truth[k],
          basis: `${MADE}; noise 0.5 % of the modulus`,
        }),
      );
    },
  );
}

/** The same spectrum in another order, unit or sign: the resistance is that of the truth. */
function fileRows(): FigureRow[] {
  const { circuit, truth, data } = familySpectrum('L0-R0-p(R1,CPE1)', 3, {});
  const at = circuit.figures.findIndex(f => f.name === 'R1');
  const minus = { ...data, im: data.im.map(v => -v) };
  const milli = { ...data, re: data.re.map(v => 1000 * v), im: data.im.map(v => 1000 * v) };
  const order = [...data.re.keys()].sort((a, b) => ((29 * a) % 71) - ((29 * b) % 71));
  const pick = (values: Float64Array): Float64Array => Float64Array.from(order, i => values[i]);
  const shuffled = { frequency_Hz: pick(data.frequency_Hz), re: pick(data.re), im: pick(data.im) };
  return (
    [
      ['rows in another order', spectrumCsv(shuffled)],
      ['-Im under the name of Im', spectrumCsv(minus)],
      ['-Im named so', spectrumCsv(minus, 'freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm')],
      ['mOhm in the header', spectrumCsv(milli, 'frequency_Hz,re_mOhm,im_mOhm')],
    ] as const
  ).map(([name, text]) =>
    figureRow({
      id: `a file with ${name}: R1 over its truth`,
      value: fitCircuit(prepareSpectrum(readFitData('made.csv', text)), circuit).values[at] / truth[at],
      expected: 1,
      tolerance: 1e-5,
      basis: MADE,
    }),
  );
}

/** Part of drawn spectra that pass, valid and drifting; and the published chain. */
function kkRows(draws: number): FigureRow[] {
  const passing = (noise_frac: number, drift_frac: number): number => {
    const arcs = FAMILY.filter(text => text.includes('p('));
    let passed = 0;
    for (let seed = 1; seed <= draws; seed++) {
      const { data } = familySpectrum(arcs[seed % arcs.length], seed, { noise_frac, drift_frac });
      if (linKk(data).passes) passed++;
    }
    return (100 * passed) / draws;
  };
  const boukamp = madeSpectrum(
    parseCircuit('R0-p(R1,C1)-p(R2,W1)'),
    [100, 200, 0.8e-6, 500, 1 / (4e-4 * Math.SQRT2)],
    frequencies(1e4, 1, 10),
  );
  const row = (id: string, value: number, expected: number, tolerance: number, basis: string): FigureRow =>
    figureRow({ id: `Kramers-Kronig: ${id}`, value, expected, tolerance, basis });
  const drawn = `${draws} seeded spectra`;
  return [
    row(
      "mu of Boukamp's test circuit 1 with 19 links",
      kkChain(boukamp, 19).mu,
      0.82,
      0.005,
      'circuit of Boukamp 1995, criterion of Schoenleber 2014',
    ),
    row('valid, no noise, pass in %', passing(0, 0), 100, 2, drawn),
    row('valid, noise 0.5 %, pass in %', passing(0.005, 0), 100, 2, drawn),
    row('valid, noise 2 %, pass in %', passing(0.02, 0), 100, 2, drawn),
    row('drift 40 %, no noise, pass in %', passing(0, 0.4), 0, 5, drawn),
    row('drift 40 %, noise 0.2 %, pass in %', passing(0.002, 0.4), 0, 5, drawn),
  ];
}

/** How often the 95 % interval of a figure holds the truth, circuit by circuit. */
function coverageRows(draws: number): FigureRow[] {
  return FAMILY.map(text => {
    let inside = 0;
    let told = 0;
    for (let seed = 1; seed <= draws; seed++) {
      const { circuit, truth, data } = familySpectrum(text, seed, { noise_frac: NOISE_FRAC });
      fitCircuit(data, circuit).estimates.estimates.forEach((e, k) => {
        if (e.state !== 'fitted') return;
        told++;
        if (e.low95 <= truth[k] && truth[k] <= e.high95) inside++;
      });
    }
    return figureRow({
      id: `coverage of the intervals of ${text}`,
      value: (100 * inside) / told,
      expected: 95,
      // The figures of one draw go together: it counts as one and a half.
      tolerance: 3 * Math.sqrt((95 * 5) / (1.5 * draws)),
      basis: `${MADE}; ${draws} seeded draws, noise 0.5 % of the modulus`,
    });
  });
}

function kkPicture(): FigureSpec {
  const lines = ([0, 0.4] as const).map((drift_frac, k) => {
    const { data } = familySpectrum('L0-R0-p(R1,CPE1)-p(R2,CPE2)', 5, { noise_frac: 0.001, drift_frac });
    const kk = linKk(data);
    return {
      label: `Re, ${drift_frac === 0 ? 'steady' : 'rising by 40 %'}`,
      colour: `c${k}`,
      x: Array.from(data.frequency_Hz, f => Math.log10(f)),
      y: Array.from(kk.re_frac, v => 100 * v),
      marks: 'full' as const,
    };
  });
  return {
    title: 'Residuals of the linear Kramers-Kronig test, with 0.1 % noise',
    xLabel: 'log10 of frequency in Hz',
    xKind: 'number',
    panels: [{ yLabel: 'residual, % of modulus', height: 180, fromZero: true, lines }],
  };
}
