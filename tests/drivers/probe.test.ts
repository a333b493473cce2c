import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../drivers/contract/clock.ts';
import { ownDriver } from '../../drivers/probe/identities.ts';
import { identificationOf, MBAP, RTU, readHolding } from '../../drivers/probe/modbus-questions.ts';
import { NO_QUESTION } from '../../drivers/probe/not-asked.ts';
import { type ProbeReport, probe } from '../../drivers/probe/probe.ts';
import { driverIds } from '../../drivers/registry.ts';
import type { TextAddress } from '../../drivers/transport/text/wire.ts';
import { bronkhorstPropar } from '../../sim/device/bronkhorst-propar.ts';
import { eaPsb10000 } from '../../sim/device/ea/psb-10000.ts';
import type { Emulator } from '../../sim/device/faults.ts';
import { modbusRack } from '../../sim/device/modbus-rack.ts';
import { scpiSupply } from '../../sim/device/scpi/supply.ts';
import { tcpListener } from '../../sim/device/tcp-listener.ts';
import { bath } from '../../sim/device/thermal/bath.ts';
import { THERMAL_DIALECTS } from '../../sim/device/thermal/dialects.ts';
import { thermalInstrument } from '../../sim/device/thermal/instrument.ts';
import { openPtyPair } from '../../sim/pty.ts';
import { bareRig } from './ea/bare-rig.ts';

/** Drivers that some question of the probe may find. */
const REACHED = [
  'bronkhorst/propar',
  'ea/psb-10000',
  'generic/impedance-json',
  'generic/modbus-map',
  'generic/scpi',
  'generic/thermal',
  'keithley/source-meter',
  'keysight/data-logger',
  'maccor/macnet',
  'opcua/lads',
  'opcua/plc',
];

it('every driver is asked for, or stands among those that are not, with the reason', () => {
  const without = NO_QUESTION.map(({ what }) => what.replace('driver ', ''));
  expect([...REACHED, ...without].sort()).toEqual([...driverIds].sort());
});

const clock = realClock();
const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
const ask = (address: TextAddress): Promise<ProbeReport> =>
  probe(address, clock, { within_s: 0.3, units: [1, 0] });
const up = async <T extends Emulator>(emulator: T): Promise<T> => {
  await emulator.start();
  ends.push(() => emulator.end());
  return emulator;
};
async function cable() {
  const folder = mkdtempSync(join(tmpdir(), 'probe-'));
  const pty = await openPtyPair(folder, 'line');
  ends.push(async () => {
    await pty.unplug();
    rmSync(folder, { recursive: true });
  });
  const at = { path: pty.bench, baud: 38400, dataBits: 8, parity: 'none', stopBits: 1 } as const;
  return { pty, at };
}
const plate = {
  voltageNominal_V: 400,
  currentNominal_A: 60,
  powerNominal_W: 15000,
  model: 'N8757A',
  serial: '0042',
};

describe('probe', () => {
  it('a supply that speaks SCPI: who it is, which families fit, and nothing but questions', async () => {
    const supply = await up(scpiSupply({ rig: bareRig(), clock }, { dialect: 'keysight', plate }));
    const { found, asked, notAsked } = await ask({ host: '127.0.0.1', port: supply.port });
    expect(found).toHaveLength(1);
    expect(found[0].says).toBe('Keysight Technologies,N8757A,0042,C.00.08');
    expect(found[0].fits.map(fit => fit.options['family'])).toEqual(['keysight-n5700', 'keysight-n6700']);
    expect(asked).toEqual(['*IDN?']);
    expect(notAsked.find(({ what }) => what.startsWith('Modbus unit 1'))?.why).toBe('SCPI answered before');
    expect(notAsked.find(({ what }) => what.startsWith('ProPar'))?.why).toMatch(/on a serial line/);
    expect(supply.heard).toEqual(['*IDN?']);
  });

  it.each([
    ['KEITHLEY INSTRUMENTS', 'MODEL 2450', 'keithley/source-meter', '2450'],
    ['HEWLETT-PACKARD', '34970A', 'keysight/data-logger', '34970A'],
    ['Keysight Technologies', 'DAQ970A', 'keysight/data-logger', 'DAQ970A'],
  ])('%s %s has a driver of its own', (maker, model, driver, told) => {
    const own = ownDriver(maker, model, '0042');
    expect(own).toMatchObject({ driver, options: { model: told, serial: '0042' }, isAlone: true });
  });

  it('a supply that is called by its address', async () => {
    const { pty, at } = await cable();
    await up(scpiSupply({ rig: bareRig(), clock }, { dialect: 'genesys', plate, path: pty.instrument }));
    const { found } = await ask(at);
    expect(found[0].fits.map(fit => fit.options['family'])).toEqual(['tdk-genesys']);
  });

  it.each([
    ['huber', { serial: '1A2B' }],
    ['huber-lai', { model: 'EMULATED-CC-K6' }],
    ['julabo', { model: 'JULABO EMULATED-F25 VERSION 1.0' }],
    ['lauda', { model: 'EMULATED-RP245' }],
    ['simserv', { model: 'EMULATED-VC3' }],
  ])('a bath or chamber of %s: who it is, and nothing but questions', async (family, told) => {
    const dialect = THERMAL_DIALECTS[family];
    const one = bath({ clock }, [0, 100]);
    const before = [one.setpoint, one.running];
    const plate = dialect.plate;
    const { port, heard } = await up(thermalInstrument({ rig: bareRig(), clock }, one, dialect, { plate }));
    const { found } = await probe({ host: '127.0.0.1', port }, clock, { within_s: 0.03, units: [1] });
    expect(found).toMatchObject([
      {
        speaks: `text of ${family}`,
        fits: [{ driver: 'generic/thermal', options: { host: '127.0.0.1', port, family, ...told } }],
      },
    ]);
    expect([one.setpoint, one.running]).toEqual(before);
    expect(heard.filter(line => /^(OUT_|START|STOP|1[14]001)/.test(line))).toEqual([]);
  });

  it.each([
    ['its own port', 'PSB 10360-2400', 'psb-10000'],
    ['its own port', 'ELR 10080-1000', 'elr-10000'],
    ['Modbus TCP', 'PSB 10360-2400', 'psb-10000'],
    ['Modbus TCP', 'PSI 9080-510', 'psi-9000'],
  ])('an EA supply at %s (%s), among units that do not say what they are', async (at, type, series) => {
    const ratings = { ...plate, type };
    const supply = await up(eaPsb10000({ rig: bareRig(), clock }, { ratings, modbusTcpPort: 0 }));
    const port = at === 'Modbus TCP' ? (supply.modbusTcpPort ?? 0) : supply.port;
    const { found } = await ask({ host: '127.0.0.1', port });
    expect(found.at(-1)?.says).toContain(type);
    const own = at === 'Modbus TCP' ? { modbusTcpPort: port } : { port, serial: plate.serial };
    expect(found.at(-1)?.fits[0]).toEqual({
      driver: 'ea/psb-10000',
      options: { host: '127.0.0.1', series, model: type, ...own },
    });
    expect(supply.state.remote).toBe(false);
  });

  it('a Modbus unit that has no identity that we know', async () => {
    const rig = bareRig();
    const { pty, at } = await cable();
    await up(
      modbusRack(
        { rig, clock },
        {
          units: [{ mapFile: 'examples/pem-500kw/cell-rack.yaml', roles: {} }],
          path: pty.instrument,
          baud: 38400,
        },
      ),
    );
    const { found } = await ask(at);
    expect(found).toMatchObject([{ speaks: 'Modbus', fits: [{ driver: 'generic/modbus-map' }] }]);
  });

  it('a Bronkhorst instrument', async () => {
    const { pty, at } = await cable();
    const instrument = { node: 3, capacity: 40, unit: 'bar(g)', type: 'P-702CV', serial: 'M1' };
    await up(
      bronkhorstPropar({ rig: bareRig(), clock }, { path: pty.instrument, instruments: [instrument] }),
    );
    const { found } = await ask(at);
    expect(found).toMatchObject([
      {
        speaks: 'ProPar',
        says: 'P-702CV no. M1, 100 % is 40 bar(g), node 128',
        fits: [{ driver: 'bronkhorst/propar' }],
      },
    ]);
  });

  it('an instrument that only returns noise is nobody', async () => {
    const noise = tcpListener(0, socket =>
      socket.on('data', () => socket.write(Buffer.from([0xff, 0x00, 0x81]))),
    );
    await noise.start();
    ends.push(() => noise.stop());
    expect((await ask({ host: '127.0.0.1', port: noise.port })).found).toEqual([]);
  });

  it('nobody there', async () => {
    const free = createServer();
    const port = await new Promise<number>(resolve =>
      free.listen(0, '127.0.0.1', () => resolve((free.address() as { port: number }).port)),
    );
    await new Promise<void>(resolve => free.close(() => resolve()));
    expect((await ask({ host: '127.0.0.1', port })).trouble).toContain('nobody answers there');
  });
});

describe('Modbus identity frames', () => {
  it('function 43/14 (V1.1b3, 6.21: the example of the specification)', () => {
    // Company identification, product code XX, version V2.11.
    const objects = [0x00, 0x16, ...Buffer.from('Company identification'), 0x01, 0x02, ...Buffer.from('XX')];
    const pdu = Uint8Array.from([
      0x2b,
      0x0e,
      0x01,
      0x01,
      0x00,
      0x00,
      0x03,
      ...objects,
      0x02,
      0x05,
      ...Buffer.from('V2.11'),
    ]);
    expect(identificationOf(pdu)).toEqual({
      maker: 'Company identification',
      product: 'XX',
      version: 'V2.11',
    });
    expect(identificationOf(pdu.slice(0, 5))).toBeUndefined();
  });

  it.each([
    ['TCP', MBAP],
    ['RTU', RTU],
  ] as const)('%s: what is wrapped comes out, of no other unit, never damaged', (_, framing) => {
    const text = framing.wrap(5, readHolding(1, 20));
    expect([...(framing.unwrap(5, text) ?? [])]).toEqual([3, 0, 1, 0, 20]);
    expect(framing.unwrap(6, text)).toBeUndefined();
    expect(framing.unwrap(5, text.slice(0, -1))).toBeUndefined();
  });

  it('RTU has the checksum of the serial line guide', () => {
    // MODBUS over Serial Line V1.02: 02 07 -> 41 12.
    expect(Buffer.from(RTU.wrap(2, [7]), 'latin1').toString('hex')).toBe('02074112');
  });
});
