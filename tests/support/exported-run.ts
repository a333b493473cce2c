import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JournalFile } from '../../control/record/file/journal-file.ts';
import type { JournalTable } from '../../control/record/journal-messages.ts';
import { NO_SETPOINTS, SetpointBuffer } from '../../control/record/setpoint-buffer.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { sha256Hex } from './sha256.ts';

/** A run's folder whose every value is known, with all that is awkward to write: gaps, bad values, long decimals. */

export const STARTED = '2026-05-01T20:00:00.250Z';
export const CELL_CHANNELS = ['voltage_V', 'current_A', 'charged_Ah', 'discharged_Ah', 'temperature_degC'];

/** What row `i` (from 0) of the cycler is. */
export function cellRow(i: number): {
  t_s: number;
  values: number[];
  quality: number[];
  reason: string | undefined;
} {
  const isBad = i % 97 === 13;
  const isStale = i % 101 === 50;
  const isUncertain = i % 53 === 7;
  const isLost = i % 211 === 100;
  const voltage_V = 3.6 + 0.4 * Math.sin(i / 50);
  const values = [
    i % 7 === 0 ? Math.round(voltage_V * 1e4) / 1e4 : voltage_V,
    i % 3 === 0 ? 0 : i % 3 === 1 ? 1e-7 * (i + 1) : -2.5,
    i * 1e-3,
    i * 1.1e-3,
    isBad ? 1e5 : 25,
  ];
  const quality = [
    QUALITY.good,
    isUncertain ? QUALITY.uncertain : QUALITY.good,
    QUALITY.good,
    QUALITY.good,
    isBad ? QUALITY.bad : QUALITY.good,
  ].map(code => (isStale ? QUALITY.stale : code));
  if (isLost)
    return {
      t_s: i + 1,
      values: values.map(() => Number.NaN),
      quality: values.map(() => QUALITY.bad),
      reason: `no answer; request "${i}", given up`,
    };
  return { t_s: i + 1, values, quality, reason: isBad ? 'temperature_degC: over range' : undefined };
}

export const CELL_BENCH = `bench: one-cell
version: 1
cell: { name: 'Cell A/1, 5 Ah', chemistry: NMC, capacity_Ah: 5, currentMax_A: 10, voltageMin_V: 2.5, voltageMax_V: 4.2 }
devices:
  cycler: { driver: opcua/plc, poll_s: 1, stale_after_s: 3, options: {} }
roles:
  cell.voltage_V: cycler.voltage_V
  cell.current_A: cycler.current_A
  cell.charged_Ah: cycler.charged_Ah
  cell.discharged_Ah: cycler.discharged_Ah
  cell.temperature_degC: cycler.temperature_degC
`;

/** Makes a run's folder of so many rows of one cycler; some are in blocks, the rest plain. Returns the folder. */
export function knownRun(dir: string, rows: number, extra: Readonly<Record<string, string>> = {}): string {
  mkdirSync(dir, { recursive: true });
  const tables: JournalTable[] = [{ device: 'cycler', channels: CELL_CHANNELS }];
  const file = new JournalFile(join(dir, 'run.sqlite'), tables, {
    bench: 'one-cell',
    benchFile: CELL_BENCH,
    method: 'known',
    methodFile: 'method: known\n',
    mode: 'bench',
    startedUtc: STARTED,
    timeFactor: '1',
    software: 'cellbench 0.0.0',
    commit: '',
    inputs: JSON.stringify([
      { what: 'bench', path: 'lab/bench.yaml', bytes: CELL_BENCH.length, sha256: sha256Hex(CELL_BENCH) },
      { what: 'load', path: 'lab/gone.csv', bytes: 3, sha256: sha256Hex('abc') },
    ]),
    ...extra,
  });
  const setpoints = new SetpointBuffer(8);
  setpoints.add(
    { t_s: 1, role: 'cell.currentSet_A', asked: 2.5, applied: 2.5, source: 'step', outcome: 'applied' },
    0,
  );
  setpoints.add(
    { t_s: 2, role: 'cell.currentSet_A', asked: 99, applied: Number.NaN, source: 'step', outcome: 'refused' },
    0,
  );
  const sealed = Math.floor((rows * 2) / 3);
  for (const [n, [from, to]] of [
    [0, sealed],
    [sealed, rows],
  ].entries()) {
    const all = Array.from({ length: to - from }, (_, i) => cellRow(from + i));
    file.write({
      n,
      frames: [
        {
          table: 0,
          rows: all.length,
          values: Float64Array.from(all.flatMap(row => [row.t_s, ...row.values])),
          quality: Uint8Array.from(all.flatMap(row => row.quality)),
          reasons: new Map(
            all.flatMap(({ reason }, i) => (reason === undefined ? [] : [[i, reason] as const])),
          ),
        },
      ],
      events: n === 0 ? [{ t_s: 1.5, kind: 'load', text: '=HYPERLINK("x"), "quoted"\nsecond line' }] : [],
      setpoints: n === 0 ? setpoints.take() : NO_SETPOINTS,
      checkpoints: [],
    });
  }
  file.close();
  return dir;
}

/** A run's folder as another one: its record alone, or with these files. */
export function copyOfRun(from: string, to: string, ...names: string[]): string {
  mkdirSync(to, { recursive: true });
  for (const name of ['run.sqlite', ...names]) copyFileSync(join(from, name), join(to, name));
  return to;
}

/** Writes a file into a folder that may have to be made. */
export function put(dir: string, name: string, text: string): string {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, name), text);
  return join(dir, name);
}
