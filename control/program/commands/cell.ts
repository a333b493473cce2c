import { existsSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { plainReason } from '../../../drivers/contract/errors.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { type CurrentSign, withOurCurrent } from '../../../sim/fit/data/current-sign.ts';
import { bpxCell } from '../../../sim/own-cell/bpx.ts';
import { type Circuit, circuitCell, circuitSchema } from '../../../sim/own-cell/circuit-schema.ts';
import { numberTable } from '../../../sim/own-cell/number-table.ts';
import { readOwnCell } from '../../../sim/own-cell/own-cell.ts';
import { fitPulses, type PulseElements, PulseError } from '../../../sim/own-cell/pulses.ts';
import { ownPlant } from '../../../sim/plants.ts';
import { numberOption, readOptions, UsageError } from '../options.ts';

const schema = z.strictObject({
  ocv: z.string(),
  pulses: z.string().optional(),
  capacity: numberOption(1e-6, 1e6, 'a number').optional(),
  low: numberOption(-10, 100, 'a number').optional(),
  high: numberOption(-10, 100, 'a number').optional(),
  soc: numberOption(0, 1, 'a number').optional(),
  current: z.enum(['charge', 'discharge'], { error: 'expected charge or discharge' }).optional(),
  name: z.string().optional(),
  out: z.string().optional(),
  help: z.boolean().default(false),
});
type CellOptions = z.output<typeof schema> & { readonly pulses: string; readonly capacity: number };

const ACTIVATION_J_PER_MOL = 20_000;
const DISCHARGE = ['time_s', 'cell.current_A', 'cell.voltage_V'] as const;

/**
 * `cellbench cell OCV PULSES`: a cell file for the plant ecm. `cellbench cell FILE`: what a cell file or a BPX file stands
 * for, and what of it is not used. Returns the exit code; bad input throws before anything is written.
 */
export async function cellCommand(args: readonly string[]): Promise<number> {
  const given = readOptions(args, {
    schema,
    flags: ['help'],
    words: ['ocv', 'pulses'],
    help: 'npx cellbench cell --help',
  });
  const { pulses, capacity } = given;
  if (pulses === undefined) {
    console.log(described(given.ocv));
    return 0;
  }
  if (capacity === undefined)
    throw new UsageError('expected --capacity with the Ah from empty to full of the table');
  const options: CellOptions = { ...given, pulses, capacity };
  const out = options.out ?? 'own-cell.yaml';
  if (existsSync(out))
    throw new UsageError(`${out} exists, expected the name of a new file; nothing is overwritten`);
  const openCircuit = openCircuitOf(options.ocv);
  const { notes, ...found } = elementsOf(options, openCircuit);
  const circuit = circuitOf(options, openCircuit, found);
  const refused = circuitSchema.safeParse(circuit);
  if (!refused.success)
    throw new FileError(options.ocv, 1, `no cell comes out of it: ${refused.error.issues[0].message}`);
  try {
    writeFileSync(
      out,
      `# Made by cellbench cell; a bench file takes it as twin: { plant: ecm, cell: ${basename(out)} }.\n${stringify(circuit)}`,
    );
  } catch (error) {
    throw new UsageError(`${out} cannot be written: ${plainReason(error)}`);
  }
  console.log([report(found), ...notes].join('\n'));
  console.log(`\nWritten: ${out}`);
  return found.pulses.some(p => p.warnings.length > 0) ? 1 : 0;
}

/** A cell file in a few lines, as the plants take it. */
function described(path: string): string {
  const own = readOwnCell(path);
  const plants = own.kind === 'bpx' ? ['spme', 'dfn', 'spme-dfn'] : ['ecm'];
  const model = ownPlant(plants[0], own);
  const figures = model
    .parameters(model.sets[0])
    .map(
      ({ name, value, u, basis }) =>
        `  ${name}  ${Number(value.toPrecision(6))}  u ${Number(u.toPrecision(2))}  ${basis}`,
    );
  const { about } = own.kind === 'bpx' ? bpxCell(own.data, own.file) : circuitCell(own.data, own.file);
  return [about, `twin: { plant: ${plants.join(' | ')}, cell: ${path} }`, ...figures].join('\n');
}

/** Table of the open-circuit voltage, rising or falling. @throws FileError */
function openCircuitOf(path: string): Circuit['openCircuit'] {
  const columns = numberTable(path, readTextFile(path, 'a table soc_frac,voltage_V'), [
    'soc_frac',
    'voltage_V',
  ]);
  const soc = columns.get('soc_frac') ?? new Float64Array();
  const volts = columns.get('voltage_V') ?? new Float64Array();
  const order = [...soc.keys()].sort((a, b) => soc[a] - soc[b]);
  order.forEach((row, k) => {
    if (!(soc[row] >= 0 && soc[row] <= 1))
      throw new FileError(path, row + 2, `soc_frac ${soc[row]}, expected 0..1`);
    if (k > 0 && soc[row] === soc[order[k - 1]])
      throw new FileError(path, row + 2, `soc_frac ${soc[row]} stands twice, expected each once`);
  });
  return { soc_frac: order.map(row => soc[row]), voltage_V: order.map(row => volts[row]) };
}

/** The record with its current positive into the cell, as the voltage or a person says; what was done. @throws FileError */
function ourCurrent(
  path: string,
  text: string,
  said: CurrentSign | undefined,
): { readonly columns: ReadonlyMap<string, Float64Array>; readonly notes: readonly string[] } {
  const columns = numberTable(path, text, DISCHARGE, ['cell.temperature_degC']);
  const rows = columns.get('time_s')?.length ?? 0;
  return withOurCurrent({ path, kind: 'series', rows, columns, headerLine: 1, lines: [], notes: [] }, said);
}

function elementsOf(
  options: CellOptions,
  openCircuit: Circuit['openCircuit'],
): PulseElements & { readonly notes: readonly string[] } {
  const path = options.pulses;
  const text = readTextFile(path, `a record ${DISCHARGE.join(',')}`);
  const { columns, notes } = ourCurrent(path, text, options.current);
  const column = (name: string): Float64Array => columns.get(name) ?? new Float64Array();
  const time_s = column('time_s');
  const late = time_s.findIndex((t, i) => i > 0 && !(t > time_s[i - 1]));
  if (late >= 0)
    throw new FileError(path, late + 2, `time_s ${time_s[late]}, expected a time later than the row before`);
  const temperature_degC = columns.get('cell.temperature_degC');
  const voltage_V = column('cell.voltage_V');
  try {
    const found = fitPulses(
      {
        time_s,
        current_A: column('cell.current_A'),
        voltage_V,
        ...(temperature_degC === undefined ? {} : { temperature_degC }),
      },
      {
        capacity_Ah: options.capacity,
        startSoc_frac: options.soc ?? socAt(openCircuit, voltage_V[0]),
        openCircuitSoc_frac: openCircuit.soc_frac,
        openCircuit_V: openCircuit.voltage_V,
        activation_J_per_mol: ACTIVATION_J_PER_MOL,
      },
    );
    return { ...found, notes };
  } catch (error) {
    if (error instanceof PulseError) throw new FileError(path, 0, error.message);
    throw error;
  }
}

/** State of charge at which the rested cell has this voltage: of the table, by straight lines. */
function socAt({ soc_frac, voltage_V }: Circuit['openCircuit'], rested_V: number): number {
  if (rested_V <= voltage_V[0]) return soc_frac[0];
  const above = voltage_V.findIndex(v => v >= rested_V);
  if (above < 0) return soc_frac[soc_frac.length - 1];
  const part = (rested_V - voltage_V[above - 1]) / (voltage_V[above] - voltage_V[above - 1]);
  return soc_frac[above - 1] + part * (soc_frac[above] - soc_frac[above - 1]);
}

function circuitOf(options: CellOptions, openCircuit: Circuit['openCircuit'], found: PulseElements): Circuit {
  const { soc_frac, voltage_V } = openCircuit;
  return {
    cell: 'circuit',
    name: options.name ?? basename(options.pulses).replace(/\.csv$/, ''),
    capacity_Ah: options.capacity,
    voltageMin_V: options.low ?? voltage_V[0],
    voltageMax_V: options.high ?? voltage_V[voltage_V.length - 1],
    openCircuit: { soc_frac, voltage_V },
    elements: found.elements,
    resistanceU_frac: Number(found.resistanceU_frac.toPrecision(2)),
    capacityU_frac: 0.02,
    activation_J_per_mol: ACTIVATION_J_PER_MOL,
    basis: 'sourced',
    source: `measured: ${basename(options.ocv)}, ${found.pulses.length} pulses of ${basename(options.pulses)}, rmse ${(1000 * found.rmse_V).toFixed(2)} mV; activation energy: default`,
  };
}

function report({ pulses, rmse_V }: PulseElements): string {
  const mOhm = (ohm: number): string => (1000 * ohm).toPrecision(4).padStart(9);
  const rows = pulses.map(
    p =>
      `${p.soc_frac.toFixed(3).padStart(6)}${p.current_A.toPrecision(4).padStart(9)}${mOhm(p.r0_Ohm)}${mOhm(p.r1_Ohm)}${p.tau1_s.toPrecision(3).padStart(9)}` +
      `${mOhm(p.r2_Ohm)}${p.tau2_s.toPrecision(3).padStart(9)}${(1000 * p.offset_V).toFixed(2).padStart(9)}${(1000 * p.rmse_V).toFixed(2).padStart(8)}`,
  );
  return [
    `${pulses.length} pulses, rmse ${(1000 * rmse_V).toFixed(2)} mV; resistances at 25 degC`,
    '   SOC        A  R0 mOhm  R1 mOhm   tau1 s  R2 mOhm   tau2 s  OCV+ mV rmse mV',
    ...rows,
    ...pulses.flatMap(p => p.warnings),
  ].join('\n');
}
