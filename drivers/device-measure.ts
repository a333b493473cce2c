import type { Clock } from './contract/clock.ts';
import type { Device, DeviceDescription } from './contract/device.ts';
import { DeviceError } from './contract/errors.ts';
import { QUALITY } from './contract/frame.ts';
import {
  cannotMeasure,
  type Dataset,
  type DatasetRow,
  frequenciesOf,
  pointTime_s,
  SPECTRUM_COLUMNS,
} from './contract/measure/impedance.ts';
import { columnsOf, isSpectrum, type MeasureRequest } from './contract/measure/request.ts';
import { beyondSweep, cannotSweep, sweepPoints, sweepTime_s } from './contract/measure/sweep.ts';
import type { Line } from './contract/transport.ts';
import type { DeviceTable, MeasureSpec } from './device-table.ts';

/** The instrument is asked so often for what it has measured meanwhile, s. */
const ASK_s = 0.25;
/** A point may take so many times its own time, and so long beside it, s: an instrument that is slower hangs. */
const PATIENCE = 3;
const PATIENCE_s = 20;
/** After these the question is asked again: the line is mended meanwhile, the instrument goes on measuring. */
const PASSING: readonly string[] = ['closed', 'timeout', 'garbled'];

/** What measuring needs to know of its device. */
export interface MeasureHelp<Req, Rep> {
  readonly clock: Clock;
  /** The line, while it is ready. */
  line(): Line<Req, Rep> | undefined;
  /** Why it is not. */
  reason(): string;
}

/** `measure` of a device whose table says how the instrument is asked for it; undefined where it does not. */
export function deviceMeasure<Req, Rep>(
  id: string,
  { measure: spec, description }: DeviceTable<Req, Rep>,
  help: MeasureHelp<Req, Rep>,
): Device['measure'] {
  if (spec === undefined || (description.impedance ?? description.sweep) === undefined) return undefined;
  let isBusy = false;
  return async (request, hear, signal) => {
    const wrong = cannot(description, request);
    if (wrong !== undefined) throw new DeviceError('range', id, wrong);
    if (isBusy) throw new DeviceError('refused', id, 'a spectrum or a curve is being measured');
    isBusy = true;
    try {
      return await measured(id, spec, help, {
        request,
        columns: columnsOf(request, description.sweep),
        hear,
        signal,
      });
    } finally {
      isBusy = false;
    }
  };
}

/** Why the instrument cannot measure it; undefined: it can. */
function cannot({ impedance, sweep }: DeviceDescription, request: MeasureRequest): string | undefined {
  if (!isSpectrum(request))
    return sweep === undefined ? 'sweeps no voltage, expected a spectrum' : cannotSweep(sweep, request);
  if (impedance === undefined) return 'measures no impedance, expected a curve';
  const { dc } = request;
  return cannotMeasure(impedance, { ...request, dc: typeof dc === 'object' ? 'bias' : dc });
}

/** How long the point takes that comes after `n` others, s. */
function timesOf(request: MeasureRequest): (n: number) => number {
  if (!isSpectrum(request)) {
    const step_s = sweepTime_s(request) / sweepPoints(request);
    return () => step_s;
  }
  const frequencies = frequenciesOf(request);
  return n => pointTime_s(frequencies[Math.min(n, frequencies.length - 1)], request.cycles);
}

interface Asked {
  readonly request: MeasureRequest;
  readonly columns: readonly string[];
  readonly hear: (row: DatasetRow) => void;
  readonly signal: AbortSignal;
}

async function measured<Req, Rep>(
  id: string,
  spec: MeasureSpec<Req, Rep>,
  { clock, line, reason }: MeasureHelp<Req, Rep>,
  { request, columns, hear, signal }: Asked,
): Promise<Dataset> {
  // The instrument knows a question that comes again by this: no other spectrum has it, of no other process either.
  const number = Math.round(clock.utc_ms());
  const time_s = timesOf(request);
  const rows: DatasetRow[] = [];
  const exchange = (what: Req, kind: 'read' | 'write' = 'read'): Promise<Rep> => {
    const ready = line();
    if (ready === undefined) return Promise.reject(new DeviceError('closed', id, reason()));
    return ready.exchange(what, 'normal', kind);
  };
  // It drives the cell: whatever gives up writes gives this up, too.
  const beginning = exchange(spec.begin(request, number), 'write');
  let isBeginning = true;
  const over = (): void => {
    isBeginning = false;
  };
  beginning.then(over, over);
  try {
    await unlessAborted(id, signal, beginning);
    const begun_s = clock.now_s();
    let heard_s = begun_s;
    for (;;) {
      await clock.sleep(ASK_s, signal);
      if (signal.aborted) throw cancelled(id, signal);
      const asking = unlessAborted(id, signal, exchange(spec.ask(number, rows.length)));
      const now = await asking.then(spec.decode, (error: unknown) => {
        if (error instanceof DeviceError && PASSING.includes(error.code)) return undefined;
        throw error;
      });
      const t_s = clock.now_s();
      for (const { values: given, quality = QUALITY.good } of now?.points ?? []) {
        const values = Float64Array.from(columns, (_, i) => given[i] ?? Number.NaN);
        // NaN is never good.
        const ofValue = (i: number): number => (typeof quality === 'number' ? quality : quality[i]);
        const row = { t_s, values, quality: Uint8Array.from(values, (v, i) => flagOf(v, ofValue(i))) };
        if (isSpectrum(request)) timed(row, t_s - begun_s);
        rows.push(row);
        hear(row);
        heard_s = t_s;
        const beyond = isSpectrum(request) ? undefined : beyondSweep(request, values);
        if (beyond !== undefined) throw new DeviceError('refused', id, beyond);
      }
      if (now?.state === 'failed')
        throw new DeviceError(
          'refused',
          id,
          `no ${isSpectrum(request) ? 'spectrum' : 'curve'}: ${now.reason}`,
        );
      if (now?.state === 'done') return { columns, rows };
      const next_s = time_s(rows.length);
      if (t_s - heard_s > PATIENCE * next_s + PATIENCE_s) {
        const text = `no point of the ${isSpectrum(request) ? 'spectrum' : 'curve'} for ${Math.round(t_s - heard_s)} s, expected one after ${next_s.toPrecision(2)} s`;
        throw new DeviceError('timeout', id, text);
      }
    }
  } catch (error) {
    // It must not go on driving a signal that nobody wants; an urgent write goes first all the same.
    const cancel = (): unknown =>
      line()
        ?.exchange(spec.cancel(number), 'front')
        .catch(() => {
          // Gone or hanging: then it drives nothing, or its output is switched off by the safe state.
        });
    cancel();
    // What still waits for its turn, or to be asked again, begins behind that.
    if (isBeginning) void beginning.then(cancel, cancel);
    throw error;
  }
}

/** A point of a spectrum whose time the instrument does not say has that of its arrival, which is later. */
function timed({ values, quality }: Pick<DatasetRow, 'values' | 'quality'>, elapsed_s: number): void {
  const at = SPECTRUM_COLUMNS.length - 1;
  if (Number.isFinite(values[at])) quality[at] = QUALITY.good;
  else [values[at], quality[at]] = [elapsed_s, QUALITY.uncertain];
}

const flagOf = (value: number, quality: number): number => (Number.isFinite(value) ? quality : QUALITY.bad);

const cancelled = (id: string, signal: AbortSignal): DeviceError =>
  new DeviceError('cancelled', id, `given up: ${String(signal.reason)}`);

/** Rejects as soon as the signal aborts; the answer is then of no interest. */
function unlessAborted<T>(id: string, signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(cancelled(id, signal));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
