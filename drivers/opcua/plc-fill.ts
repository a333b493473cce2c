import { QUALITY } from '../contract/frame.ts';
import type { Quantity } from '../contract/units.ts';
import { ourWord } from '../process-identity.ts';
import type { OpcuaAnswer, OpcuaReading } from '../transport/opcua/link.ts';
import { type Freshness, freshness } from './freshness.ts';
import { type PlcNodes, timedChannels } from './plc-nodes.ts';
import { OWNED } from './plc-owner.ts';

/** Added to the channels where the PLC has a heartbeat: 1 = it has missed ours and gone to its safe state. */
export const TRIPPED: Quantity = 'heartbeatTripped_on';

/** Where the values of one node go in the frame. */
interface Place {
  readonly name: string;
  readonly first: number;
  /** Members of an array; undefined for a single value. */
  readonly count: number | undefined;
  readonly freshness: Freshness | undefined;
}

/** Puts the answer of a poll into a frame: the channels of the file in their order, then the PLC's own words and the source time stamps. */
export function plcFill(
  nodes: PlcNodes,
  now_s: () => number,
): (answer: OpcuaAnswer, values: Float64Array, quality: Uint8Array, note: (reason: string) => void) => void {
  const places: Place[] = [];
  let next = 0;
  const add = (name: string, count: number | undefined, staleAfter_s: number): void => {
    places.push({
      name,
      first: next,
      count,
      freshness: staleAfter_s > 0 ? freshness(staleAfter_s, now_s) : undefined,
    });
    next += count ?? 1;
  };
  for (const { name, count, staleAfter_s } of nodes.channels)
    add(name, count, staleAfter_s ?? nodes.staleAfter_s ?? 0);
  const tripped = nodes.heartbeat === undefined ? -1 : next;
  if (tripped >= 0) add(TRIPPED, undefined, 0);
  const owned = nodes.owner === undefined ? -1 : next;
  if (owned >= 0) add(OWNED, undefined, 0);
  const firstTime = next;
  const timed = timedChannels(nodes).map(({ first }) => places.findIndex(place => place.first === first));

  return (answer, values, quality, note) => {
    for (const [i, place] of places.entries()) {
      const reading = answer.readings[i];
      const why = whyBad(reading, place);
      const width = place.count ?? 1;
      if (why !== '') note(`${place.name}: ${why}`);
      for (let k = 0; k < width; k++) {
        const at = place.first + k;
        values[at] =
          why !== '' ? Number.NaN : place.count === undefined ? reading.value : valueAt(reading, k);
        if (reading.severity === 'uncertain' || reading.missed !== undefined) quality[at] = QUALITY.uncertain;
      }
      if (reading.missed !== undefined) note(`${place.name}: ${reading.missed}`);
      else if (why === '' && reading.isQualified === true) note(`${place.name}: ${reading.status}`);
      // A member that is no number: that one only is bad.
      if (why === '' && reading.why !== undefined) note(`${place.name}: ${reading.why}`);
    }
    for (const [k, i] of timed.entries())
      values[firstTime + k] = (answer.readings[i].sourceTime_ms ?? Number.NaN) / 1000;
    // A word that cannot be read is no reading, not somebody else's.
    if (owned >= 0 && !Number.isNaN(values[owned])) values[owned] = values[owned] === ourWord() ? 1 : 0;
    if (tripped >= 0 && answer.heartbeat?.severity === 'bad') {
      // The PLC does not see us: what it says of our silence is worth nothing.
      values[tripped] = Number.NaN;
      note(`${TRIPPED}: heartbeat not taken, ${answer.heartbeat.status}`);
    }
  };
}

const valueAt = (reading: OpcuaReading, k: number): number => reading.values?.[k] ?? Number.NaN;

/** Why a node gives nothing at all; empty where it does. */
function whyBad(reading: OpcuaReading, { count, freshness }: Place): string {
  if (reading.severity === 'bad') return reading.status;
  const length = reading.values?.length;
  if (count === undefined) {
    if (length !== undefined)
      return `the node holds an array of ${length}, expected one value (count: ${length})`;
    if (Number.isNaN(reading.value)) return reading.why ?? 'the node holds no number';
  } else if (length !== count) {
    return length === undefined
      ? (reading.why ?? `the node holds one value, expected an array of ${count}`)
      : `the node holds an array of ${length}, expected ${count} (count in the nodes file)`;
  }
  return freshness?.look(reading) ?? '';
}
