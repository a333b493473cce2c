import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import {
  type Finding,
  type LabMethod,
  LabRefusal,
  type LabText,
  type ListedMethod,
} from '../../../dashboards/door/lab.ts';
import { sha256Of } from '../../../drivers/contract/sha256.ts';
import { builtInNames, builtInText } from '../../../profiles/language/methods/built-in.ts';
import { writeWhole } from '../result/write-whole.ts';
import type { Beside } from './beside.ts';
import { callingText } from './calling.ts';
import { type Catalogue, headOf, kindOf } from './catalogue.ts';
import { isSameName, mustBeOwnName } from './files/own-name.ts';
import type { LookTasks } from './look-thread.ts';
import { formOf, headOf as headOfLanguage } from './method-form.ts';
import { checkedName, type LabPlace, RUNS } from './place.ts';

/** The methods of a laboratory: those that come with the program, and those that people write in its folder. */

const CHECK_S = 20;
const LONGEST_TEXT = 200_000;
/** Of a text that has no name yet. */
const UNNAMED = 'unsaved';

/** Parts of a laboratory that methods need. */
export interface MethodParts {
  readonly place: LabPlace;
  readonly catalogue: Catalogue;
  readonly look: Beside<LookTasks>;
}

/** A method as it stands: where, or what it is built in as. */
interface Found extends ListedMethod {
  readonly path: string | undefined;
  readonly text: string;
}

/** Reads, checks and writes them. */
export class Methods {
  readonly #parts: MethodParts;

  constructor(parts: MethodParts) {
    this.#parts = parts;
  }

  /** All of them by name; one in the folder stands before a built-in one of the same name, as it does when it is called. */
  all(): readonly ListedMethod[] {
    const own = this.#parts.catalogue.all('method').map(
      ({ path, kind: _, ...entry }): ListedMethod => ({
        ...entry,
        isBuiltIn: this.#parts.place.isOfPackage(path),
      }),
    );
    const names = new Set(own.map(({ name }) => name));
    const others = builtInNames().filter(name => !names.has(name));
    return [
      ...own,
      ...others.flatMap(name => builtIn(name) ?? []).map(({ path: _p, text: _t, ...file }) => file),
    ];
  }

  /** One as it is written, with its form and what is wrong in it. */
  async one(name: string): Promise<LabMethod> {
    const { path, ...found } = this.#found(name);
    const { parameters, figures } = formOf(name, found.text, path === undefined);
    const findings = path === undefined ? [] : await this.#checked({ path, text: found.text });
    return { ...found, findings: [...findings], parameters: [...parameters], figures: [...figures] };
  }

  /** What is wrong in a text that would be a method, by its name where it has one; on a bench where one is named. */
  async check(of: {
    readonly text: string;
    readonly bench?: string | undefined;
    readonly name?: string | undefined;
  }): Promise<readonly Finding[]> {
    const path = this.#parts.place.pathOf(of.name ?? UNNAMED);
    const bench = of.bench === undefined ? undefined : this.#parts.catalogue.one('bench', of.bench).path;
    return await this.#checked({ path, text: of.text, ...(bench === undefined ? {} : { bench }) });
  }

  /** Writes one whole or not at all. @throws LabRefusal for a wrong one, a place that is none, and a state that is not there any more */
  async save(of: {
    readonly name: string;
    readonly text: string;
    readonly sha256: string | null;
  }): Promise<LabText> {
    const { name, text, sha256 } = of;
    const path = this.#placeFor(name, sha256);
    const findings = await this.#checked({ path, text });
    const wrong = findings.find(({ severity }) => severity === 'error');
    if (wrong !== undefined)
      throw new LabRefusal('bad', `${name}: line ${wrong.line}: ${wrong.text}`, findings);
    const head = headOf(text);
    if (head === undefined || kindOf(head) !== 'method')
      throw new LabRefusal(
        'bad',
        `${name}: is no method, expected one that begins with method: or procedure:`,
      );
    this.#write(path, name, text, sha256);
    this.#parts.catalogue.changed();
    const { path: _path, isProcedure: _, ...found } = this.#found(name);
    return { ...found, findings: [...findings] };
  }

  /** A file that can be carried out: the method itself, or one that calls what can only be called. @throws LabRefusal */
  fileOf(name: string): string {
    const { path, text, isProcedure } = this.#found(name);
    if (path !== undefined && !isProcedure) return path;
    const made = callingText(headOfLanguage(name, text), path ?? name);
    const word = name.replaceAll('/', '-');
    const file = join(this.#parts.place.own, 'methods', `${word}-${sha256Of(made).slice(0, 12)}.yaml`);
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) writeWhole(file, made);
    return file;
  }

  /** @throws LabRefusal where it is longer than anybody writes */
  async #checked(of: { path: string; text: string; bench?: string }): Promise<readonly Finding[]> {
    if (of.text.length > LONGEST_TEXT)
      throw new LabRefusal('bad', `${of.text.length} characters, expected ${LONGEST_TEXT} at most`);
    const findings = await this.#parts.look.ask('method', of, CHECK_S);
    return findings.map(finding => ({ ...finding, text: this.#parts.place.said(finding.text) }));
  }

  #found(name: string): Found {
    const entry = this.#parts.catalogue.find('method', name);
    const found = entry === undefined ? builtIn(name) : undefined;
    if (found !== undefined) return found;
    const { kind: _, path, ...own } = entry ?? this.#parts.catalogue.one('method', name);
    const isBuiltIn = this.#parts.place.isOfPackage(path);
    return { ...own, isBuiltIn, path, text: readFileSync(path, 'utf8') };
  }

  /** Where a method may be written. @throws LabRefusal */
  #placeFor(name: string, sha256: string | null): string {
    const { place, catalogue } = this.#parts;
    const path = place.pathOf(checkedName(name));
    const [first] = relative(place.root, path).split(sep);
    if (first === RUNS || place.isOfPackage(path))
      throw new LabRefusal('bad', `${name}: is not for writing, expected another name`);
    if (!existsSync(path)) {
      mustBeOwnName(place.root, path, name);
      if (builtInNames().some(other => isSameName(other, name)))
        throw new LabRefusal('bad', `${name} is a built-in method, expected another name`);
      if (sha256 !== null) throw new LabRefusal('clash', `${name} is not there any more`);
    } else if (catalogue.find('method', name) === undefined)
      throw new LabRefusal(
        'bad',
        `${name}: something else than a method stands there, expected another name`,
      );
    return path;
  }

  /** What stands there is compared and replaced in one go. @throws LabRefusal where it is not what was edited */
  #write(path: string, name: string, text: string, sha256: string | null): void {
    mkdirSync(dirname(path), { recursive: true });
    // Somebody may have made a link of it meanwhile.
    if (!this.#parts.place.has(path)) throw new LabRefusal('missing', `${name}: no such place`);
    const clash = new LabRefusal(
      'clash',
      `${name} has been changed by somebody else, expected the newest state of it`,
    );
    const draft = `${path}.${process.pid}.part`;
    try {
      writeFileSync(draft, text, { flush: true });
      if (sha256 === null) {
        try {
          // Fails where a file is there by now.
          linkSync(draft, path);
        } catch (error) {
          throw existsSync(path) ? clash : error;
        }
      } else {
        if (!existsSync(path) || sha256Of(readFileSync(path, 'utf8')) !== sha256) throw clash;
        renameSync(draft, path);
      }
    } finally {
      rmSync(draft, { force: true });
    }
  }
}

const builtIns = new Map<string, Found>();

/** Read once: they are part of the program. */
function builtIn(name: string): Found | undefined {
  const known = builtIns.get(name);
  if (known !== undefined) return known;
  const text = builtInText(name);
  if (text === undefined) return undefined;
  const head = headOf(text);
  const doc = head?.get('doc');
  const isProcedure = head?.has('procedure') === true;
  const title = typeof doc === 'string' ? doc : name;
  const common = { name, title, isBuiltIn: true, sha256: sha256Of(text) };
  const found = { ...common, isProcedure, path: undefined, text };
  builtIns.set(name, found);
  return found;
}
