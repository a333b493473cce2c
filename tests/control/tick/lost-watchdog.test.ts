import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { benchSchema, subjectOf } from '../../../control/bench/bench.ts';
import type { JournalEvent } from '../../../control/record/events.ts';
import { Recording } from '../../../control/record/recording.ts';
import { startRun } from '../../../control/run/run.ts';
import { BenchSession } from '../../../control/run/session.ts';
import { compileRoles } from '../../../control/tick/roles.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { eaPsb10000 } from '../../../drivers/ea/psb-10000.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { type EaPsb10000, eaPsb10000 as psbEmulator } from '../../../sim/device/ea/psb-10000.ts';
import { bareRig } from '../../drivers/ea/bare-rig.ts';
import { scpiBench } from '../../drivers/generic/scpi-bench.ts';
import { tcpPeer } from '../../drivers/modbus-peer.ts';
import { testMethod } from '../../support/test-method.ts';

/** Over sockets whose instruments take 40 ms for each answer, in real time: somebody takes the watchdog away under load. */

const clock = realClock();
const DELAY_ms = 40;
/** Between two looks, a second one after it, and the answers of both. */
const OFF_WITHIN_S = 8;
const RATINGS = { voltageNominal_V: 360, currentNominal_A: 2400, powerNominal_W: 600_000 };

/** An instrument behind its socket, in the hand of somebody at its panel. */
interface Bench {
  readonly device: Device;
  output(): boolean;
  /** Takes the watchdog away, or sets it otherwise. */
  take(): void;
  /** What the end must say: as it was armed, and as it reads. */
  readonly says: readonly [armed: string, read: string];
  end(): Promise<unknown>;
}

/** A supply of EA; `take`: what somebody does at its panel. */
async function psb(take: (state: EaPsb10000['state']) => void, says: Bench['says']): Promise<Bench> {
  const ratings = { ...RATINGS, type: 'PSB 10360-2400', serial: '1' };
  const supply = psbEmulator({ rig: bareRig(), clock }, { ratings });
  await supply.start();
  supply.faults.delay_ms = DELAY_ms;
  const options = { ...RATINGS, series: 'psb-10000', host: '127.0.0.1', port: supply.port } as const;
  return {
    device: eaPsb10000.open('supply', options, { clock, baseDir: '.' }),
    output: () => supply.state.output,
    take: () => take(supply.state),
    says,
    end: () => supply.end(),
  };
}

const CASES: Readonly<Record<string, () => Promise<Bench>>> = {
  'EA, switched off at its panel': () =>
    psb(
      state => state.setMonitoring({ active: false, timeout_s: 5 }),
      ['SYST:COMM:MON:ACT ON', 'SYST:COMM:MON:ACT OFF'],
    ),
  'EA, what its time-out leads to': () =>
    psb(
      state => {
        state.afterRemote = 'unchanged';
      },
      ['POW:STAG:AFT:REM OFF', 'POW:STAG:AFT:REM AUTO'],
    ),
  'Delta, stopped: it still says the time that was set': async () => {
    const bench = await scpiBench('delta-sm15k');
    bench.supply.faults.delay_ms = DELAY_ms;
    return {
      device: bench.device,
      output: () => bench.supply.state.output,
      take() {
        bench.supply.state.watchdog.armed = false;
      },
      says: ['SYST:COM:WAT? not -1', 'SYST:COM:WAT? -1'],
      end: () => bench.supply.end(),
    };
  },
  'a register map, its watchdog register reset': async () => {
    const peer = await tcpPeer();
    peer.misbehave = () => ({ delay_ms: DELAY_ms });
    peer.keepsOrder = true;
    peer.holding.set(0, 4711);
    // It measures what it is set to while its output is on.
    peer.onWrite = () => {
      const on = (peer.coil.get(7) ?? 0) > 0;
      peer.holding.set(20, on ? (peer.holding.get(30) ?? 0) : 0).set(21, on ? 4 : 0);
    };
    const accuracy = { reading_pct: 0, abs: 0.1, basis: 'default' };
    const map = {
      device: 'supply of a test',
      unit: 1,
      reply_ms: 200,
      identify: { table: 'holding', address: 0, expect: [4711] },
      channels: [
        { name: 'current_A', table: 'holding', address: 20, range: [0, 200], accuracy },
        { name: 'voltage_V', table: 'holding', address: 21, range: [0, 200], accuracy },
      ],
      settables: [
        { name: 'outputSet_on', table: 'coil', address: 7, range: [0, 1], safe: 0, needsWatchdog: true },
        { name: 'currentSet_A', address: 30, range: [0, 200], tolerance: 0.5, safe: 0 },
      ],
      watchdog: {
        range_s: [1, 600],
        steps: [
          { address: 50, value: 's', basis: 'default' },
          { address: 51, value: 1, basis: 'default' },
        ],
      },
      onLoss: 'hold',
    };
    const baseDir = mkdtempSync(join(tmpdir(), 'lost-watchdog-'));
    writeFileSync(join(baseDir, 'map.yaml'), JSON.stringify(map));
    const driver = findDriver('generic/modbus-map');
    const options = driver.options.parse({ host: '127.0.0.1', port: peer.port, map: 'map.yaml' });
    return {
      device: driver.open('supply', options, { clock, baseDir }),
      output: () => (peer.coil.get(7) ?? 0) > 0,
      take: () => void peer.holding.set(50, 0),
      says: ['holding 50 5', 'holding 50 0'],
      end: () => peer.close(),
    };
  },
};

async function sessionOn(device: Device): Promise<{ session: BenchSession; events: JournalEvent[] }> {
  const limit = {
    kind: 'threshold',
    basis: 'default',
    trips: '>',
    role: 'stack.current_A',
    reaction: 'trip',
  };
  const otherwise = 'by hand';
  const bench = benchSchema.parse({
    bench: 'one',
    version: 1,
    stack: {
      name: 'one',
      type: 'pem',
      cells: 2,
      activeArea_cm2: 100,
      currentNominal_A: 100,
      powerNominal_kW: 0.4,
      pressureMax_barg: 30,
    },
    devices: {
      supply: {
        driver: device.driver,
        poll_s: 0.5,
        stale_after_s: 3,
        options: {},
        watchdog: { timeout_s: 5 },
      },
    },
    roles: {
      'stack.current_A': 'supply.current_A',
      'stack.voltage_V': 'supply.voltage_V',
      'stack.currentSet_A': 'supply.currentSet_A',
      'stack.outputSet_on': 'supply.outputSet_on',
    },
    limits: { 'stack.currentSet_A': { min: 0, max: 50 }, 'stack.outputSet_on': { min: 0, max: 1 } },
    interlocks: [{ ...limit, id: 'current-high', limit: 110 }],
    safeState: {
      steps: [{ device: 'supply', within_s: 2, otherwise }],
      proof: [{ role: 'stack.current_A', is: '<', limit: 5, within_s: 3, otherwise }],
    },
  });
  const events: JournalEvent[] = [];
  const recording = new Recording();
  recording.add({
    frame: () => {},
    event: event => void events.push(event),
    setpoint: () => {},
    spectrum: () => ({ add: () => {} }),
    checkpoint: () => {},
  });
  const devices = new Map([[device.id, device]]);
  const session = await BenchSession.open({
    bench,
    entryOf: id => id,
    roles: compileRoles(bench, devices),
    devices,
    clock,
    recording,
    control_s: 0.25,
    flush_s: 1,
    checkpoint_s: 10,
    checkpointsSteps: false,
  });
  const steps = [
    '- { set: { stack.output_on: on, stack.current_A: 40 } }',
    '- { name: hold, wait: {}, for_s: 600 }',
  ];
  startRun(session, {
    procedure: testMethod(bench, devices, steps),
    subject: subjectOf(bench),
    timeFactor: 1,
    trendRoles: [],
  });
  return { session, events };
}

const until = async (what: () => boolean, limit_s: number): Promise<void> => {
  const end_s = clock.now_s() + limit_s;
  while (!what() && clock.now_s() < end_s) await clock.sleep(0.02);
};

describe.concurrent('a watchdog is taken away while the line stands', () => {
  it.for(Object.keys(CASES))('%s: the output goes off', async (name, { expect }) => {
    const bench = await CASES[name]();
    const { session, events } = await sessionOn(bench.device);
    try {
      await until(() => session.state === 'Execute' && session.image.value('stack.current_A') > 39, 15);
      expect(bench.output()).toBe(true);
      const polls = session.sampling.counts.get('supply')?.badFrames ?? 0;
      bench.take();
      const taken_s = clock.now_s();
      await until(() => !bench.output(), OFF_WITHIN_S + 4);
      expect(bench.output()).toBe(false);
      expect(clock.now_s() - taken_s).toBeLessThan(OFF_WITHIN_S);
      await until(() => session.state === 'Aborted', 10);
      expect(session.run?.outcome).toMatchObject({ cause: { by: 'watchdog', id: 'supply' }, unproven: [] });
      for (const word of ['supply', ...bench.says]) expect(session.reason).toContain(word);
      expect(session.sampling.counts.get('supply')?.badFrames ?? 0).toBe(polls);
      expect(events.filter(e => e.kind === 'watchdog' && e.data.what === 'lost')).toHaveLength(1);
    } finally {
      await session.close();
      await bench.end();
    }
  });
});
