import { SerialPort } from 'serialport';
import { describe, expect, test, vi } from 'vitest';
import { bronkhorstPropar } from '../../drivers/bronkhorst/propar.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { PROPAR_PARAMETERS } from '../../drivers/protocol/propar.ts';
import { proparLink } from '../../drivers/transport/propar-link.ts';
import { bronkhorstPropar as emulator } from '../../sim/device/bronkhorst-propar.ts';
import { bench, cleanups, connected, FLOW, GAS, PRESSURE, serialLine } from './propar-bus.ts';

const usable = async (device: Device) => {
  const frame = await device.read();
  return frame.quality.every(q => q <= QUALITY.uncertain) ? frame : undefined;
};

describe('on a bus with a pressure controller and a flow meter', () => {
  test('a frame carries every instrument', async () => {
    const { device } = await connected();
    const frame = await device.read();
    expect(device.channels.map(c => c.name)).toEqual(['cathodePressure_barg', 'h2Flow_NL_per_min']);
    expect([...frame.values]).toEqual([12.5, 400]);
    expect([...frame.quality]).toEqual([QUALITY.good, QUALITY.good]);
    expect(frame.reason).toBeUndefined();
  });

  test('a setpoint arrives and is read back', async () => {
    const { device, settings } = await connected();
    await device.write('cathodePressureSet_barg', 28.3);
    expect(settings['cathode.pressureSet_barg']).toBeCloseTo(28.3, 5);
    expect(await device.readBack?.('cathodePressureSet_barg')).toBeCloseTo(28.3, 5);
  });

  test.each([40.01, -0.01, Number.NaN])('setpoint %f is refused and nothing is sent', async value => {
    const { device, settings, requests } = await connected();
    const before = requests();
    await expect(device.write('cathodePressureSet_barg', value)).rejects.toMatchObject({ code: 'range' });
    expect(requests()).toBe(before);
    expect(settings['cathode.pressureSet_barg']).toBe(1);
  });

  test('a measure above 110 % of capacity is bad, the other instrument good', async () => {
    const { device, values } = await connected();
    values['cathode.pressure_barg'] = 44.5;
    const frame = await device.read();
    expect([...frame.quality]).toEqual([QUALITY.bad, QUALITY.good]);
    expect([...frame.values]).toEqual([Number.NaN, 400]);
    expect(frame.reason).toMatch(/cathodePressure_barg: 44.5 is outside/);
  });

  test('there is nothing to arm, and its own safe list is empty', async () => {
    const { device } = await connected();
    expect(await device.armWatchdog(5)).toBeUndefined();
    expect(await device.safe()).toEqual({ device: 'gas', done: [], failed: [] });
    expect(device.onLoss).toBe('hold');
  });
});

describe('identity', () => {
  test('another capacity than in the bench file is refused', async () => {
    const { device } = await bench([{ ...PRESSURE, capacity: 64 }, FLOW]);
    await expect(device.connect()).rejects.toMatchObject({ code: 'identity' });
    expect(device.state).toBe('closed');
  });

  test('a node that does not answer is named', async () => {
    const { device } = await bench([PRESSURE]);
    await expect(device.connect()).rejects.toMatchObject({ code: 'timeout' });
    expect(device.state).toBe('closed');
  });

  test('a line that is not there is refused', async () => {
    const options = bronkhorstPropar.options.parse({ path: '/dev/no-such-line', baud: 38400, ...GAS });
    const device = bronkhorstPropar.open('gas', options, { clock: realClock(), baseDir: '.' });
    await expect(device.connect()).rejects.toMatchObject({ code: 'closed' });
  });
});

test.each([
  ['a node twice', { instruments: [GAS.instruments[0], { ...GAS.instruments[1], node: 3 }] }, /node once/],
  ['a name without unit', { instruments: [{ ...GAS.instruments[1], name: 'h2Flow' }] }, /ends in its unit/],
  ['no capacity', { instruments: [{ name: 'h2Flow_NL_per_min', node: 4 }] }, /capacity/],
  ['an unknown key', { ...GAS, parity: 'none' }, /parity/],
])('options with %s are refused', (_name, part, message) => {
  const result = bronkhorstPropar.options.safeParse({ path: '/dev/ttyUSB0', baud: 38400, ...part });
  expect(result.success).toBe(false);
  expect(JSON.stringify(result.error?.issues)).toMatch(message);
});

describe('faults', () => {
  test('a late answer is never taken for a later one', async () => {
    const { device, bus, values, settings, clock } = await connected();
    bus.faults.delay_ms = 320;
    const late = await device.read();
    expect([...late.quality]).toEqual([QUALITY.bad, QUALITY.bad]);
    expect(late.reason).toMatch(/no answer within 200 ms/);
    values['cathode.pressure_barg'] = 30;
    values['h2.flow_NL_per_min'] = 900;
    bus.faults.delay_ms = 0;
    const seen: number[] = [];
    const until_s = clock.now_s() + 6;
    while (seen.length < 6 && clock.now_s() < until_s) {
      for (const value of (await device.read()).values) if (!Number.isNaN(value)) seen.push(value);
      await clock.sleep(0.05);
    }
    expect(new Set(seen)).toEqual(new Set([30, 900]));
    expect(settings['cathode.pressureSet_barg']).toBe(1);
  });

  test('the first value after trouble is only uncertain', async () => {
    const { device, bus, clock } = await connected();
    bus.faults.silence = true;
    // Long enough to lose the first question, over before the line asks again.
    clock.schedule(0.25, () => {
      bus.faults.silence = false;
    });
    const frame = await device.read();
    expect([...frame.quality]).toEqual([QUALITY.uncertain, QUALITY.uncertain]);
    expect(device.retries).toBe(1);
    expect([...(await device.read()).quality]).toEqual([QUALITY.good, QUALITY.good]);
  });

  test('garbled answers make bad frames, and the next whole one is taken', async () => {
    const { device, bus } = await connected();
    bus.faults.corrupt = true;
    const frame = await device.read();
    expect([...frame.quality]).toEqual([QUALITY.bad, QUALITY.bad]);
    expect(frame.reason).toMatch(/not a frame/);
    bus.faults.corrupt = false;
    const after = await vi.waitUntil(() => usable(device), { timeout: 20_000, interval: 20 });
    expect([...after.values]).toEqual([12.5, 400]);
  });

  test('one dead instrument does not silence the others on the bus', async () => {
    const { device, bus, pty, rig, clock } = await connected();
    await bus.stop();
    const rest = emulator({ rig, clock }, { path: pty.instrument, instruments: [FLOW] });
    await rest.start();
    cleanups.push(() => rest.stop());
    for (let i = 0; i < 4; i++) {
      const frame = await device.read();
      expect(frame.values[0]).toBeNaN();
      expect(frame.values[1]).toBe(400);
    }
    expect(device.state).toBe('ready');
  });

  test('a pty removed is noticed, and the device comes back with it', async () => {
    const { device, bus, pty, clock } = await connected();
    const states: string[] = [];
    device.onState(state => states.push(state));
    await bus.stop();
    const cut_s = clock.now_s();
    await pty.cut();
    await vi.waitUntil(
      async () => {
        const frame = await device.read();
        expect([...frame.quality]).toEqual([QUALITY.bad, QUALITY.bad]);
        return device.state === 'lost';
      },
      { timeout: 20_000, interval: 10 },
    );
    expect(clock.now_s() - cut_s).toBeLessThan(2);
    await expect(device.write('cathodePressureSet_barg', 5)).rejects.toMatchObject({ code: 'closed' });

    await pty.mend();
    await bus.start();
    const back = await vi.waitUntil(() => usable(device), { timeout: 20_000, interval: 20 });
    expect([...back.values]).toEqual([12.5, 400]);
    expect(states).toEqual(expect.arrayContaining(['lost', 'ready']));
    expect(device.state).toBe('ready');
  });
});

test('the link matches sequence and node, whatever else comes first', async () => {
  const pty = await serialLine();
  const peer = new SerialPort({ path: pty.instrument, baudRate: 38400, autoOpen: false });
  const asked: string[] = [];
  peer.on('data', (bytes: Buffer) => asked.push(bytes.toString('hex')));
  await new Promise<void>((resolve, reject) => peer.open(error => (error ? reject(error) : resolve())));
  cleanups.push(() => new Promise(resolve => peer.close(resolve)));
  const arrived = (text: string) =>
    vi.waitUntil(() => asked.join('') === text, { timeout: 20_000, interval: 2 });
  const answer = (hex: string) => peer.write(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

  let sequence = 0;
  const link = proparLink({
    path: pty.host,
    baud: 38400,
    clock: realClock(),
    nextSequence: () => ++sequence,
  });
  await link.open();
  cleanups.push(() => link.close());
  const measure = (node: number) =>
    link.send({ kind: 'read', node, parameters: [PROPAR_PARAMETERS.measure] });

  // First question: given up by the line above, its answer comes after the second question was sent.
  void measure(3).catch(() => {});
  await arrived('1002010305040120012010' + '03');
  asked.length = 0;
  const second = measure(4);
  await arrived('1002020405040120012010' + '03');
  answer('10 02 01 03 05 02 01 20 00 01 10 03'); // late: sequence 1
  answer('FF 10 02 07 10 02 02 04 05 02 01 20 3E 80 10 03'); // rubbish, then sequence 2 of node 4
  await expect(second).resolves.toEqual([16000]);

  const third = measure(3);
  answer('10 02 03 04 05 02 01 20 3E 80 10 03'); // right sequence, wrong node
  await expect(third).rejects.toMatchObject({ code: 'garbled' });
});
