/** What `--help` of the commands about methods prints. */

export const EXPLAIN_HELP = `cellbench explain METHOD --bench BENCH: a method in plain words
  npx cellbench explain rate-test.yaml --bench bench.yaml --set rates_C=1/5,1

METHOD  method or procedure file (docs/language.md), or the name of a built-in method

  --bench FILE           the bench that it is to run on
  --subject NAME         which of its subjects, where it has several
  --set name_unit=VALUE  a parameter, in any unit of its kind (mA for A); a list with commas; again for each
  --json                 one line of JSON with all of it
  --help                 this text

Every step with its number, what it does with its values in the units of the bench, how it ends, how long it is expected to
take and takes at the most; where each parameter and figure comes from; data files with SHA-256; limits of steps and method,
gates of what is set, interlocks over what is moved and read. Expressions stand as they are written beside what they come
to. What only a rehearsal can tell is said so, and never guessed.

JSON: { method, kind, file, bench, parameters[], figures, data[], derived, limits[], phases[{ name, steps[] }], finally[],
returns, reads[], sets[], expected, longest_s, total, unbounded[], gates[], interlocks[], others }; times in s; a step is
{ number, kind, id?, text, does, until?, limits[], times?, inside[] }.

Exit codes: 0 explained, 1 the gate would refuse a set value, 2 bad input.`;

export const CONVERT_HELP = `cellbench convert FILE --to FORMAT: a method in another language
  npx cellbench convert protocol.json --to cellbench --out method.yaml
  npx cellbench convert method.yaml --to neware --capacity 5 --out method.xml

FILE    a method (.yaml), unicycler JSON, BattINFO test-protocol JSON, a PyBaMM experiment (.py: a list,
        pybamm.Experiment(...); .txt: one sentence a line)
FORMAT  cellbench, unicycler, pybamm, battinfo; written only: neware (XML of BTS 8), biologic (EC-Lab .mps),
        maccor (procedure XML)

  --out FILE      where it goes; nothing is written over  (printed)
  --accept        what the other language says otherwise is written and listed; else its line is refused
  --capacity AH   nominal capacity of the cell: C-rates become currents where a cycler needs them
  --bench BENCH   takes the figures of the cell from a bench file (subject.voltageMax_V, per cm2 ...)
  --subject NAME  which of its subjects, where it has several
  --help          this text

Lists are written out and procedures put in their places. Refused always: what a test would not be the same without
(let, gate, set, ramp, together, ends of whole blocks). Names, tags and resume rules are left out without a word
where there is no room for them. An if that parameters and figures decide is written as its way; of one that only the run
decides the steps are always done with --accept, two ways are refused. A bound that a foreign file lacks is read as parameter atMost_h and not written again.

Exit codes: 0 written, 1 written with differences (listed), 2 refused (nothing written).`;

export const METHODS_HELP = `cellbench methods: the built-in methods
  npx cellbench methods --json

  --json   one JSON document with all of it
  --help   this text

JSON: { methods[{ method, doc, parameters[{ name, unit, default?, min?, max?, doc? }], figures[{ id, unit, doc }] }] }; default,
min and max as the method's file states them.

Exit codes: 0 listed, 2 bad input.`;

export const MIGRATE_HELP = `cellbench migrate FILE: a method of version 1 written in version 2
  npx cellbench migrate old.yaml --bench bench.yaml --out new.yaml

FILE    a method of version 1 (hold, waitUntil, sweep, pressurise ...)

  --out FILE      where it goes; nothing is written over  (printed)
  --subject NAME  which of the subjects of the bench, where it has several
  --bench BENCH   what the mode numbers of a cycler mean (output: { modes }); then the new file is checked against it, too
  --help          this text

Remarks stay with their step. What the new file does not do quite as the old one did is listed with its line: look at it,
rehearse both if in doubt.

Exit codes: 0 written, 1 written with something to look at (listed), 2 refused (nothing written).`;
