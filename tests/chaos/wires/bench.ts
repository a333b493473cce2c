import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { choosePlant } from '../../../sim/open-rig.ts';
import type { EmulatedDevice } from '../../../sim/wire-client.ts';
import type { WireConfig, WireEndpoints } from '../../../sim/wire-protocol.ts';

/**
 * The bench of the endings: a copy of the example on emulated lines, with a plant that runs faster than life, so that
 * a run with purge, load and pressure takes half a minute. What is a rate of the plant goes with it; polls,
 * stale times and watchdogs are those of a real bench.
 */

/** So many times faster than life the plant runs. */
export const FACTOR = 40;
export const POLL_S = 0.25;
export const STALE_S = 3;
export const WATCHDOG_S = 5;
/** N2 of the safe state, barg: no step of the methods asks for it, so a write of it is the safe state's. */
export const SWEEP_BARG = 10;
/** Temperature that `finally` sets first: its mark in the instruments' log. */
export const FINALLY_DEGC = 31;
/** Temperatures of the steps that set many outputs at once: their marks. */
export const MULTI_DEGC = [48, 50] as const;

interface RawBench {
  stack: { type: string; cells: number; activeArea_cm2: number; currentNominal_A: number; accepted?: string };
  devices: Record<
    string,
    {
      driver: string;
      poll_s: number;
      stale_after_s: number;
      options: Record<string, unknown>;
      watchdog?: object;
    }
  >;
  roles: Record<string, string>;
  limits: Record<string, { min: number; max: number; ramp_per_s?: number }>;
  interlocks: Record<string, unknown>[];
  safeState: { steps: Record<string, unknown>[]; proof: { role: string }[] };
}

/** The files of a bench and its methods. */
export interface BenchFiles {
  readonly bench: string;
  /** Only supply and PLC: nothing but TCP, which no serial lock protects. */
  readonly tcpBench: string;
  readonly method: string;
  /** A second's worth: shows that the next controller can take the bench. */
  readonly probe: string;
}

function readExample(folder: string): RawBench {
  return parse(readFileSync(join(folder, 'bench.yaml'), 'utf8')) as RawBench;
}

/** What the instruments' process must know: plant, devices, and which role each signal is. */
export function instrumentsConfig(example: string, seed: number): WireConfig {
  const { stack, roles, devices } = readExample(example);
  const { cells, activeArea_cm2, currentNominal_A } = stack;
  const signals = (device: EmulatedDevice): Record<string, string> =>
    Object.fromEntries(
      Object.entries(roles).flatMap(([role, to]) =>
        to.startsWith(`${device}.`) ? [[to.slice(device.length + 1), role]] : [],
      ),
    );
  const section = { plant: stack.type, parameters: {} };
  return {
    plant: choosePlant(section, 'stack', { cells, activeArea_cm2, currentNominal_A }, example),
    seed,
    timeFactor: FACTOR,
    devices: Object.fromEntries(
      Object.entries(devices).map(([id, { driver, options }]) => [
        id,
        { driver, options, roles: signals(id), baseDir: example },
      ]),
    ),
  };
}

/** Writes bench and methods into a folder, pointed at these lines. */
export function writeBench(example: string, to: string, endpoints: WireEndpoints): BenchFiles {
  cpSync(example, to, { recursive: true });
  const raw = readExample(example);
  for (const [id, device] of Object.entries(raw.devices)) {
    device.poll_s = POLL_S;
    device.stale_after_s = STALE_S;
    if (device.watchdog !== undefined) device.watchdog = { timeout_s: WATCHDOG_S };
    Object.assign(device.options, endpoints[id]);
  }
  for (const [role, limit] of Object.entries(raw.limits)) {
    if (limit.ramp_per_s !== undefined) limit.ramp_per_s *= role === 'stack.currentSet_A' ? 5 : FACTOR;
  }
  raw.interlocks = raw.interlocks.map(one => ({
    ...one,
    delay_s: Math.min(Number(one['delay_s'] ?? 0), 1),
    ...(one['kind'] === 'rate'
      ? { limit_per_min: Number(one['limit_per_min']) * 2 * FACTOR, over_s: 5 }
      : {}),
  }));
  let isFirstSweep = true;
  raw.safeState.steps = raw.safeState.steps.map(step => {
    if ('vent' in step) return { ...step, rate_bar_per_min: 120, within_s: 20 };
    if (step['set'] !== 'n2.pressureSet_barg' || !isFirstSweep) return step;
    isFirstSweep = false;
    return { ...step, to: SWEEP_BARG };
  });
  const files = {
    bench: join(to, 'bench.yaml'),
    tcpBench: join(to, 'tcp-bench.yaml'),
    method: join(to, 'method.yaml'),
    probe: join(to, 'probe.yaml'),
  };
  writeFileSync(files.bench, stringify(raw));
  writeFileSync(files.tcpBench, stringify(onlyTcp(raw)));
  writeFileSync(files.method, METHOD);
  writeFileSync(files.probe, PROBE);
  return files;
}

function onlyTcp(raw: RawBench): RawBench {
  const { supply, plc } = raw.devices;
  const roles = Object.fromEntries(Object.entries(raw.roles).filter(([, to]) => /^(supply|plc)\./.test(to)));
  const isThere = (role: unknown): boolean => role === undefined || String(role) in roles;
  // The controlled vent goes with its instrument, and with it the lines that come behind it.
  const vent = raw.safeState.steps.findIndex(step => 'vent' in step);
  return {
    ...raw,
    // Its pressure is read by the instrument that is left out.
    stack: { ...raw.stack, accepted: 'for the lock alone' },
    devices: { supply, plc },
    roles,
    limits: Object.fromEntries(Object.entries(raw.limits).filter(([role]) => role in roles)),
    interlocks: raw.interlocks.filter(one => isThere(one['role']) && isThere(one['minus'])),
    safeState: {
      steps: raw.safeState.steps.slice(0, vent).filter(step => isThere(step['set'])),
      proof: raw.safeState.proof.filter(proof => isThere(proof.role)),
    },
  };
}

const outputs = (degC: number, is: 'on' | 'off'): string =>
  `{ stack.temperature_degC: ${degC}, n2.pressure_barg: ${is === 'on' ? 1 : 0}, n2.anodeValve_on: ${is}, ` +
  `n2.cathodeValve_on: ${is}, h2.outletValve_on: on, anode.ventValve_on: on }`;

/** Purge, load, steps of six outputs at once, pressure with more of them, down, off: half a minute. */
const METHOD = `
method: endings
version: 2
phases:
- name: purge
  steps:
  - set: { n2.pressure_barg: 1, cathode.pressure_barg: 0, anode.ventValve_on: on, h2.outletValve_on: on }
  - set: { cathode.purgeValve_on: on, n2.cathodeValve_on: on, n2.anodeValve_on: on }
  - { wait: {}, for_s: 3 }
  - { wait: {}, until: h2.o2_vol_pct < 1 and o2.h2_vol_pct < 0.4, within_s: 30 }
  - set: { cathode.purgeValve_on: off, n2.cathodeValve_on: off, n2.anodeValve_on: off }
  - set: { n2.pressure_barg: 0, water.pump_on: on, stack.temperature_degC: 25 }
- name: load
  steps:
  - set: { n2.pressure_barg: 2, n2.anodeValve_on: on }
  - set: { stack.voltage_V: 297, stack.power_W: 600000, stack.current_A: 0, stack.output_on: on }
  - ramp: { stack.current_A: 1500, per_s: 750 }
  - set: { n2.anodeValve_on: off, n2.pressure_barg: 0 }
  - { wait: {}, for_s: 2 }
- name: outputs
  steps:
  - repeat: { times: 2 }
    steps:
    - set: ${outputs(MULTI_DEGC[0], 'on')}
    - { wait: {}, for_s: 0.3 }
    - set: ${outputs(MULTI_DEGC[1], 'off')}
    - { wait: {}, for_s: 0.3 }
- name: pressure
  steps:
  - set: { cathode.pressure_barg: 4 }
  - { wait: {}, until: cathode.pressure_barg > 3.4, for_s: 15 }
  - { wait: {}, for_s: 1 }
  - repeat: { times: 2 }
    steps:
    - set: ${outputs(MULTI_DEGC[0], 'on')}
    - { wait: {}, for_s: 0.3 }
    - set: ${outputs(MULTI_DEGC[1], 'off')}
    - { wait: {}, for_s: 0.3 }
- name: down
  steps:
  - set: { cathode.pressure_barg: 0 }
  - { wait: {}, until: cathode.pressure_barg < 1, for_s: 15 }
finally:
- set: { stack.temperature_degC: ${FINALLY_DEGC}, n2.pressure_barg: 2, n2.anodeValve_on: on }
- ramp: { stack.current_A: 0, per_s: 750 }
- set: { stack.current_A: 0, stack.output_on: off }
- set: { anode.ventValve_on: on, h2.outletValve_on: on, cathode.pressure_barg: 0 }
`;

const PROBE = `
method: probe
version: 2
phases:
- name: hold
  steps:
  - { wait: {}, for_s: 0.5 }
finally:
- set: { stack.current_A: 0, stack.output_on: off }
`;
