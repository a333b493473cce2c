import { parseArgs } from 'node:util';
import { brooks, mks, xc2 } from './byte-frames.ts';
import { seedWith, seen, WrongError } from './chance.ts';
import { methodScriptPackage, modbusReply, opcua, propar, registers, scpiAnswer } from './codecs.ts';
import { cti, macNet } from './cyclers.ts';
import * as emulators from './emulators.ts';
import * as instruments from './instruments.ts';
import { scpiLine, script, serverFrames } from './parsers.ts';

/**
 * Random and mutated frames through every codec of the drivers and every parser of the emulators:
 * `npm run fuzz:frames -- --n 1000000 --seed 1`. Last line: JSON. A crash is any error but those that the codec declares; a
 * hang more than `HANG_MS` for one frame; wrong is a damaged frame whose value is accepted as good, or a set value out of
 * range that an emulator takes. Exit code 1 where anything was found.
 */

const { values: asked } = parseArgs({
  options: { n: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
const n = Number(asked.n);
const seed = Number(asked.seed);
if (!(Number.isInteger(n) && n > 0 && Number.isInteger(seed)))
  throw new Error(`--n ${asked.n} --seed ${asked.seed}: expected whole numbers`);

const HANG_MS = 500;
seedWith(seed);

const CODECS = {
  scpiAnswer,
  methodScriptPackage,
  modbusReply,
  registers,
  propar,
  opcua,
  xc2,
  brooks,
  mks,
  macNet,
  cti,
  serverFrames,
  scpiLine,
  script,
  ...instruments,
  ...emulators,
};
const NAMES = Object.keys(CODECS) as (keyof typeof CODECS)[];
const frames: Record<string, number> = Object.fromEntries(NAMES.map(name => [name, 0]));
const found = { crashes: [] as string[], wrong: [] as string[], hangs: [] as string[] };
for (let i = 0; i < n; i++) {
  const name = NAMES[i % NAMES.length];
  frames[name]++;
  const begin_ms = performance.now();
  try {
    CODECS[name]();
  } catch (error) {
    if (error instanceof WrongError) found.wrong.push(`${name}: ${error.message}`);
    else found.crashes.push(`${name}: ${error instanceof Error ? error.stack : String(error)}`);
  }
  const took_ms = performance.now() - begin_ms;
  if (took_ms > HANG_MS) found.hangs.push(`${name}: ${took_ms.toFixed(0)} ms`);
  if ((i + 1) % 100_000 === 0) console.error(`${i + 1} of ${n}`);
}
for (const text of Object.values(found).flatMap(list => list.slice(0, 8))) console.error(text.slice(0, 600));
const counts = { crashes: found.crashes.length, wrong: found.wrong.length, hangs: found.hangs.length };
console.log(JSON.stringify({ n, seed, ...seen, ...counts, frames }));
process.exitCode = counts.crashes + counts.wrong + counts.hangs === 0 ? 0 : 1;
