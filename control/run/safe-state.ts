import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { messageOf } from '../../drivers/contract/errors.ts';
import type { Bench, SafeProof, SafeStep } from '../bench/bench.ts';
import type { EventBody } from '../record/events.ts';
import type { Journal } from '../record/journal.ts';
import type { Gate } from '../tick/gate.ts';
import type { ProcessImage } from '../tick/image.ts';
import { proves } from './start-up.ts';

/** How the way into the safe state ended. Time alone proves nothing: only an empty `unproven` does. */
export interface SafeOutcome {
  /** From the call to the last proof (without the controlled vent). */
  readonly took_s: number;
  /** What could not be done or proved, each with the next independent means. Empty = the safe state is proved. */
  readonly unproven: readonly string[];
}

type Vent = Extract<SafeStep, { vent: string }>;

/**
 * The ordered safe state of the bench. Runs every line of the bench file in order, each with its own time, goes on
 * past failures, then proves the result by fresh readings. A device that has failed once does not hold up
 * the others: its further lines are still tried, beside them.
 * The controlled vent comes last and is waited for by `finishVent`.
 */
export class SafeState {
  readonly #bench: Bench;
  readonly #devices: ReadonlyMap<string, Device>;
  readonly #gate: Gate;
  readonly #image: ProcessImage;
  readonly #journal: Journal;
  readonly #clock: Clock;
  /** What waits for the end of `enter`: vents, and the lines that stand behind them. */
  readonly #later: SafeStep[] = [];

  constructor(parts: {
    bench: Bench;
    devices: ReadonlyMap<string, Device>;
    gate: Gate;
    image: ProcessImage;
    journal: Journal;
    clock: Clock;
  }) {
    this.#bench = parts.bench;
    this.#devices = parts.devices;
    this.#gate = parts.gate;
    this.#image = parts.image;
    this.#journal = parts.journal;
    this.#clock = parts.clock;
  }

  /** Drives and proves the safe state. The first line's frame is on its way before this returns its promise. */
  async enter(): Promise<SafeOutcome> {
    const start_s = this.#clock.now_s();
    const unproven: string[] = [];
    this.#later.length = 0;
    const failedDevices = new Set<string>();
    const beside: Promise<void>[] = [];
    for (const step of this.#bench.safeState.steps) {
      if ('vent' in step || this.#later.length > 0) {
        this.#later.push(step);
        continue;
      }
      const device = 'device' in step ? step.device : this.#image.roles.settable.get(step.set)?.device;
      const done = this.#attempt(step, start_s, unproven).then(ok => {
        if (!ok && device !== undefined) failedDevices.add(device);
      });
      if (device !== undefined && failedDevices.has(device)) beside.push(done);
      else await done;
    }
    await Promise.all(beside);
    await Promise.all(this.#bench.safeState.proof.map(proof => this.#prove(proof, start_s, unproven)));
    const took_s = this.#clock.now_s() - start_s;
    this.#note(
      unproven.length === 0
        ? `safe state proved after ${took_s.toFixed(3)} s`
        : `safe state after ${took_s.toFixed(3)} s, NOT PROVED: ${unproven.join('; ')}`,
      { what: 'outcome', ok: unproven.length === 0, took_s },
    );
    return { took_s, unproven };
  }

  /** Vents under control, then the lines behind the vent; resolves with what could not be done or proved. */
  async finishVent(): Promise<readonly string[]> {
    const unproven: string[] = [];
    for (const step of this.#later.splice(0)) {
      if ('vent' in step) await this.#vent(step, unproven);
      else await this.#attempt(step, this.#clock.now_s(), unproven);
    }
    return unproven;
  }

  async #attempt(step: Exclude<SafeStep, Vent>, start_s: number, unproven: string[]): Promise<boolean> {
    const what = 'device' in step ? `${step.device} safe` : `${step.set} = ${step.to}`;
    try {
      await this.#within(step.within_s, this.#drive(step));
      this.#note(`${what} (${(this.#clock.now_s() - start_s).toFixed(3)} s)`, { what: 'line', ok: true });
      return true;
    } catch (error) {
      unproven.push(`${what} (${messageOf(error)}): ${step.otherwise}`);
      this.#note(`${what} FAILED: ${messageOf(error)}; next means: ${step.otherwise}`, {
        what: 'line',
        ok: false,
      });
      return false;
    }
  }

  #drive(step: Exclude<SafeStep, Vent>): Promise<void> {
    if ('set' in step) return this.#gate.force(step.set, step.to);
    const device = this.#devices.get(step.device);
    if (device === undefined) return Promise.reject(new Error(`no device "${step.device}"`));
    return this.#gate.safe(device);
  }

  async #prove(proof: SafeProof, start_s: number, unproven: string[]): Promise<void> {
    const until_s = this.#clock.now_s() + Math.max(proof.within_s, this.#pollOf(proof.role) * 2.5);
    for (;;) {
      const value = this.#image.value(proof.role);
      // Only a reading that arrived after the safe state was asked for proves anything.
      const fresh = this.#image.arrived_s(proof.role) > start_s;
      if (fresh && proves(proof, value)) return;
      if (this.#clock.now_s() >= until_s) {
        unproven.push(`${proof.role} ${proof.is} ${proof.limit} (reads ${value}): ${proof.otherwise}`);
        return;
      }
      await this.#clock.sleep(Math.min(0.01, this.#pollOf(proof.role) / 4));
    }
  }

  #pollOf(role: string): number {
    const device = this.#image.roles.measured.get(role)?.device;
    return device === undefined ? 0 : this.#bench.devices[device].poll_s;
  }

  async #vent(vent: Vent, unproven: string[]): Promise<void> {
    const start_s = this.#clock.now_s();
    const measured = this.#image.value(vent.role);
    // Unknown pressure: from the highest there can be (a cell has no gas side).
    const from = Number.isFinite(measured) ? measured : (this.#bench.stack?.pressureMax_barg ?? 0);
    const period_s = Math.min(1, this.#pollOf(vent.role));
    this.#note(`controlled vent from ${from.toFixed(2)} barg at ${vent.rate_bar_per_min} bar/min`, {
      what: 'vent',
      ok: true,
    });
    let failure = '';
    while (this.#clock.now_s() - start_s < vent.within_s) {
      const gone_s = this.#clock.now_s() - start_s;
      const setpoint = Math.max(0, from - (vent.rate_bar_per_min / 60) * gone_s);
      try {
        await this.#within(1, this.#gate.force(vent.vent, setpoint));
        failure = '';
      } catch (error) {
        failure = messageOf(error);
      }
      const value = this.#image.value(vent.role);
      if (value < vent.below) {
        this.#note(`vented to ${value.toFixed(2)} barg after ${gone_s.toFixed(1)} s`, {
          what: 'vent',
          ok: true,
        });
        return;
      }
      // Neither can we act nor can we see: waiting longer proves nothing.
      if (failure !== '' && Number.isNaN(value) && gone_s > 5) break;
      await this.#clock.sleep(period_s);
    }
    const text = `vent of ${vent.role} below ${vent.below} (reads ${this.#image.value(vent.role)}${failure === '' ? '' : `, ${failure}`}): ${vent.otherwise}`;
    unproven.push(text);
    this.#note(`NOT PROVED: ${text}`, { what: 'vent', ok: false });
  }

  /** The work, or a time-out error after limit_s. The timer is taken back when the work settles first. */
  #within(limit_s: number, work: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.schedule(limit_s, () => reject(new Error(`not done within ${limit_s} s`)));
      work.then(resolve, reject).finally(cancel);
    });
  }

  #note(text: string, data: Extract<EventBody, { kind: 'safe' }>['data']): void {
    this.#journal.event({ t_s: this.#clock.now_s(), kind: 'safe', text, data });
  }
}
