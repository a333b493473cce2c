import { parentPort } from 'node:worker_threads';
import { realClock } from '../../contract/clock.ts';
import { DeviceError, messageOf } from '../../contract/errors.ts';
import { letOthersGoFirst } from '../../contract/thread-priority.ts';
import type { Link } from '../../contract/transport.ts';
import type { FromThread, ThreadError, ToThread } from './link.ts';
import type { OpcuaAnswer, OpcuaRequest } from './request.ts';
import { opcuaSessionLink, prepareOpcuaLibrary } from './session.ts';

/** The thread's side of `link.ts`: real sessions, one per link number. */

const port = parentPort;
if (port === null) throw new Error('opcua/thread.ts runs as a worker thread only');

letOthersGoFirst();

const clock = realClock();
/** `beat`: the count for the request that is being sent; counted by the asking side, over all links of a device. */
const links = new Map<number, { readonly link: Link<OpcuaRequest, OpcuaAnswer>; beat: number }>();

const say = (message: FromThread): void => port.postMessage(message);

function packed(error: unknown): ThreadError {
  if (error instanceof DeviceError) return { code: error.code, where: error.where, message: error.message };
  return { code: 'closed', where: 'OPC UA', message: messageOf(error) };
}

async function answer(message: ToThread): Promise<OpcuaAnswer | undefined> {
  if (message.to === 'prepare') {
    await prepareOpcuaLibrary();
    return undefined;
  }
  if (message.to === 'open') {
    const number = message.link;
    const entry: { link: Link<OpcuaRequest, OpcuaAnswer>; beat: number } = {
      beat: 0,
      link: opcuaSessionLink({ ...message.options, clock, nextHeartbeat: () => entry.beat }),
    };
    links.set(number, entry);
    entry.link.onLost(error => {
      links.delete(number);
      // What is left of it (its client, its timers) goes too; nobody will ask for that.
      void entry.link.close();
      say({ from: 'lost', link: number, error: packed(error) });
    });
    await entry.link.open();
    return undefined;
  }
  const entry = links.get(message.link);
  if (message.to === 'close') {
    links.delete(message.link);
    await entry?.link.close();
    return undefined;
  }
  if (entry === undefined) throw new DeviceError('closed', 'OPC UA', 'not open');
  entry.beat = message.beat;
  return entry.link.send(message.request);
}

port.on('message', (message: ToThread) => {
  answer(message).then(
    reply => say({ from: 'done', id: message.id, ...(reply === undefined ? {} : { answer: reply }) }),
    (error: unknown) => say({ from: 'failed', id: message.id, error: packed(error) }),
  );
});
