import { isMainThread, parentPort } from 'node:worker_threads';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { realClock } from '../../drivers/contract/clock.ts';
import { endThread, startThread, whole } from '../../drivers/contract/code/threads.ts';

/** A process that starts threads which do nothing but unpack, and ends each of them a moment later. Says how many it has ended. */

const MANY = 150;

if (isMainThread) {
  const clock = realClock();
  for (let n = 0; n < MANY; n++) {
    const thread = startThread(new URL(import.meta.url));
    thread.on('error', () => {});
    await new Promise(resolve => thread.once('message', resolve));
    await clock.sleep((n % 10) / 1000);
    await endThread(thread);
  }
  console.log(MANY);
} else {
  const packed = zstdCompressSync(Buffer.alloc(2000, 'abc'));
  parentPort?.postMessage('begun');
  for (;;) whole(() => zstdDecompressSync(packed));
}
