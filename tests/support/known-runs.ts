import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExportOptions, exportRun } from '../../control/exchange/export-run.ts';
import type { ExportFormat } from '../../control/exchange/layout.ts';
import { signingKey } from '../../control/exchange/pack/signing-key.ts';
import { openRunSource } from '../../control/exchange/recorded-run.ts';
import { CELL_BENCH, knownRun } from './exported-run.ts';
import { plainResult } from './plain-result.ts';

/** Runs of a cell and of a stack whose every value is known, and their exports. */

/** Rows of each. */
export const ROWS = 3000;

/** The cell's record as that of a stack. */
export const STACK_BENCH = CELL_BENCH.replace(
  /^cell: .*$/m,
  'stack: { name: Stack 7, type: pem, cells: 2 }',
).replace(
  /^roles:[\s\S]*$/m,
  `roles:
  stack.voltage_V: cycler.voltage_V
  stack.current_A: cycler.current_A
  cathode.pressure_barg: cycler.charged_Ah
  water.flow_L_per_min: cycler.discharged_Ah
  room.temperature_degC: cycler.temperature_degC
`,
);
const RESULT = plainResult({
  kpis: [
    {
      id: 'capacity',
      phase: 'one',
      value: 4.9876543210123,
      unit: 'Ah',
      u95: 0.01,
      definition: 'what went out',
      basis: 'sourced',
    },
    { id: 'unknown', value: null, unit: 'V', definition: 'has no value', basis: 'default' },
  ],
  tables: [
    {
      id: 'cycles',
      columns: ['cycle', 'start_s', 'end_s', 'discharged_Ah'],
      rows: [
        [1, 0, 1500, 4.9],
        [2, 1500, 3000, null],
      ],
    },
  ],
  curves: [
    {
      phase: 'curve',
      points: [
        {
          leg: 'up',
          current_A: 100.1,
          currentDensity_A_per_cm2: 0.1001,
          cellVoltage_V: 1.6180339887,
          u95_V: 0.002,
          temperature_degC: null,
          t_s: 12,
        },
      ],
    },
  ],
});

/** A folder with both runs, in which exports are made. */
export class KnownRuns {
  readonly dir = mkdtempSync(join(tmpdir(), 'forms-'));
  readonly cell = knownRun(join(this.dir, 'cell'), ROWS);
  readonly stack = knownRun(join(this.dir, 'stack'), ROWS, { benchFile: STACK_BENCH });

  constructor() {
    for (const run of [this.cell, this.stack]) {
      writeFileSync(join(run, 'result.json'), JSON.stringify(RESULT));
      writeFileSync(join(run, 'report.html'), '<!doctype html><title>a report</title>');
    }
  }

  /** Exports the run that the form is for, or another; returns the new folder. */
  async exported(
    format: ExportFormat,
    name: string,
    more: Partial<ExportOptions> = {},
    of = format === 'esdf' ? this.stack : this.cell,
  ): Promise<string> {
    const source = openRunSource(of);
    try {
      const to = more.to ?? join(this.dir, name);
      await exportRun(source, {
        format,
        decimal: 'point',
        institution: 'Lab',
        licence: '',
        key: signingKey(join(this.dir, 'config', 'signing-key.pem')),
        progress: async () => {},
        now_ms: Date.parse('2026-06-01T08:00:00Z'),
        picture: '<svg xmlns="http://www.w3.org/2000/svg"/>',
        ...more,
        to,
      });
      return to;
    } finally {
      source.close();
    }
  }

  remove(): void {
    rmSync(this.dir, { recursive: true });
  }
}
