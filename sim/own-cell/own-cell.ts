import { basename } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { FileError } from '../../drivers/contract/file-error.ts';
import { readTextFile } from '../../drivers/contract/text-file.ts';
import { parseYamlFile, type YamlFile } from '../../drivers/contract/yaml-file.ts';
import type { SpmeParameters } from '../plant/spme/parameters.ts';
import { bpxCell } from './bpx.ts';
import { type Bpx, bpxSchema } from './bpx-schema.ts';
import { type Circuit, circuitSchema } from './circuit-schema.ts';

/** A cell of the user's own, as plain data that another process can be given. */
export const ownCellSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bpx'), file: z.string(), data: bpxSchema }),
  z.strictObject({ kind: z.literal('circuit'), file: z.string(), data: circuitSchema }),
]);
export type OwnCell =
  | { readonly kind: 'bpx'; readonly file: string; readonly data: Bpx }
  | { readonly kind: 'circuit'; readonly file: string; readonly data: Circuit };

/** Functions of nonsense are refused here, not in the night. */
const SAMPLES = 101;
const ROOM_K = 298.15;
/** Between the voltage of the full (empty) cell and its cut-off, V: further off, fillings and limits do not belong together. */
const CUT_OFF_WITHIN_V = 0.5;
const ELECTRODES = ['Negative electrode', 'Positive electrode'] as const;

/** Reads a cell: a BPX file (JSON) or a circuit file (YAML); which one it is, the content says. @throws FileError */
export function readOwnCell(path: string): OwnCell {
  const text = readTextFile(path, 'a BPX file or a cell file made by `cellbench cell`').replace(
    /^\uFEFF/,
    '',
  );
  const file = basename(path);
  if (!text.trimStart().startsWith('{'))
    return { kind: 'circuit', file, data: parseYamlFile(path, text, circuitSchema).value };
  const raw = json(path, text);
  const blended = ELECTRODES.find(
    part => blendOf.safeParse(raw).data?.Parameterisation[part]?.Particle !== undefined,
  );
  if (blended !== undefined)
    throw new FileError(
      path,
      text.slice(0, text.indexOf('"Particle"')).split('\n').length,
      `Parameterisation.${blended}.Particle: blended electrodes are not modelled, expected one active material`,
    );
  const parsed = bpxSchema.safeParse(raw);
  // JSON is YAML but for tabs; reading it so takes long, but knows the lines.
  const located = (): YamlFile<Bpx> => parseYamlFile(path, text.replaceAll('\t', ' '), bpxSchema);
  const data = parsed.success ? parsed.data : located().value;
  checkFunctions(data, (place, what) => located().error(place, what));
  return { kind: 'bpx', file, data };
}

const partOf = z.looseObject({ Particle: z.unknown().optional() }).optional();
const blendOf = z.looseObject({
  Parameterisation: z.looseObject({ 'Negative electrode': partOf, 'Positive electrode': partOf }),
});

function json(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The place comes from a parser that tells it as a number.
    const { errors } = parseDocument(text.replaceAll('\t', ' '), { prettyErrors: false });
    const at = errors[0]?.pos[0] ?? 0;
    throw new FileError(
      path,
      text.slice(0, at).split('\n').length,
      'this is no JSON, expected a BPX file as its tools write it',
    );
  }
}

type Refuse = (place: string[], text: string) => FileError;

/** Potentials, diffusivities and conductivity all over their range: finite, of the right sign, rising or falling. */
function checkFunctions(bpx: Bpx, error: Refuse): void {
  const cell = bpxCell(bpx, '');
  const told = (x: number): number => Number(x.toPrecision(4));
  for (const part of ELECTRODES) {
    const electrode = part === 'Negative electrode' ? cell.negative : cell.positive;
    const { 'Minimum stoichiometry': low, 'Maximum stoichiometry': high } = bpx.Parameterisation[part];
    const place = (field: string): string[] => ['Parameterisation', part, field];
    for (let k = 0; k < SAMPLES; k++) {
      const sto = low + ((high - low) * k) / (SAMPLES - 1);
      const potential_V = electrode.openCircuit_V(sto);
      if (!(Math.abs(potential_V) < 10))
        throw error(
          place('OCP [V]'),
          `${told(potential_V)} V at ${told(sto)}, expected volts within 10 of 0`,
        );
      const diffusivity = electrode.diffusivity_m2_per_s(sto, ROOM_K);
      if (!(diffusivity > 0 && diffusivity < 1))
        throw error(
          place('Diffusivity [m2.s-1]'),
          `${told(diffusivity)} at ${told(sto)}, expected m2/s above 0`,
        );
    }
    const [empty_V, full_V] = [electrode.openCircuit_V(low), electrode.openCircuit_V(high)];
    if (!(empty_V > full_V))
      throw error(
        place('OCP [V]'),
        `${told(empty_V)} V at ${told(low)} and ${told(full_V)} V at ${told(high)}, expected a potential that falls as the host fills`,
      );
  }
  checkCutOffs(bpx, cell, error);
  const { Electrolyte } = bpx.Parameterisation;
  if (Electrolyte === undefined || bpx.Header.Model === 'SPM') return;
  const initial = cell.electrolyte.initial_mol_per_m3;
  for (const [name, value] of [
    ['Conductivity [S.m-1]', cell.electrolyte.conductivity_S_per_m(initial, ROOM_K)],
    ['Diffusivity [m2.s-1]', cell.electrolyte.diffusivity_m2_per_s(initial, ROOM_K)],
  ] as const) {
    if (!(value > 0 && value < 1000))
      throw error(
        ['Parameterisation', 'Electrolyte', name],
        `${told(value)} at ${told(initial)} mol/m3, expected above 0`,
      );
  }
}

/** The full cell must stand near the upper, the empty one near the lower cut-off. */
function checkCutOffs(bpx: Bpx, cell: SpmeParameters, error: Refuse): void {
  const { 'Negative electrode': negative, 'Positive electrode': positive } = bpx.Parameterisation;
  const ends = [
    [
      'full',
      'Upper voltage cut-off [V]',
      negative['Maximum stoichiometry'],
      positive['Minimum stoichiometry'],
    ],
    [
      'empty',
      'Lower voltage cut-off [V]',
      negative['Minimum stoichiometry'],
      positive['Maximum stoichiometry'],
    ],
  ] as const;
  for (const [end, field, x, y] of ends) {
    const volts = cell.positive.openCircuit_V(y) - cell.negative.openCircuit_V(x);
    const cutOff_V = bpx.Parameterisation.Cell[field];
    if (Math.abs(volts - cutOff_V) > CUT_OFF_WITHIN_V)
      throw error(
        ['Parameterisation', 'Cell', field],
        `${cutOff_V} V, but the ${end} cell of these stoichiometries has ${volts.toFixed(3)} V, expected the same within ${CUT_OFF_WITHIN_V} V`,
      );
  }
}
