import { connect } from 'node:net';
import modbusSerial from 'modbus-serial';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { type EaPsb10000, eaPsb10000 } from '../../../sim/device/ea/psb-10000.ts';
import { noFaults } from '../../../sim/device/faults.ts';
import { type HandRig, handRig } from './hand-rig.ts';

export const clock = realClock();

/** An emulated supply on a line for a file of tests, put back after each of them, and a client that is not ours. */
export interface PsbOnALine {
  readonly rig: HandRig;
  readonly supply: EaPsb10000;
  readonly client: modbusSerial.default;
  /** How often a write switched DC off. */
  readonly offWrites: number;
  /** Status of 32 bit. */
  status(): Promise<number>;
  /** Sends bytes to its port, and what comes back within a moment, hex. */
  raw(hex: string, pieces?: number): Promise<string>;
}

/** Starts it before the tests of this file, ends it after them. */
export function psbOnALine(): PsbOnALine {
  const rig = handRig({ 'stack.voltage_V': 240, 'stack.current_A': 1200, 'stack.power_W': 288_000 }, [
    'stack.voltageSet_V',
    'stack.currentSet_A',
    'stack.powerSet_W',
    'stack.outputSet_on',
  ]);
  const ratings = {
    voltageNominal_V: 360,
    currentNominal_A: 2400,
    powerNominal_W: 600_000,
    type: 'PSB 10360-2400',
    serial: '1234567890',
  };
  let offWrites = 0;
  const supply = eaPsb10000({ rig, clock }, { ratings, modbusTcpPort: 0, onOutputOff: () => offWrites++ });
  let client = new modbusSerial.default();

  beforeAll(() => supply.start());
  afterAll(() => supply.end());
  beforeEach(async () => {
    client = new modbusSerial.default();
    // Line errors also reject the request; without a listener they would end the process.
    client.on('error', () => {});
    client.setTimeout(300);
    client.setID(0);
    await client.connectTelnet('127.0.0.1', { port: supply.port });
  });
  afterEach(async () => {
    Object.assign(supply.faults, noFaults());
    const { state } = supply;
    state.setLocal(false);
    state.setMonitoring({ active: false });
    for (const cause of ['OT', 'PF', 'SF'] as const) state.setCause(cause, false);
    rig.show('stack.current_A', 1200);
    state.afterRemote = 'off';
    state.isFull = false;
    state.idle_s = 5;
    state.acknowledge();
    state.takeRemote(false);
    state.switchOutput(false);
    if (client.isOpen) await new Promise<void>(resolve => client.close(() => resolve()));
  });

  return {
    rig,
    supply,
    get client() {
      return client;
    },
    get offWrites() {
      return offWrites;
    },
    status: async () => (await client.readHoldingRegisters(505, 2)).buffer.readUInt32BE(0),
    async raw(hex, pieces = 1) {
      const socket = connect({ port: supply.port, host: '127.0.0.1', noDelay: true });
      let back = '';
      socket.on('data', data => {
        back += data.toString('hex');
      });
      await new Promise<void>(resolve => socket.once('connect', () => resolve()));
      const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
      const size = Math.ceil(bytes.length / pieces);
      for (let at = 0; at < bytes.length; at += size) {
        socket.write(bytes.subarray(at, at + size));
        await clock.sleep(0.03);
      }
      socket.destroy();
      return back;
    },
  };
}

/** The exception of what was refused, the name of another error, `accepted` without one. */
export const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'accepted',
    (error: { modbusCode?: number; name?: string }) => error.modbusCode ?? error.name,
  );
