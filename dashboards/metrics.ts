import type { LiveView, SinkStatus } from '../control/view.ts';

/**
 * The controller itself as Prometheus text (exposition format 0.0.4); what the instruments read goes to the sinks. A dozen
 * figures that are counted elsewhere anyway: a client library would count them a second time.
 */

/** Media type of the text. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

interface Metric {
  readonly type: 'counter' | 'gauge';
  readonly help: string;
}

/** Every figure that is served, by name; the only list of them. */
export const METRICS = {
  cellbench_ticks_total: { type: 'counter', help: 'Readings of all instruments.' },
  cellbench_missed_ticks_total: { type: 'counter', help: 'Readings that were due and not taken.' },
  cellbench_device_bad_frames_total: { type: 'counter', help: 'Readings that gave nothing usable.' },
  cellbench_device_ready: { type: 'gauge', help: '1: the instrument answers.' },
  cellbench_trips_total: { type: 'counter', help: 'Trips.' },
  cellbench_alarms: { type: 'gauge', help: 'Alarms that are present or wait for a person.' },
  cellbench_journal_queue_batches: { type: 'gauge', help: 'Batches of the record that wait for the disk.' },
  cellbench_journal_queue_bytes: { type: 'gauge', help: 'Their size.' },
  cellbench_sink_sent_total: { type: 'counter', help: 'Rows of this run that the sink has acknowledged.' },
  cellbench_sink_dead_total: { type: 'counter', help: 'Rows of this run that the sink has refused.' },
  cellbench_sink_lag_rows: { type: 'gauge', help: 'Rows that the sink has not got yet.' },
  cellbench_sink_lag_seconds: { type: 'gauge', help: 'Age of the oldest of them.' },
  cellbench_sink_up: { type: 'gauge', help: '1: sending or done, 0: waiting or stopped.' },
  cellbench_run_state: { type: 'gauge', help: '1, with the state as a label.' },
  process_resident_memory_bytes: { type: 'gauge', help: 'Memory of the program.' },
  cellbench_heap_bytes: { type: 'gauge', help: 'Heap of the main thread.' },
  cellbench_up_seconds: { type: 'gauge', help: 'Time since the program was started.' },
} as const satisfies Readonly<Record<string, Metric>>;

type Name = keyof typeof METRICS;
type Labels = Readonly<Record<string, string>>;

/** All figures as they are now. */
export function metricsText(view: LiveView): string {
  const figures = view.figures();
  const { sinks, devices, alarms, run } = view.snapshot();
  const samples = new Map<Name, string[]>();
  const put = (name: Name, value: number, labels: Labels = {}): void => {
    const list = samples.get(name) ?? [];
    samples.set(name, [...list, `${name}${labelsText(labels)} ${figureText(value)}`]);
  };
  put('cellbench_ticks_total', figures.ticks);
  put('cellbench_missed_ticks_total', figures.missed);
  for (const device of devices) {
    put('cellbench_device_bad_frames_total', device.badFrames, { device: device.id });
    put('cellbench_device_ready', Number(device.state === 'ready'), { device: device.id });
  }
  put('cellbench_trips_total', figures.trips);
  put('cellbench_alarms', alarms.filter(alarm => alarm.state !== 'shelved').length);
  put('cellbench_journal_queue_batches', figures.queue);
  put('cellbench_journal_queue_bytes', figures.queue_bytes);
  for (const sink of sinks) putSink(put, sink);
  put('cellbench_run_state', 1, { state: run.state, mode: run.mode });
  put('process_resident_memory_bytes', figures.resident_bytes);
  put('cellbench_heap_bytes', figures.heap_bytes);
  put('cellbench_up_seconds', figures.up_s);
  return [...samples]
    .flatMap(([name, lines]) => [
      `# HELP ${name} ${METRICS[name].help}`,
      `# TYPE ${name} ${METRICS[name].type}`,
      ...lines,
    ])
    .map(line => `${line}\n`)
    .join('');
}

function putSink(put: (name: Name, value: number, labels: Labels) => void, sink: SinkStatus): void {
  const labels = { sink: sink.name };
  put('cellbench_sink_sent_total', sink.sent, labels);
  put('cellbench_sink_dead_total', sink.dead, labels);
  put('cellbench_sink_lag_rows', sink.lag_rows, labels);
  put('cellbench_sink_lag_seconds', sink.lag_s, labels);
  put('cellbench_sink_up', Number(sink.state === 'sending' || sink.state === 'done'), labels);
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function figureText(value: number): string {
  return Number.isNaN(value) ? 'NaN' : String(value);
}
