import { DeviceError } from '../contract/errors.ts';
import type { MessageCodec } from '../transport/counted-messages.ts';

/**
 * Messages of a Neware BTS 8 server (BTSAPI): XML over TCP, each ended by LF LF # CR LF, answers without a number. Facts:
 * EmpaEconversion/aurora-neware d4234f7 (`neware.py`, and the answers of a BTS 8.0 recorded in `tests/mocks.py`).
 */

/** Which channel: as `getdevinfo` lists it. */
export interface BtsChannel {
  readonly ip: string;
  readonly devtype: number;
  readonly devid: number;
  readonly subdevid: number;
  readonly chlid: number;
}

/** One question. */
export type BtsAsk =
  | { readonly cmd: 'connect'; readonly username: string; readonly password: string }
  | { readonly cmd: 'getdevinfo' | 'getchlstatus' | 'inquire' | 'stop' }
  | { readonly cmd: 'inquiredf'; readonly test: string }
  | { readonly cmd: 'download'; readonly test: string; readonly from: number; readonly count: number }
  | {
      readonly cmd: 'start';
      readonly path: string;
      readonly label: string;
      readonly backupFolder: string;
    }
  /** Nothing that this server can do: refused here, never on the wire. */
  | { readonly cmd: 'none'; readonly why: string };

/** One element of an answer. */
export interface BtsElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** One answer: its command, and every element in order. */
export interface BtsAnswer {
  readonly cmd: string;
  readonly elements: readonly BtsElement[];
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" ?><bts version="1.0">';
/** Every recorded answer begins so. */
const BEGIN = '<?xml';
const END = '\n\n#\r\n';
/** A thousand rows take some 300 kB. */
export const LONGEST = 4_000_000;

/** Codec for one channel. */
export function btsCodec(channel: BtsChannel): MessageCodec<BtsAsk, BtsAnswer> {
  return {
    encode: ask => Buffer.from(`${HEAD}${inside(ask, channel)}</bts>${END}`, 'latin1'),
    noiseIn(received) {
      const bytes = Buffer.from(received.buffer, received.byteOffset, received.byteLength);
      const at = bytes.indexOf(BEGIN);
      if (at >= 0) return at;
      const mark = bytes.lastIndexOf('<');
      return mark >= 0 && BEGIN.startsWith(bytes.toString('latin1', mark)) ? mark : bytes.length;
    },
    lengthOf(received) {
      const bytes = Buffer.from(received.buffer, received.byteOffset, received.byteLength);
      const at = bytes.indexOf(END);
      return at < 0 ? 0 : at + END.length;
    },
    decode: message => decode(Buffer.from(message).toString('latin1')),
    fits: (ask, answer) => fits(ask, answer, channel),
    tellsApart: ask => ask.cmd === 'start',
    refusal(ask, { elements }) {
      if (ask.cmd === 'connect') {
        const result = elements.find(one => one.name === 'result')?.text;
        return result === 'ok' ? undefined : `login refused: ${result ?? 'no result'}`;
      }
      if (ask.cmd !== 'start' && ask.cmd !== 'stop') return undefined;
      const said = elements.find(one => one.name === ask.cmd)?.text;
      return said === 'ok' ? undefined : `${ask.cmd} refused: the server answers "${said}"`;
    },
  };
}

function inside(ask: BtsAsk, { ip, devtype, devid, subdevid, chlid }: BtsChannel): string {
  const bare = `devtype="${devtype}" devid="${devid}" subdevid="${subdevid}" chlid="${chlid}"`;
  const at = `ip="${attribute(ip)}" ${bare}`;
  const list = (one: string): string => `<cmd>${ask.cmd}</cmd><list count = "1">${one}</list>`;
  switch (ask.cmd) {
    case 'connect': {
      const { username, password } = ask;
      const user = `<username>${attribute(username)}</username><password>${attribute(password)}</password>`;
      return `<cmd>connect</cmd>${user}<type>bfgs</type>`;
    }
    case 'getdevinfo':
      return '<cmd>getdevinfo</cmd>';
    case 'getchlstatus':
      return list(`<status ${at}>true</status>`);
    case 'inquire':
      return list(`<inquire ${at} aux="0" barcode="1">true</inquire>`);
    case 'inquiredf':
      return list(`<chl ${bare} testid="${attribute(ask.test)}" />`);
    case 'download': {
      const rows = `auxid="0" testid="${attribute(ask.test)}" startpos="${ask.from}" count="${ask.count}"`;
      return `<cmd>download</cmd><download ${bare} ${rows}/>`;
    }
    case 'stop':
      return list(`<stop ${at}>true</stop>`);
    case 'start': {
      const one = `<start ${at} barcode="${attribute(ask.label)}">${attribute(ask.path)}</start>`;
      const backup = `<backup backupdir="${attribute(ask.backupFolder)}" remotedir="" filenametype="0" customfilename="" addtimewhenrepeat="0" createdirbydate="0" filetype="0" backupontime="1" backupontimeinterval="720" backupfree="1" />`;
      return list(one + backup);
    }
    case 'none':
      throw new DeviceError('refused', 'neware/bts-8', ask.why);
  }
}

/** @throws DeviceError `range` for what is no plain text on one line */
function attribute(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text))
    throw new DeviceError('range', 'neware/bts-8', `"${text}", expected plain ASCII; nothing was sent`);
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (text: string): string =>
  text.replaceAll(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);

/** Lenient, for the server's XML is at times sloppy: elements with attributes and their text, nesting left out. */
function decode(message: string): BtsAnswer {
  const elements = [...message.matchAll(/<(\w+)((?:\s+\w+\s*=\s*"[^"]*")*)\s*(?:\/>|>([^<]*))/g)].map(
    ([, name, attributes, text = '']): BtsElement => ({
      name,
      attributes: Object.fromEntries(
        [...attributes.matchAll(/(\w+)\s*=\s*"([^"]*)"/g)].map(([, key, value]) => [key, plain(value)]),
      ),
      text: plain(text.trim()),
    }),
  );
  const cmd = elements.find(one => one.name === 'cmd')?.text ?? '';
  const isOne = message.lastIndexOf(BEGIN) === 0 && message.includes('</bts>');
  if (!/^\w+_resp$/.test(cmd) || !isOne)
    throw new DeviceError('garbled', 'neware/bts-8', 'no answer of a BTS server');
  return { cmd, elements };
}

/** The server misspells one of its answers. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  download: ['download_resp', 'donwload_resp'],
};

function fits(ask: BtsAsk, { cmd, elements }: BtsAnswer, channel: BtsChannel): boolean {
  if (!(ANSWERS[ask.cmd] ?? [`${ask.cmd}_resp`]).includes(cmd)) return false;
  const one = (name: string): Readonly<Record<string, string>> =>
    elements.find(element => element.name === name)?.attributes ?? {};
  const { devtype, devid, subdevid, chlid } = channel;
  /** `isLoose`: the sub-device of this answer may wrongly be 1. */
  const isOurs = (found: Readonly<Record<string, string>>, isLoose = false): boolean =>
    Number(found['devtype']) === devtype &&
    Number(found['devid']) === devid &&
    Number(found['chlid']) === chlid &&
    (Number(found['subdevid']) === subdevid || (isLoose && found['subdevid'] === '1'));
  switch (ask.cmd) {
    case 'getchlstatus':
      return isOurs(one('status'), true);
    case 'inquire':
      return one('inquire')['dev'] === `${devtype}-${devid}-${subdevid}-${chlid}-0`;
    case 'inquiredf': {
      const found = one('chl');
      return isOurs(found) && (ask.test === '0' || found['testid'] === ask.test);
    }
    case 'download': {
      const found = one('download');
      return isOurs(found) && found['testid'] === ask.test && Number(found['startpos']) === ask.from;
    }
    case 'start':
    case 'stop':
      return isOurs(one(ask.cmd), true);
    default:
      return true;
  }
}

/** A number as the server writes it; NaN for `--` and whatever is none. */
export function numberIn(text: string | undefined): number {
  return text !== undefined && /^[-+]?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
}
