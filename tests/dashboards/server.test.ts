import type { Server } from 'node:net';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TrendWindow } from '../../control/view.ts';
import { serveDashboard } from '../../dashboards/server.ts';
import { ask, openLive, pageDir, run, server } from './served.ts';

describe('where it listens', () => {
  it('answers on 127.0.0.1 and on no other address of this machine', async () => {
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    expect((await ask('/')).text).toContain('<title>page</title>');
    const others = Object.values(networkInterfaces())
      .flatMap(addresses => addresses ?? [])
      .filter(address => address.family === 'IPv4' && !address.internal)
      .map(address => address.address);
    for (const host of [...others, '127.0.0.2']) {
      await expect(tryConnect(host, server.port), host).resolves.toBe('refused');
    }
  });

  it('takes the next free port and says which', async () => {
    const second = await serveDashboard(run.view, { port: server.port, pageDir });
    try {
      expect(second.port).toBeGreaterThan(server.port);
      expect((await fetch(`${second.url}/api/snapshot`)).status).toBe(200);
    } finally {
      await second.close();
    }
  });

  it('passes over a port that another program holds', async () => {
    const holder = createServer();
    const held = await listen(holder);
    const passed = await serveDashboard(run.view, { port: held, pageDir });
    expect(passed.port).toBeGreaterThan(held);
    await passed.close();
    await new Promise(resolve => holder.close(resolve));
  });

  it('says what is missing when the page is not built', async () => {
    const missing = join(pageDir, 'nowhere');
    await expect(serveDashboard(run.view, { port: 0, pageDir: missing })).rejects.toThrow(
      `dashboard: cannot read the page in ${missing}; expected the output of vite build`,
    );
  });

  it('lets the port go when closed, live connections included', async () => {
    const { socket } = await openLive();
    const closed = new Promise(resolve => {
      socket.onclose = resolve;
    });
    await server.close();
    await closed;
    await expect(tryConnect('127.0.0.1', server.port)).resolves.toBe('refused');
    expect(run.listeners()).toBe(0);
  });
});

describe('what it gives', () => {
  it('hands out snapshot, trend list and history', async () => {
    expect(JSON.parse((await ask('/api/snapshot')).text).run.time_s).toBe(600);
    const trends = JSON.parse((await ask('/api/trends')).text);
    expect(trends.roles).toContain('stack.current_A');
    expect(trends.limits).toEqual([
      {
        id: 'h2-in-o2-trip',
        role: 'o2.h2_vol_pct',
        label: 'trip 2.0',
        value: 2,
        trips: '>',
        reaction: 'trip',
      },
    ]);
    const history = JSON.parse((await ask('/api/history?role=stack.current_A')).text);
    expect(history.t_s).toHaveLength(601);
    expect(history.value[310]).toBeNull();
  });

  it.each([
    ['/api/history', 400, 'history: role: '],
    ['/api/history?role=stack.current_A&x=1', 400, 'history: Unrecognized key: "x"'],
    [
      '/api/history?role=no.such_A',
      404,
      'history: no trend of "no.such_A"; expected one of stack.current_A,',
    ],
    ['/api/window', 400, 'window: roles: '],
    ['/api/window?roles=stack.current_A&from_s=0&to_s=a&columns=100', 400, 'window: to_s: '],
    [
      '/api/window?roles=stack.current_A&from_s=9&to_s=9&columns=100',
      400,
      'window: to_s: expected a time behind from_s',
    ],
    ['/api/window?roles=stack.current_A&from_s=0&to_s=9&columns=1000000', 400, 'window: columns: '],
    [
      `/api/window?roles=${Array.from({ length: 65 }, (_, i) => `r${i}`).join(',')}&from_s=0&to_s=9&columns=99`,
      400,
      'window: roles: expected 64 names at most, with commas between',
    ],
    [
      '/api/window?roles=stack.current_A,no.such_A&from_s=0&to_s=9&columns=100',
      404,
      'window: no trend of "no.such_A"',
    ],
    ['/api/marks?from_s=0', 400, 'marks: to_s: '],
    ['/api/alarms?which=old', 400, 'alarms: which: '],
    ['/api/alarms?most=501', 400, 'alarms: most: '],
    ['/api/alarms?before=x', 400, 'alarms: before: '],
    ['/api/alarms?run=no-such', 404, 'alarms: no run "no-such"'],
    ['/api/readings.csv?from_s=0&to_s=9', 400, 'readings: device: '],
    ['/api/readings.csv?device=supply&from_s=9&to_s=0', 400, 'readings: to_s: expected from_s or later'],
    ['/api/readings.csv?device=nobody&from_s=0&to_s=9', 404, 'readings: no readings of "nobody"'],
    ['/../package.json', 404, 'nothing at'],
    ['/%2e%2e/%2e%2e/package.json', 404, 'nothing at'],
    ['/report', 404, 'There is no report yet: it is written when the run has ended.'],
  ])('%s: %i with one sentence', async (path, status, sentence) => {
    const reply = await ask(path);
    expect(reply.status).toBe(status);
    expect(JSON.parse(reply.text).error).toContain(sentence);
  });

  it('gives windows of the record, and says where it cannot', async () => {
    const path = '/api/window?roles=stack.current_A,stack.voltage_V&from_s=10&to_s=70&columns=30';
    const windows = JSON.parse((await ask(path)).text) as TrendWindow[];
    expect(run.windowsAsked).toEqual([
      { roles: ['stack.current_A', 'stack.voltage_V'], from_s: 10, to_s: 70, columns: 30 },
    ]);
    expect(windows.map(({ role, bucket_s, t_s }) => [role, bucket_s, t_s[0], t_s.at(-1)])).toEqual([
      ['stack.current_A', 2, 10, 70],
      ['stack.voltage_V', 2, 10, 70],
    ]);
    expect([windows[1].min[0], windows[1].last[0], windows[1].max[0]]).toEqual(
      [-5, 0, 5].map(by => 230 + 10 * Math.sin(10 / 9) + by),
    );
    run.lose();
    const later = await ask(path);
    expect([later.status, JSON.parse(later.text).error]).toEqual([503, 'window: the record is being closed']);
  });

  it('gives all readings of a stretch as a file that says whose it is', async () => {
    const path = '/api/readings.csv?device=supply&from_s=10&to_s=12';
    const { status, headers, text } = await ask(path);
    expect([status, text]).toEqual([200, 't_s,current_A\r\n10,100\r\n11,100\r\n12,100\r\n']);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect(headers['content-disposition']).toBe(
      'attachment; filename="test-bench_cell-b_run-1_night_SIMULATED_supply_0h00m10s_0h00m12s.csv"',
    );
    run.lose();
    const later = await ask(path);
    expect([later.status, JSON.parse(later.text).error]).toEqual([
      503,
      'readings: the record is being closed',
    ]);
  });

  it('gives the phases and alarms of a stretch', async () => {
    expect(JSON.parse((await ask('/api/marks?from_s=200&to_s=500')).text)).toEqual([
      { t_s: 240, kind: 'phase', name: 'wind' },
      { t_s: 420, kind: 'alarm', name: 'h2-in-o2-warn', reaction: 'warn' },
    ]);
  });

  it('gives the report once it exists, and lets no script run in it', async () => {
    run.finish('<!doctype html><title>report</title>');
    const reply = await ask('/report');
    expect(reply.text).toBe('<!doctype html><title>report</title>');
    expect(reply.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'unsafe-inline'/,
    );
  });

  it('allows the page nothing but its own origin', async () => {
    const { headers } = await ask('/');
    expect(headers['content-security-policy']).toMatch(/^default-src 'self';/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});

function tryConnect(host: string, port: number): Promise<'connected' | 'refused'> {
  return new Promise(resolve => {
    const socket = connect({ host, port });
    socket.on('connect', () => {
      socket.destroy();
      resolve('connected');
    });
    socket.on('error', () => resolve('refused'));
  });
}

function listen(holder: Server): Promise<number> {
  return new Promise(resolve => {
    holder.listen(0, '127.0.0.1', () => resolve((holder.address() as { port: number }).port));
  });
}
