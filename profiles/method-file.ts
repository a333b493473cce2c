import type { Place } from '../drivers/contract/explain.ts';
import { readTextFile } from '../drivers/contract/text-file.ts';
import { type FileError, parseYamlFile, type YamlFile } from '../drivers/contract/yaml-file.ts';
import { compileWithPlaces } from './compile.ts';
import { MethodError } from './compile-steps.ts';
import { type MethodFile, methodFileSchema } from './method.ts';
import type { Procedure } from './procedure.ts';
import type { Subject } from './recorded-run.ts';

export { readTextFile };

/** A method file, compiled for a device under test, with the way back from an instruction to its line. */
export interface LoadedMethod {
  readonly path: string;
  /** Load series of version 1, by name. */
  readonly data: MethodFile['data'];
  readonly procedure: Procedure;
  /** Line of the step that an instruction comes from. */
  lineOf(instruction: number): number;
  /** Error about an entry of the file. */
  error(place: Place, text: string): FileError;
}

/** Reads and compiles a method file. @throws FileError with file, line and what was expected */
export function loadMethod(path: string, subject: Subject): LoadedMethod {
  return parseMethod(path, readTextFile(path), subject);
}

/** As `loadMethod`, from text. */
export function parseMethod(path: string, text: string, subject: Subject): LoadedMethod {
  const yaml = parseYamlFile(path, text, methodFileSchema);
  const { procedure, places } = compile(yaml, subject);
  return {
    path,
    data: yaml.value.data,
    procedure,
    lineOf: instruction => yaml.lineOf(places[instruction] ?? []),
    error: yaml.error,
  };
}

function compile(
  yaml: YamlFile<MethodFile>,
  subject: Subject,
): { readonly procedure: Procedure; readonly places: readonly Place[] } {
  try {
    return compileWithPlaces(yaml.value, subject);
  } catch (error) {
    if (error instanceof MethodError) throw yaml.error(error.place, error.what);
    throw error;
  }
}
