import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { SerialPort } from 'serialport';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { bronkhorstPropar } from '../../../sim/device/bronkhorst-propar.ts';
import { type Emulator, noFaults } from '../../../sim/device/faults.ts';
import { encodePropar, takePropar } from '../../../sim/device/propar-codec.ts';
import { openPtyPair, type PtyPair } from '../../../sim/pty.ts';
import { handRig } from './hand-rig.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('codec', () => {
  it('takes back what it made, 0x10 and all', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(
        fc.integer({ min: -1, max: 255 }),
        byte,
        fc.uint8Array({ maxLength: 200 }),
        (sequence, node, data) => {
          const frame = encodePropar({ sequence, node, data });
          expect(takePropar(frame)).toEqual({
            kind: 'message',
            message: { sequence, node, data: Uint8Array.from(data) },
            length: frame.length,
          });
          expect(takePropar(frame.subarray(0, -1)).kind).toBe('incomplete');
        },
      ),
    );
  });

  it('survives any bytes and always goes forward', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), bytes => {
        const taken = takePropar(bytes);
        if (taken.kind === 'garbled') expect(taken.skip).toBeGreaterThan(0);
        if (taken.kind === 'message') expect(taken.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('bus on a pty', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cellbench-propar-'));
  const rig = handRig({ 'cathode.pressure_barg': 20, 'h2.flow_NL_per_min': 1000 }, [
    'cathode.pressureSet_barg',
  ]);
  let pty: PtyPair;
  let bus: Emulator;
  let port: SerialPort;
  let heard = Buffer.alloc(0);

  beforeAll(async () => {
    pty = await openPtyPair(folder, 'gas');
    bus = bronkhorstPropar(
      { rig, clock: realClock() },
      {
        path: pty.instrument,
        instruments: [
          {
            node: 3,
            signal: 'cathode.pressure_barg',
            set: { signal: 'cathode.pressureSet_barg' },
            capacity: 40,
            unit: 'bar(g)',
            type: 'EL-PRESS',
            serial: 'M1',
          },
          {
            node: 4,
            signal: 'h2.flow_NL_per_min',
            capacity: 2500,
            unit: 'ln/min',
            type: 'EL-FLOW',
            serial: 'M2',
          },
        ],
      },
    );
    await bus.start();
    port = new SerialPort({ path: pty.bench, baudRate: 38400, autoOpen: false });
    port.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
    });
    await new Promise<void>((resolve, reject) => port.open(error => (error ? reject(error) : resolve())));
  });
  afterEach(() => void Object.assign(bus.faults, noFaults()));
  afterAll(async () => {
    await new Promise<void>(resolve => port.close(() => resolve()));
    await bus.end();
    await pty.unplug();
    rmSync(folder, { recursive: true });
  });

  /** What comes back as soon as `length` bytes are there, or within the time. */
  async function exchange(request: Buffer, length: number, within_s = 2): Promise<string> {
    heard = Buffer.alloc(0);
    port.write(request);
    const clock = realClock();
    while (heard.length < length && clock.now_s() < within_s) await clock.sleep(0.001);
    return heard.toString('hex');
  }
  const frame = (data: string, node = 0x80, sequence = 1): Buffer =>
    Buffer.from(encodePropar({ sequence, node, data: hex(data) }));

  /** Request frames as the maker's own library 1.3.0 sends them; replies by the rules of 9.17.027. */
  it.each([
    [
      'measure, binary',
      hex('10 02 01 80 05 04 01 20 01 20 10 03'),
      hex('10 02 01 80 05 02 01 20 3E 80 10 03'),
    ],
    ['measure, ASCII', Buffer.from(':06800401200120\r\n'), Buffer.from(':06800201203E80\r\n')],
    ['set-point 50 %', hex('10 02 02 80 05 01 01 21 3E 80 10 03'), hex('10 02 02 80 03 00 00 05 10 03')],
    ['fMeasure', frame('04 21 40 21 40'), frame('02 21 40 41 A0 00 00')],
    ['fSetpoint 2.5', frame('01 21 43 40 20 00 00'), frame('00 00 07')],
    ['unit text', frame('04 01 7F 01 7F 00'), frame('02 01 7F 00 62 61 72 28 67 29 00')],
    ['measure + fMeasure', frame('04 81 20 01 20 21 40 21 40'), frame('02 81 20 3E 80 21 40 41 A0 00 00')],
    [
      'measure and set-point of one process',
      frame('04 01 A0 01 20 21 01 21'),
      frame('02 01 A0 3E 80 21 07 D0'),
    ],
    ['capacity', frame('04 01 4D 01 4D'), frame('02 01 4D 42 20 00 00')],
    ['node 4', frame('04 21 40 21 40', 4), frame('02 21 40 44 7A 00 00', 4)],
    ['type of node 4', frame('04 71 61 71 61 00', 4), frame('02 71 61 00 45 4C 2D 46 4C 4F 57 00', 4)],
    ['serial', frame('04 71 63 71 63 00'), frame('02 71 63 00 4D 31 00')],
    ['sequence 0x10, doubled', frame('04 01 20 01 20', 0x80, 0x10), frame('02 01 20 3E 80', 0x80, 0x10)],
    ['unknown process', frame('04 05 20 05 20'), frame('00 03 04')],
    ['unknown parameter', frame('04 01 25 01 25'), frame('00 04 04')],
    ['wrong type', frame('04 01 40 01 40'), frame('00 05 04')],
    ['set-point above 100 %', frame('01 21 43 42 48 00 00'), frame('00 06 02')],
    ['NaN as set-point', frame('01 21 43 7F C0 00 00'), frame('00 06 02')],
    ['write to a measure', frame('01 01 20 00 00'), frame('00 0D 02')],
    ['set-point of a meter', frame('01 21 43 3F 80 00 00', 4), frame('00 04 02', 4)],
    ['cut-off body', frame('04 01'), frame('04')],
    ['unknown command', frame('09 01'), frame('00 02 00')],
  ])('%s', async (_, request, reply) => {
    expect(await exchange(request, reply.length)).toBe(reply.toString('hex'));
  });

  it('drives the rig with a set-point and reads it back', async () => {
    await exchange(frame('01 21 43 41 F0 00 00'), 10);
    expect(rig.settingOf('cathode.pressureSet_barg')).toBe(30);
    expect(await exchange(frame('04 21 43 21 43'), 14)).toBe(frame('02 21 43 41 F0 00 00').toString('hex'));
  });

  it('is silent for a node that is not there', async () => {
    expect(await exchange(frame('04 01 20 01 20', 9), 1, 0.1)).toBe('');
  });

  it('shows its faults on the wire', async () => {
    const request = frame('04 21 40 21 40');
    const healthy = await exchange(request, 14);
    bus.faults.silence = true;
    expect(await exchange(request, 1, 0.1)).toBe('');
    Object.assign(bus.faults, noFaults(), { corrupt: true });
    const damaged = await exchange(request, 14);
    expect(damaged.length).toBe(healthy.length);
    expect(takePropar(Buffer.from(damaged, 'hex')).kind).toBe('garbled');
    Object.assign(bus.faults, noFaults(), { delay_ms: 30 });
    const clock = realClock();
    expect(await exchange(request, 14)).toBe(healthy);
    expect(clock.now_s()).toBeGreaterThan(0.028);
    Object.assign(bus.faults, noFaults(), { freeze: true });
    rig.show('cathode.pressure_barg', 21);
    expect(await exchange(request, 14)).toBe(healthy);
    bus.faults.freeze = false;
    expect(await exchange(request, 14)).toBe(frame('02 21 40 41 A8 00 00').toString('hex'));
  });
});
