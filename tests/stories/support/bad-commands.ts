import { join } from 'node:path';
import type { BadInput } from './bad-input.ts';

/** Command lines that cannot be carried out. */
export const BAD_COMMANDS: readonly BadInput[] = [
  {
    what: 'unknown option',
    args: () => ['--winds', 'x.csv'],
    says: [/--winds: unknown option \(did you mean --wind\?\)/, /--help/],
  },
  { what: 'word without an option', args: () => ['now'], says: [/now/, /--help/] },
  { what: 'text for a seed', args: () => ['--seed', 'x'], says: [/--seed x/, /expected a whole number/] },
  {
    what: 'a seed below zero',
    args: () => ['--seed', '-1'],
    says: [/--seed -1/, /expected a whole number 0\.\.2147483647/],
  },
  { what: 'an empty seed', args: () => ['--seed='], says: [/--seed: its value is missing/, /--help/] },
  {
    what: 'a pace in words',
    args: () => ['--pace', 'abc'],
    says: [/--pace abc/, /expected a number 0\.1\.\./],
  },
  {
    what: 'a value forgotten',
    args: () => ['--out', '--wire'],
    says: [/--out: its value is missing/, /--help/],
  },
  { what: 'a flag with a value', args: () => ['--wire=5'], says: [/--wire=5/, /expected --wire without/] },
  { what: 'half a seed', args: () => ['--seed', '1.5'], says: [/--seed 1\.5/, /expected a whole number/] },
  {
    what: 'a port that is none',
    args: () => ['--port', '99999'],
    says: [/--port 99999/, /expected .*65535/],
  },
  { what: 'no minutes', args: () => ['--wire', '--minutes', '0'], says: [/--minutes 0/, /expected .*1\b/] },
  {
    what: '--wire with --real',
    args: () => ['--wire', '--real'],
    says: [/--wire and --real exclude each other/],
  },
  {
    what: '--minutes without --wire',
    args: () => ['--minutes', '3'],
    says: [/--minutes is for --wire/],
  },
  { what: '--pace with --wire', args: () => ['--wire', '--pace', '10'], says: [/--pace/, /rehearsal/] },
  {
    what: 'no such bench file',
    args: dir => ['--bench', join(dir, 'none.yaml')],
    says: [/none\.yaml: /, /expected a readable file/],
  },
  {
    what: 'no such method file',
    args: dir => ['--method', join(dir, 'none.yaml')],
    says: [/none\.yaml: /, /expected a readable file/],
  },
  {
    what: 'no such wind file',
    args: dir => ['--wind', join(dir, 'none.csv')],
    says: [/none\.csv: cannot be opened: no such file, expected a data file/],
  },
  {
    what: 'a folder for a wind file',
    args: dir => ['--wind', dir],
    says: [/it is a folder/, /expected a data file/],
  },
];
