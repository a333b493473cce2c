import type { ExactStep } from '../../../profiles/language/bench/exact-steps.ts';
import type { RoleTable } from '../../contract/role-table.ts';
import type { LoadedBench } from '../bench-file.ts';
import { outputOf } from '../output.ts';

/**
 * How exactly a bench can hold a duration. A set point leaves when it is due, not at a poll, but it waits for the answer to
 * a poll that is under way on its line: so late it may be. And a step that is shorter than a poll may show no reading.
 */

/** What an answer takes where the bench file does not say, s (default: a line in one's own network or on a short cable). */
export const LATENCY_S = 0.01;

/** @throws LanguageError of the first step whose duration cannot be held, or would not be seen */
export function mustBeExact(
  steps: readonly ExactStep[],
  { bench, path }: LoadedBench,
  roles: RoleTable,
): void {
  const output = outputOf(bench, roles);
  if (output === undefined) return;
  const setter = roles.settable.get(output.roles.current ?? output.roles.output)?.device ?? '';
  const reader = roles.measured.get(`${output.subject}.current_A`)?.device;
  for (const { file, place, exact_s, for_s, isElectrical } of steps) {
    if (!isElectrical) continue;
    const { latency_s = LATENCY_S } = bench.devices[setter] ?? {};
    if (exact_s < latency_s) {
      const text = `${exact_s} s is shorter than an answer of ${setter} takes (${latency_s} s, latency_s of ${path}): a set point may wait so long, expected ${latency_s} s or more`;
      throw file.errors.valueError(place, text);
    }
    const poll_s = reader === undefined ? Number.NaN : (bench.devices[reader]?.poll_s ?? Number.NaN);
    if (for_s < poll_s) {
      const text = `the step lasts ${for_s} s, and ${reader} is read each ${poll_s} s (poll_s of ${path}): it would show no reading, expected ${poll_s} s or more`;
      throw file.errors.valueError(place, text);
    }
  }
}
