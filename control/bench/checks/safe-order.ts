import { unitOf } from '../../../drivers/contract/units.ts';
import { effectsOf, type Facts } from './facts.ts';
import type { Objection } from './objection.ts';

/**
 * Does a line of the safe state take back what the safe state is for?
 *
 * - Nothing that drives current is given a value to drive: its output, current and power go to 0 and nowhere else. Nor is
 *   a settable put elsewhere than where its device's own safe list puts it.
 * - A line sets otherwise what a line before it has set only behind a vent that lies between them: a strong sweep while
 *   there is pressure, a weak one after it.
 * - What has been vented is not asked for pressure again.
 */
export function* safeLinesTakenBack(facts: Facts): Iterable<Objection> {
  const { steps } = facts.bench.safeState;
  const vents = new Map<string, { readonly at: number; readonly below: number }>();
  const seen = new Map<string, { readonly at: number; readonly to: number }>();
  let lastVent = -1;
  for (const [i, step] of steps.entries()) {
    const entry = ['safeState', 'steps', i];
    if ('vent' in step) {
      lastVent = i;
      vents.set(step.vent, { at: i, below: step.below });
    }
    if ('device' in step) {
      const driven = effectsOf(facts, step).find(
        ({ name, value }) => drives(facts, step.device, name) && value !== 0,
      );
      if (driven === undefined) continue;
      const text = `the safe list of ${step.device} sets ${driven.name} to ${driven.value}, which drives current, expected 0`;
      yield { check: 'safe-line-drives', entry, place: [...entry, 'device'], text };
    }
    if (!('set' in step)) continue;
    const { set: role, to } = step;
    const place = [...entry, 'to'];
    const unit = unitOf(role) ?? '';
    const off = offValue(facts, i);
    const before = seen.get(role);
    const vent = vents.get(role);
    if (off !== undefined && to !== off) {
      yield { check: 'safe-line-drives', entry, place, text: otherwiseText(facts, i, to, off) };
    } else if (vent !== undefined && to > vent.below) {
      const text = `asks for ${to} ${unit} where safeState.steps[${vent.at}] has vented below ${vent.below}, expected at most ${vent.below}`;
      yield { check: 'safe-line-taken-back', entry, place, text };
    } else if (before !== undefined && before.to !== to && lastVent < before.at) {
      const text = `sets ${role} to ${to}, safeState.steps[${before.at}] to ${before.to}, expected one value, or the vent between them`;
      yield { check: 'safe-line-taken-back', entry, place, text };
    }
    seen.set(role, { at: i, to });
  }
}

/** Why it may not be set to that: it drives current, or the device's own table says otherwise. */
function otherwiseText(facts: Facts, index: number, to: number, off: number): string {
  const step = facts.bench.safeState.steps[index];
  const role = 'set' in step ? step.set : '';
  const [effect] = effectsOf(facts, step);
  if (effect === undefined || drives(facts, effect.device, effect.name))
    return `sets ${role} to ${to}, which drives current again, expected ${off}`;
  const { device, name } = effect;
  return `sets ${role} to ${to}, the driver or map of ${device} has safe: ${off} for ${name}, expected the same here and there`;
}

/** Where a line's settable must go: 0 for what drives current, else the value of its device's own safe list; undefined = free. */
function offValue(facts: Facts, index: number): number | undefined {
  const [effect] = effectsOf(facts, facts.bench.safeState.steps[index]);
  if (effect === undefined) return undefined;
  const { device, name } = effect;
  const own = facts.descriptions.get(device)?.safeList.find(([key]) => key === name);
  if (own !== undefined) return own[1];
  return drives(facts, device, name) ? 0 : undefined;
}

/** Whether a settable drives current: an output switch, a current, a power; of a device that can. */
function drives(facts: Facts, device: string, name: string): boolean {
  const power = facts.power.find(p => p.id === device);
  return power !== undefined && (power.off.includes(name) || ['A', 'W', 'kW'].includes(unitOf(name) ?? ''));
}
