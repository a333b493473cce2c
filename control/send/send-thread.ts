import { parentPort, threadId, workerData } from 'node:worker_threads';
import { realClock } from '../../drivers/contract/clock.ts';
import { seededRandom } from '../../drivers/contract/random.ts';
import { letOthersGoFirst } from '../../drivers/contract/thread-priority.ts';
import { httpPost } from './post.ts';
import type { SendMessage, SendReply, SendStart } from './send-messages.ts';
import { Sender } from './sender.ts';
import { SendingFile } from './sending-file.ts';

/** Sends the journal of a run to its sinks, in a thread of its own, behind everybody who cannot wait. */

const STATUS_S = 1;

if (parentPort === null) throw new Error('send-thread.ts runs as a worker thread only');
const port = parentPort;
letOthersGoFirst();
const { journal, file: path, targets } = workerData as SendStart;
const clock = realClock();
const file = new SendingFile(path);
const senders = targets.map(
  (target, place) =>
    new Sender({
      target,
      journal,
      file,
      clock,
      // Chance only spreads the benches: process and thread make it another one each.
      random: seededRandom(process.pid * 64 + threadId * 8 + place),
      post: httpPost(target, clock),
    }),
);
let round = new AbortController();
let running = startAll();

function startAll(): Promise<unknown> {
  return Promise.all(senders.map(sender => sender.run(round.signal)));
}

const say = (reply: SendReply): void => port.postMessage(reply);
const sinks = () => senders.map(sender => sender.status());
const heap_MB = (): number => process.memoryUsage().heapUsed / 2 ** 20;
let isHeld = false;
const cancel = clock.every(STATUS_S, () => {
  if (!isHeld) say({ type: 'status', sinks: sinks(), heap_MB: heap_MB() });
});

async function finish(): Promise<void> {
  await running;
  cancel();
  say({ type: 'finished', sinks: sinks() });
  file.close();
  port.close();
}

port.on('message', ({ type }: SendMessage) => {
  switch (type) {
    case 'hold':
      // A request under way may have arrived: its rows are sent again, which is harmless.
      isHeld = true;
      round.abort();
      void running.then(() => say({ type: 'held' }));
      break;
    case 'ended':
      isHeld = false;
      round = new AbortController();
      for (const sender of senders) sender.ended();
      running = startAll();
      void finish();
      break;
    case 'stop':
      round.abort();
      if (isHeld) void finish();
  }
});
