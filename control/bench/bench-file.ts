import { dirname, resolve } from 'node:path';
import type { DeviceDescription } from '../../drivers/contract/device.ts';
import { DeviceError, messageOf } from '../../drivers/contract/errors.ts';
import { MisfitError, type Place } from '../../drivers/contract/explain.ts';
import { FileError } from '../../drivers/contract/file-error.ts';
import { readTextFile } from '../../drivers/contract/text-file.ts';
import { checkYaml, readYaml, type YamlFile } from '../../drivers/contract/yaml-file.ts';
import { conditionNames } from '../kinds/interlocks/condition.ts';
import { type Bench, benchSchema } from './bench.ts';
import { benchFigures } from './bench-names.ts';
import { isArmedByTag } from './checks/armed-tags.ts';
import { checkBeside } from './checks/beside.ts';
import { cellsWithoutChannel } from './checks/cells.ts';
import { type Facts, powerDevices } from './checks/facts.ts';
import { interlocksOutOfOrder } from './checks/interlock-order.ts';
import { checkInterlocks } from './checks/interlocks.ts';
import { checkHoldPoints, checkLimits } from './checks/limits.ts';
import { beyondMaximum } from './checks/maxima.ts';
import { tripsMissing } from './checks/missing-trips.ts';
import { type Accepted, type Check, judge } from './checks/objection.ts';
import { checkRecording } from './checks/recording.ts';
import { checkRoles } from './checks/roles.ts';
import { safeStateLeavesOut } from './checks/safe-coverage.ts';
import { checkSafeState } from './checks/safe-lines.ts';
import { safeLinesTakenBack } from './checks/safe-order.ts';
import { proofsProveNothing } from './checks/safe-proofs.ts';
import { safeLinesAstray } from './checks/safe-values.ts';
import { slackBeyondReason } from './checks/slack.ts';
import { checkSoftwareControl } from './checks/software-control.ts';
import { timesBeyondReason } from './checks/times.ts';
import { checkDerived, checkFirstValues } from './derived-checks.ts';
import { withMatrix } from './matrix/expand.ts';
import type { MatrixOnBench } from './matrix/matrix-use.ts';
import { chosenOf, type WithSubject, withEachSubject } from './one-subject.ts';
import { type DevicePlace, mustHaveOwnChannels, mustHaveOwnPlaces } from './own-channels.ts';
import { checkPicture } from './picture/picture-block.ts';

export { checkMethod } from './method-check.ts';

/**
 * Questions whose answer a lab may know better than we do: each may be answered by `accepted: "<reason>"` on its line.
 * The ones that keep people safe come first: the first objection is the one that is told.
 */
const CHECKS: readonly Check[] = [
  safeStateLeavesOut,
  proofsProveNothing,
  safeLinesAstray,
  safeLinesTakenBack,
  tripsMissing,
  beyondMaximum,
  interlocksOutOfOrder,
  timesBeyondReason,
  slackBeyondReason,
  cellsWithoutChannel,
];

/**
 * Describes a device entry without opening it: the driver's channels and settables. Throws a
 * MisfitError of the options, or a DeviceError, where the driver, its options or a data file are wrong.
 */
export interface Describe {
  (driver: string, options: unknown, baseDir: string): DeviceDescription;
  /**
   * Loads the lab's own drivers of a bench; from then on it describes their devices. Absent: there can be none.
   * Throws what `wrong` makes of the number in the list and what is wrong there.
   */
  readonly load?: (
    files: readonly string[],
    baseDir: string,
    wrong: (index: number, text: string) => Error,
  ) => void;
  /** Where a device is, and whether others of the bench may be there, too. Absent: nobody knows. */
  readonly placeOf?: (driver: string, options: unknown) => DevicePlace;
}

/** A bench file that fits its devices. */
export interface LoadedBench {
  readonly path: string;
  /** Folder of the bench file: data files are named relative to it. */
  readonly baseDir: string;
  readonly bench: Bench;
  /** Name of the subject that it is with; absent where the file has one without a name. */
  readonly subject?: string;
  /** Device id -> what it offers. */
  readonly descriptions: ReadonlyMap<string, DeviceDescription>;
  /** What the lab has its reasons for, by its `accepted` keys: it belongs into the record. */
  readonly accepted: readonly Accepted[];
  /** How the rows of its matrix stand on it; absent: it uses none. */
  readonly matrix?: MatrixOnBench;
  /** Line of an entry, e.g. `['limits', 'stack.currentSet_A']`. */
  lineOf(place: Place): number;
}

/**
 * Reads a bench file and checks it against its devices; of several subjects with the one of the name `subject`.
 * @throws FileError: file, line, what was expected
 */
export function loadBench(path: string, describe: Describe, subject?: string): LoadedBench {
  return parseBench(path, readTextFile(path), describe, subject);
}

/** As `loadBench`, from text. All subjects must be right, whichever is asked for. */
export function parseBench(path: string, text: string, describe: Describe, subject?: string): LoadedBench {
  return chosenFrom(path, text, describe)(subject);
}

/** As `loadBench`, read once for any number of subjects. @throws FileError; what it returns likewise */
export function benchBySubject(path: string, describe: Describe): (subject?: string) => LoadedBench {
  return chosenFrom(path, readTextFile(path), describe);
}

function chosenFrom(path: string, text: string, describe: Describe): (subject?: string) => LoadedBench {
  const yaml = readYaml(path, text);
  const benches = withEachSubject(yaml).map(one => benchOf(one, describe));
  mustHaveOwnChannels(benches, yaml);
  return subject => chosenOf(benches, subject, yaml);
}

/** A bench file with each of its subjects, and the devices that all of them use. */
export interface BenchOfAll {
  readonly benches: readonly LoadedBench[];
  /** Devices that stand at the bench itself. */
  readonly shared: readonly string[];
}

/** Reads a bench file with all its subjects. @throws FileError */
export function loadSubjects(path: string, describe: Describe): BenchOfAll {
  const yaml = readYaml(path, readTextFile(path));
  const benches = withEachSubject(yaml).map(one => benchOf(one, describe));
  mustHaveOwnChannels(benches, yaml);
  const { devices = {} } = yaml.value as { readonly devices?: object };
  return {
    benches,
    shared: benches.length > 1 || benches[0].subject !== undefined ? Object.keys(devices) : [],
  };
}

function benchOf({ yaml: read, subject }: WithSubject, describe: Describe): LoadedBench {
  const { yaml: whole, matrix, laxer } = withMatrix(read);
  const yaml = checkYaml(whole, benchSchema);
  const { path } = yaml;
  const baseDir = dirname(path);
  describe.load?.(yaml.value.drivers, baseDir, (i, text) => yaml.error(['drivers', i], text));
  const descriptions = describeDevices(yaml, baseDir, describe);
  if (describe.placeOf !== undefined) mustHaveOwnPlaces(yaml, describe.placeOf);
  const reach = checkDerived(yaml, checkRoles(yaml, descriptions));
  checkLimits(yaml, reach);
  checkHoldPoints(yaml, reach);
  checkBeside(yaml, reach);
  checkPicture(yaml, reach);
  checkRecording(yaml, descriptions, reach);
  const names = conditionNames(reach.measured.keys(), benchFigures(yaml.value));
  checkInterlocks(yaml, reach, names);
  checkFirstValues(yaml, names);
  checkSoftwareControl(yaml, reach);
  checkSafeState(yaml, reach);
  const facts: Facts = { bench: yaml.value, descriptions, reach, names, power: powerDevices(descriptions) };
  const accepted = judge(
    yaml,
    CHECKS.flatMap(check => [...check(facts)]),
    // A tag is known only with the method.
    ([list, i]) => list === 'interlocks' && isArmedByTag(yaml.value, Number(i)),
  );
  return {
    path,
    baseDir,
    bench: yaml.value,
    descriptions,
    accepted: [...accepted, ...laxer],
    ...(matrix === undefined ? {} : { matrix }),
    ...(subject === undefined ? {} : { subject }),
    lineOf: yaml.lineOf,
  };
}

function describeDevices(
  yaml: YamlFile<Bench>,
  baseDir: string,
  describe: Describe,
): Map<string, DeviceDescription> {
  const descriptions = new Map<string, DeviceDescription>();
  for (const [id, device] of Object.entries(yaml.value.devices)) {
    const place = ['devices', id];
    if (device.stale_after_s <= device.poll_s) {
      const text = `${device.stale_after_s} s with poll_s ${device.poll_s} s, expected more than poll_s`;
      throw yaml.error([...place, 'stale_after_s'], text);
    }
    try {
      descriptions.set(id, describe(device.driver, device.options, baseDir));
    } catch (error) {
      if (error instanceof MisfitError) {
        throw yaml.error([...place, 'options', ...error.found.place], error.found.text);
      }
      throw dataFileError(yaml, id, baseDir, error) ?? yaml.error([...place, 'driver'], messageOf(error));
    }
  }
  return descriptions;
}

/** What is wrong with a data file that an option names: its own file and line, or the option's if it cannot be opened. */
function dataFileError(
  yaml: YamlFile<Bench>,
  id: string,
  baseDir: string,
  error: unknown,
): FileError | undefined {
  const cause = error instanceof DeviceError ? error.cause : undefined;
  if (!(cause instanceof FileError)) return undefined;
  const named = Object.entries(yaml.value.devices[id].options).find(
    ([, value]) => typeof value === 'string' && resolve(baseDir, value) === resolve(cause.file),
  );
  if (named === undefined) return undefined;
  const [key, value] = named;
  // What is wrong inside the file stands there; a file that cannot be opened is a fault of the line that names it.
  if (cause.line > 0) return cause;
  return yaml.error(['devices', id, 'options', key], `"${value}" ${cause.text}`);
}
