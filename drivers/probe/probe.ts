import type { Clock } from '../contract/clock.ts';
import { DeviceError, messageOf } from '../contract/errors.ts';
import { readFamily, type ScpiFamily, scpiFamilies } from '../generic/scpi-file.ts';
import { fieldsOf } from '../protocol/scpi.ts';
import { endpointOf, type TextAddress } from '../transport/text/wire.ts';
import { eaSeries, ownDriver } from './identities.ts';
import { ladsAt } from './lads.ts';
import { macnetQuestion } from './macnet-question.ts';
import { fittingFamilies } from './modbus-families.ts';
import {
  identificationOf,
  isReplyTo,
  MBAP,
  type ModbusFraming,
  READ_IDENTIFICATION,
  RTU,
  readHolding,
  readRegisters,
  registersOf,
  wordsOf,
} from './modbus-questions.ts';
import { NO_QUESTION, type NotAsked } from './not-asked.ts';
import { proparQuestion } from './propar-question.ts';
import { openTalk, type Talk } from './talk.ts';
import { thermalQuestions } from './thermal-questions.ts';

/** One thing that answered. */
export interface ProbeFound {
  /** Language that it answered in: `SCPI`, `Modbus`, `ProPar`, `JSON lines`, `OPC UA`, `text of <family>`. */
  readonly speaks: string;
  /** What was asked, in words. */
  readonly asked: string;
  /** What it said. */
  readonly says: string;
  /** Drivers that fit, with the options that are known by now; what a type plate says is for a person. */
  readonly fits: readonly { readonly driver: string; readonly options: Readonly<Record<string, unknown>> }[];
  /** It is there, and does not say what it is. */
  readonly isVague?: true;
}

/** What was asked, and what answered. */
export interface ProbeReport {
  readonly address: string;
  readonly asked: readonly string[];
  readonly found: readonly ProbeFound[];
  /** What drivers here speak and was not asked, and why not. */
  readonly notAsked: readonly NotAsked[];
  /** Why nothing could be asked, in words; absent where it could. */
  readonly trouble?: string;
}

/** How it is asked. */
export interface ProbeOptions {
  /** Longest wait for an answer, s. */
  readonly within_s: number;
  /** Modbus units that are asked. */
  readonly units: readonly number[];
}

/** Options of the address. */
export type Door = Readonly<Record<string, string | number>>;
/** One thing that is asked. */
export interface Question {
  readonly language: 'Modbus' | 'other';
  readonly asked: string;
  ask(talk: Talk): Promise<ProbeFound | undefined>;
}

/**
 * Asks an address who it is, in every language that drivers here speak, one after the other on a connection of its own, and
 * ends with the first that answers. Questions only: nothing is set, no control is taken, no error queue is emptied.
 */
export async function probe(address: TextAddress, clock: Clock, options: ProbeOptions): Promise<ProbeReport> {
  const asked: string[] = [];
  const found: ProbeFound[] = [];
  const notAsked: NotAsked[] = [];
  const where = endpointOf(address);
  let trouble = '';
  let isSure = false;
  for (const { question, unfit } of questionsFor(address, options)) {
    const isOver = isSure || (found.length > 0 && question.language !== 'Modbus');
    const why =
      unfit ?? (trouble !== '' ? trouble : isOver ? `${found[0].speaks} answered before` : undefined);
    if (why !== undefined) {
      notAsked.push({ what: question.asked, why });
      continue;
    }
    try {
      await using talk = await openTalk(address, clock);
      asked.push(question.asked);
      const answer = await question.ask(talk);
      if (answer === undefined) continue;
      // A unit that does not say what it is may have a neighbour that does.
      isSure = answer.isVague !== true;
      if (isSure) found.length = 0;
      found.push(answer);
    } catch (error) {
      if (!(error instanceof DeviceError) || error.code !== 'closed') throw error;
      trouble = messageOf(error);
    }
  }
  notAsked.push(...NO_QUESTION);
  return { address: where, asked, found, notAsked, ...(trouble === '' ? {} : { trouble }) };
}

/** The protocol of the usual port first; elsewhere text, which most things survive. What is not asked there says why. */
function questionsFor(
  address: TextAddress,
  options: ProbeOptions,
): readonly { readonly question: Question; readonly unfit?: string }[] {
  const isSerial = 'path' in address;
  const door: Door = isSerial
    ? { path: address.path, baud: address.baud }
    : { host: address.host, port: address.port };
  const modbus = options.units.map(unit => modbusQuestion(isSerial ? RTU : MBAP, unit, door, options));
  const baths = thermalQuestions(door, options.within_s).map(one => ({ ...one, language: 'other' }) as const);
  const text = [...textQuestions(door, options), ...baths];
  const propar = proparQuestion(door, options);
  const net = [opcuaQuestion(door, options), jsonQuestion(door, options), macnetQuestion(door, options)];
  const askable = (questions: readonly Question[]) => questions.map(question => ({ question }));
  const unfit = (why: string, questions: readonly Question[]) =>
    questions.map(question => ({ question, unfit: why }));
  if (isSerial)
    return [
      ...askable([propar, ...modbus, ...text]),
      ...unfit('it is spoken over TCP, this is a serial port', net),
    ];
  const serial = unfit('it is spoken on a serial line, this is TCP', [propar]);
  if (address.port === 502)
    return [...askable(modbus), ...unfit('port 502 is that of Modbus TCP', [...text, ...net]), ...serial];
  const [hello, ...json] = net;
  if (OPCUA_PORTS.includes(address.port)) {
    const usual = `port ${address.port} is one of OPC UA`;
    return [...askable([hello, ...text]), ...unfit(usual, [...modbus, ...json]), ...serial];
  }
  return [...askable([...text, ...modbus, hello, ...json]), ...serial];
}

const OPCUA_PORTS = [4840, 4841, 4855, 48010];
const ENDS = { lf: '\n', cr: '\r', crlf: '\r\n' } as const;

/** The identity question of each family of supplies, each wording once. */
function textQuestions(door: Door, options: ProbeOptions): readonly Question[] {
  const families = scpiFamilies().map(name => [name, readFamily(name, '.')] as const);
  const wordings = new Map<string, (readonly [string, ScpiFamily])[]>();
  for (const one of families) {
    const { identity, line, call } = one[1];
    const key = JSON.stringify([call ?? '', identity.ask, ENDS[line.terminator]]);
    wordings.set(key, [...(wordings.get(key) ?? []), one]);
  }
  return [...wordings].map(([key, asking]) => {
    const [call, ask, end] = JSON.parse(key) as [string, string, string];
    // An address on a line with several: the maker's own from the factory.
    const lines = [call.replace('{address}', String(ADDRESS)), ask].filter(line => line !== '');
    return {
      language: 'other',
      asked: lines.join(', then '),
      async ask(talk) {
        let answer = '';
        for (const line of lines) answer = await talk.ask(line + end, options.within_s);
        const says = answer.trim();
        if (!/^[\x20-\x7e]+,[\x20-\x7e]+$/.test(says)) return undefined;
        const [maker, model = '', serial = ''] = fieldsOf(says);
        const fits = asking
          .filter(([, family]) => new RegExp(family.identity.maker, 'i').test(maker))
          .map(([family]) => ({
            driver: 'generic/scpi',
            options: { ...door, family, model, ...(serial === '' ? {} : { serial }) },
          }));
        const own = ownDriver(maker, model, serial);
        if (own === undefined || (own.driver === 'ea/psb-10000' && !('host' in door)))
          return { speaks: 'SCPI', asked: lines.join(', then '), says, fits };
        const { driver, options: told, isAlone } = own;
        const first = { driver, options: { ...door, ...told } };
        return {
          speaks: 'SCPI',
          asked: lines.join(', then '),
          says,
          fits: [first, ...(isAlone ? [] : fits)],
        };
      },
    };
  });
}
/** Factory setting of the supplies that are called by address (TDK-Lambda). */
const ADDRESS = 6;

/** EA: device type as text (PGMBEN rev. 24, register list). */
const EA_TYPE = { address: 1, count: 20 } as const;

function modbusQuestion(framing: ModbusFraming, unit: number, door: Door, options: ProbeOptions): Question {
  const asked = `Modbus unit ${unit}: function 43/14, holding registers 1..20, identity registers of families`;
  const exchange = async (talk: Talk, pdu: readonly number[]): Promise<Uint8Array | undefined> =>
    framing.unwrap(unit, await talk.ask(framing.wrap(unit, pdu), options.within_s));
  return {
    language: 'Modbus',
    asked,
    async ask(talk) {
      const first = await exchange(talk, READ_IDENTIFICATION);
      const objects = first === undefined ? undefined : identificationOf(first);
      const second = await exchange(talk, readHolding(EA_TYPE.address, EA_TYPE.count));
      const isThere =
        (first !== undefined && isReplyTo(first, 0x2b)) || (second !== undefined && isReplyTo(second, 3));
      if (!isThere) return undefined;
      const text = second === undefined ? undefined : registersOf(second, EA_TYPE.count)?.toString('latin1');
      const type = text === undefined ? '' : text.replace(/\0.*$/s, '').trim();
      const families = await fittingFamilies(async (table, address, count) => {
        const reply = await exchange(talk, readRegisters(table, address, count));
        return reply === undefined ? undefined : wordsOf(reply, table, count);
      });
      const said = [
        ...families.map(({ family, says }) => `${family}: ${says}`),
        ...(objects === undefined ? [] : Object.entries(objects).map(([key, value]) => `${key} ${value}`)),
        ...(/^[\x20-\x7e]{3,}$/.test(type) ? [`registers 1..20 "${type}"`] : []),
      ];
      const series = eaSeries(type);
      const fits = [
        ...(series !== undefined && 'host' in door
          ? [
              {
                driver: 'ea/psb-10000',
                options: { host: door['host'], modbusTcpPort: door['port'], series, model: type },
              },
            ]
          : []),
        ...families.map(({ family, about }) => ({
          driver: 'generic/modbus-map',
          options: { ...door, unit, family, about },
        })),
        { driver: 'generic/modbus-map', options: { ...door, map: 'a register map with its unit' } },
      ];
      const says =
        said.length === 0 ? `unit ${unit} answers, without an identity that we know` : said.join('; ');
      return { speaks: 'Modbus', asked, says, fits, ...(said.length === 0 ? { isVague: true } : {}) };
    },
  };
}

function jsonQuestion(door: Door, options: ProbeOptions): Question {
  const asked = '{"ask":"identity"}';
  return {
    language: 'other',
    asked,
    async ask(talk) {
      const says = (await talk.ask('{"id":1,"ask":"identity"}\n', options.within_s)).trim();
      const name = /"name"\s*:\s*"([^"]+)"/.exec(says)?.[1];
      if (name === undefined) return undefined;
      return {
        speaks: 'JSON lines',
        asked,
        says,
        fits: [{ driver: 'generic/impedance-json', options: { ...door, name } }],
      };
    },
  };
}

/** OPC UA part 6, 7.1.2: who is greeted acknowledges, or says why not. */
function opcuaQuestion(door: Door, options: ProbeOptions): Question {
  const asked = 'OPC UA hello, its DeviceSet';
  const endpoint = `opc.tcp://${door['host']}:${door['port']}`;
  return {
    language: 'other',
    asked,
    async ask(talk) {
      const url = Buffer.from(endpoint);
      const head = Buffer.alloc(32);
      head.write('HELF', 'latin1');
      head.writeUInt32LE(32 + url.length, 4);
      head.writeUInt32LE(0, 8);
      head.writeUInt32LE(65_536, 12);
      head.writeUInt32LE(65_536, 16);
      head.writeUInt32LE(0, 20);
      head.writeUInt32LE(0, 24);
      head.writeUInt32LE(url.length, 28);
      const text = await talk.ask(Buffer.concat([head, url]).toString('latin1'), options.within_s);
      if (!/^(ACK|ERR)F/.test(text)) return undefined;
      const isOpen = text.startsWith('ACK');
      const lads = isOpen ? await ladsAt(endpoint) : { says: 'refuses the hello', fits: [] };
      return {
        speaks: 'OPC UA',
        asked,
        says: `an OPC UA server: ${lads.says}`,
        fits: [...lads.fits, { driver: 'opcua/plc', options: { endpoint, nodes: 'a file of its nodes' } }],
      };
    },
  };
}
