import type { Accuracy } from '../../../drivers/contract/device.ts';
import type { PackedInput } from '../pack/inputs.ts';
import type { WrittenColumn } from '../readings.ts';
import { accuraciesOf, type RunSource } from '../recorded-run.ts';
import { fileId, type Graph, type Ref } from './graph.ts';

/** Where a run comes from, as entities of an RO-Crate: sample, method, bench, instruments, calibration, software, run. */

/** What the root names of them. */
export interface RunEntities {
  readonly sample: Ref | undefined;
  readonly action: Ref;
  readonly variables: readonly Ref[];
}

/** Adds them all. */
export function addRun(
  graph: Graph,
  source: RunSource,
  about: {
    readonly inputs: readonly PackedInput[];
    readonly columns: readonly WrittenColumn[];
    readonly files: readonly Ref[];
  },
): RunEntities {
  const { meta, result } = source;
  const sample = addSample(graph, source);
  const instruments = addInstruments(graph, source);
  const variables = addVariables(graph, source, about.columns);
  const software = addSoftware(graph, source);
  const method = inputId(about.inputs, 'method');
  const howTo = graph.add({
    '@id': '#method',
    '@type': 'HowTo',
    name: meta.get('method') ?? '',
    ...(method === undefined ? {} : { subjectOf: { '@id': method } }),
  });
  const operator = meta.get('operator');
  const agent =
    operator === undefined || operator === ''
      ? undefined
      : graph.add({ '@id': '#operator', '@type': 'Person', name: operator });
  const isDone = result?.verdict === 'completed';
  const action = graph.add({
    '@id': '#run',
    '@type': 'CreateAction',
    name: `run ${source.name}`,
    description: `${meta.get('mode') ?? ''}; verdict: ${result?.verdict ?? 'none, it is under way or was cut off'}`,
    instrument: [graph.add(bench(source, about.inputs)), ...instruments, software],
    object: [howTo, ...(sample === undefined ? [] : [sample])],
    result: about.files,
    ...(agent === undefined ? {} : { agent }),
    startTime: new Date(source.started_ms).toISOString(),
    ...(result === undefined ? {} : { endTime: result.endedUtc }),
    actionStatus: {
      '@id': `http://schema.org/${result === undefined ? 'Active' : isDone ? 'Completed' : 'Failed'}ActionStatus`,
    },
  });
  return { sample, action, variables };
}

const CATEGORY = { stack: 'electrolyser stack', cell: 'battery cell', vessel: 'pressure vessel' } as const;

/** What is under test, with all that the bench file says of it. */

function addSample(graph: Graph, { bench: { subject } }: RunSource): Ref | undefined {
  if (subject === undefined) return undefined;
  const facts = Object.entries({ ...subject, ...subject.figures }).flatMap(([name, value]): Ref[] =>
    name === 'kind' || name === 'name' || (typeof value !== 'string' && typeof value !== 'number')
      ? []
      : [graph.fact(`#sample-${name}`, name, value)],
  );
  return graph.add({
    '@id': '#sample',
    '@type': 'IndividualProduct',
    name: subject.name,
    category: CATEGORY[subject.kind],
    additionalProperty: facts,
  });
}

function bench({ meta }: RunSource, inputs: readonly PackedInput[]): Parameters<Graph['add']>[0] {
  const file = inputId(inputs, 'bench');
  return {
    '@id': '#bench',
    '@type': 'IndividualProduct',
    name: meta.get('bench') ?? '',
    category: 'test bench',
    ...(file === undefined ? {} : { subjectOf: { '@id': file } }),
  };
}

function addInstruments(graph: Graph, { devices, bench: { devices: declared } }: RunSource): Ref[] {
  return devices.map(device =>
    graph.add({
      '@id': `#instrument-${device}`,
      '@type': 'IndividualProduct',
      name: device,
      category: 'instrument',
      ...(declared[device] === undefined ? {} : { model: declared[device].driver }),
      isPartOf: { '@id': '#bench' },
    }),
  );
}

/** Each channel that a role names, with its unit and what is known of its calibration. */
function addVariables(graph: Graph, source: RunSource, columns: readonly WrittenColumn[]): Ref[] {
  const accuracies = accuraciesOf(source);
  return columns.flatMap(({ file, column, unit, role }) => {
    if (role === '') return [];
    const accuracy = accuracies.get(role);
    const place = `${file.replace(/^.*\/|\.[a-z0-9]+$/g, '')}-${column}`;
    return [
      graph.add({
        '@id': `#variable-${encodeURIComponent(place)}`,
        '@type': 'PropertyValue',
        name: column,
        description: role,
        unitText: unit,
        subjectOf: { '@id': fileId(file) },
        ...(accuracy === undefined ? {} : { valueReference: addCalibration(graph, role, accuracy, unit) }),
      }),
    ];
  });
}

/** What an instrument's readings are worth; no bench file names a certificate. */
function addCalibration(graph: Graph, role: string, accuracy: Accuracy, unit: string): Ref {
  const abs = Number.isNaN(accuracy.abs) ? 'an unknown part' : `${accuracy.abs} ${unit}`;
  return graph.add({
    '@id': `#calibration-${encodeURIComponent(role)}`,
    '@type': 'PropertyValue',
    name: `calibration of ${role}`,
    value: `± (${accuracy.reading_pct} % of the reading + ${abs}), k = 2`,
    description: `Declared accuracy, ${accuracy.basis}; no certificate is recorded.`,
  });
}

function addSoftware(graph: Graph, { meta }: RunSource): Ref {
  const commit = meta.get('commit');
  return graph.add({
    '@id': '#software',
    '@type': 'SoftwareApplication',
    name: 'cellbench',
    softwareVersion: meta.get('software') ?? '',
    ...(commit === undefined || commit === '' ? {} : { identifier: `commit ${commit}` }),
  });
}

function inputId(inputs: readonly PackedInput[], what: string): string | undefined {
  const file = inputs.find(input => input.what === what)?.file ?? null;
  return file === null ? undefined : fileId(file);
}
