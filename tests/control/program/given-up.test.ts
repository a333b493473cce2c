import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { realClock } from '../../../drivers/contract/clock.ts';

/** A signal that comes while the bench is being connected: nobody answers there, so that it takes its time. */

const ROOT = new URL('../../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'cellbench-given-up-'));
const sockets: Socket[] = [];
const silent: Server[] = [];
let bench = '';

/** A server that takes connections and says nothing. */
async function silentPort(): Promise<number> {
  const server = createServer(socket => sockets.push(socket.on('error', () => {})));
  silent.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  const example = join(ROOT, 'examples/pem-500kw');
  cpSync(example, folder, { recursive: true });
  const file = parse(readFileSync(join(example, 'bench.yaml'), 'utf8')) as {
    devices: Record<string, { options: Record<string, unknown> }>;
  };
  const { supply, rack, gas, plc } = file.devices;
  Object.assign(supply.options, { host: '127.0.0.1', port: await silentPort() });
  rack.options = { host: '127.0.0.1', port: await silentPort(), map: 'cell-rack.yaml' };
  Object.assign(gas.options, { path: join(folder, 'no-such-line') });
  Object.assign(plc.options, { endpoint: `opc.tcp://127.0.0.1:${await silentPort()}` });
  bench = join(folder, 'bench.yaml');
  writeFileSync(bench, stringify(file));
});

afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of silent) server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a signal while the bench is being connected', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s: not started, nothing left behind',
    async signal => {
      const out = join(folder, signal);
      const args = ['--real', '--bench', bench, '--method', join(folder, 'night.yaml'), '--out', out];
      const { NODE_OPTIONS: _options, ...env } = process.env;
      const child = spawn(process.execPath, [join(ROOT, 'control/program/main.ts'), ...args], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      for (const pipe of [child.stdout, child.stderr])
        pipe.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
      const ended = new Promise<number | null>(resolve => child.once('close', code => resolve(code)));
      const clock = realClock();
      while (!existsSync(join(out, 'run.sqlite')) && child.exitCode === null) await clock.sleep(0.02);
      child.kill(signal);
      expect(await ended, said).toBe(3);
      expect(said).toMatch(/not started, closing the bench/);
      expect(existsSync(out)).toBe(false);
    },
    60_000,
  );
});
