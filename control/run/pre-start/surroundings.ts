import type { StartRow } from '../../contract/start-check.ts';
import { isUnknown, type StartFacts } from './facts.ts';
import { idle, judged } from './row.ts';

/** What stands around the bench: the second process, the disk, the clocks of the computer. */

/** The clocks were read one after the other, and a network sets one of them by less than this, s. */
const APART_S = 1;
/** File systems keep times to 2 s at worst; two machines on one share agree better than this, ms. */
const NEWER_MS = 10_000;

/** The second process watches, or the bench says why it has none. */
export function guardRow({ bench, guard }: StartFacts): StartRow {
  const expected =
    'none' in bench.guard ? 'none' : `a second process, after ${bench.guard.timeout_s} s of silence`;
  const asked = { what: 'guard', expected };
  if (isUnknown(guard)) return idle('guard', { ...asked, seen: '' }, guard.unknown);
  if ('none' in guard) return idle('guard', { ...asked, seen: 'none' }, guard.none);
  return judged('guard', { ...asked, seen: guard.watches }, true);
}

/** The record of the whole run has room. */
export function diskRow({ disk }: StartFacts): StartRow {
  const what = 'room for the record';
  if (isUnknown(disk)) return idle('disk', { what, expected: '', seen: '' }, disk.unknown);
  const { needed_bytes, free_bytes } = disk;
  const asked = {
    what,
    expected: `${megabytes(needed_bytes)} at most`,
    seen: `${megabytes(free_bytes)} free`,
  };
  return judged('disk', asked, free_bytes >= needed_bytes);
}

/** UTC is not before what is surely older, and both clocks go on together. */
export function clockRows({ clock }: StartFacts): StartRow[] {
  if (isUnknown(clock)) return [idle('clock', { what: 'UTC', expected: '', seen: '' }, clock.unknown)];
  const { utc_ms, newest_ms, newest, apart_s, isMonotonic, goesOn } = clock;
  const utc = new Date(utc_ms).toISOString();
  const expected = `not before ${newest} of ${new Date(newest_ms).toISOString()}`;
  const asked = { what: 'UTC', expected, seen: utc };
  const isSane = utc_ms + NEWER_MS >= newest_ms;
  return [
    goesOn && !isSane
      ? idle('clock', asked, 'a run that was cut off goes on: its record marks that the clock was set')
      : judged('clock', asked, isSane),
    judged(
      'clock',
      {
        what: 'monotonic clock',
        expected: `goes on, with UTC within ${APART_S} s since the program began`,
        seen: isMonotonic ? `${apart_s.toFixed(3)} s apart` : 'went back',
      },
      isMonotonic && Math.abs(apart_s) <= APART_S,
    ),
  ];
}

function megabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
