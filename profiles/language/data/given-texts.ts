import type { Place } from '../../../drivers/contract/explain.ts';
import type { LanguageFiles, ReadCalled } from '../file/calls.ts';
import { allSteps, type LanguageFile, type StepNode, topLists } from '../file/nodes.ts';
import { splitName } from '../units/names.ts';

/**
 * What stands behind the names of files and headings in `data:` of a procedure: a word that is one of its parameters in
 * `_file` or `_text` is what its callers give for it, or its default.
 */

type Keys = Readonly<Record<string, unknown>>;

/** A text, and the file in which it is written: a path in it begins beside that file. */
export interface GivenText {
  readonly text: string;
  readonly from: string;
  /** Where a caller writes it; undefined: where the word itself stands, or in the default. */
  readonly at?: { readonly file: LanguageFile; readonly place: Place };
}

/** True of a name of a parameter that is a text. */
function isTextName(name: string): boolean {
  const unit = splitName(name)?.unit;
  return unit === 'file' || unit === 'text';
}

/** Looks words up for the files of a method. */
export class GivenTexts {
  readonly #files: LanguageFiles;
  readonly #find: ReadCalled;

  constructor(files: LanguageFiles, find: ReadCalled) {
    this.#files = files;
    this.#find = find;
  }

  /**
   * What a word in the data of a file means: itself, or what is given for the parameter of this name.
   * @throws FileError at the second call that gives something else: the data of a procedure are read once a method
   */
  meaning(file: LanguageFile, word: string): GivenText {
    const itself = { text: word, from: file.path };
    const parameters: Keys = { ...(file.head['parameters'] as Keys | undefined) };
    if (!isTextName(word) || !Object.hasOwn(parameters, word)) return itself;
    let found: GivenText | undefined;
    for (const [caller, step] of this.#callsOf(file)) {
      const given = { ...(step.keys['with'] as Keys | undefined) }[word];
      const here =
        typeof given === 'string'
          ? { at: { file: caller, place: [...step.place, 'with', word] }, ...this.meaning(caller, given) }
          : defaultOf(file, word);
      if (here === undefined) continue;
      if (found !== undefined && (found.text !== here.text || found.from !== here.from)) {
        const place = [...step.place, ...(given === undefined ? ['call'] : ['with', word])];
        const text = `gives ${file.name} other data than the call before (${found.text}), expected one ${word} in a method`;
        throw caller.errors.error(place, text);
      }
      found = here;
    }
    return found ?? defaultOf(file, word) ?? itself;
  }

  *#callsOf(file: LanguageFile): Generator<readonly [LanguageFile, StepNode]> {
    for (const caller of [this.#files.main, ...this.#files.procedures.values()]) {
      for (const step of topLists(caller).flatMap(list => [...allSteps(list)])) {
        if (step.kind.key !== 'call') continue;
        if (this.#find(String(step.keys['call']), caller.path)?.path === file.path) yield [caller, step];
      }
    }
  }
}

function defaultOf(file: LanguageFile, name: string): GivenText | undefined {
  const raw = { ...(file.head['parameters'] as Keys | undefined) }[name];
  const value = typeof raw === 'object' && raw !== null ? (raw as Keys)['default'] : raw;
  return typeof value === 'string' ? { text: value, from: file.path } : undefined;
}
