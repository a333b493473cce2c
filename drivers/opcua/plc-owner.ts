import type { Clock } from '../contract/clock.ts';
import { DeviceError } from '../contract/errors.ts';
import type { Quantity } from '../contract/units.ts';
import type { Exchange } from '../device-table.ts';
import { ourWord } from '../process-identity.ts';
import type { OpcuaAnswer, OpcuaRequest } from '../transport/opcua/link.ts';
import type { PlcNodes } from './plc-nodes.ts';

/** Added to the channels where the PLC has an owner's word: 1 = it is ours. */
export const OWNED: Quantity = 'owned_on';

/** So long a heartbeat is looked at if the PLC does not say after how long it counts as missed, s. */
const LOOK_s = 5;
/** And at most so long, s. */
const LOOK_MAX_s = 10;
const LOOK_STEP_s = 0.1;

type Ask = Exchange<OpcuaRequest, OpcuaAnswer>;

/**
 * Puts our word into the owner's node and reads it back. Rejects with `local` while somebody else's word stands there
 * and the heartbeat goes on, as it does while that controller runs; a word that was left behind is replaced.
 */
export async function takeOwnership(plc: {
  readonly endpoint: string;
  readonly owner: NonNullable<PlcNodes['owner']>;
  readonly heartbeat: NonNullable<PlcNodes['heartbeat']>;
  readonly exchange: Ask;
  readonly clock: Clock;
}): Promise<void> {
  const { endpoint, owner, heartbeat, exchange, clock } = plc;
  const ours = ourWord();
  const look = async () => {
    const nodes = [owner.node, heartbeat.node, heartbeat.trippedNode, heartbeat.timeoutNode];
    const { readings } = await exchange({ kind: 'read', nodes });
    const [word, count, tripped, timeout_s] = readings.map((_, i) =>
      goodValue({ readings: readings.slice(i) }, nodes[i]),
    );
    return { word, count, tripped, timeout_s };
  };
  const first = await look();
  const isForeign = (word: number): boolean => word !== 0 && word !== ours;
  const look_s = first.timeout_s > 0 ? Math.min(first.timeout_s, LOOK_MAX_s) : LOOK_s;
  const until_s = clock.now_s() + look_s;
  for (
    let now = first;
    isForeign(now.word) && now.tripped === 0 && clock.now_s() < until_s;
    now = await look()
  ) {
    if (now.count !== first.count) {
      const text = `owned by another controller (word ${now.word}) whose heartbeat goes on, expected it free`;
      throw new DeviceError('local', endpoint, text);
    }
    await clock.sleep(LOOK_STEP_s);
  }
  await exchange({ kind: 'write', node: owner.node, value: ours });
  const { word } = await look();
  if (word !== ours) throw new DeviceError('local', endpoint, `owner's word: set ${ours}, read back ${word}`);
}

/** Takes our word out again, if it still stands there. */
export async function giveUpOwnership(owner: NonNullable<PlcNodes['owner']>, exchange: Ask): Promise<void> {
  const word = goodValue(await exchange({ kind: 'read', nodes: [owner.node] }), owner.node);
  if (word === ourWord()) await exchange({ kind: 'write', node: owner.node, value: 0 });
}

/** The first value of an answer; throws `refused` if the server calls it bad. */
export function goodValue({ readings }: OpcuaAnswer, node: string): number {
  const [{ value, status, severity, why }] = readings;
  if (severity === 'bad') throw new DeviceError('refused', node, `read answered with ${status}`);
  if (why !== undefined) throw new DeviceError('refused', node, why);
  return value;
}
