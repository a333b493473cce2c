import type { FigureSpec, Line } from '../../../dashboards/report/figure.ts';
import { AMBIENT_BARA, MOLAR_VOLUME_NL_PER_MOL } from '../../../sim/plant/parts/constants.ts';
import { h2InO2_vol_pct } from '../../../sim/plant/parts/crossover.ts';
import { gasVolume, stepGasVolume } from '../../../sim/plant/parts/gas.ts';
import {
  faradayH2_mol_per_s,
  reversibleVoltage_V,
  saturationPressure_bar,
  springerConductivity_S_per_cm,
} from '../../../sim/plant/pem/cell.ts';
import { SCHALENBACH_80 } from '../../../sim/plant/pem/parameters.ts';
import {
  CROSSOVER_DENSITIES_A_PER_CM2,
  CROSSOVER_VOL_PCT,
  H2_PER_A_MOL_PER_S,
  PRESSURE_RATES,
  REVERSIBLE_V,
  SATURATION_BAR,
  SPRINGER_S_PER_CM,
} from '../reference/pem.ts';
import { colour, kelvin, largest, largest_pct, type Pair, pairsText, type Row, row, span } from '../row.ts';

function checkValues(): Row[] {
  const reversible = REVERSIBLE_V.map(([t, v]): Pair => [reversibleVoltage_V(kelvin(t)), v]);
  const saturation = SATURATION_BAR.map(([t, p]): Pair => [saturationPressure_bar(kelvin(t)), p]);
  const conductivity = SPRINGER_S_PER_CM.map(
    ([t, lambda, s]): Pair => [springerConductivity_S_per_cm(kelvin(t), lambda), s],
  );
  const made = faradayH2_mol_per_s(1, 1);
  return [
    row({
      id: 'water.reversible-voltage',
      model: 'reversible voltage of water',
      reference: 'LeRoy et al. 1980, 25..100 °C',
      error: largest(reversible),
      tolerance: 1e-4,
      unit: 'V',
      basis: 'published formula',
      note: `computed (reference) V: ${pairsText(reversible, 4)}`,
    }),
    row({
      id: 'water.saturation-pressure',
      model: 'saturation pressure of water',
      reference: 'Buck 1981, 25..80 °C',
      error: largest_pct(saturation),
      tolerance: 1,
      unit: '%',
      basis: 'published formula',
      note: `computed (reference) bar: ${pairsText(saturation, 4)}`,
    }),
    row({
      id: 'pem.springer-conductivity',
      model: 'conductivity of a Nafion membrane',
      reference: 'Springer et al. 1991, 25..80 °C, 14..25 water per acid group',
      error: largest_pct(conductivity),
      tolerance: 1,
      unit: '%',
      basis: 'published formula',
      note: `reference rounded to three digits; computed (reference) S/cm: ${pairsText(conductivity, 4)}`,
    }),
    row({
      id: 'water.faraday',
      model: "Faraday's law",
      reference: '1 A in 1 cell: I / 2F',
      error: Math.abs(made / H2_PER_A_MOL_PER_S - 1),
      tolerance: 0,
      unit: '1',
      basis: 'published formula',
      note: `${(made * 3600 * MOLAR_VOLUME_NL_PER_MOL).toFixed(4)} NL/h per ampere and cell`,
    }),
  ];
}

function crossover_vol_pct(thickness_um: number, cathode_bara: number, density_A_per_cm2: number): number {
  const vapour_bar = saturationPressure_bar(kelvin(80));
  return h2InO2_vol_pct(
    { ...SCHALENBACH_80, thickness_cm: thickness_um * 1e-4 },
    kelvin(80),
    density_A_per_cm2,
    cathode_bara - vapour_bar,
    1 - vapour_bar,
  );
}

function crossover(): Row[] {
  return CROSSOVER_VOL_PCT.map(({ thickness_um, cathode_bara, h2_vol_pct }) => {
    const pairs = CROSSOVER_DENSITIES_A_PER_CM2.map(
      (i, k): Pair => [crossover_vol_pct(thickness_um, cathode_bara, i), h2_vol_pct[k] ?? Number.NaN],
    );
    return row({
      id: `pem.crossover.${thickness_um}um.${cathode_bara}bar`,
      model: `H2 in O2 through ${thickness_um} µm, ${cathode_bara} bar, 80 °C`,
      reference: 'permeation with supersaturation (Schalenbach 2013, SimSES), evaluated independently',
      error: largest_pct(pairs),
      tolerance: 5,
      unit: '%',
      basis: 'self-consistency, model only',
      note: `0.05..3 A/cm²; computed (reference) vol%: ${pairsText(pairs, 2)}`,
    });
  });
}

function pressureRates(): Row[] {
  return PRESSURE_RATES.map(([amps, cells, volume_L, expected]) => {
    const gas = gasVolume(volume_L);
    const step = (mol: number): void =>
      stepGasVolume(gas, mol, 0, 0, 0, 0, 0, AMBIENT_BARA, 0, kelvin(60), 1);
    step(1);
    const start_bara = gas.pressure_bara;
    for (let k = 0; k < 10; k++) step(faradayH2_mol_per_s(amps, cells));
    const rate = (gas.pressure_bara - start_bara) / 10;
    return row({
      id: `gas.pressure-rate.${cells}x${amps}A`,
      model: `closed gas volume, ${volume_L} L, ${cells} cells at ${amps} A, 60 °C`,
      reference: 'ideal gas',
      error: Math.abs(100 * (rate / expected - 1)),
      tolerance: 0.5,
      unit: '%',
      basis: 'published formula',
      note: `${rate.toFixed(5)} bar/s against ${expected} bar/s, which has three digits`,
    });
  });
}

/** Check values of water and membrane, crossover, closed gas volumes. */
export function pemPhysicsRows(): Row[] {
  return [...checkValues(), ...crossover(), ...pressureRates()];
}

/** H2 in O2 over load: the model's own table. */
export function crossoverFigure(): FigureSpec {
  const lines = CROSSOVER_VOL_PCT.flatMap(({ thickness_um, cathode_bara, h2_vol_pct }, k): Line[] => {
    const x = span(0.2, 3, 200);
    const shown = CROSSOVER_DENSITIES_A_PER_CM2.map((i, at) => [i, h2_vol_pct[at]] as const).filter(
      ([i]) => i >= 0.2,
    );
    return [
      {
        label: `${thickness_um} µm, ${cathode_bara} bar`,
        colour: colour(k),
        ...(k > 3 ? { stroke: 'dashed' as const } : {}),
        x,
        y: x.map(i => crossover_vol_pct(thickness_um, cathode_bara, i)),
      },
      {
        label: `table ${thickness_um} µm, ${cathode_bara} bar`,
        colour: colour(k),
        stroke: 'none',
        marks: 'full',
        x: shown.map(([i]) => i),
        y: shown.map(([, pct]) => pct ?? Number.NaN),
      },
    ];
  });
  return {
    title: 'PEM, H2 in O2 at 80 °C without recombination: model only, no measured points',
    xLabel: 'current density, A/cm²',
    xKind: 'number',
    xFromZero: true,
    panels: [
      {
        yLabel: 'H2 in O2, vol%',
        height: 300,
        fromZero: true,
        lines,
        limits: [{ label: 'usual trip 2 vol%', value: 2 }],
      },
    ],
  };
}
