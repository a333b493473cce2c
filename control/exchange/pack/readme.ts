import { type DamagedPart, damageText } from '../../record/damage/marks.ts';
import type { ExportFormat } from '../layout.ts';
import type { ThinnedRun } from '../recorded-run.ts';

/** What somebody reads who has the folder of an export and nothing else. */

const TABLES: Readonly<Record<'files' | 'hdf5' | 'rde', string>> = {
  files: `data/        readings by instrument, set points, events, curves and spectra with a list; columns.csv says what each
             column is
tables/      figures with their expanded uncertainty (k = 2), phases, cycles, points of curves, alarms
result.json  the same and more, for programs; report.html for people
inputs/      the files that the run was made from; run.json has their hashes and that of the record`,
  hdf5: `run.h5       /data: readings by instrument, set points, events, curves and spectra; /tables: figures with their expanded uncertainty
             (k = 2), phases, cycles, points of curves, alarms. columns.csv says what each column is
result.json  the same and more, for programs; report.html for people
inputs/      the files that the run was made from; run.json has their hashes and that of the record`,
  rde: `raw/         the record, readings by instrument, the files that the run was made from
structured/  set points, events, curves and spectra, figures with their expanded uncertainty (k = 2), phases, cycles, points of curves,
             alarms; columns.csv says what each column is, report.html is for people
meta/        metadata.json as RDE has it; metadata-def.json declares its keys, for the dataset template
main_image/  a picture of the run
Pack the folder as ZIP for RDE's mode "rdeformat".`,
};

const FIRST_WORDS: Readonly<Partial<Record<ExportFormat, string>>> = {
  rocrate:
    '\nThis folder is an RO-Crate: ro-crate-metadata.json tells what is in it and where it comes from.\n',
};

/** `README.txt` of an export; `changed`: what of the record is not as it was sealed. */
export function readmeText(
  format: ExportFormat,
  about: Readonly<Record<string, string>>,
  {
    id,
    thinned,
    changed,
    damaged,
  }: {
    readonly id: string;
    readonly thinned: ThinnedRun | undefined;
    readonly changed: readonly string[];
    readonly damaged: readonly DamagedPart[];
  },
): string {
  const doubt =
    changed.length === 0
      ? ''
      : `\nTHE RECORD IS NOT AS IT WAS SEALED, it was exported all the same (--unverified):\n${changed.map(what => `  ${what}\n`).join('')}`;
  const left =
    damaged.length === 0
      ? ''
      : `\nTHE RECORD IS DAMAGED, MARKED: these rows are left out of every table (--damaged mark; table "damaged"), all others are as
they were written; figures in result.json and in the tables are of what is left:\n${damaged.map(part => `  ${damageText(part)}\n`).join('')}`;
  return `${about['method']} on ${about['bench']}, ${about['startedUtc']}, mode ${about['mode']} (rehearsal: simulated)
${left}${doubt}${FIRST_WORDS[format] ?? ''}
${TABLES[format === 'hdf5' || format === 'rde' ? format : 'files']}
Times: t_s is run time, utc the clock of the computer at its begin plus t_s; where it was set meanwhile, an event of kind
clock says so and utc counts from there.
Values that must not be used (stale, bad) stand in "marks" and never in a column of numbers.
${thinned === undefined ? '' : thinnedText(thinned)}
Is it as it was made?
  sha256sum -c SHA256SUMS
  openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig
The second proves something only if the key is who you think it is: ask whoever made it for its number, ${id}
(first 16 digits of: openssl pkey -pubin -in public-key.pem -outform DER | sha256sum).
"cellbench verify FOLDER" does both.
`;
}

/** That and how readings were left out: whoever integrates or looks for a peak must know it. */
function thinnedText({ instruments, counts }: ThinnedRun): string {
  const lines = Object.entries(instruments).map(([device, { interval_s, change }]) => {
    const count = counts.find(one => one.device === device);
    const kept = count === undefined ? '' : `${count.kept} of ${count.seen} readings kept; `;
    const moved = Object.entries(change).map(([role, by]) => `${role} moved by ${by}`);
    return `  ${device}: ${kept}one at least each ${interval_s} s${moved.length === 0 ? '' : `, and where ${moved.join(' or ')}`}\n`;
  });
  return `Not all readings are here: recording rules left some out of the record (run.json: thinned). Figures know of it; whoever
integrates or looks for a peak in the tables must, too.
${lines.join('')}`;
}
