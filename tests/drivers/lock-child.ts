import { messageOf } from '../../drivers/contract/errors.ts';
import { lockInstruments } from '../../drivers/instrument-lock.ts';

/** Waits for "go", tries to lock, says what came of it, holds on until "end". */
const [folder, name, ...endpoints] = process.argv.slice(2);
process.on('message', word => {
  if (word === 'end') process.exit(0);
  if (word === 'die') process.kill(process.pid, 'SIGKILL');
  try {
    const named = Object.fromEntries(endpoints.map((endpoint, i) => [`device${i}`, endpoint]));
    lockInstruments(named, { bench: name, utc_ms: 0, folder });
    process.send?.('got it');
  } catch (error) {
    process.send?.(messageOf(error));
  }
});
process.send?.('ready');
