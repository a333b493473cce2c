import { type Random, seededRandom } from '../../drivers/contract/random.ts';
import { shortFigure, unitWords } from '../words.ts';
import { correlation, quantilesOf, wilson } from './statistics.ts';
import type { Finding, MonteCarlo, Rehearsal } from './summary.ts';

/** Many rehearsals with a plant that is only known as well as its parameters are. */

/** A parameter of a plant that is known with a standard uncertainty u; all in its own unit. */
export interface Uncertain {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly u: number;
}

/** What is kept of one run. */
export interface Sample {
  readonly index: number;
  readonly parameters: Readonly<Record<string, number>>;
  readonly outcome: Rehearsal['outcome'];
  /** Its safe state was proved. */
  readonly isProved: boolean;
  readonly limits: readonly {
    readonly id: string;
    readonly fired: boolean;
    readonly distance: number | null;
  }[];
  readonly kpis: readonly { readonly id: string; readonly unit: string; readonly value: number | null }[];
}

/** A run that gave no result, and why. */
export interface FailedRun {
  readonly index: number;
  readonly reason: string;
}

/** A quantity whose bounds span more than this is one of orders of magnitude: drawn log-normally. */
const LOG_SPAN = 10;

/** With fewer runs a rank correlation says nothing: of some tens of figures one or another would go with anything. */
const LEAST_FOR_CORRELATION = 10;

/** Seed of run `index` (from 0) of a Monte Carlo with `seed`: whichever thread does it, whenever. */
export function seedOfRun(seed: number, index: number): number {
  return (Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b)) >>> 1;
}

/**
 * Parameters of one run: each normal about its value with its u, or log-normal about it (same relative u) where its
 * bounds span more than a decade, clipped to the bounds. Those taken as exact (u = 0) are left out.
 */
export function drawParameters(declared: readonly Uncertain[], random: Random): Record<string, number> {
  const drawn: Record<string, number> = {};
  for (const { name, value, low, high, u } of declared) {
    if (!(u > 0)) continue;
    const g = random.gauss();
    const isLog = low > 0 && high / low > LOG_SPAN;
    const raw = isLog ? value * Math.exp(Math.sqrt(Math.log1p((u / value) ** 2)) * g) : value + u * g;
    drawn[name] = Math.min(high, Math.max(low, raw));
  }
  return drawn;
}

/** What run `index` is made of. */
export function planOfRun(
  declared: readonly Uncertain[],
  seed: number,
  index: number,
): { readonly index: number; readonly seed: number; readonly parameters: Record<string, number> } {
  const own = seedOfRun(seed, index);
  // Another stream than that of the rig, which begins with the same seed.
  return { index, seed: own, parameters: drawParameters(declared, seededRandom(own ^ 0x5bd1e995)) };
}

/** What is kept of a rehearsal: whole-run figures, limits, nothing that grows with its length. */
export function sampleOf(
  index: number,
  parameters: Readonly<Record<string, number>>,
  rehearsal: Rehearsal,
  kpis: readonly { id: string; phase?: string; unit: string; value: number | null }[],
): Sample {
  return {
    index,
    parameters,
    outcome: rehearsal.outcome,
    isProved: rehearsal.unproven.length === 0,
    limits: rehearsal.limits.map(({ id, fired, distance, unit }) => ({
      id,
      fired: fired > 0,
      distance: unit === 'on' ? null : distance,
    })),
    kpis: [
      { id: 'duration', unit: 'h', value: rehearsal.duration_s / 3600 },
      ...kpis.filter(k => k.phase === undefined).map(({ id, unit, value }) => ({ id, unit, value })),
    ],
  };
}

/** Puts the runs together; `of` is the rehearsal with the parameters as they stand, which names limits and units. */
export function summarise(
  samples: readonly Sample[],
  failed: readonly FailedRun[],
  asked: number,
  of: Rehearsal,
): MonteCarlo {
  const runs = [...samples].sort((a, b) => a.index - b.index);
  const limits = of.limits
    .map(limit => {
      const seen = runs.flatMap(run => run.limits.filter(l => l.id === limit.id));
      const fired = seen.filter(l => l.fired).length;
      const distances = seen.flatMap(l => l.distance ?? []);
      return {
        id: limit.id,
        reaction: limit.reaction,
        unit: limit.unit,
        limit: limit.limit,
        fired,
        ...wilson(fired, runs.length),
        distance: distances.length === 0 ? null : quantilesOf(distances),
      };
    })
    .sort((a, b) => b.fired - a.fired);
  const summary = {
    asked,
    done: runs.length,
    failed: reasonsOf(failed),
    completed: runs.filter(run => run.outcome === 'completed').length,
    notProved: runs.filter(run => !run.isProved).length,
    varied: Object.keys(runs[0]?.parameters ?? {}),
    limits,
    kpis: kpisOf(runs),
    closest: closestOf(runs, limits),
  };
  return { ...summary, findings: findingsOf(summary) };
}

function reasonsOf(failed: readonly FailedRun[]): MonteCarlo['failed'] {
  const counts = new Map<string, number>();
  for (const { reason } of [...failed].sort((a, b) => a.index - b.index))
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => ({ reason, count }));
}

function kpisOf(runs: readonly Sample[]): MonteCarlo['kpis'] {
  return (runs[0]?.kpis ?? []).flatMap(({ id, unit }) => {
    const values = runs.flatMap(run => run.kpis.find(k => k.id === id)?.value ?? []);
    return values.length === 0 ? [] : [{ id, unit, runs: values.length, ...quantilesOf(values) }];
  });
}

/**
 * The limit that is most at risk: the one that fires most often, and where none fires, the one whose distance is the
 * smallest multiple of its own spread (median to 5 %) over the runs. And the parameters that go with its distance.
 */
function closestOf(runs: readonly Sample[], limits: MonteCarlo['limits']): MonteCarlo['closest'] {
  let best: { id: string; unit: string; fired: number; spreads: number } | undefined;
  // What only warns may be meant to: it counts where there is nothing else.
  const acting = limits.filter(limit => limit.reaction !== 'warn');
  for (const { id, unit, fired, distance } of acting.length > 0 ? acting : limits) {
    // A limit that is armed in a few runs only says nothing about the night.
    const seen = runs.filter(run => run.limits.some(l => l.id === id && l.distance !== null)).length;
    if (distance === null || seen < runs.length / 2) continue;
    const spread = distance.p50 - distance.p5;
    const spreads = spread > 0 ? distance.p50 / spread : Infinity;
    const isCloser =
      best === undefined || fired > best.fired || (fired === best.fired && spreads < best.spreads);
    if (isCloser) best = { id, unit, fired, spreads };
  }
  if (best === undefined) return null;
  const { id, unit } = best;
  const seen = runs.flatMap(run => {
    const distance = run.limits.find(l => l.id === id)?.distance ?? null;
    return distance === null ? [] : [{ distance, parameters: run.parameters }];
  });
  const distances = seen.map(s => s.distance);
  const parameters = seen.length < LEAST_FOR_CORRELATION ? [] : Object.keys(runs[0].parameters);
  const moved_by = parameters
    .map(parameter => ({
      parameter,
      rank_correlation: correlation(
        seen.map(s => s.parameters[parameter]),
        distances,
      ),
    }))
    .filter(m => Number.isFinite(m.rank_correlation))
    .sort((a, b) => Math.abs(b.rank_correlation) - Math.abs(a.rank_correlation));
  return { id, unit, distances, moved_by };
}

function findingsOf(m: Omit<MonteCarlo, 'findings'>): Finding[] {
  const findings: Finding[] = [];
  const percent = (p: number): string => `${(100 * p).toFixed(p > 0 && p < 0.1 ? 1 : 0)} %`;
  for (const l of m.limits) {
    if (l.fired === 0) continue;
    const name = `${l.id} (${l.reaction} ${shortFigure(l.limit)} ${unitWords(l.unit)})`;
    findings.push({
      level: 'warning',
      text: `${name} fires in ${l.fired} of ${m.done} runs: ${percent(l.probability)} (95 %: ${percent(l.low)} to ${percent(l.high)})`,
    });
  }
  if (m.notProved > 0)
    findings.push({
      level: 'warning',
      text: `The safe state is NOT fully proved in ${m.notProved} of ${m.done} runs`,
    });
  for (const { reason, count } of m.failed)
    findings.push({ level: 'warning', text: `${count} of the Monte Carlo runs gave no result: ${reason}` });
  if (m.done + m.failed.reduce((sum, f) => sum + f.count, 0) < m.asked)
    findings.push({ level: 'warning', text: `Only ${m.done} of ${m.asked} Monte Carlo runs were done` });
  if (m.varied.length === 0)
    findings.push({
      level: 'warning',
      text: 'The plant declares no uncertain parameter: the runs differ by sensors and cells only',
    });
  return findings;
}
