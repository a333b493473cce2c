import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { driverIds } from '../../drivers/registry.ts';

/** The commands about instruments, as a person types them: one emulated supply, looked at in every way. */

const main = new URL('../../control/program/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'device-commands-'));

function begin(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = begin(args);
  let [out, err] = ['', ''];
  child.stdout?.on('data', chunk => {
    out += String(chunk);
  });
  child.stderr?.on('data', chunk => {
    err += String(chunk);
  });
  return new Promise(resolve => child.on('close', code => resolve({ code, out, err })));
}

interface Emulated {
  readonly devices: Record<string, { driver: string; options: Record<string, unknown>; roles: object }>;
}
let supply: ChildProcess;
let address = '';
const plate = ['family=itech-m3900', 'model=EMULATED-80-120', 'voltageNominal_V=80', 'currentNominal_A=120'];
const set = plate.flatMap(text => ['--set', text]);

beforeAll(async () => {
  supply = begin(['emulate', 'itech-m3900', '--json']);
  const line = await new Promise<string>((resolve, reject) => {
    supply.stdout?.once('data', chunk => resolve(String(chunk)));
    supply.once('exit', code => reject(new Error(`emulate ended with ${code}`)));
  });
  const { driver, options } = (JSON.parse(line) as Emulated).devices['device'];
  expect(driver).toBe('generic/scpi');
  address = `${options['host']}:${options['port']}`;
});
afterAll(async () => {
  const ended = new Promise<number | null>(resolve => supply.once('exit', resolve));
  supply.kill('SIGTERM');
  expect(await ended).toBe(0);
  rmSync(folder, { recursive: true });
});

describe('on an emulated supply', () => {
  it('probe says who it is and which driver fits', async () => {
    const { code, out } = await run('probe', address, '--json');
    expect(code).toBe(0);
    const { found } = JSON.parse(out) as { found: { fits: { driver: string; options: object }[] }[] };
    const [host, port] = address.split(':');
    expect(found[0].fits).toEqual([
      {
        driver: 'generic/scpi',
        options: {
          host,
          port: Number(port),
          family: 'itech-m3900',
          model: 'EMULATED-80-120',
          serial: 'EMULATOR-1',
        },
      },
    ]);
  });

  it('watch shows every channel with its quality, and refuses another instrument', async () => {
    const good = await run(
      ...['watch', address, '--driver', 'generic/scpi', ...set],
      ...['--polls', '2', '--every', '0.1', '--json'],
    );
    expect(good.err).toBe('');
    expect(good.code).toBe(0);
    const frames = good.out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { channels: object });
    expect(frames).toHaveLength(2);
    expect(frames[1].channels).toMatchObject({
      voltage_V: { unit: 'V', quality: 'good' },
      output_on: { value: 0, quality: 'good' },
    });
    const bare = await run('watch', address, '--driver', 'generic/scpi');
    expect(bare.code).toBe(2);
    expect(bare.err).toMatch(/^cellbench: generic\/scpi: .*missing key "family"/);
    const other = await run('watch', address, '--driver', 'generic/scpi', ...set, '--set', 'model=ANOTHER');
    expect(other.code).toBe(2);
    expect(other.err).toContain('expected the model "ANOTHER"');
  });

  it('check says what was seen and what a person must do; a device that is not there ends it with 2', async () => {
    const [host, port] = address.split(':');
    const bench = (at: number): string => {
      const path = join(folder, `bench-${at}.yaml`);
      const options = `host: ${host}, port: ${at}, family: itech-m3900, model: EMULATED-80-120`;
      writeFileSync(
        path,
        `bench: one-supply
version: 1
cell: { name: any, chemistry: any, capacity_Ah: 5, currentMax_A: 10, voltageMin_V: 2.5, voltageMax_V: 4.2 }
twin: { plant: spme, set: chen2020 }
devices:
  supply:
    driver: generic/scpi
    poll_s: 0.2
    stale_after_s: 3
    watchdog: { timeout_s: 5 }
    options: { ${options}, voltageNominal_V: 80, currentNominal_A: 120 }
roles: { cell.voltage_V: supply.voltage_V, cell.current_A: supply.current_A, cell.output_on: supply.output_on, cell.currentSet_A: supply.currentSet_A, cell.outputSet_on: supply.outputSet_on }
limits: { cell.currentSet_A: { min: 0, max: 5 }, cell.outputSet_on: { min: 0, max: 1 } }
interlocks:
  - { id: high, kind: threshold, role: cell.voltage_V, trips: '>', limit: 4.25, delay_s: 0, reaction: trip, basis: default }
  - { id: low, kind: threshold, role: cell.voltage_V, trips: '<', limit: 2.4, delay_s: 0, reaction: trip, basis: default }
  - { id: current, kind: threshold, role: cell.current_A, trips: '>', limit: 6, delay_s: 0, reaction: trip, basis: default }
preStart: { mayFail: { open-lead: nothing is connected to this supply } }
safeState:
  steps:
    - { device: supply, within_s: 0.5, otherwise: pull the fuse }
  proof:
    - { role: cell.output_on, is: '<', limit: 0.5, within_s: 1, otherwise: pull the fuse }
    - { role: cell.current_A, is: '<', limit: 0.2, within_s: 1, otherwise: pull the fuse }
    - { role: cell.current_A, is: '>', limit: -0.2, within_s: 1, otherwise: pull the fuse }
`,
      );
      return path;
    };
    const [there, gone] = await Promise.all([
      run('check', bench(Number(port)), '--seconds', '0.5', '--json'),
      run('check', bench(1), '--seconds', '0.5'),
    ]);
    expect(there.err).toBe('');
    const report = JSON.parse(there.out) as {
      devices: { identity: string; channels: { name: string; n: number; bad: number; zero?: number }[] }[];
      findings: { text: string }[];
      toDo: string[];
    };
    expect(report.devices[0].identity).toBe('as the bench file says');
    const current = report.devices[0].channels.find(c => c.name === 'current_A');
    expect(current?.n).toBeGreaterThan(1);
    expect(Math.abs(current?.zero ?? Number.NaN)).toBeLessThan(0.3);
    expect(report.findings).toEqual([]);
    expect(report.toDo.join()).toContain('pull the fuse');
    expect(there.code).toBe(0);
    expect(gone.code).toBe(2);
    expect(gone.out).toContain('nobody answers there');
    const method = join(folder, 'wrong.yaml');
    writeFileSync(method, 'method: wrong\nversion: 2\nsteps:\n- { nonsense: 1 }\n');
    const wrong = await run('check', bench(Number(port)), method, '--seconds', '0.5');
    expect(wrong.out).toContain('wrong.yaml:4');
    expect(wrong.code).toBe(2);
  });
});

describe('without an instrument', () => {
  it('devices lists every driver', async () => {
    const { code, out } = await run('devices', '--json');
    const { devices } = JSON.parse(out) as { devices: { driver: string }[] };
    expect(devices.map(one => one.driver)).toEqual(driverIds);
    expect(code).toBe(0);
  });

  it.each(['neware/bts-8', 'maccor/macnet', 'arbin/cti'])(
    'emulate %s stands on a cell as it is',
    async id => {
      const child = begin(['emulate', id, '--json']);
      const ended = new Promise<number | null>(resolve => child.once('exit', resolve));
      const line = await Promise.race([
        new Promise<string>(resolve => child.stdout?.once('data', chunk => resolve(String(chunk)))),
        ended.then(code => `{"code":${code}}`),
      ]);
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
      expect((JSON.parse(line) as Emulated).devices['device'].roles).toMatchObject({
        voltage_V: 'cell.voltage_V',
      });
    },
  );

  it.each(['devices', 'emulate'])(
    '%s ends by itself where a driver never ends as it is loaded',
    async command => {
      const path = join(folder, 'endless.ts');
      writeFileSync(path, 'for (;;) {}\n');
      const { code, err } = await run(command, path);
      expect(err).toMatch(new RegExp(`cellbench ${command}: the program has stood still for 10 s`));
      expect(code).not.toBe(0);
    },
  );

  it.each([
    [['emulate', 'nobody/knows'], /no emulator for driver nobody\/knows/],
    [
      ['emulate', 'itech-m3900', '--fault', 'silense'],
      /--fault silense: expected .* \(did you mean silence\?\)/,
    ],
    [['emulate', 'keysight-n5700', '--tcp', '5025', '--pty', 'x'], /--tcp and --pty exclude each other/],
    [['emulate', 'keysight-n5700', '--pty', '/no/such/line'], /--pty \/no\/such\/line: there is no folder/],
    [['emulate', 'neware/bts-8', '--plant', 'pem'], /pem: is a stack, neware\/bts-8 stands on a cell/],
    [['watch', '127.0.0.1:9'], /--driver is missing, expected --driver ID/],
    [
      ['watch', '127.0.0.1:9', '--driver', 'generic/scpi', '--set', 'family=itech-m390'],
      /family: .*\(did you mean itech-m3900\?/,
    ],
    [['trust', 'foo'], /ENDPOINT foo: expected opc\.tcp:\/\/host:port/],
    [['probe', 'tcp://::1:5025'], /stands in brackets, expected tcp:\/\/\[::1\]:5025/],
    [['probe', tmpdir()], /is a folder, expected a serial port/],
    [['probe', 'nonsense'], /ADDRESS nonsense: expected host:port/],
    [['probe', '127.0.0.1:9', '--unit', '1,300'], /--unit.*expected units 0\.\.255/],
    [['watch', 'opc.tcp://lab:hunter2@host', '--driver', 'opcua/plc'], /^(?!.*hunter2).*lab:\*\*\*@host/],
  ])('%j is refused with 2', async (args, words) => {
    const { code, err } = await run(...args);
    expect(err).toMatch(words);
    expect(code).toBe(2);
  });
});
