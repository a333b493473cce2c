import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { messageOf } from '../../../drivers/contract/errors.ts';
import type { Place } from '../../../drivers/contract/explain.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { GivenError } from '../../../profiles/language/explain/given.ts';
import { ExpressionError } from '../../../profiles/language/expression/problem.ts';
import { benchBySubject, type LoadedBench } from '../../bench/bench-file.ts';
import { SubjectError } from '../../bench/one-subject.ts';
import {
  type Campaign,
  type CampaignRun,
  type PlacedCampaign,
  readCampaign,
} from '../../campaign/campaign-file.ts';
import type { ChannelsOfBench } from '../../campaign/carried-course.ts';
import type { Need } from '../../campaign/needs.ts';
import type { Rules } from '../../campaign/queue.ts';
import { type Rule, ruleOf } from '../../campaign/rules.ts';
import { describeDevice } from '../open-devices.ts';
import { givenOrExample } from '../package-files.ts';
import { loadNight, type NightFiles } from '../rehearse/rehearse-once.ts';
import { isBadInput } from '../run-files.ts';
import { channelsOf } from './channels-of.ts';

/** A campaign with everything that it names: benches, methods, what they return. */
export interface LoadedCampaign {
  readonly path: string;
  readonly campaign: Campaign;
  /** By run. */
  readonly nights: ReadonlyMap<string, NightFiles>;
  /** By run: what it is begun with. */
  readonly asked: ReadonlyMap<string, AskedNight>;
  readonly rules: Rules;
  /** Benches whose subjects may be under way at a time; of the others with several subjects, why not. */
  readonly channels: ReadonlySet<string>;
  readonly notChannels: ReadonlyMap<string, string>;
  /** Of benches with several subjects: which. */
  readonly subjects: readonly ChannelsOfBench[];
  /** By run: what it sets on instruments that all subjects of its bench share. */
  readonly sets: ReadonlyMap<string, readonly Need[]>;
}

/**
 * Reads a campaign, each method on its bench, and checks its rules against what the methods return.
 * @throws FileError in the campaign's file: line, column, and what is wrong there
 */
export function loadCampaign(path: string, seed: number): LoadedCampaign {
  return loadedOf(path, readCampaign(path, readTextFile(path)), seed);
}

/** The same of a campaign that has been read or edited; what it names lies relative to `path`. @throws FileError */
export function loadedOf(path: string, yaml: PlacedCampaign, seed: number): LoadedCampaign {
  const { runs } = yaml.value;
  const known = new Map<string, NightFiles>();
  const bySubject = new Map<string, ReturnType<typeof benchBySubject>>();
  /** A bench of many subjects is read once, not once for each run. */
  const benchOf = ({ bench, subject }: AskedNight): LoadedBench => {
    const of = bySubject.get(bench) ?? benchBySubject(givenOrExample(bench), describeDevice);
    bySubject.set(bench, of);
    return of(subject);
  };
  const nights = new Map<string, NightFiles>();
  const benches = new Map<string, string>();
  const askedOf = new Map<string, AskedNight>();
  for (const [i, run] of runs.entries()) {
    const asked = nightOf(yaml.value, run, dirname(path), seed);
    const key = JSON.stringify(asked);
    const night =
      known.get(key) ?? ofFiles(yaml, ['runs', i], () => loadNight({ ...asked, known: benchOf(asked) }));
    known.set(key, night);
    mustBeOneName(yaml, i, benches, night);
    nights.set(run.run, night);
    askedOf.set(run.run, asked);
  }
  const returned = new Map(
    [...nights].map(([run, { method }]) => [run, Object.keys(method.procedure.program?.returns ?? {})]),
  );
  const rules: Rules = new Map(
    runs.map(({ run, rules: own }, i) => [
      run,
      own.map((rule, k) => ({
        ...rule,
        condition: within(yaml, ['runs', i, 'rules', k, 'if'], () => {
          const condition = ruleOf(rule.if, returned);
          mustBeOver(condition.names, run, runs);
          mayHold(condition, run);
          return condition;
        }),
      })),
    ]),
  );
  return { path, campaign: yaml.value, nights, asked: askedOf, rules, ...channelsOf(yaml.value, nights) };
}

/** A bench carries one run at a time: by two names it would carry two. @throws FileError */
function mustBeOneName(
  { value: { bench: common, runs }, error }: PlacedCampaign,
  i: number,
  benches: Map<string, string>,
  { loaded }: NightFiles,
): void {
  const { bench = common } = runs[i];
  const path = realpathSync(loaded.path);
  const name = benches.get(path) ?? bench;
  benches.set(path, name);
  if (name === bench) return;
  const text = `"${bench}" is the bench "${name}", expected one name for one bench: it carries one run at a time`;
  throw error(['runs', i, 'bench'], text);
}

/** A rule is looked at when its run ends: what comes only behind that has no value then. @throws RangeError */
function mustBeOver(names: readonly string[], run: string, runs: readonly CampaignRun[]): void {
  const behind = new Set([run]);
  // As often as there are runs: each look finds at least the next link of the longest chain.
  for (let links = 0; links < runs.length; links++)
    for (const { run: own, after } of runs) if (after.some(other => behind.has(other))) behind.add(own);
  behind.delete(run);
  const late = names.find(full => behind.has(full.slice(0, full.indexOf('.'))));
  if (late === undefined) return;
  const other = late.slice(0, late.indexOf('.'));
  throw new RangeError(
    `"${late}" has no value when ${run} ends: ${other} comes after it, expected a run that is over by then (or the rule at ${other})`,
  );
}

/** A rule is looked at when its run has completed: what holds only where it has not never does. @throws RangeError */
function mayHold({ text, holds }: Rule, run: string): void {
  if (holds(new Map([[`${run}.completed_on`, 1]])) !== false) return;
  throw new RangeError(
    `"${text}" never holds: rules are looked at when their run has completed, expected on_failure: for a run that has not (or the rule at another run)`,
  );
}

/** Files, subject and parameters of a run. */
export interface AskedNight {
  readonly bench: string;
  readonly method: string;
  readonly subject: string | undefined;
  /** `NAME=VALUE` each. */
  readonly set: readonly string[];
  readonly seed: number;
}

function nightOf(campaign: Campaign, run: CampaignRun, folder: string, seed: number): AskedNight {
  return {
    bench: resolve(folder, run.bench ?? campaign.bench),
    method: resolve(folder, run.method),
    subject: run.subject,
    set: Object.entries(run.with).map(([name, value]) => `${name}=${valueText(value)}`),
    seed,
  };
}

function valueText(value: CampaignRun['with'][string]): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** What is wrong in a file that the campaign names stands behind the key that names it; subject and parameters at theirs. */
function ofFiles<T>(yaml: PlacedCampaign, run: Place, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SubjectError) throw yaml.valueError([...run, 'subject'], error.say('subject:'));
    const given = error instanceof Error ? error.cause : undefined;
    if (given instanceof GivenError) throw yaml.error([...run, 'with'], given.message);
    if (!isBadInput(error)) throw error;
    throw yaml.valueError([...run, 'method'], messageOf(error));
  }
}

/** What is wrong in a condition stands at its place in the campaign. */
function within<T>(yaml: PlacedCampaign, place: Place, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ExpressionError) throw yaml.expressionError(place, error);
    if (!(error instanceof RangeError)) throw error;
    throw yaml.valueError(place, error.message);
  }
}
