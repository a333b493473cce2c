import { z } from 'zod';
import { messageOf } from '../drivers/contract/errors.ts';
import { readTextFile } from '../drivers/contract/text-file.ts';
import { parseYamlFile } from '../drivers/contract/yaml-file.ts';
import { FAULT_KINDS, type FaultKind } from './fault-kinds.ts';
import { type Fault, faultyRig } from './faults.ts';
import { openRig, type PlantChoice } from './open-rig.ts';

/** A file that says what goes wrong in a rehearsal, and when: for trying limits and reactions before they are needed. */

const finite = z.number().refine(Number.isFinite, 'expected a finite number');

/** One fault as a file, or another process, is told it. */
export const faultSchema = z.strictObject({
  kind: z.enum(FAULT_KINDS as [FaultKind, ...FaultKind[]]).meta({ description: 'what goes wrong' }),
  target: z.string().min(1).meta({
    description:
      'where: a part of the plant, an actuator or a sensor by its role, or a disturbance of the plant',
  }),
  from_s: finite.min(0).meta({ description: 'when it comes, s of plant time from the start of the run' }),
  to_s: finite.optional().meta({ description: 'when it goes; absent: it stays' }),
  size: finite.optional().meta({ description: 'how much, as the table of kinds says' }),
});

const fileSchema = z.strictObject({ faults: z.array(faultSchema).min(1) });

/**
 * Reads a fault file and checks every fault against the plant: kind, target, times, size.
 * @throws FileError: file, line, what was expected
 */
export function readFaults(path: string, choice: PlantChoice): readonly Fault[] {
  const yaml = parseYamlFile(path, readTextFile(path, 'a file of faults'), fileSchema);
  const faults = yaml.value.faults.map(plainFault);
  const rig = openRig(choice, 0);
  for (const [i, fault] of faults.entries()) {
    try {
      faultyRig(rig, [fault]);
    } catch (error) {
      if (error instanceof RangeError) throw yaml.error(['faults', i], messageOf(error));
      throw error;
    }
  }
  return faults;
}

/** A parsed fault; optional figures that were not written stay away rather than undefined. */
export function plainFault({ to_s, size, ...fault }: z.output<typeof faultSchema>): Fault {
  return { ...fault, ...(to_s === undefined ? {} : { to_s }), ...(size === undefined ? {} : { size }) };
}

/** One line for the record: what goes wrong, where, when, how much. */
export function faultText({ kind, target, from_s, to_s, size }: Fault): string {
  const until = to_s === undefined ? ', for good' : ` to ${to_s} s`;
  return `${kind} on ${target} from ${from_s} s${until}${size === undefined ? '' : `, size ${size}`}`;
}
