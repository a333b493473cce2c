import { FitError } from '../../../profiles/least-squares/fit-error.ts';
import type { PlantKind, PlantSubject } from '../../plant/parts/model.ts';
import { columnOf, type FitData } from '../fit-data.ts';

/** Whether the stamps of a series can be seconds; milliseconds taken for seconds would keep a plant busy for days. */

/** No run of a bench lasts so long, nor begins so late but on a clock that counts milliseconds since 1970. */
const EPOCH_MS = 1e11;
/** From this step on the usual steps of a slow record are minutes: 300, 600, 900, 1800, 3600 s. */
const SLOW_S = 90;
/** A step so short is one of seconds counted in hours. */
const FAST_S = 5e-4;
/** More than this many times its capacity in one direction goes into no cell. */
const FULL = 1.5;
const NEAR = 0.02;
/** Seconds counted in minutes: 1/60, 2/60, 1/12, 1/6, 1/2 (which is round, too). */
const MINUTES_NEAR = 0.002;

/** Refuses stamps that look like another unit. `said`: the unit was given, the person knows. @throws FitError */
export function checkTimeStamps(data: FitData, subject: PlantSubject, kind: PlantKind, said: boolean): void {
  if (said || data.isClockTime === true || data.rows < 3) return;
  const time_s = columnOf(data, 'time_s');
  const steps = [...time_s.subarray(1)].map((t, i) => t - time_s[i]).sort((a, b) => a - b);
  const step_s = steps[Math.floor(steps.length / 2)];
  const span_s = time_s[time_s.length - 1] - time_s[0];
  const look = `${data.path}: time_s goes in steps of ${short(step_s)} s over ${spanText(span_s)}`;
  const moved_Ah = kind === 'cell' ? chargeMoved_Ah(data, time_s) : 0;
  const full = moved_Ah / subject.currentNominal_A;
  if (full > FULL)
    throw new FitError(
      `${look}: its current would move ${short(full)} times what goes into the cell (1 h at ${subject.currentNominal_A} A); ` +
        (full / 1000 > FULL
          ? 'expected the heading time_us if the stamps are microseconds, or --time s if they are right'
          : 'expected --time ms if the stamps are milliseconds, or --time s if they and the unit of the current are right'),
    );
  const decade = 10 ** Math.floor(Math.log10(step_s) + 1e-9);
  const isRound = [1, 2, 2.5, 5, 10].some(m => Math.abs(step_s / (m * decade) - 1) < NEAR);
  if (time_s[0] > EPOCH_MS || (step_s > SLOW_S && isRound))
    throw new FitError(
      `${look}, which looks like milliseconds; expected --time ms, or --time s if it is seconds`,
    );
  const minutes = [1, 2, 5, 10, 30].some(m => Math.abs((step_s * 60) / m - 1) < MINUTES_NEAR);
  if (minutes && !isRound)
    throw new FitError(
      `${look}, which looks like minutes; expected --time min, or --time s if it is seconds`,
    );
  if (step_s < FAST_S)
    throw new FitError(`${look}, which looks like hours; expected --time h, or --time s if it is seconds`);
}

/** Largest charge that the recorded current moves in one direction, Ah; 0 where no current of a cell is recorded. */
function chargeMoved_Ah({ columns }: FitData, time_s: Float64Array): number {
  const measured = columns.get('cell.current_A');
  const current_A = measured ?? columns.get('cell.currentSet_A');
  if (current_A === undefined) return 0;
  let charge_As = 0;
  let least = 0;
  let most = 0;
  for (let i = 1; i < time_s.length; i++) {
    charge_As += (time_s[i] - time_s[i - 1]) * current_A[measured === undefined ? i - 1 : i];
    least = Math.min(least, charge_As);
    most = Math.max(most, charge_As);
  }
  return (most - least) / 3600;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

function spanText(span_s: number): string {
  if (span_s > 2 * 86_400) return `${short(span_s / 86_400)} days`;
  return span_s > 7200 ? `${short(span_s / 3600)} h` : `${short(span_s)} s`;
}
