import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { fastClock } from '../hand-clock.ts';
import { type NewareBench, newareBench, PLACE } from './bench.ts';

/** What goes wrong between a Neware server and its driver, on the wire. */

let bench: NewareBench;
beforeEach(async () => {
  bench = await newareBench();
});
afterEach(() => bench.end());

describe('identity', () => {
  it.each([
    ['another device', { ...PLACE, devid: 22 }],
    ['another kind', { ...PLACE, devtype: 28 }],
    ['a unit that is not there', { ...PLACE, subdevid: 3 }],
    ['a channel that is not there', { ...PLACE, chlid: 9 }],
  ])('%s is refused, and nothing is ordered', async (_, channel) => {
    const other = bench.other({ channel });
    await expect(other.connect()).rejects.toMatchObject({ code: 'identity' });
    expect(other.state).toBe('closed');
    expect(bench.bts.heard).toEqual(['connect', 'getdevinfo']);
  });
});

describe('the wire', () => {
  it('NaN, out of range, unknown keys, and switching on never reach it', async () => {
    await bench.device.connect();
    const before = bench.bts.heard.length;
    for (const value of [Number.NaN, Infinity, -1, 2])
      await expect(bench.device.write('outputSet_on', value)).rejects.toMatchObject({ code: 'range' });
    await expect(bench.device.write('nothing_V', 0)).rejects.toMatchObject({ code: 'config' });
    await expect(bench.device.write('outputSet_on', 1)).rejects.toMatchObject({ code: 'refused' });
    expect(bench.bts.heard).toHaveLength(before);
  });

  it.each([
    ['silent', { silence: true }, /no answer|line|without an answer/],
    ['garbled', { corrupt: true }, /no answer of a BTS server/],
  ] as const)('%s: the frame is bad with its reason', async (_, fault, reason) => {
    await bench.device.connect();
    Object.assign(bench.bts.faults, fault);
    const frame = await bench.device.read();
    expect(Math.min(...frame.quality)).toBe(QUALITY.bad);
    expect(frame.values.every(Number.isNaN)).toBe(true);
    expect(frame.reason).toMatch(reason);
  });

  it('a late answer is not taken for that of a newer question; readings come good again', async () => {
    await bench.device.connect();
    await bench.program.load({ name: 'not-there.xml' });
    bench.bts.faults.delay_ms = 600;
    const late = await bench.device.read();
    expect(Math.min(...late.quality)).toBe(QUALITY.bad);
    bench.bts.faults.delay_ms = 0;
    await expect
      .poll(async () => Math.max(...(await bench.device.read()).quality), { timeout: 20_000 })
      .toBe(QUALITY.good);
  });
});

/** Answers of a BTS 8.0 as aurora-neware recorded them (`tests/mocks.py`). */
const RECORDED: Readonly<Record<string, string>> = {
  connect:
    '<?xml version="1.0" encoding="UTF-8"?>\r\n<bts version="1.0">\r\n  <cmd>connect_resp</cmd>\r\n  <result>ok</result>\r\n</bts>',
  getdevinfo:
    '<?xml version="1.0" encoding="UTF-8"?>\r\n<bts version="1.0">\r\n  <cmd>getdevinfo_resp</cmd>\r\n  <middle count="2">\r\n    <channel ip="127.0.0.1" devtype="27" devid="21" subdevid="1" Channelid="1">true</channel>\r\n    <channel ip="127.0.0.1" devtype="27" devid="21" subdevid="1" Channelid="2">false</channel>\r\n</middle>\r\n</bts>',
  inquire:
    '<?xml version="1.0" encoding="UTF-8"?>\r\n<bts version="1.0">\r\n  <cmd>inquire_resp</cmd>\r\n  <list count="1">\r\n    <inquire dev="27-21-1-2-0" cycle_id="44" step_id="4" step_type="dc" workstatus="working" barcode="251203_kigr_gen17_02" current="-0.0003" voltage="4.6947" capacity="0.001" energy="0.0047" totaltime="3189199.3" relativetime="12319" open_or_close="0" log_code="102000" />\r\n  </list>\r\n</bts>',
};

describe('answers of a real server', () => {
  let server: Server;
  afterEach(() => server.close());

  it('are read as they were recorded; those of another channel are not', async () => {
    const heard: string[] = [];
    server = createServer(socket => {
      socket.on('data', data => {
        const cmd = /<cmd>(\w+)<\/cmd>/.exec(data.toString())?.[1] ?? '';
        heard.push(data.toString());
        socket.write(`${RECORDED[cmd] ?? ''}\n\n#\r\n`);
      });
      socket.on('error', () => {});
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const driver = findDriver('neware/bts-8');
    const channel = { ip: '127.0.0.1', devtype: 27, devid: 21, subdevid: 1, chlid: 2 };
    const opened = (chlid: number) =>
      driver.open(
        'cycler',
        driver.options.parse({
          host: '127.0.0.1',
          port,
          channel: { ...channel, chlid },
          currentMax_A: 0.01,
          voltageMax_V: 5,
        }),
        { clock: fastClock(realClock(), 8), baseDir: '.' },
      );
    const device = opened(2);
    await device.connect();
    const frame = await device.read();
    await device.close();
    expect([...frame.values]).toEqual([4.6947, -0.0003, 0.001, 0.0047, 3189199.3, 12319, 44, 4, 2, 1, 1]);
    expect(heard[0]).toBe(
      '<?xml version="1.0" encoding="UTF-8" ?><bts version="1.0"><cmd>connect</cmd><username>admin</username><password>neware</password><type>bfgs</type></bts>\n\n#\r\n',
    );
    const other = opened(1);
    await other.connect();
    const wrong = await other.read();
    await other.close();
    expect(Math.min(...wrong.quality)).toBe(QUALITY.bad);
  });
});
