import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadDriversOf } from '../../control/program/commands/devices/own-drivers.ts';

/** A driver of a lab's own, as drivers/README.md shows it, beside a bench file that names it. */

const main = new URL('../../control/program/main.ts', import.meta.url).pathname;

function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', chunk => {
    out += String(chunk);
  });
  child.stderr.on('data', chunk => {
    err += String(chunk);
  });
  return new Promise(resolve => child.on('close', code => resolve({ code, out, err })));
}

const folder = mkdtempSync(join(tmpdir(), 'own-driver-'));
afterAll(() => rmSync(folder, { recursive: true }));

const page = readFileSync('drivers/README.md', 'utf8');
const [driver, emulator] = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(match => match[1]);
writeFileSync(join(folder, 'acme-ps80.ts'), driver);
writeFileSync(join(folder, 'acme-ps80.emulator.ts'), emulator);

/** The bench file in a folder of its own or beside the driver of the page. */
function bench(drivers: string, name = 'bench.yaml'): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    `bench: own-supply
version: 1
cell: { name: any, chemistry: any, capacity_Ah: 5, currentMax_A: 10, voltageMin_V: 2.5, voltageMax_V: 4.2 }
twin: { plant: spme, set: chen2020 }
drivers: [${drivers}]
devices:
  supply:
    driver: acme/ps-80
    poll_s: 0.2
    stale_after_s: 3
    watchdog: { timeout_s: 5 }
    options: { host: 127.0.0.1, voltageNominal_V: 80, currentNominal_A: 60 }
roles: { cell.voltage_V: supply.voltage_V, cell.current_A: supply.current_A, cell.output_on: supply.output_on, cell.currentSet_A: supply.currentSet_A, cell.voltageSet_V: supply.voltageSet_V, cell.outputSet_on: supply.outputSet_on }
limits: { cell.currentSet_A: { min: 0, max: 5 }, cell.voltageSet_V: { min: 2.5, max: 4.2 }, cell.outputSet_on: { min: 0, max: 1 } }
interlocks:
  - { id: high, kind: threshold, role: cell.voltage_V, trips: '>', limit: 4.25, delay_s: 0, reaction: trip, basis: default }
  - { id: low, kind: threshold, role: cell.voltage_V, trips: '<', limit: 2.4, delay_s: 0, reaction: trip, basis: default }
  - { id: current, kind: threshold, role: cell.current_A, trips: '>', limit: 6, delay_s: 0, reaction: trip, basis: default }
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
}

const METHOD = `method: rest
version: 2
steps:
  - { rest: {}, for_min: 1 }
`;

describe('a driver beside its bench file', () => {
  it('has no more than 40 lines on the page', () => {
    expect(driver.trim().split('\n').length).toBeLessThanOrEqual(40);
  });

  it('is checked, on its own emulator', async () => {
    const { code, out, err } = await run(
      'check',
      bench('./acme-ps80.ts'),
      '--wire',
      '--seconds',
      '0.5',
      '--json',
    );
    expect(err).toBe('');
    const { devices } = JSON.parse(out) as {
      devices: { driver: string; identity: string; channels: { name: string; bad: number }[] }[];
    };
    expect(devices[0]).toMatchObject({ driver: 'acme/ps-80', identity: 'as the bench file says' });
    expect(devices[0].channels.map(({ name }) => name)).toContain('mode_count');
    expect(devices[0].channels.every(({ bad }) => bad === 0)).toBe(true);
    expect(code).toBe(0);
  });

  it('runs a rehearsal, and the record has the hash of its file', async () => {
    const method = join(folder, 'rest.yaml');
    writeFileSync(method, METHOD);
    const { code, err } = await run('rehearse', bench('./acme-ps80.ts'), method);
    expect(err).toBe('');
    // 1: the twin has nothing for its mode and its housing, and says so.
    expect(code).toBe(1);
    const [night] = readdirSync(join(folder, 'runs'));
    const result = JSON.parse(readFileSync(join(folder, 'runs', night, 'result.json'), 'utf8')) as {
      inputs: { what: string; path: string; sha256: string }[];
    };
    expect(result.inputs.find(({ path }) => path.endsWith('acme-ps80.ts'))).toMatchObject({
      what: 'data',
      sha256: createHash('sha256').update(driver).digest('hex'),
    });
  });

  it('is listed with the others', async () => {
    const { out } = await run('devices', './acme-ps80.ts', '--json');
    const { devices } = JSON.parse(out) as { devices: { driver: string; emulated: boolean }[] };
    expect(devices.at(-1)).toMatchObject({ driver: 'acme/ps-80', emulated: true });
  });
});

describe('a driver whose value never returns', () => {
  it('ends the command that looks at it, and says why', async () => {
    // Waits for nothing, as a loop without an end does, and costs no processor.
    const stuck =
      "value: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0).length, ask: 'MEAS:TEMP?'";
    writeFileSync(
      join(folder, 'stuck.ts'),
      driver.replace('acme/ps-80', 'acme/stuck').replace("ask: 'MEAS:TEMP?'", stuck),
    );
    writeFileSync(join(folder, 'stuck.emulator.ts'), emulator);
    const path = bench('./stuck.ts', 'stuck.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('driver: acme/ps-80', 'driver: acme/stuck'));
    const { code, err } = await run('check', path, '--wire', '--seconds', '0.5', '--json');
    expect(err).toMatch(
      /cellbench check: the program has stood still for 10 s and is ended: a driver's own code/,
    );
    expect(code).not.toBe(0);
  }, 60_000);
});

describe('a driver file that is none is one message with the line of the bench file', () => {
  it.each([
    ['missing.ts', undefined, /no such file/],
    ['list.yaml', 'a: 1', /expected a file \*\.ts or \*\.js/],
    ['empty.ts', 'export const a = 1;', /has no default export/],
    ['number.ts', 'export default 1;', /no driver, expected export default defineDriver/],
    [
      'throws.ts',
      'const a = 1;\nthrow new Error("out of " + a);',
      /fails as it is loaded: out of 1 \(line 2\)/,
    ],
    [
      'exits.ts',
      'process.exit(0);',
      /ends the program as it is loaded \(process\.exit\), expected .* \(line 1\)/,
    ],
    [
      'quits.ts',
      "import { exit } from 'node:process';\ntry {\n  exit();\n} catch {}\nexport default {};",
      /ends the program as it is loaded/,
    ],
    [
      'waits.ts',
      'await new Promise(() => {});\nexport default 1;',
      /waits at its top level \(await\), expected/,
    ],
    ['broken.ts', 'export default {', /fails as it is loaded/],
    ['taken.ts', driver.replace('acme/ps-80', 'generic/scpi'), /generic\/scpi is a driver of the program/],
    ['twin.ts', driver, /acme\/ps-80 is the driver of .*acme-ps80\.ts already/],
    [
      'slip.ts',
      driver.replace('safe: 0, basis', 'save: 0, basis'),
      /slip\.ts: acme\/ps-80: sets\[0\]\.save: unknown key "save" \(did you mean "safe"\?\)(?!.*\(line)/,
    ],
    [
      'unrated.ts',
      driver.replace("rated: 'current'", "rated: 'currant'"),
      /reads\[1\]\.rated: found "currant", expected one of voltageNominal_V/,
    ],
  ])('%s', (name, text, words) => {
    if (text !== undefined) writeFileSync(join(folder, name), text);
    const path = bench(`./acme-ps80.ts, ./${name}`, `${name}.bench.yaml`);
    const load = (): unknown => loadDriversOf(path);
    expect(load).toThrow(words);
    expect(load).toThrow(`${name}.bench.yaml:5: drivers[1]: `);
  });
});
