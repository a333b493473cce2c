import { cellKpis } from '../../../profiles/cell-kpis.ts';
import type { KpiValue } from '../../../profiles/kpi.ts';
import { CELL, cellRecord, type Flaws, type Piece } from './cell-record.ts';
import { coveredRow, type FigureRow, reasonRow, valueRow } from './row.ts';

/** Cells: records with flaws whose charges are known exactly. */

const H = 3600;
const REST: Piece = { for_s: 600, current_A: 0 };

/** Discharge of so many A h at a rate, and a charge of so many at C/2, with rests. */
function cycle(out_Ah: number, in_Ah = out_Ah, out_A = 5): Piece[] {
  return [
    { for_s: (out_Ah / out_A) * H, current_A: -out_A },
    REST,
    { for_s: (in_Ah / 2.5) * H, current_A: 2.5 },
    REST,
  ];
}

/** A cell that is full at the start: straight open-circuit line, 20 mOhm, held between its limits. */
const volts = (net_Ah: number, current_A: number): number =>
  Math.min(4.2, Math.max(2.5, 4.2 + (1.7 * net_Ah) / CELL.capacity_Ah + 0.02 * current_A));

const EXACT = 'currents and durations of the record as made up';
const two = [REST, ...cycle(5), ...cycle(5)];
const kpisOf = (pieces: readonly Piece[], flaws: Flaws): KpiValue[] => cellKpis(cellRecord(pieces, flaws));

/** Records of which all figures are asked: name, pieces, flaws, and charge in, out, first, last, efficiency. */
const WHOLE: readonly (readonly [
  name: string,
  pieces: readonly Piece[],
  flaws: Flaws,
  truth: readonly number[],
])[] = [
  ['two cycles, each second', two, {}, [10, 10, 5, 5, 100]],
  ['irregular rows, 1 to 9 s', two, { dt_s: 5, jitter_frac: 0.8 }, [10, 10, 5, 5, 100]],
  ['rows each minute', [REST, ...cycle(5), ...cycle(5)], { dt_s: 60 }, [10, 10, 5, 5, 100]],
  [
    "meter's zero of 10 mA, noise of 2 mA, 120 h of rest",
    [...two, { for_s: 120 * H, current_A: 0 }],
    { dt_s: 5, zero_A: 0.01, noise_A: 0.002 },
    [10, 10, 5, 5, 100],
  ],
  [
    'spikes of 30 mA, 8 A and 1e6 A',
    two,
    {
      spikes: [
        [2400, 0.03],
        [9000, 8],
        [14_000, 1e6],
      ],
    },
    [10, 10, 5, 5, 100],
  ],
  ["meter's zero of 25 mA, C/200", two, { zero_A: 0.025, noise_A: 0.001 }, [10, 10, 5, 5, 100]],
  ["meter's zero of -60 mA, C/83, rows of 5 s", two, { zero_A: -0.06, dt_s: 5 }, [10, 10, 5, 5, 100]],
  ['counters that begin anew', two, { counters: { resetAt_s: [4200, 12_000, 15_600] } }, [10, 10, 5, 5, 100]],
  ['counters that roll over', two, { counters: { rollover_Ah: 3.3 }, zero_A: 0.01 }, [10, 10, 5, 5, 100]],
  ['counters with false readings', two, { counters: { glitchAt_s: [5000, 13_000] } }, [10, 10, 5, 5, 100]],
  ['a counter that stands still', two, { counters: { stuck: true } }, [10, 10, 5, 5, 100]],
  [
    'a gap of ten minutes, counters behind it',
    two,
    { counters: {}, gaps: [[14_000, 14_600]] },
    [10, 10, 5, 5, 100],
  ],
  [
    'one part in 200 is lost',
    [REST, ...cycle(4.975, 5), ...cycle(4.975, 5)],
    {},
    [10, 9.95, 4.975, 4.975, 99.5],
  ],
  // Of what the charge between the two discharges put in, the second one gives five parts in a hundred less.
  ['five percent fade', [REST, ...cycle(5), ...cycle(4.75)], {}, [9.75, 9.75, 5, 4.75, 95]],
];

/** All rows of cells. */
export function cellRows(): FigureRow[] {
  const rows: FigureRow[] = [];
  for (const [name, pieces, flaws, [into, out, first, last, coulombic]] of WHOLE) {
    // A step between two rows may lie anywhere between them: four steps of 5 A at half a row each.
    const step_Ah = (20 * (flaws.dt_s ?? 1) * (1 + (flaws.jitter_frac ?? 0))) / 2 / H + 0.002;
    const kpis = kpisOf(pieces, { ...flaws, voltage: volts });
    rows.push(
      valueRow(kpis, name, 'charge-in', into, step_Ah, EXACT),
      coveredRow(kpis, name, 'charge-out', out, EXACT),
      valueRow(kpis, name, 'capacity-first', first, step_Ah, EXACT),
      valueRow(kpis, name, 'capacity-last', last, step_Ah, EXACT),
      valueRow(kpis, name, 'capacity-fade', 100 * (1 - last / first), (200 * step_Ah) / 5, EXACT),
      coveredRow(kpis, name, 'coulombic-efficiency', coulombic, EXACT),
    );
  }
  return [
    ...rows,
    ...resetRows(),
    ...slowRows(),
    ...energyRows(),
    ...discharges(),
    ...unseen(),
    ...likeWithLike(),
    ...rates(),
    ...temperatures(),
  ];
}

/** Counters that begin anew with each step, rows of 7 s: what flowed between the last row and the new step is not lost. */
function resetRows(): FigureRow[] {
  const steps = [0, 1, 2, 3].flatMap((): Piece[] => [
    { for_s: H, current_A: -5 },
    { for_s: 2 * H, current_A: 2.5 },
  ]);
  const resetAt_s = [0, 1, 2, 3].flatMap(n => [600 + 3 * n * H, 600 + (3 * n + 1) * H]);
  const kpis = kpisOf([REST, ...steps, REST], { dt_s: 7, counters: { resetAt_s } });
  const name = 'counters that begin anew with each step, between rows';
  return [
    valueRow(kpis, name, 'charge-in', 20, 1e-4, EXACT),
    valueRow(kpis, name, 'charge-out', 20, 1e-4, EXACT),
    // Without a rest a cycle begins somewhere between two rows.
    coveredRow(kpis, name, 'coulombic-efficiency', 100, EXACT),
  ];
}

/** Small currents that are meant: C/100 the same way after charge and discharge, and C/100 both ways. */
function slowRows(): FigureRow[] {
  const slow = (first_A: number, second_A: number): Piece[] => [
    REST,
    ...[1, 2].flatMap((): Piece[] => [
      { for_s: H, current_A: -5 },
      { for_s: H, current_A: first_A },
      { for_s: H, current_A: 5 },
      { for_s: H, current_A: second_A },
    ]),
    REST,
  ];
  const both = kpisOf(slow(0.05, -0.05), {});
  const long = kpisOf(
    slow(0.05, 0.05).map(piece => (piece.current_A === 0.05 ? { ...piece, for_s: 6 * H } : piece)),
    {},
  );
  return [
    valueRow(both, 'C/100 in after each discharge, out after each charge', 'charge-in', 10.1, 0.01, EXACT),
    valueRow(both, 'C/100 in after each discharge, out after each charge', 'charge-out', 10.1, 0.01, EXACT),
    valueRow(long, 'C/100 in for six hours after all', 'charge-in', 11.2, 0.01, EXACT),
  ];
}

function energyRows(): FigureRow[] {
  const kpis = kpisOf(two, { zero_A: 0.005, noise_A: 0.001 });
  const fast = kpisOf(two, { timeFactor: 10 });
  return [
    valueRow(kpis, 'two cycles at 4.0 and 3.6 V', 'energy-efficiency', 90, 0.2, EXACT),
    valueRow(kpis, 'two cycles at 4.0 and 3.6 V', 'energy-in', 40, 0.05, EXACT),
    valueRow(kpis, 'two cycles at 4.0 and 3.6 V', 'energy-out', 36, 0.05, EXACT),
    valueRow(kpis, 'two cycles with a zero of 5 mA', 'meter-zero', 5, 0.1, EXACT),
    valueRow(fast, 'ten times faster than life', 'charge-in', 100, 0.3, EXACT),
  ];
}

function discharges(): FigureRow[] {
  const brake = Array.from({ length: 200 }, (): Piece[] => [
    { for_s: 40, current_A: -4 },
    { for_s: 20, current_A: 3 },
  ]).flat();
  const drive = kpisOf([...cycle(5).slice(2), ...brake, REST], {});
  const pulses = Array.from({ length: 9 }, (): Piece[] => [
    { for_s: 660, current_A: -2.5 },
    { for_s: 300, current_A: 0 },
    { for_s: 10, current_A: -5 },
    { for_s: 40, current_A: 0 },
    { for_s: 10, current_A: 3.75 },
  ]).flat();
  const hppc = kpisOf([...cycle(5).slice(2), ...pulses, REST], {});
  // Each round: 660 s at 2.5 A and 10 s at 5 A out, 10 s at 3.75 A in.
  const taken_Ah = (9 * (660 * 2.5 + 50 - 37.5)) / H;
  const slow = kpisOf(
    [
      { for_s: 250 * H, current_A: -0.02 },
      { for_s: 10 * H, current_A: 0.5 },
    ],
    { dt_s: 60 },
  );
  return [
    valueRow(drive, 'drive cycle with braking', 'discharges', 1, 0, EXACT),
    valueRow(drive, 'drive cycle with braking', 'capacity-first', (200 * 100) / H, 0.02, EXACT),
    reasonRow(drive, 'drive cycle with braking', 'energy-efficiency', /does not close/),
    valueRow(hppc, 'pulses with charging pulses', 'discharges', 1, 0, EXACT),
    valueRow(hppc, 'pulses with charging pulses', 'capacity-first', taken_Ah, 0.02, EXACT),
    valueRow(slow, 'C/250', 'discharges', 1, 0, EXACT),
    valueRow(slow, 'C/250', 'charge-out', 5, 0.01, EXACT),
  ];
}

function unseen(): FigureRow[] {
  const rows: FigureRow[] = [];
  for (const silent of [false, true]) {
    const name = silent ? 'ten minutes without rows' : 'ten minutes of bad rows';
    const kpis = kpisOf(two, { gaps: [[14_000, 14_600]], silent });
    rows.push(
      coveredRow(kpis, name, 'charge-out', 10, EXACT),
      reasonRow(kpis, name, 'capacity-fade', /gaps may hide/),
    );
  }
  const cut = kpisOf([...two, { for_s: H / 2, current_A: -5 }], {});
  const late = kpisOf([REST, { for_s: H / 2, current_A: -5 }, ...two.slice(3), ...cycle(5)], {});
  const only = kpisOf([REST, { for_s: H / 2, current_A: -5 }, REST], {});
  return [
    ...rows,
    valueRow(cut, 'the record ends in a discharge', 'capacity-last', 5, 0.01, EXACT),
    valueRow(late, 'a discharge from half full comes first', 'capacity-first', 5, 0.01, EXACT),
    reasonRow(only, 'only half a discharge', 'capacity-first', /unknown state of charge/),
    reasonRow(kpisOf([{ for_s: H, current_A: -5 }], {}), 'no rest', 'meter-zero', /no rest/),
  ];
}

function likeWithLike(): FigureRow[] {
  const mixed = kpisOf([REST, ...cycle(5, 5, 0.5), ...cycle(4.8)], { dt_s: 5 });
  const checked = kpisOf(
    [REST, ...cycle(5, 5, 0.5), ...cycle(4.9), ...cycle(4.8), ...cycle(4.7), ...cycle(4.9, 4.9, 0.5)],
    { dt_s: 5 },
  );
  return [
    reasonRow(mixed, 'C/10 and 1C', 'capacity-fade', /0\.100C against/),
    valueRow(checked, 'check-ups around three cycles', 'capacity-fade', 2, 0.2, EXACT),
  ];
}

/** 1C to the lower voltage, and what is left at C/10 or in steps; and at two rates from the middle on. */
function rates(): FigureRow[] {
  const charge: Piece[] = [REST, { for_s: (5.4 / 2.5) * H, current_A: 2.5 }, REST];
  const at = (current_A: number, Ah: number): Piece => ({
    for_s: (Ah / current_A) * H,
    current_A: -current_A,
  });
  const flaws: Flaws = { voltage: (net_Ah, current_A) => 2.64 + 0.3 * net_Ah + 0.028 * current_A };
  const residual = kpisOf([...charge, at(5, 5), REST, at(0.5, 0.4), ...charge, at(5, 4.95), REST], flaws);
  const steps = kpisOf([...charge, at(10, 4.5), REST, at(5, 0.5), REST, at(1, 0.38), REST], flaws);
  const mixed = kpisOf([...charge, at(5, 2.5), REST, at(0.5, 2.8), REST], flaws);
  const name = '1C, a rest, C/10';
  return [
    valueRow(residual, name, 'capacity-first', 5, 0.01, EXACT),
    valueRow(residual, name, 'capacity-residual', 0.4, 0.005, EXACT),
    valueRow(residual, name, 'capacity-fade', 1, 0.1, EXACT),
    valueRow(steps, '2C, 1C, C/5, each to its end', 'capacity-first', 4.5, 0.015, EXACT),
    valueRow(steps, '2C, 1C, C/5, each to its end', 'capacity-residual', 0.88, 0.01, EXACT),
    reasonRow(mixed, '1C to the middle, C/10 to the end', 'capacity-first', /at no one rate/),
  ];
}

/** A cell that gives less in the cold. */
function temperatures(): FigureRow[] {
  const pieces = [REST, ...cycle(5), ...cycle(4.9), ...cycle(4.7), ...cycle(4.6)];
  const flaws = (warm_s: number): Flaws => ({ dt_s: 5, temperature_degC: t_s => (t_s < warm_s ? 25 : 0) });
  return [
    valueRow(kpisOf(pieces, flaws(6.8 * H)), '25 degC, then 0 degC', 'capacity-fade', 2, 0.2, EXACT),
    reasonRow(
      kpisOf([REST, ...cycle(5), ...cycle(4.7)], flaws(3.4 * H)),
      '25 degC against 0 degC',
      'capacity-fade',
      /25\.0 degC against 0\.0 degC/,
    ),
  ];
}
