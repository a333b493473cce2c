import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock, VirtualClock } from '../../../drivers/contract/clock.ts';
import { askScpi } from '../../../drivers/transport/scpi-tcp.ts';

const clock = realClock();
let server: Server;
let received: string[];

/** An instrument that answers questions from a table, in pieces of one byte if asked to. */
async function instrument(answers: Readonly<Record<string, string>>, inPieces = false): Promise<number> {
  received = [];
  server = createServer((socket: Socket) => {
    socket.setNoDelay();
    socket.on('error', () => {});
    let text = '';
    socket.on('data', data => {
      text += data.toString();
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 1);
        received.push(line);
        if (line === 'BYE?') socket.destroy();
        const answer = answers[line];
        if (answer === undefined) continue;
        for (const piece of inPieces ? [...`${answer}\n`] : [`${answer}\n`]) socket.write(piece);
      }
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

afterEach(() => new Promise<void>(resolve => server.close(() => resolve())));

describe('one conversation', () => {
  it.each([false, true])('sends in order, waits for each answer (in pieces: %s)', async inPieces => {
    const port = await instrument({ 'A?': '1', 'B?': 'ON' }, inPieces);
    expect(await askScpi(clock, { host: '127.0.0.1', port }, ['SET 1', 'A?', 'SET 2', 'B?'])).toEqual([
      '1',
      'ON',
    ]);
    expect(received).toEqual(['SET 1', 'A?', 'SET 2', 'B?']);
  });

  it('a closed connection is `closed`', async () => {
    const port = await instrument({});
    const asked = askScpi(clock, { host: '127.0.0.1', port }, ['BYE?']);
    await expect(asked).rejects.toMatchObject({ code: 'closed' });
  });

  it('silence is `timeout` and names the question', async () => {
    const port = await instrument({});
    const virtual = new VirtualClock({ utcStart_ms: 0 });
    const asked = askScpi(virtual, { host: '127.0.0.1', port }, ['SET 1', 'A?']).catch(error => error);
    while (!received.includes('A?')) await clock.sleep(0.005);
    expect(await virtual.runUntil(asked)).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('A?'),
    });
    expect(virtual.now_s()).toBe(3);
  });
});
