import type { Clock } from '../contract/clock.ts';
import { DeviceError } from '../contract/errors.ts';
import type { Exchange } from '../device-table.ts';
import type { OpcuaAnswer, OpcuaRequest } from '../transport/opcua/link.ts';
import { goodValue } from './plc-owner.ts';

/** The heartbeat of a PLC: its time-out, and that what it says of our silence is of now. */

/** A PLC looks at the count once a cycle of its task, some ms to some 100 ms (default): s. */
const CLEAR_LIMIT_s = 2;
const CLEAR_STEP_s = 0.1;

type Ask = Exchange<OpcuaRequest, OpcuaAnswer>;

/** Sets the time after which the PLC acts on our silence, s, and reads it back. Rejects with `readback` where it differs. */
export async function armHeartbeat(
  endpoint: string,
  node: string,
  timeout_s: number,
  exchange: Ask,
): Promise<number> {
  await exchange({ kind: 'write', node, value: timeout_s });
  const armed_s = goodValue(await exchange({ kind: 'readBack', node }), node);
  if (armed_s !== timeout_s)
    throw new DeviceError('readback', endpoint, `heartbeat time-out: set ${timeout_s}, read back ${armed_s}`);
  return armed_s;
}

/**
 * Polls, which counts the heartbeat up, until the PLC does not say any more that one was missed: before a start nobody has
 * beaten, and its bit may stand at 1 since the last run. `at`: where the bit is in the answer to `poll`. Rejects with
 * `refused` if it still says so after 2 s of heartbeats: its bit waits for a person.
 */
export async function beatUntilClear(of: {
  readonly endpoint: string;
  readonly trippedNode: string;
  readonly poll: OpcuaRequest;
  readonly at: number;
  readonly exchange: Ask;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { endpoint, trippedNode, poll, at, exchange, clock, signal } = of;
  const until_s = clock.now_s() + CLEAR_LIMIT_s;
  for (;;) {
    const { readings, heartbeat } = await exchange(poll);
    const tripped = readings[at];
    const isBeatTaken = heartbeat?.severity !== 'bad';
    if (isBeatTaken && tripped.severity !== 'bad' && tripped.value === 0) return;
    if (signal.aborted) throw new DeviceError('closed', endpoint, 'closed by us');
    if (clock.now_s() >= until_s) {
      if (!isBeatTaken)
        throw new DeviceError('refused', endpoint, `heartbeat not taken, ${heartbeat?.status}`);
      goodValue({ readings: [tripped] }, trippedNode);
      const text = `the PLC says that a heartbeat was missed (${trippedNode} reads ${tripped.value}), and ${CLEAR_LIMIT_s} s of heartbeats did not clear it: reset it there`;
      throw new DeviceError('refused', endpoint, text);
    }
    await clock.sleep(CLEAR_STEP_s, signal);
  }
}
