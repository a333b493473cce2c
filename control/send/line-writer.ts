import { Point } from '@influxdata/influxdb-client';
import { isUsable, QUALITY } from '../../drivers/contract/frame.ts';
import { BESIDE_DEVICE } from '../contract/residual-roles.ts';
import { isOwnChannel } from '../kinds/derived/kind.ts';
import type { UtcTable } from '../record/utc.ts';

/** Rows of the journal as lines of InfluxDB's line protocol. The time is the journal's, so that sending twice is harmless. */

/**
 * What is written, by measurement: the only list of it. `bench`: a line per reading of an instrument, its fields the roles
 * of the bench file (`cell.voltage_V[001]` of an array; `<device>.<channel>` where there is no role). A value that must not
 * be used is no field; `quality` is the worst of the line (0 good, 1 simulated, 2 uncertain, 3 stale, 4 bad), `absent` how
 * many values are missing, `<role>.quality` that of a channel which is worse than simulated while others are not.
 */
export const SCHEMA = {
  bench: { tags: ['bench', 'run', 'mode', 'device'], fields: ['quality', 'absent'] },
  setpoint: {
    tags: ['bench', 'run', 'mode', 'role', 'source', 'outcome'],
    fields: ['asked', 'applied', 'row'],
  },
  event: { tags: ['bench', 'run', 'mode', 'kind', 'alarm'], fields: ['text', 'row'] },
} as const;

/** What stands in every line of a run. */
export interface RunTags {
  readonly bench: string;
  /** The run's start, UTC: it stays the same wherever its folder is moved. */
  readonly run: string;
  readonly mode: string;
}

/** ns since 1970 UTC of a time in the record. */
export function stampOf(utc: UtcTable, t_s: number): bigint {
  const { from_s, utc_ms } = utc.of(t_s);
  return BigInt(utc_ms) * 1_000_000n + BigInt(Math.round((t_s - from_s) * 1e9));
}

/** ns of a row that may share its time with others of its kind: the last three digits tell them apart. */
export function stampOfRow(utc: UtcTable, t_s: number, row: number): bigint {
  const exact = stampOf(utc, t_s);
  return exact - (exact % 1000n) + BigInt(row % 1000);
}

/** Field names of an instrument's channels: by place one or more (a channel may play several roles). */
export function fieldsOf(
  device: string,
  channels: readonly string[],
  roles: Readonly<Record<string, string>>,
): string[][] {
  const rolesOf = new Map<string, string[]>();
  for (const [role, target] of Object.entries(roles)) {
    const list = rolesOf.get(target);
    if (list === undefined) rolesOf.set(target, [role]);
    else list.push(role);
  }
  const isOwnName = isOwnChannel(device) || device === BESIDE_DEVICE;
  return channels.map(channel => {
    if (isOwnName) return [channel];
    const member = /\[(\d+)\]/.exec(channel);
    const target = `${device}.${member === null ? channel : channel.replace(member[0], '[]')}`;
    const played = rolesOf.get(target);
    if (played === undefined) return [`${device}.${channel}`];
    return played.map(role =>
      member === null ? role : role.replace('[]', `[${member[1].padStart(3, '0')}]`),
    );
  });
}

/** One reading; `quality` one byte for all channels, or one each. */
export function frameLine(
  tags: RunTags,
  device: { readonly id: string; readonly fields: readonly (readonly string[])[] },
  value: (channel: number) => number,
  quality: Uint8Array,
  stamp: bigint,
): string {
  const point = begin('bench', tags).tag('device', device.id);
  const isUniform = quality.length === 1;
  let worst = 0;
  let absent = 0;
  for (let channel = 0; channel < device.fields.length; channel++) {
    const code = quality[isUniform ? 0 : channel];
    const read = value(channel);
    if (code > worst) worst = code;
    const isSent = isUsable(read, code);
    if (!isSent) absent++;
    for (const field of device.fields[channel]) {
      if (isSent) point.floatField(field, read);
      if (!isUniform && code >= QUALITY.uncertain) point.floatField(`${field}.quality`, code);
    }
  }
  return end(point.floatField('quality', worst).floatField('absent', absent), stamp);
}

/** One set point and what became of it; figures that are not numbers are left out. */
export function setpointLine(
  tags: RunTags,
  set: {
    readonly row: number;
    readonly role: string;
    readonly asked: number;
    readonly applied: number;
    readonly source: string;
    readonly outcome: string;
  },
  stamp: bigint,
): string {
  const point = begin('setpoint', tags);
  point.tag('role', tagOf(set.role)).tag('source', tagOf(set.source)).tag('outcome', tagOf(set.outcome));
  if (Number.isFinite(set.asked)) point.floatField('asked', set.asked);
  if (Number.isFinite(set.applied)) point.floatField('applied', set.applied);
  return end(point.floatField('row', set.row), stamp);
}

/** One event; `alarm` is the limit's name where the event is of one. */
export function eventLine(
  tags: RunTags,
  event: { readonly row: number; readonly kind: string; readonly text: string; readonly alarm: string },
  stamp: bigint,
): string {
  const point = begin('event', tags).tag('kind', tagOf(event.kind));
  if (event.alarm !== '') point.tag('alarm', tagOf(event.alarm));
  // A line break inside a text would end the line for some stores.
  point.stringField('text', event.text.replace(/[\r\n]+/g, ' ')).floatField('row', event.row);
  return end(point, stamp);
}

function begin(measurement: keyof typeof SCHEMA, tags: RunTags): Point {
  return new Point(measurement)
    .tag('bench', tagOf(tags.bench))
    .tag('run', tagOf(tags.run))
    .tag('mode', tagOf(tags.mode));
}

/** Neither empty nor with a line break, nor with a backslash at its end: line protocol has no way to say those. */
function tagOf(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/\\+$/, '') || '-';
}

function end(point: Point, stamp: bigint): string {
  const line = point.timestamp(String(stamp)).toLineProtocol();
  if (line === undefined) throw new Error('a line without fields');
  return line;
}
