import { parseArgs } from 'node:util';
import { measureFlood } from './alarm-flood.ts';

/** `npm run measure:alarms -- --minutes 10`: a thousand alarms a second beside quiet. Last line: JSON. */

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes ${values.minutes}: expected a number > 0`);
const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
measureFlood(Math.min(1, minutes), () => performance.now() * 1000, heap);
console.log(JSON.stringify(measureFlood(minutes, () => performance.now() * 1000, heap)));
