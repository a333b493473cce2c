/** What `--help` of the commands about folders of runs prints. */

export const RUNS_HELP = `cellbench runs [FOLDER]: what was run, and how it went
  npm start -- runs

FOLDER             its runs are listed, the oldest first      (runs)

  --figures A,B    figures of the whole run to show           (the main ones; ids as in result.json)
  --json           one line of JSON: [{ name, dir, method, bench, mode, startedUtc, verdict, criteria, duration_s, rows,
                   bytes, exports[], open, figures: { id: { value, unit, u95? } } }]
  --help           this text

What commands that were killed have left is named below (prune settles it).
A run without a result is listed, too: it is under way, or was cut off. Size: all of its folder but its exports.
Exit codes: 0 listed, 2 bad input.`;

export const PRUNE_HELP = `cellbench prune [FOLDER]: lets old runs go by rule
  npm start -- prune --older-than 90 --keep 20 --dry-run

FOLDER               its runs are judged, the oldest first      (runs)

  --older-than DAYS  begun longer ago than this
  --keep N           the newest N stay
  --mode MODE        only these: rehearsal, wire, bench, imported
  --dry-run          only say what would go
  --unfinished       settle what killed commands left (done with every rule, too)
  --yes              also runs without an export
  --help             this text

A run goes only if all that is given holds. Without --yes it needs an export in its folder (all but bdf and esdf) of just this
record, whose every file is still as it was made; the export stays, and so does what
is not of cellbench, which is named. A run that may be under way stays, whatever is given.
First what killed commands have left is settled: half an export or import is cleared away; of a run that was being deleted
the rest goes if its record is gone, else it is put back and judged like any other.
Exit codes: 0 done, 2 bad input.`;
