import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { type EditReply, sent } from './edit-messages.ts';
import { type EditOrder, readEdit } from './read-edit.ts';

/** Reads an edited method beside the run: the control ticks go on meanwhile. */

const port = parentPort;
if (port === null) throw new Error('edit-thread.ts runs as a worker thread only');

function reply(): EditReply {
  try {
    return { edit: sent(readEdit(workerData as EditOrder)) };
  } catch (error) {
    return { refused: messageOf(error) };
  }
}

port.postMessage(reply());
