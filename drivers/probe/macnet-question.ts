import { decodeJson, encodeJson, objectLength, resultOf } from '../maccor/messages.ts';
import type { Door, ProbeOptions, Question } from './probe.ts';

const SYSTEM = { fClass: 1, fNum: 2 } as const;

/** Which tester this is and how many channels it has (MacNet 1,2): a question that needs no login. */
export function macnetQuestion(door: Door, options: ProbeOptions): Question {
  const asked = 'MacNet 1,2';
  return {
    language: 'other',
    asked,
    async ask(talk) {
      const text = await talk.ask(`${encodeJson(SYSTEM, {}, 1)}\r\n`, options.within_s);
      const found = systemIn(text);
      if (found === undefined) return undefined;
      const { systemId, channels } = found;
      return {
        speaks: 'MacNet',
        asked,
        says: `tester ${systemId} with ${channels} channels`,
        fits: [{ driver: 'maccor/macnet', options: { ...door, systemId } }],
      };
    },
  };
}

function systemIn(text: string): { readonly systemId: string; readonly channels: number } | undefined {
  try {
    const said = resultOf(SYSTEM, decodeJson(text.slice(0, objectLength(text))).result);
    const [systemId, channels] = [said['SystemID'], said['TestChannels']];
    return typeof systemId === 'string' && typeof channels === 'number' ? { systemId, channels } : undefined;
  } catch {
    return undefined;
  }
}
