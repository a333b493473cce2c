import { basename } from 'node:path';
import { z } from 'zod';
import { FileError } from '../../drivers/contract/file-error.ts';
import { readTextFile } from '../../drivers/contract/text-file.ts';
import { parseYamlFile } from '../../drivers/contract/yaml-file.ts';
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

/** Functions on which a potential or a diffusivity of nonsense would come out are refused here, not in the night. */
const SAMPLES = 101;

/** Reads a cell: a BPX file (JSON) or a circuit file (YAML); which one it is, the content says. @throws FileError */
export function readOwnCell(path: string): OwnCell {
  const text = readTextFile(path, 'a BPX file or a cell file made by `cellbench cell`');
  const file = basename(path);
  if (
    !text
      .trimStart()
      .replace(/^\uFEFF/, '')
      .startsWith('{')
  )
    return { kind: 'circuit', file, data: parseYamlFile(path, text, circuitSchema).value };
  const bpx = parseYamlFile(path, jsonText(path, text), bpxSchema);
  checkFunctions(bpx.value, bpx.error);
  return { kind: 'bpx', file, data: bpx.value };
}

/** JSON is YAML but for tabs, which are spaces here. */
function jsonText(path: string, text: string): string {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    const at = Number(/position (\d+)/.exec(said)?.[1] ?? 0);
    const line = text.slice(0, at).split('\n').length;
    throw new FileError(path, line, 'this is no JSON, expected a BPX file as its tools write it');
  }
  return text.replace(/^\uFEFF/, '').replaceAll('\t', ' ');
}

/** Potentials, diffusivities and conductivity all over their range: finite, positive where they have to be. */
function checkFunctions(bpx: Bpx, error: (place: string[], text: string) => FileError): void {
  const cell = bpxCell(bpx, '');
  const initial = cell.electrolyte.initial_mol_per_m3;
  const refuse = (place: string[], what: string, x: number, value: number, expected: string): void => {
    throw error(
      ['Parameterisation', ...place],
      `${what} at ${Number(x.toPrecision(4))} is ${value}, expected ${expected}`,
    );
  };
  for (const [part, electrode] of [
    ['Negative electrode', cell.negative],
    ['Positive electrode', cell.positive],
  ] as const) {
    const { 'Minimum stoichiometry': low, 'Maximum stoichiometry': high } = bpx.Parameterisation[part];
    for (let k = 0; k < SAMPLES; k++) {
      const sto = low + ((high - low) * k) / (SAMPLES - 1);
      const potential_V = electrode.openCircuit_V(sto);
      if (!(Math.abs(potential_V) < 10))
        refuse([part, 'OCP [V]'], 'the potential', sto, potential_V, 'volts within 10 of 0');
      const diffusivity = electrode.diffusivity_m2_per_s(sto, ROOM_K);
      if (!(diffusivity > 0 && diffusivity < 1))
        refuse([part, 'Diffusivity [m2.s-1]'], 'the diffusivity', sto, diffusivity, 'm2/s above 0');
    }
  }
  const { Electrolyte } = bpx.Parameterisation;
  if (Electrolyte === undefined) return;
  for (const [name, value] of [
    ['Conductivity [S.m-1]', cell.electrolyte.conductivity_S_per_m(initial, ROOM_K)],
    ['Diffusivity [m2.s-1]', cell.electrolyte.diffusivity_m2_per_s(initial, ROOM_K)],
  ] as const) {
    if (!(value > 0 && value < 1000))
      refuse(['Electrolyte', name], 'the value', initial, value, 'a figure above 0');
  }
}

const ROOM_K = 298.15;
