import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { subjectOf } from '../../control/bench/bench.ts';
import { checkMethod, loadBench } from '../../control/bench/bench-file.ts';
import { beginRun } from '../../control/program/begin.ts';
import { loadMethodFor } from '../../control/program/method-of-bench.ts';
import { describeDevice, openTwins } from '../../control/program/open-devices.ts';
import { endedRunOf } from '../../control/program/result/ended-run.ts';
import { reportBenchOf, reportDataOf } from '../../control/program/result/report-data.ts';
import { type RunHead, resultOf } from '../../control/program/result/result.ts';
import { software } from '../../control/program/result/software.ts';
import { openRecord } from '../../control/record/record.ts';
import { reviewed } from '../../control/review/review.ts';
import type { Run } from '../../control/run/run.ts';
import { realClock, VirtualClock } from '../../drivers/contract/clock.ts';
import { fitLine } from '../../profiles/record-math.ts';
import { bareSteps } from './bare-plant.ts';
import { MEASURED_PLANTS, withInterlocks, withRounds } from './measured-plants.ts';

/**
 * One plant over the full path in this process, as `rehearse` takes it: method file, sequencer, gate, interlocks,
 * journal on disk, record read back, figures and the report's data. Arguments: plant, hours. Needs --expose-gc.
 * Progress on the terminal, last line: one JSON row.
 */

const [name, hoursText] = process.argv.slice(2);
const plant = MEASURED_PLANTS[name];
const hours = Number(hoursText);
if (plant === undefined || !(hours > 0)) {
  throw new Error(`expected one of ${Object.keys(MEASURED_PLANTS).join(', ')} and hours > 0`);
}
const INTERLOCKS = 100;
const HEAP_SAMPLES = 30;
const SEED = 1;
const wall = realClock();
const dir = mkdtempSync(join(tmpdir(), 'cellbench-measure-'));

interface HeapCourse {
  readonly slope_MB_per_1000h: number;
  readonly last_MB: number;
  /** What looking has cost: it is no part of the full path. */
  readonly wall_s: number;
  readonly cpu_s: number;
  readonly mainCpu_s: number;
}

/** Heap after a full collection against simulated time; a line through it, the start left out. */
function watchHeap(run: Run, every_s: number): () => HeapCourse {
  const gc = globalThis.gc;
  if (gc === undefined) throw new Error('expected node --expose-gc');
  const at_h: number[] = [];
  const heap_MB: number[] = [];
  const start_s = wall.now_s();
  let wall_s = 0;
  let cpu_s = 0;
  let mainCpu_s = 0;
  const cancel = run.session.parts.clock.every(every_s, () => {
    const from_s = wall.now_s();
    const cpu = process.cpuUsage();
    const main = process.threadCpuUsage();
    gc();
    wall_s += wall.now_s() - from_s;
    cpu_s += seconds(process.cpuUsage(cpu));
    mainCpu_s += seconds(process.threadCpuUsage(main));
    const now_h = run.session.parts.clock.now_s() / 3600;
    at_h.push(now_h);
    heap_MB.push(process.memoryUsage().heapUsed / 2 ** 20);
    console.log(
      `${name} ${now_h.toFixed(1).padStart(7)} h  ${(wall.now_s() - start_s).toFixed(1).padStart(6)} s  heap ${heap_MB.at(-1)?.toFixed(2)} MB  ${run.phase}`,
    );
  });
  return () => {
    cancel();
    const from = Math.floor(at_h.length / 10);
    const line = fitLine(at_h.slice(from), heap_MB.slice(from));
    const slope_MB_per_1000h = (line?.slope ?? Number.NaN) * 1000;
    return { slope_MB_per_1000h, last_MB: heap_MB.at(-1) ?? Number.NaN, wall_s, cpu_s, mainCpu_s };
  };
}

try {
  const loaded = withInterlocks(loadBench(plant.bench, describeDevice), INTERLOCKS);
  const methodPath = join(dir, 'method.yaml');
  writeFileSync(methodPath, withRounds(readFileSync(plant.method, 'utf8'), plant, hours));
  const cpuStart = process.cpuUsage();
  const start_s = wall.now_s();
  const method = loadMethodFor(methodPath, loaded);
  checkMethod(method, loaded);
  const clock = new VirtualClock({ utcStart_ms: wall.utc_ms() });
  const head: RunHead = {
    seed: SEED,
    mode: 'rehearsal',
    startedUtc: new Date(clock.utc_ms()).toISOString(),
    software: software(),
    inputs: [],
  };
  const { session, run, kept } = await beginRun(dir, {
    loaded,
    devices: openTwins(loaded, SEED, clock),
    clock,
    procedure: method.procedure,
    method: methodPath,
    head,
    timeFactor: 1,
    faults: [],
  });
  // From here on it is steps; what it takes to load the bench is the same for one hour and a thousand.
  const stepCpu = process.cpuUsage();
  const stepMain = process.threadCpuUsage();
  const stepStart_s = wall.now_s();
  const heapOf = watchHeap(run, Math.max(60, (hours * 3600) / HEAP_SAMPLES));
  const outcome = await clock.runUntil(run.finished);
  const heap = heapOf();
  await session.close();
  await kept.close();
  const ran_s = wall.now_s() - start_s;
  const record = openRecord(kept.path, session.parts.roles, subjectOf(loaded.bench));
  // How near the run came to each limit is a second look at the whole record after its end: a figure of its own.
  const [reviewStart_s, reviewCpu, reviewMain] = [wall.now_s(), process.cpuUsage(), process.threadCpuUsage()];
  const review = reviewed(kept.path, session.parts, method.procedure);
  const review_s = wall.now_s() - reviewStart_s;
  const reviewCpu_s = seconds(process.cpuUsage(reviewCpu));
  const reviewMain_s = seconds(process.threadCpuUsage(reviewMain));
  const result = resultOf(endedRunOf(run, outcome, kept), record, review);
  const data = reportDataOf(reportBenchOf(run), result, record);
  record.close();
  const wall_s = wall.now_s() - start_s - heap.wall_s;
  const steps_s = wall.now_s() - stepStart_s - heap.wall_s - review_s;
  const stepsCpu_s = seconds(process.cpuUsage(stepCpu)) - heap.cpu_s - reviewCpu_s;
  const stepsMain_s = seconds(process.threadCpuUsage(stepMain)) - heap.mainCpu_s - reviewMain_s;
  const cpu_s = seconds(process.cpuUsage(cpuStart)) - heap.cpu_s;
  const { control_s } = session.parts;
  const ticks = Math.round(result.simulated_s / control_s);
  const bare = bareSteps(loaded, SEED, ticks, control_s);
  console.log(`${name}: ${result.verdict} ${result.reason}; ${data.events.length} events in the report`);
  console.log(
    JSON.stringify({
      plant: name,
      verdict: result.verdict,
      hours: round(result.simulated_s / 3600),
      wall_s: round(wall_s),
      cpu_s: round(cpu_s),
      overhead: round(steps_s / bare.wall_s),
      overhead_with_review: round((steps_s + review_s) / bare.wall_s),
      overhead_cpu: round(stepsCpu_s / bare.cpu_s),
      overhead_main: round(stepsMain_s / bare.cpu_s),
      figures_s: round(wall_s + heap.wall_s - ran_s - review_s),
      review_s: round(review_s),
      heap_slope_MB_per_1000h: round(heap.slope_MB_per_1000h),
      heap_MB: round(heap.last_MB),
      peak_rss_MB: round(process.resourceUsage().maxRSS / 1024),
      ticks_per_s: Math.round(ticks / wall_s),
      bare_steps_per_s: Math.round(ticks / bare.cpu_s),
      interlocks: loaded.bench.interlocks.length,
      rows: result.rows,
      rows_per_s: Math.round(result.rows / wall_s),
      kpis: result.kpis.length,
    }),
  );
} finally {
  rmSync(dir, { recursive: true, force: true });
}

function seconds(used: NodeJS.CpuUsage): number {
  return (used.user + used.system) / 1e6;
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
