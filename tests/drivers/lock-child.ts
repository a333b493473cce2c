import { messageOf } from '../../drivers/contract/errors.ts';
import { lockInstruments } from '../../drivers/instrument-lock.ts';

/** Waits for "go", tries to lock, says what came of it, holds on until "end". */
const [space, name, ...endpoints] = process.argv.slice(2);
process.on('message', async word => {
  if (word === 'end') process.exit(0);
  if (word === 'die') process.kill(process.pid, 'SIGKILL');
  if (word === 'stand still') process.kill(process.pid, 'SIGSTOP');
  try {
    const named = Object.fromEntries(endpoints.map((endpoint, i) => [`device${i}`, endpoint]));
    await lockInstruments(named, { bench: name, utc_ms: 0, space });
    process.send?.('got it');
  } catch (error) {
    process.send?.(messageOf(error));
  }
});
process.send?.('ready');
