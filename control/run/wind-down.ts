import type { Gate } from '../tick/gate.ts';
import type { SessionParts } from './session-parts.ts';

/** Outputs on their way to their safe value, and by when each must be there, s of the clock; JSON. */
export type WindDownState = readonly { readonly role: string; readonly until_s: number }[];

/**
 * Brings ramp-limited outputs to their safe value under the ramp limit: an orderly stop takes the load off before the
 * safe state switches the output off. Bounded in time; what does not follow is left to the safe state.
 */
export class WindDown {
  readonly #gate: Gate;
  readonly #ways: WindDownState;

  /** Asks for it; with `saved`, it has been asked for. */
  constructor(gate: Gate, parts: SessionParts, saved?: WindDownState) {
    this.#gate = gate;
    this.#ways = saved ?? askAll(gate, parts);
  }

  /** Every output has arrived, has failed, or has had its time. */
  isOver(now_s: number): boolean {
    return this.#ways.every(
      ({ role, until_s }) => now_s >= until_s || this.#gate.answer(role).outcome !== 'pending',
    );
  }

  state(): WindDownState {
    return this.#ways;
  }
}

function askAll(gate: Gate, { roles, devices, clock, control_s }: SessionParts): WindDownState {
  const ways: { role: string; until_s: number }[] = [];
  for (const { role, device, key, ramp_per_s } of roles.settable.values()) {
    const safe = devices.get(device)?.safeList.find(entry => entry[0] === key);
    if (ramp_per_s === undefined || safe === undefined) continue;
    // Both ways: a cell may be discharging. NaN (nothing applied yet) has nothing to come back from.
    const way = Math.abs(gate.applied(role) - safe[1]);
    if (!(way > 0)) continue;
    ways.push({ role, until_s: clock.now_s() + (way / ramp_per_s) * 1.5 + 5 * control_s });
    void gate.ask(role, safe[1], 'stop');
  }
  return ways;
}
