import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { WireConfig, WireEndpoints } from '../../../sim/wire-protocol.ts';
import { instrumentsConfig, WATCHDOG_S, writeBench } from '../wires/bench.ts';

/**
 * The bench of the kills: that of the endings, with its guard; whole, or without PLC and rack, which start much sooner. Its
 * method goes round and round: load, pressure, down. So a run that was cut off always has something to go on with.
 */

/** Of the bench file: the guard acts after so much silence, s. */
export const GUARD_S = 3;
export { WATCHDOG_S };

export const BENCHES = { small: ['supply', 'gas'], whole: ['supply', 'rack', 'gas', 'plc'] } as const;
export type BenchSize = keyof typeof BENCHES;

interface Raw {
  devices: Record<string, Record<string, unknown>>;
  roles: Record<string, string>;
  limits: Record<string, unknown>;
  interlocks: Record<string, unknown>[];
  safeState: { steps: Record<string, unknown>[]; proof: Record<string, unknown>[] };
}

/** The files of a bench. */
export interface KillFiles {
  readonly bench: string;
  readonly method: string;
  readonly campaign: string;
  /** What an unproven end leaves beside the bench file. */
  readonly mark: string;
}

/** What the instruments' process must know. */
export function instrumentsOf(example: string, size: BenchSize, seed: number): WireConfig {
  const config = instrumentsConfig(example, seed);
  const has: readonly string[] = BENCHES[size];
  return {
    ...config,
    devices: Object.fromEntries(Object.entries(config.devices).filter(([id]) => has.includes(id))),
  };
}

/** Writes bench, methods and campaign into a folder. */
export function writeKillBench(
  example: string,
  to: string,
  size: BenchSize,
  endpoints: WireEndpoints,
  rounds = 1,
): KillFiles {
  const { bench } = writeBench(example, to, endpoints);
  const raw = parse(readFileSync(bench, 'utf8')) as Raw;
  keepOnly(raw, BENCHES[size]);
  // A supply in trouble: it answers late.
  raw.devices['supply']['reply_s'] = 1;
  writeFileSync(bench, stringify(raw));
  const files = {
    bench,
    method: join(to, 'rounds.yaml'),
    campaign: join(to, 'campaign.yaml'),
    mark: join(to, 'bench.guard.json'),
  };
  writeFileSync(files.method, methodOf('rounds', size, rounds));
  writeFileSync(join(to, 'short.yaml'), methodOf('short', size, 2));
  writeFileSync(files.campaign, campaignText('resume'));
  return files;
}

/** The bench with these devices alone. */
function keepOnly(raw: Raw, devices: readonly string[]): void {
  raw.devices = Object.fromEntries(Object.entries(raw.devices).filter(([id]) => devices.includes(id)));
  raw.roles = Object.fromEntries(
    Object.entries(raw.roles).filter(([, to]) => devices.includes(to.split('.')[0])),
  );
  const isThere = (role: unknown): boolean => role === undefined || String(role) in raw.roles;
  raw.limits = Object.fromEntries(Object.entries(raw.limits).filter(([role]) => role in raw.roles));
  raw.interlocks = raw.interlocks.filter(one => isThere(one['role']) && isThere(one['minus']));
  raw.safeState.steps = raw.safeState.steps.filter(step => isThere(step['set']) && isThere(step['vent']));
  raw.safeState.proof = raw.safeState.proof.filter(({ role }) => isThere(role));
}

/** A stack that has stood has air in it. */
const PURGE = `
- name: purge
  steps:
  - set: { n2.pressure_barg: 1, cathode.pressure_barg: 0, anode.ventValve_on: on, h2.outletValve_on: on }
  - set: { cathode.purgeValve_on: on, n2.cathodeValve_on: on, n2.anodeValve_on: on }
  - { wait: {}, for_s: 3 }
  - { wait: {}, until: h2.o2_vol_pct < 0.5 and o2.h2_vol_pct < 0.4, within_s: 30 }
  - set: { cathode.purgeValve_on: off, n2.cathodeValve_on: off, n2.anodeValve_on: off, n2.pressure_barg: 0 }`;

/** A round lasts some 10 s. `round` in the program's words is `frame.round`; what ends one is the step `down`. */
function methodOf(name: string, size: BenchSize, rounds: number): string {
  const valves = 'h2.outletValve_on: on, anode.ventValve_on: on, water.pump_on: on';
  const open = size === 'whole' ? `- set: { ${valves} }` : '';
  return `method: ${name}
version: 2
returns: { charge_Ah: run.charge_Ah }
phases:${size === 'whole' ? PURGE : ''}
- name: rounds
  reentry:
  ${open}
  - set: { stack.voltage_V: 297, stack.power_W: 600000, stack.current_A: 0, stack.output_on: on }
  - ramp: { stack.current_A: 900, per_s: 1000 }
  steps:
  ${open}
  - set: { stack.voltage_V: 297, stack.power_W: 600000, stack.current_A: 0, stack.output_on: on }
  - repeat: { times: ${rounds} }
    steps:
    - ramp: { stack.current_A: 1500, per_s: 1000 }
    - { wait: {}, for_s: 2.5 }
    - set: { cathode.pressure_barg: 4 }
    - { wait: {}, name: pressed, until: cathode.pressure_barg > 3.3, for_s: 4 }
    - { wait: {}, for_s: 1.5 }
    - set: { cathode.pressure_barg: 0 }
    - ramp: { stack.current_A: 900, per_s: 1000 }
    - { wait: {}, name: down, until: cathode.pressure_barg < 1, for_s: 15 }
finally:
- set: { cathode.pressure_barg: 0 }
- set: { stack.current_A: 0, stack.output_on: off }
`;
}

/** A run that is cut off goes on in its record, or is done anew. */
export function campaignText(after_cut: 'resume' | 'anew'): string {
  return `campaign: kills
version: 1
bench: bench.yaml
runs:
- { run: first, method: short.yaml, on_failure: { retry: 3 }, after_cut: ${after_cut} }
- { run: second, method: short.yaml, after: [ first ], on_failure: { retry: 3 }, after_cut: ${after_cut} }
`;
}
