import { arbinCodec, encode } from '../../drivers/arbin/messages.ts';
import { infoOf } from '../../drivers/arbin/status.ts';
import { DeviceError } from '../../drivers/contract/errors.ts';
import { decodeJson, objectLength, restWords, resultOf, wordsCodec } from '../../drivers/maccor/messages.ts';
import { currentOf, faultOf, numberOf, statOf } from '../../drivers/maccor/status.ts';
import { ctiAnswer, takeRequest } from '../../sim/device/arbin/frames.ts';
import { objectIn, wordsIn } from '../../sim/device/maccor/server.ts';
import { below, bytes, must, mutated, mutatedText, one, seen } from './chance.ts';

/** Codecs and parsers of cyclers: MacNet and CTI, driver and emulator. */

const STATUS = `{"jsonrpc": "2.0","result": {"FClass": 4,"FNum": 7,"Chan": 3,"RF1": 1,"RF2": 0,"Stat": 2,"LastRecNum": 42,"Cycle": 0,"Step": 5,"TestTime": 212.2,"StepTime": 209.9,"Capacity": 0.1,"Energy": 0.4,"Current": 1.5,"Voltage": 3.859,"TesterTime": "2022-10-13T12:32:56"},"id": 7}`;

/** What a codec may throw. */
function refusing(work: () => void): void {
  try {
    work();
    seen.accepted++;
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    seen.refused++;
  }
}

export function macNet(): void {
  const text = below(5) === 0 ? bytes(80).toString('latin1') : mutatedText(one([STATUS, STATUS + STATUS]));
  objectIn(text);
  refusing(() => {
    const length = objectLength(text);
    if (length === 0) return;
    const { id, result } = decodeJson(text.slice(0, length));
    const reply = resultOf({ fClass: 4, fNum: 7, chan: 3 }, result);
    const volts = numberOf(reply, 'Voltage');
    const { state, on } = statOf(reply);
    must(typeof volts === 'number' && typeof currentOf(reply) === 'number', () => text);
    must(state !== 'unknown' || Number.isNaN(on), () => `on ${on} of ${text}`);
    must(reply['FClass'] === 4 && reply['Chan'] === 3, () => `${String(id)} ${text}`);
    faultOf(reply);
  });
  const said = Buffer.from([6, 0, 8, 0, 3, 0, 1, 0, one([0, 0, 3])]);
  const words = below(4) === 0 ? bytes(40) : mutated(said);
  wordsIn(words);
  refusing(() => {
    const length = wordsCodec.lengthOf(words);
    if (length === 0) return;
    const reply = wordsCodec.decode(words.subarray(0, length));
    const ask = { bytes: restWords(3, 4) };
    if (!wordsCodec.fits(ask, reply) || wordsCodec.refusal?.(ask, reply) !== undefined) return;
    must(reply.data.length > 0 && reply.data.every(byte => byte === 0), () => words.toString('hex'));
  });
}

const info = ctiAnswer(0xeeba0003, 1779, into => {
  into.writeUInt32LE(1, 20);
  into.writeUInt32LE(13, 24);
  into.writeInt16LE(2, 28);
  into.writeFloatLE(3.7, 1701);
});
const done = ctiAnswer(0xbb130001, 128, into => into.writeInt32LE(13, 20));
const codec = arbinCodec(13);
export function cti(): void {
  const right = one([info, done]);
  const came = below(6) === 0 ? bytes(60) : mutated(right);
  refusing(() => {
    const length = codec.lengthOf(came);
    if (length === 0) return;
    const answer = codec.decode(came.subarray(0, length));
    for (const cmd of ['info', 'stop'] as const) {
      if (!codec.fits({ cmd }, answer)) continue;
      if (cmd === 'info') infoOf(answer);
      codec.refusal?.({ cmd }, answer);
    }
    // A sum of 16 bits does not see bytes that change places or cancel each other; one that is changed alone it sees.
    const places = [...answer.bytes].filter((byte, i) => byte !== right[i]).length;
    must(length !== right.length || places !== 1, () => answer.bytes.toString('hex'));
  });
  let rest = mutated(encode(one([{ cmd: 'info' }, { cmd: 'stop' }] as const), 13));
  try {
    for (let steps = 0; rest.length > 0; steps++) {
      must(steps < 1000, () => `no end: ${rest.toString('hex')}`);
      const taken = takeRequest(rest);
      if (taken === undefined) return;
      rest = rest.subarray(taken.length);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}
