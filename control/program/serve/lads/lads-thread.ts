import { parentPort, workerData } from 'node:worker_threads';
import { realClock } from '../../../../drivers/contract/clock.ts';
import { messageOf } from '../../../../drivers/contract/errors.ts';
import { DoorLine } from './door-line.ts';
import type { FromThread, ViewStart } from './line.ts';
import { openServer } from './server.ts';

/** The thread of the OPC UA view. */
if (parentPort === null) throw new Error('lads-thread.ts runs as a worker thread only');
const port = parentPort;
const start = workerData as ViewStart;
const say = (message: FromThread): void => port.postMessage(message);
let isClosing = false;
const door = new DoorLine(port, start.state, () => {
  isClosing = true;
  void end();
});
let close = async (): Promise<void> => {};

async function end(): Promise<void> {
  await close().catch(() => {});
  port.close();
}

try {
  const server = await openServer(door, start, realClock());
  close = server.close;
  if (isClosing) await end();
  else say({ type: 'open', endpoint: server.endpoint, port: server.port });
} catch (error) {
  say({ type: 'failed', reason: messageOf(error) });
  port.close();
}
