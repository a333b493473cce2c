import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device, DeviceDescription } from '../../drivers/contract/device.ts';
import { messageOf } from '../../drivers/contract/errors.ts';
import type { Bench } from '../bench/bench.ts';
import type { RoleTable } from '../contract/role-table.ts';
import type { Sink } from '../record/recording.ts';
import { connect } from '../run/connect.ts';
import { safePlanOf } from '../run/safe/plan.ts';
import { SafeState } from '../run/safe/safe-state.ts';
import type { SafeOutcome } from '../run/safe/walk.ts';
import { Beats } from '../tick/beat.ts';
import { DerivedSource } from '../tick/derived-source.ts';
import { Gate } from '../tick/gate.ts';
import { ProcessImage } from '../tick/image.ts';
import { compileRoles } from '../tick/roles.ts';
import { Sampling } from '../tick/sampling.ts';

/** Walks and proofs are looked at so often, s. */
const TICK_S = 0.1;
/** An instrument that cannot be had is tried again after this, s. */
const AGAIN_S = 0.5;

/** What a guard has of the bench. */
export interface Guarded {
  readonly bench: Bench;
  readonly descriptions: ReadonlyMap<string, DeviceDescription>;
  /** Those that it opens itself, not connected yet. */
  readonly devices: ReadonlyMap<string, Device>;
  readonly clock: Clock;
  /** What happens, a line each. */
  readonly note: (text: string, ok: boolean) => void;
  /** Every instrument with a safe list of its own has been through it, read back: the outputs are off. */
  readonly off?: () => void;
}

/**
 * The safe state in other hands: the same walker as in the session, over lines of its own. Made beforehand, so that
 * nothing is built between the controller's end and the first frame.
 */
export class Securing {
  readonly #of: Guarded;
  readonly #safe: SafeState;
  readonly #sampling: Sampling;
  readonly #beats: Beats;
  readonly #end = new AbortController();
  /** Instruments that have not been tried to the end for the first time. */
  readonly #untried = new Set<string>();

  constructor(of: Guarded) {
    const { bench, descriptions, devices, clock, note } = of;
    this.#of = of;
    const roles = compileRoles(bench, descriptions);
    const isOn = new Set(bench.safeState.steps.flatMap(step => ('device' in step ? [step.device] : [])));
    const sink: Sink = {
      frame: () => {},
      setpoint: () => {},
      checkpoint: () => {},
      event: event => {
        const data = event.kind === 'safe' ? event.data : undefined;
        // The instruments are opened only now: what they lack until then is no failure of theirs.
        if (data?.ok === false && data.what === 'line' && this.#isOpening) return;
        note(event.text, data?.ok !== false);
        if (data?.device !== undefined && isOn.delete(data.device) && isOn.size === 0) of.off?.();
      },
    };
    const image = new ProcessImage(roles, () => clock.now_s());
    const gate = new Gate({ roles, devices, clock, sink, period_s: TICK_S });
    this.#beats = new Beats(clock);
    this.#sampling = new Sampling({
      devices: devices.values(),
      poll_s: id => bench.devices[id].poll_s,
      clock,
      // The limits were the controller's: here everything goes off whatever is read.
      interlocks: { begin: () => {}, check: () => {} },
      image,
      sink,
      derived: new DerivedSource(bench, roles),
    });
    this.#safe = new SafeState({ plan: safePlanOf(bench, roles), devices, gate, image, clock, sink });
  }

  /**
   * Drives the safe state until it is proved, vent included, and holds; what cannot be had is tried again and again.
   * Resolves with the first outcome that leaves nothing open, or with the last one once `release` is called; not `goesOn`:
   * with the first one.
   */
  async run(reason: string, goesOn = true): Promise<SafeOutcome> {
    const { devices, clock } = this.#of;
    for (const device of devices.values()) {
      this.#untried.add(device.id);
      void this.#connect(device);
    }
    this.#sampling.start(this.#beats);
    this.#beats.add('safe state', TICK_S, () => this.#safe.tick());
    this.#beats.start();
    let outcome = await this.#safe.enter(reason);
    while (goesOn && !this.#isProved(outcome) && !this.#end.signal.aborted) {
      await clock.sleep(TICK_S, this.#end.signal);
      outcome = this.#safe.outcome ?? outcome;
    }
    return outcome;
  }

  /** A person takes over: nothing is driven any more. */
  async release(): Promise<void> {
    this.#end.abort();
    this.#safe.letGo();
    this.#beats.cancel();
    this.#sampling.stop();
    await Promise.allSettled([...this.#of.devices.values()].map(device => device.close()));
  }

  #isProved({ unproven }: SafeOutcome): boolean {
    return unproven.length === 0 && this.#safe.isSettled && this.#safe.lost() === undefined;
  }

  get #isOpening(): boolean {
    return this.#untried.size > 0;
  }

  /** The first time by us; a line that has stood once comes back by itself. */
  async #connect(device: Device): Promise<void> {
    const { clock, note } = this.#of;
    let said = '';
    while (!this.#end.signal.aborted) {
      try {
        await device.connect();
        this.#untried.delete(device.id);
        note(`${device.id}: connected`, true);
        return;
      } catch (error) {
        this.#untried.delete(device.id);
        const text = messageOf(error);
        if (text !== said) note(`${device.id}: ${text}`, false);
        said = text;
        await clock.sleep(AGAIN_S, this.#end.signal);
      }
    }
  }
}

/** Whether every instrument of the guard answers as the one that it should be; all are closed again. */
export async function proveReachable(devices: ReadonlyMap<string, Device>, clock: Clock): Promise<void> {
  const all = [...devices.values()];
  try {
    await Promise.all(all.map(device => connect(device, clock)));
  } finally {
    await Promise.allSettled(all.map(device => device.close()));
  }
}

/** The devices that the safe state of a bench speaks to or looks at: what a guard needs of it. */
export function guardedDevices({ safeState, devices }: Bench, roles: RoleTable): string[] {
  const needed = new Set<string>();
  const reads = (role: string): void => {
    const device = roles.measured.get(role.replace(/\.(min|mean|max)$/, ''))?.device;
    if (device !== undefined && device in devices) needed.add(device);
    // Worked out of others: of any.
    else for (const id of Object.keys(devices)) needed.add(id);
  };
  const sets = (role: string): void => {
    const device = roles.settable.get(role)?.device;
    if (device !== undefined) needed.add(device);
  };
  for (const step of safeState.steps) {
    if ('device' in step) needed.add(step.device);
    if ('set' in step) sets(step.set);
    if ('vent' in step) {
      sets(step.vent);
      reads(step.role);
    } else if (step.when !== undefined) reads(step.when.role);
  }
  for (const proof of safeState.proof) reads(proof.role);
  return Object.keys(devices).filter(id => needed.has(id));
}
