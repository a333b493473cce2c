import { z } from 'zod';
import { nearest, type Place } from '../../drivers/contract/explain.ts';
import { FileError } from '../../drivers/contract/file-error.ts';
import { checkYaml, type YamlFile } from '../../drivers/contract/yaml-file.ts';
import { JOINED, onSubject, placeInFile, subjectsIn } from '../contract/of-subject.ts';
import { type Bench, benchFileSchema, subjectOf } from './bench.ts';

/** Which of several subjects of a bench file a run is for, and the bench that it is then. */

/** A bench with one subject on it, as read; `subject`: its name, where the file has several. */
export interface WithSubject {
  readonly yaml: YamlFile<unknown>;
  readonly subject?: string;
}

/** Nobody can tell which subject is meant; `say`: the words for whoever asks by another word than `--subject`. */
export class SubjectError extends FileError {
  readonly say: (word: string) => string;

  constructor(file: string, line: number, say: (word: string) => string) {
    super(file, line, `${line > 0 ? 'subjects: ' : ''}${say('--subject')}`);
    this.name = 'SubjectError';
    this.say = say;
  }
}

const SUBJECTS = ['stack', 'cell', 'vessel'];
const subjectsOnly = z.looseObject({ subjects: benchFileSchema.shape.subjects });

/** Every bench that a file describes: one for each of its subjects. @throws FileError for what can never be right */
export function withEachSubject(yaml: YamlFile<unknown>): readonly WithSubject[] {
  const file = yaml.value;
  if (typeof file !== 'object' || file === null || !('subjects' in file)) return [{ yaml }];
  checkYaml(yaml, subjectsOnly);
  const said = SUBJECTS.find(kind => kind in file);
  if (said !== undefined)
    throw yaml.error(
      [said],
      'stands beside subjects, expected it below one of them: subjects: { NAME: ... }',
    );
  const subjects = subjectsIn(file);
  for (const [name, own] of Object.entries(subjects)) mustStandOnce(yaml, name, own);
  return Object.keys(subjects).map(subject => ({ subject, yaml: viewOf(yaml, subject) }));
}

/** The one that is asked for. @throws SubjectError where nobody can tell which */
export function chosenOf<T extends { readonly subject?: string }>(
  benches: readonly T[],
  asked: string | undefined,
  yaml: YamlFile<unknown>,
): T {
  const names = benches.flatMap(({ subject }) => subject ?? []);
  const [first] = benches;
  if (asked === undefined) {
    if (benches.length === 1) return first;
    throw new SubjectError(
      yaml.path,
      yaml.lineOf(['subjects']),
      word => `${names.join(' and ')} stand on this bench, expected ${word} with one of them`,
    );
  }
  const found = benches.find(({ subject }) => subject === asked);
  if (found !== undefined) return found;
  if (names.length === 0)
    throw new SubjectError(
      yaml.path,
      0,
      word => `${word} ${asked}: this bench has one subject without a name, expected no ${word}`,
    );
  const near = nearest(asked, names);
  const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
  throw new SubjectError(
    yaml.path,
    yaml.lineOf(['subjects']),
    word => `there is no ${asked}${hint}, expected ${word} with one of ${names.join(', ')}`,
  );
}

/** Which subject a run is for, in words; nothing where the file has one without a name. */
export function subjectLine({
  bench,
  subject,
}: {
  readonly bench: Bench;
  readonly subject?: string;
}): string[] {
  return subject === undefined ? [] : [`subject ${subject}: ${subjectOf(bench).name}`];
}

/** What a subject says is said for it alone: nothing of the bench is replaced by it. */
function mustStandOnce(yaml: YamlFile<unknown>, name: string, own: Readonly<Record<string, unknown>>): void {
  const bench = yaml.value as Readonly<Record<string, unknown>>;
  for (const [key, entries] of Object.entries(own)) {
    if (!(key in bench) || key === 'interlocks') continue;
    if (!JOINED.some(joined => joined === key))
      throw yaml.error(['subjects', name, key], `stands at the bench too, expected ${key} in one place`);
    const twice = Object.keys(entries as object).find(entry => Object.hasOwn(bench[key] as object, entry));
    if (twice === undefined) continue;
    throw yaml.error(['subjects', name, key, twice], 'stands at the bench too, expected it in one place');
  }
}

/** The file as the bench of one subject; what is wrong is told where it stands. */
function viewOf(yaml: YamlFile<unknown>, subject: string): YamlFile<unknown> {
  const { path, value } = yaml;
  const at = (place: Place): Place => placeInFile(value, subject, place);
  const said = (there: Place, what: string): string =>
    there[0] === 'subjects' ? what : `${what} (with the subject ${subject})`;
  return {
    path,
    value: onSubject(value, subject),
    lineOf: place => yaml.lineOf(at(place)),
    error: (place, what) => yaml.error(at(place), said(at(place), what)),
    errorInside: (place, offset, what) => yaml.errorInside(at(place), offset, said(at(place), what)),
  };
}
