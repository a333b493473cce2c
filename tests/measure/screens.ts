import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { CHROMIUM, CHROMIUM_SWITCHES, hasChromium } from '../support/chromium.ts';
import { Camera, EVERY_FORM } from './screens/camera.ts';
import { takeChannels, takeFakeChannels } from './screens/channel-scenes.ts';
import { takeLab } from './screens/lab-scenes.ts';
import { SUBJECTS, takeOver, takeRun } from './screens/run-scenes.ts';
import { factsOf, type KindRow, rowsOf, tableOf, type WallFacts } from './screens/wall-texts.ts';

/**
 * One set of pictures of the live page, the page of a campaign and that of a laboratory, in every form, of every subject, in
 * each state; with the heights of what is written on the walls against the reference.
 * `npm run measure:screens -- [--out FOLDER] [--only stack,cell,mix,channels8,channels64,lab] [--forms wall,desk,phone]`. Runs are those of the program
 * on its twins, with faults; a name with `fake`: of a course that was made up. Files: subject-form-state(-dark|-ja).png and
 * text-heights.json; with `--only` or `--forms` the rest of what is in the folder stays. Last line: JSON. Exit 1 where a text on a wall is too
 * small, a wall scrolls, or a set is missing.
 */

/** What text-heights.json says. */
interface Kept {
  readonly kinds: readonly KindRow[];
  readonly walls: readonly WallFacts[];
  /** What browsers had to complain of, and what sticks out. */
  readonly complaints: readonly string[];
  /** Sets that could not be made. */
  readonly missing: readonly string[];
}

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'screens' },
    only: { type: 'string', default: '' },
    forms: { type: 'string', default: EVERY_FORM.join() },
  },
});

if (!hasChromium) {
  console.log(`skipped: no browser at ${CHROMIUM}`);
  process.exit(0);
}

const dir = mkdtempSync(join(tmpdir(), 'cellbench-screens-'));
mkdirSync(values.out, { recursive: true });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_SWITCHES });
const forms = EVERY_FORM.filter(form => values.forms.split(',').includes(form));
const camera = new Camera(browser, values.out, forms);

const SETS: readonly (readonly [name: string, take: () => Promise<void>])[] = [
  ...SUBJECTS.flatMap(one => [
    [one.subject, () => takeRun(camera, one, dir)] as const,
    [one.subject, () => takeOver(camera, one, dir)] as const,
  ]),
  ['channels8', () => takeChannels(camera, dir)],
  ['channels64', () => takeFakeChannels(camera)],
  ['lab', () => takeLab(camera, dir)],
];

const only = values.only === '' ? undefined : values.only.split(',');
const missing: string[] = [];
try {
  for (const [name, take] of SETS.filter(([one]) => only?.includes(one) ?? true))
    try {
      await take();
      console.error(`${name}: ${camera.pictures.length} pictures so far`);
    } catch (error) {
      missing.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      console.error(missing.at(-1));
    }
} finally {
  await browser.close();
  rmSync(dir, { recursive: true, force: true });
}

const FILE = join(values.out, 'text-heights.json');

/** Walls that an earlier measurement has left in the folder, of subjects that this one has not made anew. */
function earlier(): readonly WallFacts[] {
  if (!existsSync(FILE) || (only === undefined && forms.includes('wall'))) return [];
  const { walls } = JSON.parse(readFileSync(FILE, 'utf8')) as Kept;
  const isMade = (name: string): boolean => only?.some(subject => name.startsWith(`${subject}-`)) ?? true;
  return walls.filter(({ name }) => !forms.includes('wall') || !isMade(name));
}

const walls = [...earlier(), ...[...camera.walls].map(([name, seen]) => factsOf(name, seen))];
const pictures = readdirSync(values.out).filter(name => name.endsWith('.png'));
const rows = rowsOf(walls);
const complaints = [...camera.complaints];
const kept: Kept = { kinds: rows, walls, complaints, missing };
writeFileSync(FILE, `${JSON.stringify(kept, undefined, 2)}\n`);
for (const { name, cut } of walls) if (cut.length > 0) console.log(`cut off on ${name}: ${cut.join(' | ')}`);
for (const complaint of complaints) console.log(complaint);
console.log(tableOf(rows));
const least_px = rows.length === 0 ? null : rows[0].least_px;
const beyond_px = Math.max(0, ...walls.map(wall => wall.beyond_px));
console.log(JSON.stringify({ pictures: pictures.length, walls: walls.length, least_px, beyond_px }));
const isGood = missing.length === 0 && beyond_px === 0 && rows.every(({ isFine }) => isFine);
process.exit(isGood ? 0 : 1);
