import type { Bench } from '../../control/bench/bench.ts';
import { editor } from '../../control/program/edit/edit-run.ts';
import type { JournalEvent } from '../../control/record/events.ts';
import type { EditRun } from '../../control/run/operator.ts';
import type { BenchSession } from '../../control/run/session.ts';
import type { Command } from '../../control/view.ts';
import type { DeviceDescription } from '../../drivers/contract/device.ts';
import { sha256Of } from '../../drivers/contract/sha256.ts';
import type { Procedure } from '../../profiles/procedure.ts';
import { testMethod } from '../support/test-method.ts';
import type { Model } from './model.ts';

/** Methods that a held run is edited to, the editor of the program with nobody to wait for, and what must be of an edit. */

interface Variant {
  readonly first_s?: number;
  readonly current_A?: number;
  readonly rounds?: number;
  readonly gated?: string;
  readonly added?: boolean;
  readonly down_per_s?: number;
}

const VARIANTS = {
  begun: {},
  longer: { first_s: 7 },
  shorter: { first_s: 1 },
  past: { current_A: 70 },
  'three rounds': { rounds: 3 },
  'one round': { rounds: 1 },
  'another end': { gated: 'cathode.pressure_barg < 7' },
  'one more': { added: true },
  'more of all': { first_s: 5, rounds: 3, added: true, down_per_s: 30 },
  'steeper down': { down_per_s: 30 },
} as const satisfies Readonly<Record<string, Variant>>;

/** A method by its name. */
export type EditName = keyof typeof VARIANTS;
export const EDIT_NAMES = Object.keys(VARIANTS) as readonly EditName[];

function textOf(name: EditName): string {
  const { first_s = 4, current_A = 80, rounds = 2, gated, added, down_per_s = 40 }: Variant = VARIANTS[name];
  return `- { name: on, set: { stack.output_on: on, stack.current_A: ${current_A} } }
- { name: first, wait: {}, for_s: ${first_s} }
- repeat: { times: ${rounds} }
  steps:
  - { name: ramp, ramp: { current_A: 40, per_s: 20 } }
  - together:
    - - { name: high, cc: { current_A: 90 }, for_s: 2 }
    - - { name: pressure, set: { cathode.pressure_barg: 6 } }
- { name: gated, wait: {}, for_s: 2, gate: ${gated ?? 'cathode.pressure_barg < 8'}, within_s: 30 }
${added === true ? '- { name: added, wait: {}, for_s: 1 }\n' : ''}finally:
- { name: down, ramp: { current_A: 0, per_s: ${down_per_s} } }`;
}

/** Names of the steps of a method as it goes through, sorted. */
function stepsOf(name: EditName): string[] {
  const { rounds = 2, added }: Variant = VARIANTS[name];
  const round = ['ramp', 'high', 'pressure'];
  const rest = ['gated', ...(added === true ? ['added'] : []), 'down'];
  return ['on', 'first', ...Array.from({ length: rounds }, () => round).flat(), ...rest].sort();
}

const PROCEDURES = new Map<EditName, Procedure>();

function procedureOf(
  name: EditName,
  bench: Bench,
  devices: ReadonlyMap<string, DeviceDescription>,
): Procedure {
  const known = PROCEDURES.get(name) ?? testMethod(bench, devices, textOf(name));
  PROCEDURES.set(name, known);
  return known;
}

/** What a run remembers that no edit may touch. */
function counters(session: BenchSession): string {
  const saved = session.run?.save();
  if (saved === undefined) return '';
  const { running_s, held_s, totals, at_s, soc, phase, asked, figures, lane } = saved.method;
  const inner = [lane, ...lane.lanes];
  const steps = inner.map(one => [one.step?.start_s, one.step?.watch.elapsed_s, one.step?.mark]);
  const rounds = inner.map(one => one.frames.map(({ round, start_s, mark }) => [round, start_s, mark]));
  const { method: _, edits: _edits, ...run } = saved;
  return JSON.stringify([running_s, held_s, totals, at_s, soc, phase, asked, figures, steps, rounds, run]);
}

/** Edits of one session, and what is seen of them. */
export class Edits {
  readonly run: EditRun;
  readonly #session: BenchSession;
  readonly #model: Model;
  readonly #waiting: (() => void)[] = [];
  readonly #open: Promise<unknown>[] = [];
  #inForce: EditName = 'begun';
  #isReading = false;
  /** Of the record: edits that were told, and ends of steps of the run under way. */
  #told = 0;
  #taken = 0;
  #ended: string[] = [];
  /** Its first step has begun. */
  #hasSet = false;

  constructor(session: BenchSession, bench: Bench, model: Model) {
    this.#session = session;
    this.#model = model;
    this.run = editor({
      session,
      given: { bench: '', method: '', set: [], seed: 1 },
      inForce: { path: 'begun', text: textOf('begun') },
      inputs: [],
      accepted: [],
      timeFactor: 1,
      ofSession: { take: () => {} },
      read: ({ method }) =>
        new Promise(resolve => {
          const name = method as EditName;
          const { data: _, ...procedure } = procedureOf(name, bench, session.parts.devices);
          const text = textOf(name);
          const told = { inputs: [], changes: [name], accepted: [], data: [] };
          const edit = { path: name, procedure, text, sha256: sha256Of(text), ...told };
          this.#waiting.push(() => resolve({ edit }));
        }),
    });
  }

  /** An instrument has been asked for something by the run. */
  sets(): void {
    this.#hasSet = true;
  }

  /** How often an edit was taken. */
  get taken(): number {
    return this.#taken;
  }

  /** What the next run begins with. */
  procedure(): Procedure {
    return procedureOf(this.#inForce, this.#session.parts.bench, this.#session.parts.devices);
  }

  /** Told of each event of the record. */
  event(event: JournalEvent): void {
    if (event.kind === 'edit') this.#told++;
    else if (event.kind === 'step') this.#ended.push(event.text.split(':')[0]);
    else if (event.kind === 'state' && event.data.to === 'Starting') {
      this.#ended = [];
      this.#hasSet = false;
    } else if (event.kind === 'state' && event.data.to === 'Complete') this.#over();
  }

  #over(): void {
    const found = this.#ended.toSorted().join();
    const expected = stepsOf(this.#inForce).join();
    if (found !== expected) this.#model.wrong(`steps: ${found}, expected ${expected} (${this.#inForce})`);
  }

  /** Somebody asks; it is read until the next time that time passes. `isStale`: of a method that is not in force. */
  ask(name: EditName, isStale: boolean, decide: (command: Command) => Promise<boolean>): void {
    const from = sha256Of(textOf(isStale ? 'past' : this.#inForce));
    const isFrom = !isStale || this.#inForce === 'past';
    const mayRead = this.#session.run !== undefined && isFrom && !this.#isReading;
    const isHeld = this.#session.state === 'Held';
    const { run } = this.#session;
    const command = {
      command: 'edit',
      method: name,
      sha256: sha256Of(textOf(name)),
      from,
      by: 'A. Volta',
      reason: 'it is better so',
    } as const;
    const asked = decide(command);
    if (isHeld && mayRead) this.#isReading = true;
    const done = asked.then(accepted => {
      const is = `edit to ${name} in place of ${this.#inForce}`;
      const isStill = isHeld && mayRead && run === this.#session.run && this.#session.state === 'Held';
      if (!accepted && isStill && name === this.#inForce) this.#model.wrong(`${is}: refused`);
      if (accepted && !(isHeld && mayRead)) this.#model.wrong(`${is}: taken, and not held or not in force`);
      if (accepted && (run !== this.#session.run || this.#model.state !== 'Held'))
        this.#model.wrong(`${is}: taken in ${this.#model.state}`);
      if (accepted && this.#hasSet && name === 'past' && this.#inForce !== 'past')
        this.#model.wrong(`${is}: taken, and it is of what has been gone through`);
      if (accepted) this.#taken++;
      if (accepted) this.#inForce = name;
    });
    this.#open.push(done);
  }

  /** What is being read is through: it is decided now. */
  async settle(): Promise<void> {
    if (this.#open.length === 0) return;
    const session = this.#session;
    const isHeld = session.state === 'Held';
    const saved = (): string => JSON.stringify(session.run?.save());
    const before = {
      counters: counters(session),
      saved: saved(),
      told: this.#told,
      edits: session.run?.edits.length ?? 0,
    };
    for (const read of this.#waiting.splice(0)) read();
    await Promise.all(this.#open.splice(0));
    this.#isReading = false;
    if (isHeld && session.state !== 'Held') this.#model.wrong('edit: it led out of the hold');
    if (counters(session) !== before.counters) this.#model.wrong('edit: counters are not what they were');
    if (this.#told !== this.#taken) this.#model.wrong(`edit: ${this.#told} told, ${this.#taken} taken`);
    if ((session.run?.edits.length ?? 0) - before.edits !== this.#told - before.told)
      this.#model.wrong('edit: the run does not remember it');
    if (before.told === this.#told && saved() !== before.saved)
      this.#model.wrong('edit: refused, and something has changed');
  }
}
