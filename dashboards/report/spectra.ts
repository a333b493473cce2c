import type { ShownSpectrum } from '../../control/view.ts';
import { drawFigure, type FigureSpec, type Line } from './figure.ts';

/** Pictures of impedance spectra: Nyquist, Bode, and how far they obey the Kramers-Kronig relations. */

/** So many stand in one picture before they can no longer be told apart. */
const TOGETHER = 4;
const LOG_FREQUENCY = 'log10 of frequency in Hz';

/**
 * Pictures for each few spectra, in the order in which they were measured: Nyquist, Bode, Kramers-Kronig, and
 * relaxation times where they can be told; none without spectra. `width` in pixels, as wide as the report unless said.
 */
export function spectraPictures(spectra: readonly ShownSpectrum[], width?: number): string[] {
  const drawn = spectra.filter(({ frequency_Hz }) => frequency_Hz.length > 1);
  const groups = Array.from({ length: Math.ceil(drawn.length / TOGETHER) }, (_, k) =>
    drawn.slice(TOGETHER * k, TOGETHER * (k + 1)),
  );
  return groups.flatMap((group, k) => {
    const which = groups.length === 1 ? '' : ` (${k + 1} of ${groups.length})`;
    const unit = unitOf(group);
    return [
      nyquist(group, which, unit),
      bode(group, which, unit),
      // While the first one is under way there is nothing to say yet.
      ...(group.some(({ state }) => state !== 'under way') ? [kramersKronig(group, which)] : []),
      ...(group.some(({ relaxation }) => relaxation !== null) ? [relaxationTimes(group, which, unit)] : []),
    ].map(figure => drawFigure(width === undefined ? figure : { ...figure, width }));
  });
}

interface ImpedanceUnit {
  readonly name: string;
  readonly factor: number;
}

/** As small as the largest asks for. */
function unitOf(spectra: readonly ShownSpectrum[]): ImpedanceUnit {
  const most = Math.max(
    ...spectra.flatMap(({ re_Ohm, im_Ohm }) => re_Ohm.map((re, i) => Math.hypot(re, im_Ohm[i]))),
  );
  if (most < 1) return { name: 'mΩ', factor: 1000 };
  return most < 10_000 ? { name: 'Ω', factor: 1 } : { name: 'kΩ', factor: 0.001 };
}

/** From largest to smallest |Z| beyond which a straight axis hides the small ones. */
const WIDE = 20;

function spansDecades(spectra: readonly ShownSpectrum[]): boolean {
  const moduli = spectra.flatMap(({ re_Ohm, im_Ohm }) => re_Ohm.map((re, i) => Math.hypot(re, im_Ohm[i])));
  return Math.max(...moduli) > WIDE * Math.min(...moduli);
}

const labelOf = ({ name, state }: ShownSpectrum): string => (state === 'whole' ? name : `${name} (${state})`);

function nyquist(
  spectra: readonly ShownSpectrum[],
  which: string,
  { name, factor }: ImpedanceUnit,
): FigureSpec {
  return {
    title: `Impedance${which}: Nyquist, whole device under test`,
    xLabel: `Re Z, ${name}`,
    xKind: 'number',
    isEqual: true,
    panels: [
      {
        yLabel: `-Im Z, ${name}`,
        height: 320,
        lines: spectra.map(
          (spectrum, i): Line => ({
            label: labelOf(spectrum),
            colour: `c${i}`,
            marks: 'open',
            x: spectrum.re_Ohm.map(v => factor * v),
            y: spectrum.im_Ohm.map(v => -factor * v),
          }),
        ),
      },
    ],
  };
}

function bode(spectra: readonly ShownSpectrum[], which: string, { name, factor }: ImpedanceUnit): FigureSpec {
  const lines = (worth: (re: number, im: number) => number): Line[] =>
    spectra.map((spectrum, i) => ({
      label: labelOf(spectrum),
      colour: `c${i}`,
      marks: 'open',
      x: spectrum.frequency_Hz.map(f => Math.log10(f)),
      y: spectrum.re_Ohm.map((re, k) => worth(re, spectrum.im_Ohm[k])),
    }));
  const modulus = (re: number, im: number): number => factor * Math.hypot(re, im);
  return {
    title: `Impedance${which}: Bode`,
    xLabel: LOG_FREQUENCY,
    xKind: 'number',
    panels: [
      spansDecades(spectra)
        ? {
            yLabel: `log10 of |Z| in ${name}`,
            height: 170,
            lines: lines((re, im) => Math.log10(modulus(re, im))),
          }
        : { yLabel: `|Z|, ${name}`, height: 170, lines: lines(modulus) },
      { yLabel: 'phase, °', height: 130, lines: lines((re, im) => (180 / Math.PI) * Math.atan2(im, re)) },
    ],
  };
}

function kramersKronig(spectra: readonly ShownSpectrum[], which: string): FigureSpec {
  const failed = spectra.filter(({ kramersKronig: kk }) => kk?.passes === false).map(({ name }) => name);
  const said = failed.length === 0 ? '' : `; not passed: ${failed.join('; ')}`;
  return {
    title: `Impedance${which}: linear Kramers-Kronig test${said}`,
    xLabel: LOG_FREQUENCY,
    xKind: 'number',
    panels: [
      {
        yLabel: 'residual, % of |Z|',
        height: 100,
        fromZero: true,
        lines: spectra.flatMap((spectrum, i): Line[] => {
          const { kramersKronig: kk } = spectrum;
          if (kk === null) return [];
          const x = spectrum.frequency_Hz.map(f => Math.log10(f));
          const common = { colour: `c${i}`, x };
          return [
            { ...common, label: `${spectrum.name}, Re`, y: kk.re_pct },
            { ...common, label: `${spectrum.name}, Im`, y: kk.im_pct, stroke: 'dashed' },
          ];
        }),
      },
    ],
  };
}

function relaxationTimes(
  spectra: readonly ShownSpectrum[],
  which: string,
  { name, factor }: ImpedanceUnit,
): FigureSpec {
  return {
    title: `Impedance${which}: distribution of relaxation times`,
    xLabel: 'log10 of 1 / (2\u03c0 \u03c4) in Hz',
    xKind: 'number',
    panels: [
      {
        yLabel: `\u03b3 by ln \u03c4, ${name}`,
        height: 200,
        fromZero: true,
        lines: spectra.flatMap((spectrum, i): Line[] => {
          const { relaxation } = spectrum;
          if (relaxation === null) return [];
          return [
            {
              label: labelOf(spectrum),
              colour: `c${i}`,
              x: relaxation.tau_s.map(tau_s => -Math.log10(2 * Math.PI * tau_s)).reverse(),
              y: relaxation.gamma_Ohm.map(v => factor * v).reverse(),
            },
          ];
        }),
      },
    ],
  };
}
