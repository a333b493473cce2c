import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { type LiveMessage, openLive, run, server } from './served.ts';

describe('live', () => {
  it('sends the snapshot at once and each change after it', async () => {
    const { socket, messages } = await openLive();
    expect(messages[0]?.snapshot?.run.time_s).toBe(600);
    run.tick();
    await vi.waitFor(() => expect(newest_s(messages)).toBe(601), { timeout: 20_000 });
    socket.close();
  });

  it('sends at most ten a second, and the last state always arrives', async () => {
    const { socket, messages } = await openLive();
    const start_ms = performance.now();
    while (performance.now() - start_ms < 500) {
      run.tick();
      await new Promise(resolve => setImmediate(resolve));
    }
    const last_s = run.view.snapshot().run.time_s;
    await vi.waitFor(() => expect(newest_s(messages)).toBe(last_s), { timeout: 20_000 });
    const length_ms = performance.now() - start_ms;
    expect(last_s).toBeGreaterThan(700);
    expect(messages.length).toBeLessThanOrEqual(Math.ceil(length_ms / 100) + 2);
    socket.close();
  });

  it('sends nothing when told of a change that changed nothing', async () => {
    const { socket, messages } = await openLive();
    run.tellOnly();
    run.tick();
    await vi.waitFor(() => expect(newest_s(messages)).toBe(601), { timeout: 20_000 });
    expect(messages.filter(message => message.snapshot !== undefined)).toHaveLength(2);
    socket.close();
  });

  it('gives a sign of life while nothing changes', async () => {
    const { socket, messages } = await openLive();
    await vi.waitFor(() => expect(messages.at(-1)).toEqual({ alive: true }), { timeout: 20_000 });
    socket.close();
  });

  it('does nothing while nobody looks', async () => {
    run.tick();
    expect(run.listeners()).toBe(0);
    const { socket } = await openLive();
    expect(run.listeners()).toBe(1);
    socket.close();
    await vi.waitFor(() => expect(run.listeners()).toBe(0), { timeout: 20_000 });
    const made = run.snapshots();
    run.tick();
    expect(run.snapshots()).toBe(made);
  });

  it('passes over a client that does not read: nothing piles up for it, the others go on', async () => {
    const megabyte = 1e6;
    run.pad(2 * megabyte);
    const deaf = await deafClient(server.port);
    const { socket, messages } = await openLive();
    for (let i = 1; i <= 15; i++) {
      run.tick();
      await vi.waitFor(() => expect(newest_s(messages)).toBe(600 + i), { timeout: 20_000 });
    }
    socket.close();
    let received = 0;
    let tail = '';
    deaf.on('data', (chunk: Buffer) => {
      received += chunk.length;
      tail = (tail + chunk.toString('latin1')).slice(-100);
    });
    deaf.resume();
    // The next sign of life brings it up to date; what it missed was never kept. The kernel's own buffers
    // hold some megabytes of the first messages (tcp_rmem, tcp_wmem).
    await vi.waitFor(() => expect(tail).toContain('{"alive":true}'), { timeout: 30_000 });
    expect(received).toBeGreaterThan(2 * megabyte);
    expect(received).toBeLessThan(20 * megabyte);
    deaf.destroy();
  }, 30_000);
});

/** Run time of the newest snapshot; signs of life may come after it. */
function newest_s(messages: readonly LiveMessage[]): number | undefined {
  return messages.findLast(message => message.snapshot !== undefined)?.snapshot?.run.time_s;
}

/** A WebSocket client by hand that upgrades and then never reads again. */
function deafClient(port: number): Promise<ReturnType<typeof connect>> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', reject);
    socket.once('data', () => {
      socket.pause();
      resolve(socket);
    });
    socket.write(
      `GET /live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
  });
}
