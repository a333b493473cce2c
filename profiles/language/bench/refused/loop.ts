import { dotted } from '../../../../drivers/contract/explain.ts';
import type { StepNode } from '../../file/nodes.ts';
import type { Keys, Looking } from '../looking.ts';

/**
 * What is followed comes from data, parameters and time. A reading in it, or what is worked out of readings, closes a loop
 * through the device under test that nobody has made stable. @throws LanguageError at such a value of a `follow`
 */
export function refuseLoop({ kind, keys, place }: StepNode, { file, on }: Looking): void {
  if (kind.key !== 'follow') return;
  for (const name of Object.keys(keys['follow'] as Keys)) {
    const at = [...place, 'follow', name];
    for (const slot of on.expressions.get(dotted(at))?.slots ?? []) {
      const what =
        slot.from === 'role'
          ? `the reading of ${slot.role}`
          : slot.from === 'state of charge'
            ? 'the state of charge'
            : undefined;
      if (what === undefined) continue;
      const text = `hangs on ${what}: what is set would move what it hangs on, a control loop that nobody has made stable; expected data, parameters and step.time_s`;
      throw file.errors.error(at, text);
    }
  }
}
