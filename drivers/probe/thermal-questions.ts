import { readThermal, thermalFamilies, thermalValue } from '../generic/thermal-file.ts';
import type { Talk } from './talk.ts';

/** Circulators and chambers: who they are, in the words of each family. Questions alone: nothing is set or started. */

/** One that answered as its family does. */
export interface ThermalFound {
  readonly speaks: string;
  readonly says: string;
  /** The driver, with what its options would say of it beside the address. */
  readonly fits: readonly { readonly driver: string; readonly options: Readonly<Record<string, string>> }[];
}

export interface ThermalQuestion {
  readonly asked: string;
  ask(talk: Talk, within_s: number): Promise<ThermalFound | undefined>;
}

const ENDS = { lf: '\n', cr: '\r', crlf: '\r\n' } as const;

/** A question for each family: its identity, and, as that may be any text, a reading that must look like its own. */
export function thermalQuestions(): readonly ThermalQuestion[] {
  return thermalFamilies().map(family => {
    const { identity, line, reads, refused } = readThermal(family, '.');
    const [reading] = reads;
    const asked = `${identity.ask}, then ${reading.ask}`;
    return {
      asked,
      async ask(talk, within_s) {
        const answer = async (text: string): Promise<string> =>
          (await talk.ask(text + ENDS[line.terminator], within_s)).trim();
        const says = await answer(identity.ask);
        const plate = new RegExp(identity.expect).exec(says)?.[1];
        if (plate === undefined || (refused !== undefined && new RegExp(refused).test(says)))
          return undefined;
        if (thermalValue(await answer(reading.ask), reading) === undefined) return undefined;
        const options = { family, [identity.is]: plate };
        return { speaks: `text of ${family}`, says, fits: [{ driver: 'generic/thermal', options }] };
      },
    };
  });
}
