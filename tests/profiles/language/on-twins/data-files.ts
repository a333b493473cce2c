import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The example files of the language in a folder of their own, with the data files that they name, made up here. */

const FILES = new URL('../files/', import.meta.url).pathname;

/** A drive cycle of 60 s, discharge positive, with a second of braking in each. */
function driveCycle(): string {
  const rows = Array.from({ length: 60 }, (_, t) => `${t},${t % 20 < 12 ? 4 : t % 20 < 15 ? -1.5 : 0.1}`);
  return `${['time [s],current [A]', ...rows].join('\n')}\n`;
}

/** A quarter of an hour each, by clock in winter; falls below 10 % of 3.4 MW and comes back. */
function farm(): string {
  const rows = [2.1, 0.2, 2.6, 1.4, 3.1].map(
    (p, i) => `2026-01-10 12:${String(i * 15).padStart(2, '0')},${p}`,
  );
  const last = '2026-01-10 13:00,3.1';
  return `${['stamp,P_total', ...rows.slice(0, 4), last].join('\n')}\n`;
}

function frequency(): string {
  const rows = Array.from({ length: 3601 }, (_, t) => `${t},${(50 + 0.12 * Math.sin(t / 40)).toFixed(3)}`);
  return `${['t,f', ...rows].join('\n')}\n`;
}

/** Writes them all; `changed`: the file that is run, as it is run. */
export function layOutFiles(dir: string, name: string, changed: string): string {
  mkdirSync(dir, { recursive: true });
  for (const file of readdirSync(FILES)) copyFileSync(join(FILES, file), join(dir, file));
  writeFileSync(join(dir, 'us06.csv'), driveCycle());
  writeFileSync(join(dir, 'farm.csv'), farm());
  writeFileSync(join(dir, 'frequency.csv'), frequency());
  const path = join(dir, name);
  writeFileSync(path, changed);
  return path;
}
