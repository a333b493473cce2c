import { realClock } from '../../drivers/contract/clock.ts';
import { openRig } from '../../sim/open-rig.ts';
import type { PlantRig } from '../../sim/plant/parts/model.ts';
import { actuate } from './bare-plant.ts';

/**
 * Twins in real time: 64 cells (single-particle model with electrolyte) and one PEM stack of 100 cells, each stepped
 * at 10 Hz with all of its sensors read, under a load that changes every few seconds. Argument: seconds.
 * Last line: JSON with the part of one core that it took.
 */

const CELLS = 64;
const RATE_HZ = 10;
const LIMIT_CORES = 0.5;
const seconds = Number(process.argv[2] ?? 20);
const clock = realClock();

const cells = Array.from({ length: CELLS }, (_, i): PlantRig => {
  const subject = { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 };
  const rig = openRig({ plant: 'spme', set: 'chen2020', parameters: {}, subject }, i + 1);
  actuate(rig, { 'cell.modeSet_count': 1, 'cell.outputSet_on': 1 });
  return rig;
});
const stackSubject = { cells: 100, activeArea_cm2: 1000, currentNominal_A: 2000 };
const stack = openRig({ plant: 'pem', set: 'irox-n115-500kw', parameters: {}, subject: stackSubject }, 1);
actuate(stack, {
  'stack.voltageSet_V': 240,
  'stack.powerSet_W': 6e5,
  'stack.outputSet_on': 1,
  'water.pumpSet_on': 1,
  'stack.temperatureSet_degC': 60,
});
const rigs = [...cells, stack];

let steps = 0;
let late = 0;
let unusable = 0;
let values = 0;

function step(missed: number): void {
  late += missed;
  const now_s = clock.now_s();
  const phase = Math.floor(now_s / 3);
  for (let i = 0; i < cells.length; i++) {
    actuate(cells[i], { 'cell.currentSet_A': (phase + i) % 2 === 0 ? -5 : 2.5 });
  }
  actuate(stack, { 'stack.currentSet_A': phase % 2 === 0 ? 2000 : 600 });
  for (const rig of rigs) {
    rig.advanceTo(now_s);
    for (let s = 0; s < rig.sensors.length; s++) {
      if (!Number.isFinite(rig.sensor(s))) unusable++;
      values++;
    }
  }
  steps++;
}

// The first steps are compiled; a bench runs for hours.
await run(2);
steps = 0;
late = 0;
values = 0;
unusable = 0;
const cpuStart = process.cpuUsage();
const start_s = clock.now_s();
await run(seconds);
const wall_s = clock.now_s() - start_s;
const cpu = process.cpuUsage(cpuStart);
const cores = (cpu.user + cpu.system) / 1e6 / wall_s;
console.log(
  `${CELLS} cells and a stack of ${stackSubject.cells} cells at ${RATE_HZ} Hz for ${wall_s.toFixed(1)} s: ${(100 * cores).toFixed(1)} % of a core, ${steps} steps, ${late} missed, ${values} readings, ${unusable} unusable`,
);
console.log(
  JSON.stringify({
    cells: CELLS,
    stack_cells: stackSubject.cells,
    rate_Hz: RATE_HZ,
    seconds: Number(wall_s.toFixed(2)),
    cores: Number(cores.toFixed(4)),
    limit_cores: LIMIT_CORES,
    within: cores < LIMIT_CORES,
    steps,
    missed: late,
    readings: values,
    unusable,
  }),
);

async function run(for_s: number): Promise<void> {
  const cancel = clock.every(1 / RATE_HZ, step);
  await clock.sleep(for_s);
  cancel();
}
