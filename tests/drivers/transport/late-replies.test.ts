import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { DeviceError } from '../../../drivers/contract/errors.ts';
import type { Line, Link } from '../../../drivers/contract/transport.ts';
import { openLine } from '../../../drivers/transport/line.ts';
import type { ModbusReply, ModbusRequest } from '../../../drivers/transport/modbus-request.ts';
import { modbusRtuLink } from '../../../drivers/transport/modbus-rtu.ts';
import { modbusTcpLink } from '../../../drivers/transport/modbus-tcp.ts';
import { type ModbusPeer, rtuPeer, tcpPeer } from '../modbus-peer.ts';
import { ptyPair } from '../pty-pair.ts';

const clock = realClock();
const REPLY_ms = 30;
const IDENTITY = [0xcc11, 0x0087];

const holding = (address: number, count: number): ModbusRequest => ({ fn: 3, unit: 1, address, count });

/** Every register holds its own address, so that an answer to another question shows. */
function fill(peer: ModbusPeer): void {
  for (let address = 0; address < 400; address++) peer.holding.set(address, address);
  IDENTITY.forEach((word, i) => {
    peer.holding.set(i, word);
  });
}

function lineOver(link: Link<ModbusRequest, ModbusReply>): Line<ModbusRequest, ModbusReply> {
  // Losing the line would hide what is looked for here: many silences are allowed.
  const line = openLine(link, { clock, reply_ms: REPLY_ms, gap_ms: 0, silentMax: 50 });
  line.setProbe({
    ask: holding(0, 2),
    isAnswer: reply => reply[0] === IDENTITY[0] && reply[1] === IDENTITY[1],
  });
  return line;
}

/**
 * 30 reads of the same shape, each of another address; every third answer is late by `delay_ms`, but never
 * two at a time.
 */
async function readWithLateAnswers(
  line: Line<ModbusRequest, ModbusReply>,
  peer: ModbusPeer,
  delay_ms: number,
  reads = 30,
) {
  let polls = 0;
  let lateUntil_s = 0;
  peer.misbehave = ({ address }) => {
    if (address < 100 || ++polls % 3 !== 0 || clock.now_s() < lateUntil_s) return undefined;
    // The late answer and the next request may cross on the wire: some room between two late ones.
    lateUntil_s = clock.now_s() + delay_ms / 1000 + 0.02;
    return { delay_ms };
  };
  let right = 0;
  const wrong: string[] = [];
  const codes = new Set<string>();
  for (let n = 0; n < reads; n++) {
    const address = 100 + n;
    try {
      const [value] = await line.exchange(holding(address, 1));
      if (value === address) right++;
      else wrong.push(`${address} got ${value}`);
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      codes.add(error.code);
    }
  }
  peer.misbehave = () => undefined;
  return { right, wrong, codes: [...codes].sort() };
}

// Soon after the deadline of 30 ms (just after it an answer still counts, where the turn of grace finds it in the buffer), just
// as the probe is out, and long after it.
const DELAYS_ms = [40, 60, 150];

describe('a late reply of request A is never the answer to B', () => {
  let pair: Awaited<ReturnType<typeof ptyPair>>;
  let peer: ModbusPeer;
  let line: Line<ModbusRequest, ModbusReply> | undefined;

  beforeAll(async () => {
    pair = await ptyPair();
  });
  afterAll(() => pair.unplug());
  afterEach(async () => {
    await line?.close('end of test');
    await peer?.close();
  });

  const ORDERS = [
    ['in order, as a slave on a bus answers', true],
    ['overtaken, as through a gateway', false],
  ] as const;
  describe.each(ORDERS)('Modbus RTU, answers %s', (_, keepsOrder) => {
    it.each(DELAYS_ms)('%i ms late', async delay_ms => {
      peer = await rtuPeer(pair.b);
      peer.keepsOrder = keepsOrder;
      fill(peer);
      const link = modbusRtuLink({ clock, path: pair.a, baud: 115200, parity: 'none' });
      await link.open();
      line = lineOver(link);
      const { right, wrong, codes } = await readWithLateAnswers(line, peer, delay_ms, 18);
      expect(wrong).toEqual([]);
      // How many of 18 hangs on the pace of the machine.
      expect(right).toBeGreaterThan(5);
      expect(codes).toContain('timeout');
      expect(line.resyncs).toBeGreaterThan(0);
    });
  });

  it.each([45, 61, 150])('Modbus TCP, answers %i ms late', async delay_ms => {
    peer = await tcpPeer();
    fill(peer);
    const link = modbusTcpLink({ host: '127.0.0.1', port: peer.port, clock });
    await link.open();
    line = lineOver(link);
    const { right, wrong } = await readWithLateAnswers(line, peer, delay_ms);
    expect(wrong).toEqual([]);
    expect(right).toBeGreaterThan(20);
  });

  it('Modbus TCP: an owed answer gives up the connection before its transaction number returns', async () => {
    peer = await tcpPeer();
    fill(peer);
    const link = modbusTcpLink({ host: '127.0.0.1', port: peer.port, clock });
    await link.open();
    line = lineOver(link);
    let lost = '';
    line.onLost(reason => {
      lost = reason.message;
    });
    // The answer to the first read comes when the number 256 requests later would be the same.
    peer.misbehave = ({ address }) => (address === 399 ? { drop: true } : undefined);
    await expect(line.exchange(holding(399, 1))).rejects.toMatchObject({ code: 'timeout' });
    let answered = 0;
    for (let n = 0; n < 300; n++) {
      try {
        const [value] = await line.exchange(holding(100 + (n % 200), 1));
        expect(value).toBe(100 + (n % 200));
        answered++;
      } catch {
        break;
      }
    }
    expect(answered).toBeGreaterThan(200);
    expect(answered).toBeLessThan(255);
    expect(lost).toContain('owed');
  });

  it('the library alone does take the late reply for the answer: the test server can show the fault', async () => {
    peer = await rtuPeer(pair.b);
    fill(peer);
    const link = modbusRtuLink({ clock, path: pair.a, baud: 115200, parity: 'none' });
    await link.open();
    peer.misbehave = ({ address }) => (address === 100 ? { delay_ms: 200 } : { drop: true });
    link.send(holding(100, 1)).catch(() => {});
    await clock.sleep(0.02);
    expect(await link.send(holding(200, 1))).toEqual([100]);
    await link.close();
  });
});
