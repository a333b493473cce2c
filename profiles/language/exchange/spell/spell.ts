import type { Place } from '../../../../drivers/contract/explain.ts';
import type { LanguageFiles, ReadCalled } from '../../file/calls.ts';
import { stemOf } from '../../file/keys.ts';
import { allSteps, type LanguageFile, type StepNode, topLists } from '../../file/nodes.ts';
import { targetsOf } from '../../file/rules/ways.ts';
import type { At, Ledger } from '../ledger.ts';
import {
  leavesOf,
  type PlainLimits,
  type PlainMethod,
  type PlainNode,
  type PlainRecord,
} from '../plain-step.ts';
import { cellOf } from '../table.ts';
import { givenBy, parametersOf, roundsOf } from './parameters.ts';
import { isSameRecord, limitsOf, recordOf } from './records.ts';
import { type Around, refuseOthers, spellStep } from './spell-step.ts';
import { wayOf } from './way-of.ts';
import { type Known, Worth } from './worth.ts';

/** Spells a method out: procedures in their places, `each` and, where the other language needs it, loops written out. */

type Keys = Readonly<Record<string, unknown>>;

/** What is needed beside the files. */
export interface Spelling {
  readonly find: ReadCalled;
  /** Figures of what is tested, under their names: capacity_Ah, voltageMax_V ... */
  readonly subject: Readonly<Record<string, number>>;
  /** Figures of the bench. */
  readonly bench: Readonly<Record<string, number>>;
  readonly ledger: Ledger;
}

/** A written out method has at most so many steps. */
const MOST_STEPS = 100_000;
const NOTHING: Known = { values: new Map(), lists: new Map() };
const BLOCK_ENDS = ['until', 'exits', 'gate', 'otherwise', 'for', 'within', 'limits'];

/** Where the walk is. */
interface Scope extends Around {
  readonly record: PlainRecord | undefined;
  readonly depth: number;
}

/** @throws LanguageError with the line of the first thing that the other language cannot say */
export function spell(files: LanguageFiles, spelling: Spelling): PlainMethod {
  return new Speller(files, spelling).method();
}

class Speller {
  readonly #files: LanguageFiles;
  readonly #spelling: Spelling;
  #temperature_degC: number | undefined;
  /** Of the whole file. */
  #record: PlainRecord | undefined;
  #count = 0;

  constructor(files: LanguageFiles, spelling: Spelling) {
    this.#files = files;
    this.#spelling = spelling;
  }

  method(): PlainMethod {
    const { ledger, subject } = this.#spelling;
    const file = this.#files.main;
    const { head, name } = file;
    const worth = new Worth(file, this.#spelling);
    const known = parametersOf(worth, NOTHING);
    for (const key of ['returns', 'derived'])
      if (key in head) ledger.differ({ file, place: [key] }, 'is left out: no figures are made there');
    const record =
      'record' in head
        ? recordOf(worth, { place: ['record'], raw: head['record'] as Keys, known }, ledger)
        : undefined;
    this.#record = record;
    const limits = this.#limits(worth, known);
    const steps = this.#body(file, { worth, known, ledger, record: undefined, depth: 0 });
    return {
      name,
      at: { file, place: [file.kind] },
      ...(typeof head['doc'] === 'string' ? { doc: head['doc'] } : {}),
      ...(record === undefined ? {} : { record }),
      ...(limits === undefined ? {} : { limits }),
      ...(subject['capacity_Ah'] === undefined ? {} : { capacity_Ah: subject['capacity_Ah'] }),
      steps,
    };
  }

  /** Some step leads to `finish`, which is `finally` here and the end elsewhere. */
  get #finishes(): boolean {
    const { main, procedures } = this.#files;
    return [main, ...procedures.values()].some(file =>
      topLists(file)
        .flatMap(list => [...allSteps(list)])
        .some(step => targetsOf(step).some(([, target]) => target === 'finish')),
    );
  }

  /** Limits of the file; undefined where the other language has none and a person accepts that. */
  #limits(worth: Worth, known: Known): PlainLimits | undefined {
    const { ledger } = this.#spelling;
    const raw = worth.file.head['limits'];
    if (!Array.isArray(raw)) return undefined;
    ledger.row('limits', { file: worth.file, place: ['limits'] }, 'a limit', 'it is left out');
    return cellOf(ledger.format, 'limits') === 'difference' ? undefined : limitsOf(worth, raw, known, ledger);
  }

  /** All phases and `finally` of a file, one after the other. */
  #body(file: LanguageFile, scope: Scope): readonly PlainNode[] {
    const nodes: PlainNode[] = [];
    const phases = file.head['phases'] as readonly Keys[] | undefined;
    for (const [i, phase] of file.phases.entries()) {
      const raw = phases?.[i];
      if (raw?.['limits'] !== undefined)
        throw scope.ledger.refused(
          { file, place: [...phase.place, 'limits'] },
          'limits of one phase are not known elsewhere',
        );
      const inner = this.#withRecord(raw ?? {}, phase.place, scope);
      nodes.push(...this.#nodes(phase.steps, inner));
    }
    if (file.finally.length > 0) {
      const at = { file, place: ['finally'] };
      // A stop does not come to it here, either.
      if (this.#finishes)
        scope.ledger.differ(at, 'stands at the end: what leads to finish does not come to it there');
      nodes.push(...this.#nodes(file.finally, scope));
    }
    return nodes;
  }

  #nodes(list: readonly StepNode[], scope: Scope): readonly PlainNode[] {
    return list.flatMap(step => this.#node(step, scope));
  }

  #node(step: StepNode, scope: Scope): readonly PlainNode[] {
    const { worth, ledger } = scope;
    const { kind, keys, place } = step;
    const at: At = { file: worth.file, place: [...place, kind.key] };
    switch (kind.key) {
      case 'cc':
      case 'cv':
      case 'cp':
      case 'cr':
      case 'cccv':
      case 'rest':
      case 'wait':
      case 'eis':
        return [this.#leaf(step, scope)];
      case 'steps':
      case 'repeat':
        return this.#loop(step, scope);
      case 'each':
        this.#refuseEnds(step, scope);
        return roundsOf(step, worth, scope.known).flatMap(known =>
          this.#nodes(step.blocks.get('steps') ?? [], {
            ...this.#withRecord(keys, place, scope),
            known,
          }),
        );
      case 'call':
        return this.#called(step, scope);
      case 'if':
        return this.#nodes(wayOf(step, scope), this.#withRecord(keys, place, scope));
      case 'set':
        this.#set(step, scope);
        return [];
      case 'follow':
        ledger.row('follow', at, 'a load that follows data');
        return [];
      default:
        ledger.row('logic', at, `"${kind.key}"`);
        return [];
    }
  }

  #leaf(step: StepNode, scope: Scope): PlainNode {
    const { worth, ledger } = scope;
    this.#count += 1;
    if (this.#count > MOST_STEPS)
      throw ledger.refused(
        { file: worth.file, place: step.place },
        `written out these are more than ${MOST_STEPS} steps`,
      );
    const { record } = this.#withRecord(step.keys, step.place, scope);
    return {
      ...spellStep(step, scope),
      ...(record === undefined ? {} : { record }),
      ...(this.#temperature_degC === undefined ? {} : { temperature_degC: this.#temperature_degC }),
    };
  }

  #loop(step: StepNode, scope: Scope): readonly PlainNode[] {
    const { worth, ledger, known } = scope;
    const { keys, place, kind } = step;
    const at: At = { file: worth.file, place: [...place, kind.key] };
    this.#refuseEnds(step, scope);
    const own = keys['repeat'] as Keys | undefined;
    if (own?.['while'] !== undefined)
      ledger.row('logic', { ...at, place: [...at.place, 'while'] }, 'a loop with a condition');
    const times = own === undefined ? 1 : worth.number([...at.place, 'times'], own['times'], known);
    const inner = {
      ...this.#withRecord(keys, place, scope),
      depth: scope.depth + (own === undefined ? 0 : 1),
    };
    const list = step.blocks.get('steps') ?? [];
    if (inner.depth > 1 && cellOf(ledger.format, 'nested loops') === 'not' && own !== undefined)
      return Array.from({ length: times }, () => this.#nodes(list, inner)).flat();
    const before_degC = this.#temperature_degC;
    const [steps, entered] = [this.#nodes(list, inner), this.#temperature_degC];
    if (times > 1 && entered !== before_degC) {
      const again = this.#nodes(list, inner);
      const temperatures = [steps, again].map(all => [...leavesOf(all)].map(leaf => leaf.temperature_degC));
      if (JSON.stringify(temperatures[0]) !== JSON.stringify(temperatures[1]))
        throw ledger.refused(
          at,
          `its first round is not at ${entered} degC like the others: set the chamber before its first step`,
        );
    }
    const name = keys['name'];
    return [{ kind: 'loop', at, times, steps, ...(typeof name === 'string' ? { name } : {}) }];
  }

  #called(step: StepNode, scope: Scope): readonly PlainNode[] {
    const { worth, ledger, known } = scope;
    const at: At = { file: worth.file, place: [...step.place, 'call'] };
    this.#refuseEnds(step, scope);
    const found = this.#spelling.find(String(step.keys['call']), worth.file.path);
    const file = found === undefined ? undefined : this.#files.procedures.get(found.path);
    if (file === undefined)
      throw ledger.refused(
        at,
        `${step.keys['call']} is not at hand, expected a procedure that is built in or a file`,
      );
    if ('limits' in file.head)
      throw ledger.refused(at, 'it has limits of its own, which are not known elsewhere');
    if (!/\.ya?ml$/i.test(String(step.keys['call'])))
      ledger.differ(at, 'its steps are written, its figures are not made there');
    const inside = new Worth(file, this.#spelling);
    const given = parametersOf(inside, givenBy(step, worth, known));
    const outer = this.#withRecord(step.keys, step.place, scope);
    const own = { ...outer, worth: inside, known: given };
    return this.#body(file, this.#withRecord(file.head, [], own));
  }

  #set(step: StepNode, { worth, known, ledger }: Scope): void {
    const own = step.keys['set'] as Keys;
    for (const [role, raw] of Object.entries(own)) {
      const at: At = { file: worth.file, place: [...step.place, 'set', role] };
      if (!role.startsWith('chamber.temperature_')) ledger.row('logic', at, `setting ${role}`);
      ledger.row('chamber', at, 'the temperature of a chamber');
      const value = worth.number(at.place, raw, known);
      this.#temperature_degC = worth.amount(at.place, role, value, 'degC').value;
    }
  }

  /** Ends of a whole block are known nowhere else. */
  #refuseEnds(step: StepNode, scope: Scope): void {
    const found = Object.keys(step.keys).find(key => BLOCK_ENDS.includes(stemOf(key) ?? key));
    if (found !== undefined)
      throw scope.ledger.refused(
        { file: scope.worth.file, place: [...step.place, found] },
        'an end of a whole block is not known elsewhere, expected it in the steps',
      );
    refuseOthers(step, scope);
  }

  #withRecord(keys: Keys, place: Place, scope: Scope): Scope {
    if (typeof keys['record'] !== 'object' || keys['record'] === null) return scope;
    const { worth, known, ledger } = scope;
    const own = { place: [...place, 'record'], raw: keys['record'] as Keys, known };
    const record = recordOf(worth, own, ledger);
    if (isSameRecord(record, this.#record)) return { ...scope, record: undefined };
    ledger.row(
      'record of a step',
      record.at,
      'a recording rule of its own',
      'that of the file holds for all steps',
    );
    return { ...scope, record };
  }
}
