import type { Gate } from '../tick/gate.ts';
import type { ProcessImage } from '../tick/image.ts';
import type { SessionParts } from './session-parts.ts';

/** Outputs on their way to their safe value, and by when each must be there, s of the clock; JSON. */
export type WindDownState = readonly { readonly role: string; readonly until_s: number }[];

/** The bench that winds down. */
interface Winding {
  readonly gate: Gate;
  readonly image: Pick<ProcessImage, 'value'>;
  readonly parts: SessionParts;
}

/** Set points that say the most that may flow where another one drives the output. */
const LOAD = /^(stack|cell)\.(current|power)Set_/;
/** Less than this part of a set point flows: something else holds the output. */
const HOLDS_FRAC = 0.97;

/**
 * Brings ramp-limited outputs to their safe value under the ramp limit: an orderly stop takes the load off before the
 * safe state switches the output off. Bounded in time; what does not follow is left to the safe state.
 */
export class WindDown {
  readonly #gate: Gate;
  readonly #ways: WindDownState;

  /** Asks for it; with `saved`, it has been asked for. */
  constructor(winding: Winding, saved?: WindDownState) {
    this.#gate = winding.gate;
    this.#ways = saved ?? askAll(winding);
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

function askAll({ gate, image, parts }: Winding): WindDownState {
  const { roles, devices, clock, control_s } = parts;
  const ways: { role: string; until_s: number }[] = [];
  for (const { role, device, key, ramp_per_s } of roles.settable.values()) {
    const safe = devices.get(device)?.safeList.find(entry => entry[0] === key);
    if (ramp_per_s === undefined || safe === undefined) continue;
    // Both ways: a cell may be discharging. NaN (nothing applied yet) has nothing to come back from.
    if (!(Math.abs(gate.applied(role) - safe[1]) > 0)) continue;
    const stands = standsAt(role, gate.applied(role), image);
    const way = Math.abs((stands ?? gate.applied(role)) - safe[1]);
    ways.push({ role, until_s: clock.now_s() + (way / ramp_per_s) * 1.5 + 5 * control_s });
    void gate.ask(role, safe[1], 'stop', stands === undefined ? {} : { stands });
  }
  return ways;
}

/** What flows, where that is less than its set point: beside a power that stands at the most that the bench allows. */
function standsAt(role: string, applied: number, image: Winding['image']): number | undefined {
  if (!LOAD.test(role)) return undefined;
  const shown = image.value(role.replace('Set_', '_'));
  const isLess = shown * applied >= 0 && Math.abs(shown) < HOLDS_FRAC * Math.abs(applied);
  return isLess ? shown : undefined;
}
