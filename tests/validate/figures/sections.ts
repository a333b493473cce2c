import { cellRecord } from './cell-record.ts';
import { cellRows } from './cell-rows.ts';
import { coverageRows } from './coverage-rows.ts';
import type { FigureSection } from './row.ts';
import { spectrumRows } from './spectrum-rows.ts';
import { stackRows } from './stack-rows.ts';

/** The acceptance table of the figures, kind by kind. `draws`: seeded records for each coverage. */
export function figureSections(draws: number): FigureSection[] {
  const coverage = coverageRows(draws);
  const spectra = spectrumRows(draws);
  return [
    { title: 'Cells: charge, capacity, efficiency', rows: cellRows(), pictures: [cellPicture()] },
    { title: 'Stacks: energy, hydrogen, drift, leak, resistance', rows: stackRows(), pictures: [] },
    { title: 'Spectra: circuits, files, Kramers-Kronig', rows: spectra.rows, pictures: [spectra.picture] },
    { title: 'Coverage of the uncertainties', rows: coverage.rows, pictures: [coverage.picture] },
  ];
}

/** What the flaws look like: a cycle with spikes, a gap and a meter's zero. */
function cellPicture(): FigureSection['pictures'][number] {
  const run = cellRecord(
    [
      { for_s: 600, current_A: 0 },
      { for_s: 3600, current_A: -5 },
      { for_s: 600, current_A: 0 },
      { for_s: 7200, current_A: 2.5 },
    ],
    { dt_s: 20, zero_A: 0.05, noise_A: 0.05, spikes: [[2400, 2]], gaps: [[7000, 7600]], silent: true },
  );
  const { t_s, value } = run.series('cell.current_A');
  return {
    title: 'A made-up record with a spike, a gap and noise',
    xLabel: 'time',
    xKind: 'time',
    panels: [
      {
        yLabel: 'current, A',
        height: 180,
        lines: [{ label: 'as the meter shows it', colour: 'c0', x: Array.from(t_s), y: Array.from(value) }],
      },
    ],
  };
}
