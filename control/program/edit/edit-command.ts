import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { z } from 'zod';
import { findingsText, restText } from '../../../dashboards/terminal/rehearsal.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { sha256Of } from '../../../drivers/contract/sha256.ts';
import { carried } from '../../../profiles/language/edited/carried.ts';
import { openRunSource, type RunSource } from '../../exchange/recorded-run.ts';
import { recordedEdits } from '../../record/kinds/edit-kind.ts';
import { readEvents } from '../../record/recorded-events.ts';
import type { Rehearsal } from '../../rehearse/summary.ts';
import type { Checkpoint, RunSaved } from '../../run/checkpoint.ts';
import { readCheckpoint } from '../../run/read-checkpoint.ts';
import { parseMethodFor } from '../method-of-bench.ts';
import { readOptions, UsageError } from '../options.ts';
import { givenOrExample } from '../package-files.ts';
import { rehearseOnce } from '../rehearse/rehearse-once.ts';
import { EXIT } from '../result/outcome.ts';
import { givenOf } from '../resume/given.ts';
import { askRun } from '../steer/door.ts';
import { heldRun } from './held-run.ts';
import { type EditOrder, type ReadEdit, readEdit } from './read-edit.ts';
import { type HeldAt, heldAt, type Rest, restOf } from './rest.ts';

const name = (what: string) => z.string({ error: `expected ${what}` }).regex(/\S/, `expected ${what}`);

const schema = z.strictObject({
  run: z.string(),
  method: z.string(),
  by: name('the name of who asks'),
  reason: name('why'),
  rehearse: z.boolean().default(true),
  yes: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** It reads the method again, beside everything else that it does. */
const ANSWER_S = 300;
/** Not taken: whoever was asked said no. */
const NOT_TAKEN = 1;

/**
 * `cellbench edit RUN METHOD`: shows what an edit of a held run changes, rehearses it, asks, and hands it to the run, which
 * decides. Returns the exit code.
 */
export async function editCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['rehearse', 'yes', 'json'],
    words: ['run', 'method'],
    help: 'cellbench edit --help',
  });
  const { by, reason } = options;
  const say = (text: string): void => (options.json ? undefined : console.log(text));
  const { order, saved, dir, at } = await orderOf(options.run, resolve(givenOrExample(options.method)));
  const edit = readEdit(order);
  mustCarry(order, edit, saved);
  for (const line of shown(order, edit, saved)) say(line);
  const { rehearsal, rest } = options.rehearse ? await rehearsed(edit, order, at) : NOT_REHEARSED;
  if (rehearsal !== undefined) {
    say(`\nThe edited method, rehearsed from its beginning on the twin:\n${findingsText(rehearsal)}`);
    say(restText(rest, whereText(saved)));
  }
  const isThrough = rehearsal === undefined || rehearsal.outcome === 'completed';
  const asks = !options.yes && !options.json;
  if (asks && !(await isConfirmed())) {
    console.log('\nNothing was changed.');
    return NOT_TAKEN;
  }
  if (!asks && !isThrough)
    throw new UsageError(
      `${edit.method.path}: its rehearsal does not complete (${rehearsal?.end?.reason ?? 'no end'}), expected one that does, or no --yes: then you are asked; nothing was changed`,
    );
  const from = sha256Of(order.inForce.text);
  const command = {
    command: 'edit',
    method: edit.method.path,
    sha256: edit.sha256,
    from,
    by,
    reason,
  } as const;
  const { accepted, text } = await askRun(dir, command, { answer_s: ANSWER_S });
  if (options.json) {
    const { changes, totals, sha256, inputs } = edit;
    console.log(JSON.stringify({ accepted, text, from, sha256, changes, totals, inputs, rehearsal, rest }));
    return accepted ? EXIT.completed : 2;
  }
  if (!accepted) throw new UsageError(`refused: ${text}`);
  console.log(text);
  return EXIT.completed;
}

/** What the record of a run under way knows. @throws FileError where it is not held, or does not say what it was made of */
async function orderOf(
  run: string,
  method: string,
): Promise<{
  readonly order: EditOrder;
  readonly saved: RunSaved;
  readonly dir: string;
  readonly at: HeldAt | undefined;
}> {
  const source = openRunSource(run);
  try {
    const { meta, path, inputs, dir } = source;
    const given = givenOf(meta.get('given'));
    if (given === undefined)
      throw new FileError(path, 0, 'does not say which command made it, expected the record of this version');
    const saved = await heldIn(source);
    const last = recordedEdits(source.db).at(-1);
    const inForce = last ?? { path: given.method, text: meta.get('methodFile') ?? '' };
    const at = heldAt(saved, readEvents(source.db));
    return { order: { given, inForce, inputs, method }, saved, dir, at };
  } finally {
    source.close();
  }
}

/** Once it is held, waited for a few seconds. @throws FileError where it is not */
async function heldIn({ db, path }: RunSource): Promise<RunSaved> {
  const newest = db.prepare('SELECT state FROM checkpoints ORDER BY rowid DESC LIMIT 1');
  const read = (): Checkpoint | undefined => {
    const row = newest.get() as { state: string } | undefined;
    try {
      return row === undefined ? undefined : readCheckpoint(JSON.parse(row.state));
    } catch (error) {
      throw new FileError(path, 0, messageOf(error));
    }
  };
  const found = await heldRun(read, realClock());
  if (typeof found !== 'string') return found;
  throw new FileError(
    path,
    0,
    `${found}, expected a run that is held: hold it on its page or in its terminal`,
  );
}

/** The run looks at the same again; here it is said before anything is rehearsed. @throws FileError with the first line */
function mustCarry({ given, inForce }: EditOrder, { loaded, method }: ReadEdit, saved: RunSaved): void {
  const reading = { given: given.set, data: { seed: given.seed, wind: given.wind } };
  const before = parseMethodFor(inForce.path, inForce.text, loaded, reading).procedure.program;
  const now = method.procedure.program;
  if (before === undefined || now === undefined) return;
  const main = saved.method.main ?? before.path;
  const found = carried({ ...before, path: main }, saved.method, now);
  if ('against' in found) throw new FileError(method.path, 0, found.against);
}

function shown({ inForce }: EditOrder, { changes, totals, method }: ReadEdit, saved: RunSaved): string[] {
  const [before, after] = totals;
  return [
    `Held in ${whereText(saved)}. In place of ${inForce.path}: ${method.path}`,
    ...(changes.length === 0 ? ['Nothing of it differs.'] : changes.map(line => `  ${line}`)),
    `before: ${before}`,
    `after:  ${after}`,
  ];
}

function whereText({ phase, step }: RunSaved): string {
  return [phase, step].filter(one => one !== '').join(', ') || 'its begin';
}

interface RehearsedEdit {
  readonly rehearsal: Rehearsal | undefined;
  /** Undefined: the twin did not come where the run is held. */
  readonly rest: Rest | undefined;
}
const NOT_REHEARSED: RehearsedEdit = { rehearsal: undefined, rest: undefined };

async function rehearsed(
  { loaded, method, inputs }: ReadEdit,
  { given }: EditOrder,
  at: HeldAt | undefined,
): Promise<RehearsedEdit> {
  const scratch = mkdtempSync(join(tmpdir(), 'cellbench-edit-'));
  try {
    const night = { loaded, method, faults: [], inputs };
    const { rehearsal, record } = await rehearseOnce(night, scratch, given.seed);
    record.close();
    return { rehearsal, rest: at === undefined ? undefined : restOf(at, rehearsal, scratch) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A question that nobody can answer any more (no terminal, Ctrl-C) is a no. */
async function isConfirmed(): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const isGone = new Promise<string>(resolve => lines.once('close', () => resolve('')));
  try {
    const said = lines.question('Edit the run so? Type yes and Enter: ');
    return (await Promise.race([said, isGone])).trim().toLowerCase() === 'yes';
  } finally {
    lines.close();
  }
}
