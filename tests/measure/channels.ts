import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { cellbench, type Ended, ROOT, scratchFolder } from '../stories/support/program.ts';

/**
 * One bench with many cell channels, as a user has it: `npm run measure:channels -- [--channels 64] [--wires 8]`. Its
 * campaign is checked, and rehearsed twice: the same results. Then so many of the channels run at once on emulated wires, in
 * one process, for a minute: how many ticks came too late. Last line: JSON.
 */

const { values } = parseArgs({
  options: { channels: { type: 'string', default: '64' }, wires: { type: 'string', default: '8' } },
});
const [channels, wires] = [values.channels, values.wires].map(Number);
const EXAMPLE = join(ROOT, 'examples/eight-cells');
const METHOD = `method: short
version: 2
returns: { charge_Ah: discharge.charge_Ah }
steps:
- { set: { chamber.temperature_degC: 25 } }
- { cc: { current_C: -1/2 }, id: discharge, for_min: 20 }
- { rest: {}, for_min: 2 }
`;
const BEGIN = '2026-03-02T16:00Z';

/** What a machine needs that is busy with the instruments, too: answers may take longer before anything trips. */
function patient(text: string): string {
  return text
    .replace('version: 1\n', 'version: 1\nguard: { timeout_s: 10 }\n')
    .replaceAll('watchdog: { timeout_s: 5 }', 'watchdog: { timeout_s: 20 }')
    .replace(/( +)stale_after_s: 3/g, '$1stale_after_s: 12\n$1reply_s: 4');
}

/** The bench of eight cells with so many of them, and a campaign with a run on each. */
function campaignOf(dir: string, count: number): string {
  mkdirSync(dir);
  const text = patient(readFileSync(join(EXAMPLE, 'bench.yaml'), 'utf8'));
  const [from, second, behind] = ['  cell1:\n', '  cell2:\n', '# Which number of cell.mode'].map(piece =>
    text.indexOf(piece),
  );
  const one = text.slice(from, second);
  const nodes = readFileSync(join(EXAMPLE, 'channel-1-nodes.yaml'), 'utf8');
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  const subjects = numbers.map(n =>
    one.replace('cell1:', `cell${n}:`).replace('no. 1', `no. ${n}`).replace('channel-1-', `channel-${n}-`),
  );
  writeFileSync(join(dir, 'bench.yaml'), `${text.slice(0, from)}${subjects.join('')}\n${text.slice(behind)}`);
  for (const n of numbers)
    writeFileSync(join(dir, `channel-${n}-nodes.yaml`), nodes.replaceAll('"Channel1"', `"Channel${n}"`));
  cpSync(join(EXAMPLE, 'chamber-nodes.yaml'), join(dir, 'chamber-nodes.yaml'));
  writeFileSync(join(dir, 'short.yaml'), METHOD);
  const runs = numbers.map(n => `- { run: r${n}, method: short.yaml, subject: cell${n} }`).join('\n');
  const path = join(dir, 'campaign.yaml');
  writeFileSync(path, `campaign: many\nversion: 1\nbench: bench.yaml\nzone: UTC\nruns:\n${runs}\n`);
  return path;
}

async function ran(...args: readonly string[]): Promise<Ended> {
  const ended = await cellbench('campaign', ...args);
  if (ended.code !== 0)
    throw new Error(`campaign ${args.join(' ')}: ${ended.code}\n${ended.stderr}${ended.stdout}`);
  return ended;
}

const rehearsed = z.looseObject({
  runs: z.array(z.looseObject({ run: z.string(), state: z.string(), beginUtc: z.string() })),
});
const sampled = z.looseObject({
  sampling: z.record(z.string(), z.looseObject({ frames: z.number(), missedTicks: z.number() })),
});

/** Readings of a run and ticks that came too late for one, by its last checkpoint. */
function ticksOf(run: string): { readonly frames: number; readonly missed: number } {
  const db = new DatabaseSync(join(run, 'run.sqlite'), { readOnly: true });
  try {
    const row = db.prepare('SELECT state FROM checkpoints ORDER BY rowid DESC LIMIT 1').get();
    const counts = Object.values(sampled.parse(JSON.parse(String(row?.['state']))).sampling);
    return counts.reduce(
      (sum, { frames, missedTicks }) => ({ frames: sum.frames + frames, missed: sum.missed + missedTicks }),
      { frames: 0, missed: 0 },
    );
  } finally {
    db.close();
  }
}

const scratch = scratchFolder();
try {
  const many = campaignOf(join(scratch.path, 'many'), channels);
  const check = await ran('check', many);
  console.log(`check: ${check.wall_s.toFixed(1)} s`);
  const rehearse = (out: string): Promise<Ended> =>
    ran('rehearse', many, '--begin', BEGIN, '--json', '--out', join(scratch.path, out));
  const first = await rehearse('first');
  console.log(`rehearse: ${first.wall_s.toFixed(1)} s`);
  const second = await rehearse('second');
  const { runs } = rehearsed.parse(JSON.parse(first.stdout));
  const again = rehearsed.parse(JSON.parse(second.stdout));
  const unlike = runs.filter((one, i) => JSON.stringify(one) !== JSON.stringify(again.runs[i]));
  for (const one of unlike) console.log(`UNLIKE: ${JSON.stringify(one)}`);
  const atOnce = runs.filter(({ beginUtc }) => beginUtc === runs[0].beginUtc).length;

  const wired = campaignOf(join(scratch.path, 'wired'), wires);
  const out = join(scratch.path, 'out');
  const wire = await ran('start', wired, '--wire', '--minutes', '1', '--operator', 'measure', '--out', out);
  const ticks = Array.from({ length: wires }, (_, i) => ticksOf(join(out, `r${i + 1}`)));
  const frames = ticks.reduce((sum, one) => sum + one.frames, 0);
  const missed = ticks.reduce((sum, one) => sum + one.missed, 0);
  console.log(
    JSON.stringify({
      channels,
      check_s: Number(check.wall_s.toFixed(1)),
      rehearse_s: Number(first.wall_s.toFixed(1)),
      completed: runs.filter(({ state }) => state === 'completed').length,
      at_once: atOnce,
      unlike: unlike.length,
      wires,
      wire_s: Number(wire.wall_s.toFixed(1)),
      frames,
      missed,
      missed_frac: Number((missed / (frames + missed)).toFixed(4)),
    }),
  );
} finally {
  scratch.remove();
}
