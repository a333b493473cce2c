import { createConnection } from 'node:net';
import { expect, it } from 'vitest';
import { encode, sumOf } from '../../../drivers/arbin/messages.ts';
import { arbinBench } from './bench.ts';

/** The emulated server asked as another client does: for all channels at once (protocol: -1). */

it('all channels are answered one by one', async () => {
  const bench = await arbinBench();
  const socket = createConnection({ host: '127.0.0.1', port: bench.arbin.port });
  let heard = Buffer.alloc(0);
  socket.on('data', bytes => {
    heard = Buffer.concat([heard, bytes]);
  });
  socket.write(encode({ cmd: 'login', user: 'admin', password: '' }, 0));
  await expect.poll(() => heard.length).toBe(8678);
  const all = encode({ cmd: 'info' }, 0);
  all.writeInt16LE(-1, 20);
  all.writeUInt16LE(sumOf(all.subarray(0, -2)), all.length - 2);
  socket.write(all);
  await expect.poll(() => heard.length).toBe(8678 + 16 * 1779);
  const channels = Array.from({ length: 16 }, (_, n) => heard.readInt32LE(8678 + n * 1779 + 24));
  expect(channels).toEqual(Array.from({ length: 16 }, (_, n) => n));
  socket.destroy();
  await bench.end();
});
