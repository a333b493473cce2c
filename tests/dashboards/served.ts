import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type DashboardServer, serveDashboard } from '../../dashboards/server.ts';
import { type FakeRun, fakeRun } from './fake-view.ts';

/** What the server under test serves; made anew for each test of the file that imports this. */
export let run: FakeRun;
export let server: DashboardServer;
/** Stands for the built page: one small index.html. */
export let pageDir: string;

beforeAll(() => {
  pageDir = mkdtempSync(join(tmpdir(), 'cellbench-dist-'));
  writeFileSync(join(pageDir, 'index.html'), '<!doctype html><title>page</title>');
});
afterAll(() => rmSync(pageDir, { recursive: true }));
beforeEach(async () => {
  run = fakeRun();
  server = await serveDashboard(run.view, { port: 0, pageDir });
});
afterEach(() => server.close());

/** fetch() does not let us lie about Host and Origin; a hostile page's browser does send them so. */
export function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const sending = request({ host: '127.0.0.1', port: server.port, path, method, headers }, reply => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk: string) => {
        text += chunk;
      });
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text }));
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

/** Sends a body as the page does; a text goes as it is. */
export function command(body: unknown, headers: Record<string, string> = {}) {
  return ask('/api/command', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** One message of the live connection: a whole snapshot, or a sign of life. */
export interface LiveMessage {
  readonly snapshot?: { readonly run: { readonly time_s: number } };
  readonly alive?: boolean;
}

/** A live connection that has got its first message; `messages` grows with each one. */
export function openLive(): Promise<{ socket: WebSocket; messages: LiveMessage[] }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/live`);
    const messages: LiveMessage[] = [];
    socket.onmessage = event => {
      messages.push(JSON.parse(String(event.data)));
      resolve({ socket, messages });
    };
    socket.onerror = () => reject(new Error('the live connection was refused'));
  });
}

/** What the server answers to the upgrade of a WebSocket: 101 is a yes. */
export function upgradeStatus(headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request({
      host: '127.0.0.1',
      port: server.port,
      path: '/live',
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    });
    asking.on('upgrade', (_reply, socket) => {
      socket.destroy();
      resolve(101);
    });
    asking.on('response', reply => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    });
    asking.on('error', reject);
    asking.end();
  });
}
