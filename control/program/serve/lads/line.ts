import type { Outcome } from '../../../../dashboards/door/answers/carry-out.ts';
import type { BenchText, LabBench, LabFile, LabRun } from '../../../../dashboards/door/lab.ts';
import type { Role } from '../../../../dashboards/door/people/roles.ts';

/**
 * What the thread of the OPC UA view and the door say to each other. The server stands in a thread, so that whatever a stranger
 * sends it ends the thread at the most.
 */

/** With whom a session came in, and since when the password was in force by which it did; null: there are no accounts. */
export interface CameAs {
  readonly name: string;
  readonly sinceUtc: string;
}

/** What is called: a route of the door by its id, and what goes with it. */
export interface Asked {
  readonly route: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** A reason that goes with it where nobody else is in control. */
  readonly reasonIfFree?: string;
}

/** A run, and where its own page is on this machine; null: it has none. */
export interface SeenRun {
  readonly run: LabRun;
  readonly page: string | null;
}

/** What the thread may ask for. Everything may reject with an Error that says why. */
export interface DoorCalls {
  runs(): Promise<readonly SeenRun[]>;
  benches(): Promise<readonly LabBench[]>;
  bench(name: string): Promise<BenchText>;
  methods(): Promise<readonly LabFile[]>;
  /** `result.json` and `report.html` of a run that is over. */
  result(id: string): Promise<string>;
  report(id: string): Promise<string>;
  /** Since when the password is in force; null: it is not this one, or too many were tried. */
  signIn(name: string, password: string): Promise<string | null>;
  ask(asked: Asked, came: CameAs | null): Promise<Outcome>;
}

/** What of the door the thread knows at any moment. */
export interface DoorState {
  readonly hasAccounts: boolean;
  /** Who has an account; null: they cannot be read now. */
  readonly accounts: readonly (CameAs & { readonly role: Role })[] | null;
  readonly control: { readonly by: string; readonly left_s: number } | null;
}

/** From the thread. */
export type FromThread =
  | {
      readonly type: 'ask';
      readonly id: number;
      readonly call: keyof DoorCalls;
      readonly args: readonly unknown[];
    }
  | { readonly type: 'open'; readonly endpoint: string; readonly port: number }
  | { readonly type: 'failed'; readonly reason: string };
/** To the thread. */
export type ToThread =
  | { readonly type: 'answer'; readonly id: number; readonly value?: unknown; readonly error?: string }
  | { readonly type: 'state'; readonly state: DoorState }
  | { readonly type: 'close' };

/** What the thread is started with. */
export interface ViewStart {
  /** Where keys and certificates lie: made at the first start, readable by the owner only. */
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  /** Runs of this mode are shown and started: what is real is never mixed with what is simulated. */
  readonly mode: 'twin' | 'wire' | 'real';
  readonly version: string;
  readonly state: DoorState;
}
