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

export const CONCLUDE_HELP = `cellbench conclude RUN: figures and report of a run that was cut off
  npm start -- conclude runs/2026-05-01T20-00-00-bench

RUN    the folder of a run whose program was killed, or whose computer lost its power

Goes on in its record where it ends: seals its newest rows, writes the end, figures and alarms into it, and result.json,
report.html and SHA256SUMS beside it. The verdict is "cut off", nothing is proved safe, and the record says who wrote which
part of it. A run that is under way is left alone. The bench itself is not touched: look after it first.

  --damaged mark     where the record is damaged: of what is left of it, which is said (refused)
  --help             this text

Exit codes: 0 concluded, 2 bad input, nothing written.`;

export const RESUME_HELP = `cellbench resume RUN: goes on with a run on the instruments that was cut off

  RUN is the folder of a run with --real whose program was killed, or whose computer lost its power or was
  started anew. The files of the run must be as they were. What was running is said, the safe state is driven
  and proved (vent included), then the run goes on in the same record: through the reentry of the phase that it
  was cut off in, and as the resume of its steps says (docs/language.md, After a cut), with the time and charge that
  are left. The gap stands in the record. A run that came to its end, or was on its way to it, is concluded instead;
  a step with resume: never ends the run. What a person has said goes on: a run that was held stays held, in the safe
  state, until a person resumes it, a limit that was made stricter stays so. A suspension waits for its cause as before.

  --acknowledge NAME  who has looked at the bench, where the guard has acted or is gone, too
  --port N            page on 127.0.0.1:N (8080; the next free one if taken)
  --no-serve          no page, and exit when the run is over
  --no-stay           a page while it runs, and exit when the run is over

Exit codes: as of a run; 2 also where the safe state cannot be proved, so that the run does not go on.`;
