import type { LoadedBench } from '../../bench/bench-file.ts';
import { loadSubjects } from '../../bench/bench-file.ts';
import { againstSharing, deviceOf } from '../../bench/sharing.ts';
import type { Campaign } from '../../campaign/campaign-file.ts';
import type { ChannelsOfBench } from '../../campaign/carried-course.ts';
import type { Need } from '../../campaign/needs.ts';
import { describeDevice } from '../open-devices.ts';
import type { NightFiles } from '../rehearse/rehearse-once.ts';

/** On which benches of a campaign several subjects may be under way at a time, and what their runs set on what they share. */
export interface ChannelsOf {
  readonly channels: ReadonlySet<string>;
  /** Of benches with several subjects that carry one run at a time: why. */
  readonly notChannels: ReadonlyMap<string, string>;
  /** Of all benches with several subjects, these in the order of the bench file. */
  readonly subjects: readonly ChannelsOfBench[];
  /** By run. */
  readonly sets: ReadonlyMap<string, readonly Need[]>;
}

/** Looks at each bench once. */
export function channelsOf(
  { bench: common, runs }: Campaign,
  nights: ReadonlyMap<string, NightFiles>,
): ChannelsOf {
  const against = new Map<string, string>();
  const subjects = new Map<string, readonly string[]>();
  const sharedBy = new Map<string, readonly string[]>();
  for (const { run, bench = common } of runs) {
    const night = nights.get(run);
    if (night?.loaded.subject === undefined) continue;
    if (!against.has(bench)) {
      const file = loadSubjects(night.loaded.path, describeDevice);
      against.set(bench, againstSharing(file));
      sharedBy.set(bench, file.shared);
      subjects.set(
        bench,
        file.benches.flatMap(({ subject }) => subject ?? []),
      );
    }
    if (night.onCycler !== undefined)
      against.set(bench, `${run} runs as the cycler's own program, which goes on without us`);
  }
  const isFree = (bench: string): boolean => against.get(bench) === '';
  return {
    channels: new Set([...against.keys()].filter(isFree)),
    notChannels: new Map([...against].filter(([bench]) => !isFree(bench))),
    subjects: [...subjects].map(([bench, all]) => ({ bench, subjects: all })),
    sets: new Map(
      runs.flatMap(({ run, bench = common }) => {
        const night = nights.get(run);
        return night === undefined || !isFree(bench)
          ? []
          : [[run, setsOf(night, bench, sharedBy.get(bench) ?? [])] as const];
      }),
    ),
  };
}

/** One value throughout may be several runs' at a time; what changes, or is known in the run only, is one run's. */
function setsOf({ loaded, method }: NightFiles, bench: string, shared: readonly string[]): Need[] {
  return [...method.sets]
    .filter(([role]) => shared.includes(deviceOf(loaded, role)))
    .map(([role, { low, high, isWhole }]): Need => {
      const isOne = isWhole && low === high && !isRamped(loaded, role);
      const what = `${bench} ${role}`;
      return isOne ? { for: 'set point', what, value: String(low) } : { for: 'set point', what };
    });
}

/** On its way it takes other values, too. */
function isRamped({ bench }: LoadedBench, role: string): boolean {
  return bench.limits[role]?.ramp_per_s !== undefined;
}
