import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { opcuaSessionLink } from '../../../drivers/transport/opcua/session.ts';

/** What is said where no OPC UA server answers: in words, without the library's sockets and timers. */

let stop = (): void => {};
afterEach(() => stop());

/** Something on a port that is no OPC UA server; `answer`: what it does with whoever connects. */
async function portOf(answer: 'hang up' | 'another protocol' | 'nobody'): Promise<number> {
  const server = createServer(socket => {
    // Whoever is hung up on may reset the line.
    socket.on('error', () => {});
    if (answer === 'hang up') socket.destroy();
    else socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  stop = () => server.close();
  if (answer === 'nobody') {
    server.close();
    await once(server, 'close');
  }
  return port;
}

describe('an OPC UA server that is none', () => {
  it.for([
    ['nobody', 'nobody answers there (connection refused)'],
    ['hang up', 'something listens there, but does not answer as an OPC UA server'],
    ['another protocol', 'something listens there, but does not answer as an OPC UA server'],
  ] as const)('%s', async ([answer, words]) => {
    const endpoint = `opc.tcp://127.0.0.1:${await portOf(answer)}`;
    const link = opcuaSessionLink({
      endpoint,
      namespaceUri: 'urn:none',
      writable: [],
      clock: realClock(),
      nextHeartbeat: () => 1,
    });
    await expect(link.open()).rejects.toMatchObject({ code: 'closed', message: `${endpoint}: ${words}` });
  });
});
