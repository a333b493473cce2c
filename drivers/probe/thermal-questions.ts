import { readThermal, thermalFamilies, thermalValue } from '../generic/thermal-file.ts';
import { SUM_CHECKSUM } from '../transport/text/checksum.ts';
import type { Talk } from './talk.ts';

/** Circulators and chambers: who they are, in the words of each family. Questions alone: nothing is set or started. */

type Told = Readonly<Record<string, string | number>>;

/** One that answered as its family does. */
export interface ThermalFound {
  readonly asked: string;
  readonly speaks: string;
  readonly says: string;
  readonly fits: readonly { readonly driver: string; readonly options: Told }[];
}

/** What one family is asked. */
export interface ThermalQuestion {
  readonly asked: string;
  ask(talk: Talk): Promise<ThermalFound | undefined>;
}

const ENDS = { lf: '\n', cr: '\r', crlf: '\r\n' } as const;

/** A question for each family: its identity, and, as that may be any text, a reading that must look like its own. `door`: options of the address. */
export function thermalQuestions(door: Told, within_s: number): readonly ThermalQuestion[] {
  return thermalFamilies().map(family => {
    const { identity, line, reads, refused } = readThermal(family, '.');
    const [reading] = reads;
    const asked = `${identity.ask}, then ${reading.ask}`;
    return {
      asked,
      async ask(talk) {
        const sum = line.checksum === undefined ? undefined : SUM_CHECKSUM;
        const answer = async (text: string): Promise<string> => {
          const said = (await talk.ask((sum?.add(text) ?? text) + ENDS[line.terminator], within_s)).trim();
          return sum === undefined ? said : (sum.take(said) ?? '');
        };
        let says = await answer(identity.ask);
        if (says === '' && line.deafAtFirst) says = await answer(identity.ask);
        const plate = new RegExp(identity.expect).exec(says)?.[1];
        if (plate === undefined || (refused !== undefined && new RegExp(refused).test(says)))
          return undefined;
        if (thermalValue(await answer(reading.ask), reading) === undefined) return undefined;
        const options = { ...door, family, [identity.is]: plate };
        return { asked, speaks: `text of ${family}`, says, fits: [{ driver: 'generic/thermal', options }] };
      },
    };
  });
}
