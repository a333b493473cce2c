import { createConnection } from 'node:net';
import type { Clock } from '../contract/clock.ts';
import { DeviceError, plainReason } from '../contract/errors.ts';

/** The whole conversation must be over by then. */
const LIMIT_s = 3;

/**
 * One short conversation in text lines over TCP: sends each line, waits for an answer where it ends in `?`,
 * closes. For the few things an instrument offers only as SCPI text beside its Modbus registers.
 * Resolves with the answers in order; rejects with `closed`, `timeout` after 3 s in all, or `cancelled` by the signal.
 */
export function askScpi(
  clock: Clock,
  address: { readonly host: string; readonly port: number },
  lines: readonly string[],
  signal?: AbortSignal,
): Promise<string[]> {
  const where = `scpi://${address.host}:${address.port}`;
  return new Promise((resolve, reject) => {
    const answers: string[] = [];
    const wanted = lines.filter(line => line.endsWith('?')).length;
    let next = 0;
    let received = '';
    if (signal?.aborted) return reject(new DeviceError('cancelled', where, 'closed by us'));
    const socket = createConnection({ ...address, noDelay: true });
    const finish = (error?: DeviceError): void => {
      cancel();
      signal?.removeEventListener('abort', onAbort);
      socket.destroy();
      if (error === undefined) resolve(answers);
      else reject(error);
    };
    const onAbort = (): void => finish(new DeviceError('cancelled', where, 'closed by us'));
    signal?.addEventListener('abort', onAbort, { once: true });
    const cancel = clock.schedule(LIMIT_s, () =>
      finish(
        new DeviceError('timeout', where, `no answer to ${lines[Math.max(0, next - 1)]} within ${LIMIT_s} s`),
      ),
    );
    /** Up to and including the next question: an answer is awaited before anything else is asked. */
    const sendOn = (): void => {
      while (next < lines.length) {
        const line = lines[next++];
        socket.write(`${line}\n`);
        if (line.endsWith('?')) return;
      }
      if (answers.length === wanted) finish();
    };
    socket.on('connect', sendOn);
    socket.on('error', error => finish(new DeviceError('closed', where, plainReason(error), error)));
    socket.on('close', () => finish(new DeviceError('closed', where, 'connection closed by the instrument')));
    socket.on('data', data => {
      received += data.toString('latin1');
      for (let end = received.indexOf('\n'); end >= 0; end = received.indexOf('\n')) {
        answers.push(received.slice(0, end).trim());
        received = received.slice(end + 1);
        sendOn();
      }
    });
  });
}
