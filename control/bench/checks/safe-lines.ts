import { unitOf } from '../../../drivers/contract/units.ts';
import type { YamlFile } from '../../../drivers/contract/yaml-file.ts';
import type { Bench } from '../bench.ts';
import { type Reach, settableBy, shownBy, stateSlip, within } from './facts.ts';

/** The ordered safe state and its proof: devices and roles that exist, values within reach. @throws FileError */
export function checkSafeState(yaml: YamlFile<Bench>, reach: Reach): void {
  const { safeState, devices } = yaml.value;
  for (const [i, step] of safeState.steps.entries()) {
    const place = ['safeState', 'steps', i];
    if ('device' in step) {
      if (!Object.hasOwn(devices, step.device)) {
        const text = `the bench has no device "${step.device}", expected one of ${Object.keys(devices).join(', ')}`;
        throw yaml.error([...place, 'device'], text);
      }
    } else if ('set' in step) {
      const [low, high] = settableBy(yaml, reach, [...place, 'set'], step.set).range;
      if (step.to < low || step.to > high) {
        throw yaml.error(
          [...place, 'to'],
          `${step.to} is out of the instrument's range, expected ${low}..${high} ${unitOf(step.set)}`,
        );
      }
      const slip = stateSlip(step.set, step.to);
      if (slip !== undefined) throw yaml.error([...place, 'to'], slip);
    } else {
      settableBy(yaml, reach, [...place, 'vent'], step.vent);
      const shown = shownBy(yaml, reach, [...place, 'role'], step.role, true);
      within(yaml, [...place, 'below'], step.below, shown, step.role);
      if (unitOf(step.vent) !== unitOf(step.role)) {
        const text = `${step.role} cannot show what ${step.vent} sets, expected the same unit`;
        throw yaml.error([...place, 'role'], text);
      }
    }
    if ('when' in step && step.when !== undefined) {
      const { role, limit } = step.when;
      const shown = shownBy(yaml, reach, [...place, 'when', 'role'], role, true);
      within(yaml, [...place, 'when', 'limit'], limit, shown, role);
    }
  }
  for (const [i, proof] of safeState.proof.entries()) {
    const place = ['safeState', 'proof', i];
    const shown = shownBy(yaml, reach, [...place, 'role'], proof.role, false);
    within(yaml, [...place, 'limit'], proof.limit, shown, proof.role);
  }
}
