import { brooksCodec, encodeBrooks } from '../../drivers/brooks/frames.ts';
import { DeviceError } from '../../drivers/contract/errors.ts';
import { cellsIn } from '../../drivers/kolibrik/cells.ts';
import { decodeXc2, encodeXc2, XC2_LONGEST, XC2_TYPE, xc2Codec } from '../../drivers/kolibrik/xc2.ts';
import { encodeMks, mksCodec } from '../../drivers/mks/messages.ts';
import type { MessageCodec } from '../../drivers/transport/counted-messages.ts';
import { type BrooksController, brooksLine } from '../../sim/device/brooks/controllers.ts';
import type { ByteSpeaker } from '../../sim/device/byte-instrument.ts';
import { cvmBus } from '../../sim/device/kolibrik/cvm.ts';
import { mksLine } from '../../sim/device/mks/g-series.ts';
import { below, bytes, must, mutated, one, seen } from './chance.ts';

/** Codecs and emulators of instruments that speak frames of bytes: each takes what is right, damaged or nothing at all. */

/** What a line makes of the bytes: every message that can be read. */
function messagesIn<Rep>(codec: MessageCodec<never, Rep>, came: Buffer): Rep[] {
  const found: Rep[] = [];
  let rest: Uint8Array = came;
  for (let steps = 0; ; steps++) {
    must(steps <= came.length, () => `no end: ${came.toString('hex')}`);
    rest = rest.subarray(codec.noiseIn?.(rest) ?? 0);
    const length = codec.lengthOf(rest);
    if (length === 0) return found;
    try {
      found.push(codec.decode(rest.subarray(0, length)));
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      seen.refused++;
    }
    rest = rest.subarray(length);
  }
}

/** What an emulator makes of them: it must come to an end. */
function takenBy(speaker: ByteSpeaker, came: Buffer): void {
  let rest = came;
  for (let steps = 0; rest.length > 0; steps++) {
    must(steps <= came.length, () => `no end: ${came.toString('hex')}`);
    const { used } = speaker.take(rest);
    if (used === 0) return;
    rest = rest.subarray(used);
  }
}

const CELLS = [1.75, 1.8, 1.85];
const MODELS = ['CVM24P', 'CVM32A', 'CVM64H'] as const;
export function xc2(): void {
  const model = one(MODELS);
  const bus = cvmBus([
    { address: 0xa1, model, serial: '158458', cells: () => CELLS, clock_ms: () => 77, isBig: below(2) === 0 },
  ]);
  const question = Buffer.from(xc2Codec.encode({ address: 0xa1, command: one([1, 3, 0xa0, 0xa0, 0x55]) }));
  takenBy(bus, below(5) === 0 ? bytes(XC2_LONGEST) : mutated(question));
  const {
    reply = encodeXc2({
      type: XC2_TYPE.ack,
      destination: 1,
      source: 2,
      flags: 0,
      command: 0,
      data: bytes(9),
    }),
  } = bus.take(question);
  const right = Buffer.from(reply);
  const came = below(5) === 0 ? bytes(XC2_LONGEST) : mutated(right);
  for (const frame of messagesIn(xc2Codec, came)) {
    seen.accepted++;
    const again = Buffer.from(encodeXc2(frame));
    must(came.includes(again), () => `${again.toString('hex')} out of ${came.toString('hex')}`);
    const cells = cellsIn(frame.data, model, CELLS.length);
    if (cells?.proved !== true || frame.command !== 0xa0) continue;
    const isWrong = cells.cells_V.some((v, i) => Math.abs(v - CELLS[i]) > 1e-3);
    must(!isWrong || !came.equals(right), () => `${cells.cells_V} of ${came.toString('hex')}`);
  }
  decodeXc2(right);
}

const BROOKS: BrooksController = {
  tag: '20902001',
  id: [0x12, 0x34, 0x56],
  unit: 17,
  reference: 0,
  state: { temperature_K: 273.15, pressure_Pa: 101325 },
  fullScale: 10,
  gas: 'H2',
  valveOverride: 0,
  status: () => 0,
  flow: () => 2.5,
  setpoint: () => 2.5,
  set: value => must(value >= 0 && value <= 10.0001, () => `set point ${value}`),
};
const BROOKS_COMMANDS = [1, 11, 150, 151, 152, 190, 193, 230, 235, 236, 99];
export function brooks(): void {
  const line = brooksLine([BROOKS]);
  const address = Uint8Array.from([0x8a, 100, ...BROOKS.id]);
  const question = Buffer.from(encodeBrooks({ address, command: one(BROOKS_COMMANDS), data: bytes(7) }));
  takenBy(line, below(5) === 0 ? bytes(60) : mutated(question));
  const { reply = bytes(30) } = line.take(question.subarray(5));
  const right = Buffer.from(reply);
  const came = below(5) === 0 ? bytes(60) : mutated(right);
  for (const { start, address: from, data } of messagesIn(brooksCodec, came)) {
    seen.accepted++;
    const isWhole =
      came.includes(Buffer.concat([Buffer.of(start), from])) && came.includes(Buffer.from(data));
    must(isWhole, () => `${Buffer.from(data).toString('hex')} out of ${came.toString('hex')}`);
  }
}

const MKS_COMMANDS = ['FX?', 'SX?', 'FS?', 'U?', 'PG?', 'SN?', 'XX?', 'SX!25.0', 'SX!9999.0'];
const mksController = {
  ...{ address: 1, serial: '013456G20', unit: 'SCCM', fullScale: 5000, gas: 'N2' },
  ...{ flow: () => 1234.5, setpoint: () => 25 },
  set: (value: number) => must(value >= 0 && value <= 5001, () => `set point ${value}`),
};
export function mks(): void {
  const line = mksLine([mksController]);
  const question = Buffer.from(encodeMks({ address: 1, command: one(MKS_COMMANDS) }));
  takenBy(line, below(5) === 0 ? bytes(60) : mutated(question));
  const right = Buffer.from(line.take(question).reply ?? []);
  const came = below(5) === 0 ? bytes(60) : mutated(right);
  for (const { value } of messagesIn(mksCodec, came)) {
    seen.accepted++;
    must(came.includes(value), () => `${value} out of ${came.toString('latin1')}`);
  }
}
