import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { eaPsb10000, type PsbOptions } from '../../../drivers/ea/psb-10000.ts';
import { eaPsb10000 as emulator } from '../../../sim/device/ea-psb-10000.ts';
import type { ModbusPeer } from '../modbus-peer.ts';
import { bareRig } from './bare-rig.ts';
import { psbOptions, psbPeer } from './psb-peer.ts';

const clock = realClock();
let peer: ModbusPeer;
let device: Device;

async function connected(options: Partial<PsbOptions> = {}): Promise<void> {
  peer = await psbPeer();
  device = eaPsb10000.open('supply', { ...psbOptions(peer), ...options }, { clock, baseDir: '.' });
  await device.connect();
}

afterEach(async () => {
  await device?.close();
  await peer?.close();
});

describe('EA PSB 10000 against registers written from the programming guide', () => {
  it('connects by type, ratings, remote on, status; switches nothing on', async () => {
    await connected();
    expect(peer.log).toEqual(['R3 1+20', 'R3 121+6', 'W5 402=65280', 'R3 505+2']);
    expect(device.state).toBe('ready');
  });

  it('reads status and actual values in one request', async () => {
    await connected();
    // 0x0483 of the guide: USB control, DC on, CC; here with remote (bit 11) and alarm (bit 15).
    peer.holding.set(506, 0x8c83);
    peer.holding.set(507, 0x6666);
    peer.holding.set(508, 0xcccc);
    peer.holding.set(509, 0x3333);
    peer.log.length = 0;
    const frame = await device.read();
    expect(peer.log).toEqual(['R3 505+5']);
    expect([...frame.values]).toEqual([180, 2400, 150000, 1, 1, 1]);
    expect([...frame.quality]).toEqual(Array(6).fill(QUALITY.good));
    expect(frame.reason).toBeUndefined();
  });

  it('shows sink current as negative', async () => {
    await connected();
    peer.holding.set(505, 0x8000);
    peer.holding.set(508, 0x6666);
    const frame = await device.read();
    expect(frame.values[1]).toBe(-1200);
  });

  it.each([
    ['currentSet_A', 1200, 'W6 501=26214', 'R3 501+1'],
    ['voltageSet_V', 360, 'W6 500=52428', 'R3 500+1'],
    ['powerSet_W', 0, 'W6 502=0', 'R3 502+1'],
    ['outputSet_on', 1, 'W5 405=65280', 'R3 505+2'],
  ] as const)('%s = %s goes out as %s and is read back', async (key, value, written, readBack) => {
    await connected();
    peer.log.length = 0;
    await device.write(key, value);
    expect(peer.log).toEqual([written, readBack]);
  });

  it('sends the frame of the guide: set I = 50 %', async () => {
    await connected();
    peer.misbehave = request => {
      if (request.fn === 6) frame = peer.lastRequest_hex;
      return undefined;
    };
    let frame = '';
    await device.write('currentSet_A', 1200);
    // Unit, function, register, value as in `01 06 01 F5 66 66`, unit 0 on Modbus TCP.
    expect(frame.slice(8)).toBe('0006000601f56666');
  });

  it('safe: output off first, then current 0, each read back', async () => {
    await connected();
    peer.holding.set(506, peer.holding.get(506)! | 0x80);
    peer.holding.set(501, 0x6666);
    peer.log.length = 0;
    expect(await device.safe()).toEqual({
      device: 'supply',
      done: ['outputSet_on = 0', 'currentSet_A = 0'],
      failed: [],
    });
    expect(peer.log).toEqual(['W5 405=0', 'W6 501=0', 'R3 505+2', 'R3 501+1']);
  });

  it('says local when the panel has it', async () => {
    await connected();
    for (const exception of [7, 0x17]) {
      peer.misbehave = request => (request.fn === 6 ? { exception } : undefined);
      await expect(device.write('currentSet_A', 1)).rejects.toMatchObject({ code: 'local' });
    }
  });

  it('refuses an instrument with other ratings and leaves nothing open', async () => {
    peer = await psbPeer();
    device = eaPsb10000.open(
      'supply',
      { ...psbOptions(peer), currentNominal_A: 2000 },
      { clock, baseDir: '.' },
    );
    await expect(device.connect()).rejects.toMatchObject({
      code: 'identity',
      message: expect.stringContaining('reports 2400, the bench file says 2000'),
    });
    expect(device.state).toBe('closed');
    expect(peer.log.filter(line => line.startsWith('W'))).toEqual([]);
  });

  it('has no watchdog without the SCPI port', async () => {
    await connected();
    expect(await device.armWatchdog(5)).toBeUndefined();
  });
});

describe('interface monitoring', () => {
  /** Answers the two questions of arming; counts how often it was armed. */
  async function scpi(answers: readonly [time: string, active: string]) {
    let armed = 0;
    const server = createServer(socket => {
      socket.on('error', () => {});
      socket.on('data', data => {
        for (const line of data.toString().split('\n')) {
          if (line === 'SYST:COMM:MON:ACT ON') armed++;
          if (line === 'SYST:COMM:MON:TIM?') socket.write(`${answers[0]}\n`);
          if (line === 'SYST:COMM:MON:ACT?') socket.write(`${answers[1]}\n`);
        }
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return { port, armed: () => armed, close: () => server.close() };
  }

  it.each([
    ['4', 'ON'],
    ['5', 'OFF'],
  ] as const)('is not believed if it reads back %s %s', async (time, active) => {
    const interfaceOf = await scpi([time, active]);
    await connected({ scpiPort: interfaceOf.port });
    await expect(device.armWatchdog(5)).rejects.toMatchObject({ code: 'readback' });
    interfaceOf.close();
  });

  it('is armed again by the first poll after a reconnect: the instrument may have been off', async () => {
    const interfaceOf = await scpi(['5', 'ON']);
    await connected({ scpiPort: interfaceOf.port });
    expect(await device.armWatchdog(5)).toBe(5);
    peer.cut();
    const start_s = clock.now_s();
    while (interfaceOf.armed() < 2 && clock.now_s() - start_s < 3) {
      await clock.sleep(0.01);
      await device.read();
    }
    expect(interfaceOf.armed()).toBe(2);
    interfaceOf.close();
  });
});

describe('EA PSB 10000 against the emulator', () => {
  it('runs current, arms monitoring over SCPI, and the instrument goes off when we fall silent', async () => {
    const ratings = {
      voltageNominal_V: 360,
      currentNominal_A: 2400,
      powerNominal_W: 600000,
      type: 'PSB 10360-2400',
      serial: '1',
    };
    const psb = emulator({ rig: bareRig(), clock }, { ratings });
    await psb.start();
    const options = { ...ratings, host: '127.0.0.1', port: psb.port, scpiPort: psb.scpiPort };
    const { type: _, serial: __, ...wanted } = options;
    device = eaPsb10000.open('supply', wanted, { clock, baseDir: '.' });
    try {
      await device.connect();
      expect(await device.armWatchdog(1.9)).toBe(1);
      await device.write('currentSet_A', 1000);
      await device.write('outputSet_on', 1);
      const frame = await device.read();
      expect(frame.values[1]).toBeCloseTo(1000, 0);
      expect(frame.values[3]).toBe(1);
      await new Promise(resolve => setTimeout(resolve, 1300));
      expect((await device.read()).values[3]).toBe(0);
      await expect(device.armWatchdog(0.5)).rejects.toMatchObject({ code: 'range' });
    } finally {
      await device.close();
      await psb.end();
    }
  });
});
