import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { fieldsOf, SCHEMA } from '../../control/send/line-writer.ts';
import { METRICS, metricsText } from '../../dashboards/metrics.ts';
import { fakeRun } from './fake-view.ts';

/** What the dashboards of Grafana ask for is what the sink writes, or what /metrics serves. */

const FOLDER = 'dashboards/grafana';
const benchSchema = z.looseObject({ roles: z.record(z.string(), z.string()) });
const target = z.object({ query: z.string().optional(), expr: z.string().optional() });
const dashboardSchema = z.object({
  uid: z.string(),
  id: z.null(),
  panels: z.array(z.object({ datasource: z.object({ uid: z.string() }), targets: z.array(target).min(1) })),
  annotations: z.object({ list: z.array(z.object({ target: z.object({ query: z.string() }) })) }),
});
const files = readdirSync(join(FOLDER, 'dashboards'));
const read = (file: string) =>
  dashboardSchema.parse(JSON.parse(readFileSync(join(FOLDER, 'dashboards', file), 'utf8')));

/** Roles as the sink names them, of all examples: every one that a bench can have here. */
const roleFields = new Set(
  ['pem-500kw', 'cell-cycling'].flatMap(name => {
    const { roles } = benchSchema.parse(parse(readFileSync(`examples/${name}/bench.yaml`, 'utf8')));
    return Object.entries(roles).flatMap(([, channel]) => {
      const dot = channel.indexOf('.');
      const one = channel.slice(dot + 1).replace('[]', '[7]');
      return fieldsOf(channel.slice(0, dot), [one], roles).flat();
    });
  }),
);

const flux = files.flatMap(file => {
  const { panels, annotations } = read(file);
  const asked = [...panels.flatMap(panel => panel.targets), ...annotations.list.map(list => list.target)];
  return asked.flatMap(({ query }) => (query === undefined ? [] : [{ file, query }]));
});

describe('queries of the dashboards', () => {
  it('there are dashboards for stack, cells and controller', () => {
    expect(files.sort()).toEqual(['cells.json', 'controller.json', 'stack.json']);
    expect(flux.length).toBeGreaterThan(10);
    expect(roleFields).toContain('cell.voltage_V[007]');
  });

  it.each(flux)('$file: $query', ({ query }) => {
    const measurement = /r\._measurement == "(\w+)"/.exec(query)?.[1] as keyof typeof SCHEMA;
    expect(Object.keys(SCHEMA)).toContain(measurement);
    const { tags, fields } = SCHEMA[measurement];
    const known = new Set<string>(measurement === 'bench' ? [...fields, ...roleFields] : fields);
    for (const [, tag] of query.matchAll(/\br\.(?!_)(\w+)/g)) expect(tags).toContain(tag);
    const named = [...query.matchAll(/r\._field == "([^"]+)"/g)].map(([, field]) => field);
    for (const field of named) expect(known).toContain(field);
    const patterns = [...query.matchAll(/r\._field =~ \/(.+?)\/(?=[)\s])/g)].map(
      ([, text]) => new RegExp(text),
    );
    for (const pattern of patterns) expect([...known].some(field => pattern.test(field))).toBe(true);
    expect(named.length + patterns.length).toBeGreaterThan(0);
  });

  it('of the controller name only what /metrics serves', () => {
    const served = metricsText(fakeRun().view);
    for (const { targets } of read('controller.json').panels) {
      for (const { expr = '' } of targets) {
        const [name = ''] = /(cellbench|process)_\w+/.exec(expr) ?? [];
        expect(Object.keys(METRICS)).toContain(name);
        expect(served).toMatch(new RegExp(`^${name}[ {]`, 'm'));
      }
    }
  });

  it('go to datasources that are provisioned', () => {
    const { datasources } = z
      .object({ datasources: z.array(z.object({ uid: z.string() })) })
      .parse(parse(readFileSync(join(FOLDER, 'provisioning/datasources/cellbench.yaml'), 'utf8')));
    const uids = datasources.map(({ uid }) => uid);
    for (const file of files)
      for (const { datasource } of read(file).panels) expect(uids).toContain(datasource.uid);
  });
});

describe('/metrics', () => {
  it('is Prometheus text: each figure named once with its kind, labels quoted', () => {
    const lines = metricsText(fakeRun().view).trimEnd().split('\n');
    expect(lines).toContain('cellbench_ticks_total 600');
    expect(lines).toContain('cellbench_missed_ticks_total 3');
    expect(lines).toContain('cellbench_journal_queue_bytes 4096');
    expect(lines).toContain('cellbench_sink_lag_rows{sink="lab"} 345');
    expect(lines).toContain('cellbench_sink_dead_total{sink="lab"} 2');
    expect(lines).toContain('cellbench_sink_up{sink="lab"} 0');
    for (const name of Object.keys(METRICS))
      expect(lines.filter(line => line.startsWith(`# TYPE ${name} `))).toHaveLength(1);
    for (const line of lines)
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? -?[\d.e+-]+)$/);
  });
});
