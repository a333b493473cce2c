/** What `--help` prints. In a file of their own, so that printing them loads nothing else. */

export { ALARMS_HELP } from './alarms/help.ts';
export { CAMPAIGN_HELP } from './campaign/help.ts';
export {
  CHECK_HELP,
  DEVICES_HELP,
  EMULATE_HELP,
  PROBE_HELP,
  WATCH_HELP,
} from './commands/devices/help.ts';
export { CONVERT_HELP, EXPLAIN_HELP, METHODS_HELP, MIGRATE_HELP } from './commands/language/help.ts';
export { TRUST_HELP } from './commands/opcua/help.ts';
export { EDIT_HELP } from './edit/help.ts';
export { CONCLUDE_HELP, PRUNE_HELP, RESUME_HELP, RUNS_HELP } from './runs/help.ts';
export { SERVE_HELP } from './serve/help.ts';
export { STEER_HELP } from './steer/help.ts';

export const HELP = `cellbench: rehearse and run a night on an electrolyser bench
Software interlocks are not the protection: hard-wired limits, relief valves and an emergency stop are.

  npm start                        rehearse the night on the twin in virtual time, then serve the page
  npm start -- --wind FILE         the same with your wind, sun or power series (docs/load-files.md)
  npm start -- --wire              the same method, shortened, in real time over emulated wires
  npm start -- --real              on the instruments named in the bench file
  npm run rehearse -- BENCH METHOD what to look at before the night (rehearse --help)
  npx cellbench campaign start FILE     many runs in order, by windows and results (campaign --help)
  npx cellbench serve LAB          benches, methods, runs and campaigns of a folder in the browser and by an API (serve --help)
  npx cellbench explain METHOD     a method in plain words, with times and limits (explain --help)
  npx cellbench methods            the built-in methods with parameters and figures (methods --help)
  npm run fit -- PLANT DATA        a plant's figures from a measurement (fit --help)
  npm start -- verify RUN          whether a run's record, or an export, is still what was made (verify --help)
  npm start -- audit RUN           who did what in it (audit --help)
  npm start -- export RUN          a run in open formats: CSV, Parquet, BDF, HDF5, RO-Crate (export --help)
  npm start -- import FILE         a cycler's text file as a run (import --help)
  npm start -- runs [FOLDER]       what was run, and how it went (runs --help)
  npm start -- compare RUN RUN     two runs figure by figure (compare --help)
  npm start -- resume RUN          goes on with a run that was cut off (resume --help)
  npm start -- conclude RUN        figures and report of a run that was cut off (conclude --help)
  npx cellbench alarms [RUN]       alarms of a run; acknowledge, shelve (alarms --help)
  npm start -- report RUN          the report out of a run's record alone (report --help)
  npm start -- prune [FOLDER]      lets old runs go by rule (prune --help)
  npm start -- rows RUN            a run's record with every reading as a plain row (rows --help)
  npx cellbench send RUN           what its sinks have not got yet (send --help)
  npx cellbench cell OCV PULSES    a cell of your own from its open-circuit voltage and pulses (cell --help)
  npx cellbench convert FILE       a method from or into PyBaMM, unicycler, BattINFO, cyclers (convert --help)
  npx cellbench devices            the drivers there are (devices --help)
  npx cellbench probe ADDRESS      who is there? Questions only (probe --help)
  npx cellbench watch ADDRESS      what an instrument reads, live, nothing written (watch --help)
  npx cellbench check BENCH        before the first run: identities, ranges, noise, watchdogs (check --help)
  npx cellbench emulate ID         an instrument, or all of a bench, on sockets and serial lines (emulate --help)
  npx cellbench trust ENDPOINT     trusts an OPC UA server's certificate (trust --help)
  npx cellbench migrate FILE       a method of version 1 written in version 2 (migrate --help)

  --bench FILE     bench file                    (examples/pem-500kw/bench.yaml)
  --method FILE    method file                   (examples/pem-500kw/night.yaml)
  --subject NAME   which of the subjects of the bench file the run is for, where it has several
  --set NAME=VALUE a parameter of the method, in any unit of its kind (mA for A); a list with commas; again for each
  --out DIR        folder of the run             (runs/<date>-<mode>)
  --operator NAME  who runs it: stands in record, result and report
  --seed N         seed of twin and wind         (1)
  --acknowledge NAME  who has looked at the bench after a run on it that ended without a word (--real)
  --faults FILE    what goes wrong, and when     (not with --real; examples/pem-500kw/faults.yaml)
  --accept         lists what a cycler's own program says otherwise (bench with runs: program)
  --minutes M      length of a --wire run        (5)
  --pace N         hold the rehearsal back to N simulated seconds per second, page up from the start
  --port N         page on 127.0.0.1:N           (8080; the next free one if taken; 0: whichever is free)
  --no-serve       no page, and exit when the run is over
  --no-stay        a page while it runs, and exit when the run is over; where there can be no page it runs without
  --help           this text

Exit codes: 0 completed and proved, 1 completed but not all proved, 2 refused before anything was started,
3 stopped by a person or a signal, 4 tripped or aborted, 5 cellbench itself failed. A figure that misses what its
method asks of it is told and changes no code.`;

export const REHEARSE_HELP = `cellbench rehearse BENCH METHOD: what to look at before the night
  npm run rehearse -- examples/pem-500kw/bench.yaml examples/pem-500kw/night.yaml

Runs the method with all limits of the bench on the twin, in virtual time, as fast as it can: duration, energy, gas,
rows on disk; which limit comes closest, when, by how much; how each step ends, and which are never reached; readings
out of range; curves of the main roles. The last table is what to look at before the night.

  --seed N           seed of twin and wind           (1)
  --subject NAME     which of the subjects of the bench file it is for, where it has several
  --set NAME=VALUE   a parameter of the method, in any unit of its kind (mA for A); a list with commas; again for each
  --wind FILE        your wind, sun or power series (docs/load-files.md)
  --faults FILE      what goes wrong, and when       (examples/pem-500kw/faults.yaml)
  --out DIR          folder of the run               (runs/<date>-rehearsal)
  --monte-carlo N    then N runs more with the plant's figures drawn from their declared uncertainty, on all cores:
                     how likely each limit fires, how far it stays away, which figures move the one most at risk
  --json             last line of stdout is one JSON object with all of it; progress goes to stderr
  --help             this text

JSON: { bench, method, seed, outcome, duration_s, planned_s, energy, energyOut, h2, n2_NL, rows, bytes, end, unproven[],
limits[], setpoints[], steps[], badReadings[], figures[], judged[], phases[], findings[], monteCarlo? }; times in s, each figure
with its unit beside it, null where there is none; control/rehearse/summary.ts is its schema.

Exit codes: 0 nothing to look at, 1 warnings, or completed but not all proved safe, 2 bad input (nothing started),
3 stopped by a person, 4 tripped or stopped before the end, 5 cellbench itself failed. A figure that misses what its
method asks of it (fail) is told and changes no code: what it says of the device under test is its result.`;

export const AUDIT_HELP = `cellbench audit RUN: who did what in a run
  npm start -- audit runs/2026-05-01T20-00-00-bench

RUN    the run's folder, or its run.sqlite

Its operator, the programs that wrote it, commands with who gave them, words for a bench that was left behind, what the guard
did, what the bench file accepts; each with its time, UTC, out of the sealed record. Of a campaign: campaign status --audit.

  --help             this text

Exit codes: 0 the record is what was sealed, 1 it is not (what was changed is named), 2 bad input.`;

export const VERIFY_HELP = `cellbench verify RUN: is a run's record, an export, or the trail of a campaign, still what was made?
  npm start -- verify runs/2026-05-01T20-00-00-rehearsal

RUN    the run's folder, or its run.sqlite; or the folder of an export, or of a campaign (its audit.jsonl and events.jsonl, line by line)

Every block of readings and set points, every event, figure and curve, who wrote it, each stretch of UTC, the input files,
and at the end what was in no block yet, is sealed as it is written: a SHA-256 each, chained with the one before. What was changed, taken out or put in since is found and
named. Of a run that was cut off, whether its run.sqlite-wal can be read to its end, too: SQLite leaves out what it cannot,
without a word. A folder is compared with its SHA256SUMS, too, byte by byte (sha256sum -c reads the same file). Whoever can write
the files can write new seals: compare the head of the chain, which is printed, with one that was kept elsewhere.
Of an export each file is compared with its sum, and the sums with their signature: compare the number of the key.

  --help             this text

Exit codes: 0 nothing was changed, 1 something was, or the end was cut off, 2 bad input.`;

export const EXPORT_HELP = `cellbench export RUN: a run in open formats, in a folder of its own
  npm start -- export runs/2026-05-01T20-00-00-rehearsal --to parquet

RUN    the run's folder, or its run.sqlite; of a run under way what is there is exported

  --to csv           each instrument's readings as CSV          (this)
  --to parquet       the same as Parquet
  --to bdf           one cell: a table of the Battery Data Format with its metadata; set points and events as CSV
  --to esdf          one electrolyser stack: the same in a sibling vocabulary of BDF
  --to hdf5          all tables in one HDF5 file
  --to rocrate       Parquet and CSV as an RO-Crate 1.2: sample, method, bench, calibration, software
  --to rde           the folders of NIMS's RDE (mode rdeformat)
  --out DIR          the new folder                             (RUN/export-<format>)
  --decimal comma    CSV with ; between cells and , in numbers  (point)
  --institution TEXT begins the name of a BDF or ESDF file, publishes an RO-Crate (cellbench)
  --license SPDX     how others may use an RO-Crate, e.g. CC-BY-4.0 (nothing is said)
  --damaged mark     where the record is damaged: all else, without the rows that are, which are listed (refused)
  --unverified       although the record is not as it was sealed: run.json and README.txt say so (refused)
  --help             this text

In the folder: data, tables of the result, result.json, report.html, the files that the run was made from, run.json,
columns.csv (what each column is, with unit and role), README.txt, SHA256SUMS and its Ed25519 signature. Values are those
of the record to the last digit; stale and bad ones stand in the column "marks", never among the numbers. The key is made
when first used: signing-key.pem (mode 600) in the folder cellbench of your configuration ($XDG_CONFIG_HOME, ~/.config).
The folder is there whole or not at all; nothing is overwritten. docs/exports.md tells the rest.

Exit codes: 0 exported, 2 bad input, 3 stopped by a person.`;

export const IMPORT_HELP = `cellbench import FILE: a cycler's text file as a run
  npm start -- import cell.bdf.csv
  npm start -- import channel-7.csv --capacity 4.9 --time ms

FILE   a table of a cell as text: BDF (.bdf.csv), Neware, BioLogic (.mpt), Maccor, Arbin; recognised by its headings, which
       say the units. Needed: time since the begin of the test, voltage, current (positive: charge).

  --out DIR          the new folder of the run                  (runs/<name of FILE>)
  --capacity AH      of the cell; likewise --current-max A, --low V, --high V, --name TEXT
                     (as <name>.metadata.json beside FILE says, else as the readings show)
  --time UNIT        s, ms, us, min or h whatever the heading says
  --voltage UNIT     V, mV or uV whatever the heading says      (refused where no cell has such a voltage)
  --current discharge  what is positive in FILE                 (charge; refused where the voltage says otherwise)
  --started TIME     when second 0 was, e.g. 2026-05-01T20:00:00Z   (by the clock in FILE, taken as UTC)
  --help             this text

The folder gets run.sqlite, result.json, report.html and FILE itself: runs, compare and export take it like one of ours. What
cannot be used stays, marked with the reason: a cell that is no number, a cycle that is no whole one. Refused, with the
line: a column that is missing, time that goes back, ms in a column of seconds. docs/exports.md tells the rest.

Exit codes: 0 imported, 2 bad input, nothing written.`;

export const COMPARE_HELP = `cellbench compare RUN RUN: two runs figure by figure
  npm start -- compare runs/monday runs/friday --html friday.html

RUN RUN            their folders, run.sqlite or result.json

Each figure of both with its expanded uncertainty (k = 2) and the difference, second minus first. It differs only where
the difference is larger than the combined uncertainty; where one side has none nobody can say. What was not the same
(method, bench, files, mode) is said first.

  --html FILE      the same with pictures
  --damaged mark   a damaged record's figures of what is left of it, which is said (those written into it)
  --json           one line of JSON: { a, b, notes[], figures: [{ id, phase, unit, a, b, difference, u95, as }] }, as is
                   same, differs, unknown, only-a or only-b
  --help           this text

Exit codes: 0 nothing differs, 1 something differs, 2 bad input, or no figure that can be compared.`;

export const REPORT_HELP = `cellbench report RUN: the report of a run, out of its record alone
  npm start -- report run.sqlite --to report.html

RUN    the run's folder, or its run.sqlite: verdict, figures and alarms stand in it, sealed like the readings

  --to FILE          the report                      (report.html beside run.sqlite)
  --damaged mark     where the record is damaged: of what is left of it, which is said (refused)
  --help             this text

What rehearse finds beside the run stands in its own report only.
Exit codes: 0 written, 2 bad input.`;

export const ROWS_HELP = `cellbench rows RUN: a run's record with every reading as a plain row
  npm start -- rows runs/2026-05-01T20-00-00-rehearsal

RUN    the run's folder, or its run.sqlite; a run under way may be copied, too

run.sqlite holds the newest readings of an instrument as rows of its table frames_<device> and seals finished stretches
as compressed blocks. The copy is for tools that read SQLite and nothing else: every reading a row, curves and spectra
(listed in datasets) as tables dataset_<n>, all other tables as they are. Nothing is lost in either: the values are the same to the last bit.

  --to FILE          the copy                        (RUN/rows.sqlite)
  --damaged mark     without the rows that are damaged, listed in its table damaged (refused)
  --help             this text

Exit codes: 0 copied, 2 bad input.`;

export const SEND_HELP = `cellbench send RUN: sends what is left of a run to the sinks of its bench file
  npx cellbench send runs/2026-05-01T20-00-00-bench

RUN    the run's folder, or its run.sqlite

Goes on where the run's own sending ended. Sending twice is harmless: the times are those of the journal. What a store
refuses stands with its reason in RUN/sending.sqlite, table dead_letter, beside the cursors. A run that is still going on
is sent by its own program.

  --bench FILE       bench file with the sinks       (the copy in the record; files of secrets are named from here)
  --sink NAME        only this one                   (all of them)
  --minutes M        not longer                      (until all is sent)
  --again            everything, from the first row on
  --help             this text

Exit codes: 0 all of it is there, 1 something is left or was refused, 2 bad input.`;

export const CELL_HELP = `cellbench cell OCV PULSES: a cell of your own for the plant ecm
  npx cellbench cell ocv.csv pulses.csv --capacity 4.9 --out my-cell.yaml

OCV     CSV: soc_frac, voltage_V                                   open-circuit voltage, 0 empty .. 1 full, any order
PULSES  CSV: time_s, cell.current_A, cell.voltage_V [, cell.temperature_degC]   pulses with a rest behind each (HPPC,
        GITT); current positive into the cell (turned where the voltage says otherwise); starts rested

  --capacity AH      from empty to full of that table, Ah
  --current charge|discharge  what is positive in PULSES     (as the voltage shows)
  --soc S            at the first row of PULSES              (where the table has its voltage)
  --low V --high V   voltage limits of the cell              (the ends of the table)
  --name TEXT        what the cell is called                 (name of PULSES)
  --out FILE         cell file for a bench's twin: { plant: ecm, cell: FILE }   (own-cell.yaml)
  --help             this text

A BPX file (JSON, 0.x or 1.x) needs no making: twin: { plant: spme, cell: FILE } (or dfn, spme-dfn).
cellbench cell FILE checks such a file or a made one, and says what it stands for and what of it is not used.
Exit codes: 0 made, 1 made with warnings, 2 bad input.`;

export const FIT_HELP = `cellbench fit PLANT DATA: parameters of a plant from measured data
cellbench fit circuit DATA: a circuit from an impedance spectrum

PLANT  pem, alkaline, spme, ecm ...
DATA   CSV, recognised by its header (docs/fit-files.md tells the whole):
       current_A, cellVoltage_V or stackVoltage_V [, temperature_degC, cathode_barg, anode_barg, u_V]   polarisation curve
       time_s, roles that were set or measured (stack.currentSet_A, cathode.pressure_barg ...)          any run over time
       time_s, cell.current_A, cell.voltage_V                                                           pulses, HPPC
       frequency_Hz, re_Ohm, im_Ohm                                                                     impedance spectrum
       Units in the names count (time_ms, re_mOhm, re_Ohm_cm2); so do names of cyclers and potentiostats (-Im(Z)/Ohm).

  --bench FILE       bench file: cells, area and current of the device under test, and its twin's figures
  --subject NAME     which of its subjects, where it has several
  --cells N --area CM2 --nominal A   the same without a bench file (a battery cell: --nominal only, its 1C)
  --set NAME         parameter set to start from          (the bench's, else the plant's first)
  --parameters A,B   what to fit                          (every uncertain one that the data can tell)
  --circuit TEXT     with fit circuit: - in series, p(,) in parallel, of R L C CPE W Ws Wo, e.g. L0-R0-p(R1,CPE1)-Wo1
                     (chosen: no more parts than the spectrum speaks for)
  --at NAME=X,...    held during the measurement: set roles, declared parameters, temperature_degC of a curve
  --settle S         time before a spectrum or a series, s (3600 before a spectrum, else 0)
  --out FILE         parameter file for a bench's twin: { fitted: FILE }   (fitted-<plant>.yaml)
  --report FILE      pictures and tables as HTML          (none)
  --help             this text

What is found out or asked for, and said; these options say it instead:
  --time s|ms|min|h  unit of the time stamps
  --repeats first|last|mean|refuse   rows of the same stamp (a series with them is refused; a spectrum keeps them)
  --current charge|discharge         what is positive in the file
  --unit Ohm|mOhm|Ohm_cm2|mOhm_cm2   unit of the impedance;  --of stack|cell  whose it is
  --im plus|minus    the column holds Im Z, or -Im Z
  --kk accept        fit although the Kramers-Kronig test fails, and keep the points that it leaves out

A set column holds from its row on; a measured current that drives has flowed since the row before.
Exit codes: 0 fitted, 1 fitted with warnings (they stand in the file too), 2 bad input, nothing written.`;
