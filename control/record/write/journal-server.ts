import type { MessagePort } from 'node:worker_threads';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { JournalFile } from '../file/journal-file.ts';
import { buffersOf, type FrameBatch, type JournalMessage, type JournalReply } from '../journal-messages.ts';

/**
 * Serves a journal's messages, one reply each, in their order. After a batch that could not be written no later one is
 * written before it: the order of rows in the file is that in which they were recorded.
 */
export function serveJournal(port: MessagePort, before: (file: JournalFile) => void = () => {}): void {
  let file: JournalFile | undefined;
  let next = 0;

  function obey(message: JournalMessage): void {
    if (message.type === 'open') {
      const { path, tables, meta, ...options } = message;
      file = new JournalFile(path, tables, meta, options);
      return;
    }
    if (file === undefined) throw new Error('not open');
    if (message.type === 'close') {
      file.close(message.end);
      file = undefined;
      return;
    }
    if (message.n !== next) throw new Error(`batch ${message.n} waits for batch ${next}`);
    before(file);
    file.write(message);
    next++;
  }

  port.on('message', (message: JournalMessage) => {
    const frames: readonly FrameBatch[] = message.type === 'batch' ? message.frames : [];
    let reply: JournalReply = { type: 'done', frames };
    try {
      obey(message);
    } catch (error) {
      reply = { type: 'failed', message: `journal: ${messageOf(error)}`, frames };
    }
    port.postMessage(reply, buffersOf(frames));
  });
}
