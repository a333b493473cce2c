import type { PlantRig } from '../../sim/plant/parts/model.ts';

/** Sets actuators of a rig by name; an unknown name is a mistake in the caller. */
export function setAll(rig: PlantRig, settings: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(settings)) {
    const index = rig.actuatorIndex(name);
    if (index < 0) throw new Error(`no actuator ${name}`);
    rig.set(index, value);
  }
}

/** Lets a rig run on in jumps, second by second if not said. */
export function runFor(rig: PlantRig, duration_s: number, jump_s = 1): void {
  const end_s = rig.time_s + duration_s;
  while (rig.time_s < end_s) rig.advanceTo(Math.min(end_s, rig.time_s + jump_s));
}
