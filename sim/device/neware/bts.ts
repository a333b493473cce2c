import type { Socket } from 'node:net';
import { CyclerChannel } from '../cycler/channel.ts';
import type { CyclerProgram, CyclerRow } from '../cycler/program.ts';
import { deliver, type Emulator, type EmulatorEnv, freezable, noFaults } from '../faults.ts';
import { tcpListener } from '../tcp-listener.ts';
import { type BtsRequest, escaped, requestOf } from './request.ts';
import { readStepFile } from './step-file.ts';

/**
 * A BTS 8 server with one cycler, one channel of which stands on a cell of the plant; the others rest. Written from the
 * answers of a BTS 8.0 that EmpaEconversion/aurora-neware recorded (`tests/mocks.py`), slips included: `donwload_resp`, and
 * the state of any channel comes under sub-device 1.
 */

/** Where the channel stands in the rack. */
export interface BtsPlace {
  readonly ip: string;
  readonly devtype: number;
  readonly devid: number;
  readonly subdevid: number;
  readonly chlid: number;
}

/** What it is made of. */
export interface BtsParts {
  readonly place: BtsPlace;
  readonly subject: string;
  /** The step file at a path of the server's computer; undefined: there is none. */
  readonly file: (path: string) => string | undefined;
  readonly port?: number;
  readonly timeFactor?: number;
  readonly onOutputOff?: (() => void) | undefined;
}

/** What may go wrong with one command: carried out without an answer, or answered and not carried out. */
export type BtsTrick = 'unanswered' | 'not done';

/** A running server, with what a test may do to it. */
export interface Bts extends Emulator {
  readonly port: number;
  /** Commands that came, oldest first, the last 1000. */
  readonly heard: readonly string[];
  /** By command. */
  readonly tricks: Map<string, BtsTrick>;
  /** Rows that it has and never gives. */
  readonly lostRows: Set<number>;
  readonly channel: CyclerChannel;
  /** Barcode and number of the newest test. */
  readonly test: { readonly barcode: string; readonly id: number };
  /** Ends what runs, as a person at the server's computer would. */
  stopByHand(): void;
  /** Starts a program of somebody else's. */
  startByHand(path: string, barcode: string): void;
}

/** The channel looks at the cell so often, s of the clock. */
const SERVICE_S = 0.01;
/** Channels of a sub-device (recorded machine). */
const CHANNELS = 8;
const MOST_ROWS = 1000;
const LONGEST = 1_000_000;
const WORDS = {
  idle: 'finish',
  running: 'working',
  paused: 'pause',
  finished: 'finish',
  stopped: 'stop',
  protected: 'protect',
} as const;

/** The server, not on its port yet. Listens on 127.0.0.1. */
export function btsServer(env: EmulatorEnv, parts: BtsParts): Bts {
  const { place } = parts;
  const faults = noFaults();
  const rig = freezable(env.rig, faults);
  const channel = new CyclerChannel({
    env: { ...env, rig },
    subject: parts.subject,
    ...(parts.timeFactor === undefined ? {} : { timeFactor: parts.timeFactor }),
    onOutputOff: parts.onOutputOff,
  });
  const heard: string[] = [];
  const tricks = new Map<string, BtsTrick>();
  const lostRows = new Set<number>();
  const tests = new Map<number, { readonly rows: CyclerRow[]; readonly begun_ms: number }>();
  let test = { barcode: '', id: 142 };
  const loggedIn = new WeakSet<Socket>();

  function begin(program: CyclerProgram, barcode: string): void {
    test = { barcode, id: test.id + 1 };
    channel.start(program);
    tests.set(test.id, { rows: channel.rows, begun_ms: env.clock.utc_ms() });
  }

  function startByPath(path: string, barcode: string): boolean {
    if (WORDS[channel.state] === 'working' || channel.state === 'paused') return false;
    const text = parts.file(path);
    if (text === undefined) return false;
    try {
      begin(readStepFile(text), barcode);
      return true;
    } catch {
      return false;
    }
  }

  const isOurs = (own: Readonly<Record<string, string>>): boolean =>
    Number(own['devtype']) === place.devtype &&
    Number(own['devid']) === place.devid &&
    Number(own['subdevid']) === place.subdevid &&
    Number(own['chlid']) === place.chlid;
  const isThere = (own: Readonly<Record<string, string>>): boolean =>
    Number(own['devid']) === place.devid &&
    Number(own['subdevid']) >= 1 &&
    Number(own['subdevid']) <= place.subdevid &&
    Number(own['chlid']) >= 1 &&
    Number(own['chlid']) <= CHANNELS;

  function whole(cmd: string, inside: readonly string[]): string {
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<bts version="1.0">',
      `  <cmd>${cmd}_resp</cmd>`,
      ...inside.map(line => `  ${line}`),
      '</bts>\n\n#\r\n',
    ].join('\r\n');
  }
  const list = (cmd: string, lines: readonly string[]): string =>
    whole(cmd, [`<list count="${lines.length}">`, ...lines.map(line => `  ${line}`), '</list>']);

  function answer({ cmd, tags }: BtsRequest, socket: Socket): string | undefined {
    const isNotDone = tricks.get(cmd) === 'not done';
    const each = (
      name: string,
      line: (own: Readonly<Record<string, string>>, text: string) => string,
    ): string =>
      list(
        cmd,
        tags
          .filter(tag => tag.name === name)
          .filter(tag => isThere(tag.own))
          .map(tag => line(tag.own, tag.text)),
      );
    const at = (own: Readonly<Record<string, string>>, subdevid = own['subdevid']): string =>
      `devtype="${own['devtype']}" devid="${own['devid']}" subdevid="${subdevid}" chlid="${own['chlid']}"`;
    if (cmd === 'connect') {
      const said = (name: string): string | undefined => tags.find(tag => tag.name === name)?.text;
      const isOk = said('username') === 'admin' && said('password') === 'neware' && said('type') === 'bfgs';
      if (isOk) loggedIn.add(socket);
      return whole('connect', [`<result>${isOk ? 'ok' : 'false'}</result>`]);
    }
    if (!loggedIn.has(socket)) return undefined;
    switch (cmd) {
      case 'getdevinfo': {
        const lines = Array.from({ length: place.subdevid * CHANNELS }, (_, i) => {
          const [sub, chl] = [Math.floor(i / CHANNELS) + 1, (i % CHANNELS) + 1];
          return `  <channel ip="${place.ip}" devtype="${place.devtype}" devid="${place.devid}" subdevid="${sub}" Channelid="${chl}">true</channel>`;
        });
        return whole('getdevinfo', [`<middle count="${lines.length}">`, ...lines, '</middle>']);
      }
      case 'getchlstatus':
        return each('status', own => {
          const word = isOurs(own) ? WORDS[channel.state] : 'finish';
          return `<status ip="${own['ip']}" ${at(own, '1')} reservepause="1">${word}</status>`;
        });
      case 'inquire':
        return each('inquire', own => inquireLine(own));
      case 'inquiredf':
        return each('chl', own => {
          const id = own['testid'] === '0' ? test.id : Number(own['testid']);
          const rows = isOurs(own) ? (tests.get(id)?.rows.length ?? 0) : 0;
          const has = isOurs(own) && (id === test.id || tests.has(id));
          return `<chl ${at(own)} testid="${has ? id : 0}" count="${rows}">${channel.state !== 'running'}</chl>`;
        });
      case 'download':
        return download(tags.find(tag => tag.name === 'download')?.own ?? {});
      case 'start':
        return each('start', (own, path) => {
          const isOk = isOurs(own) && (isNotDone || startByPath(path, own['barcode'] ?? ''));
          return `<start ip="${own['ip']}" ${at(own, '1')}>${isOk ? 'ok' : 'false'}</start>`;
        });
      case 'stop':
        return each('stop', own => {
          const isOk = isOurs(own) && (channel.state === 'running' || channel.state === 'paused');
          if (isOk && !isNotDone) channel.end('stopped');
          return `<stop ip="${own['ip']}" ${at(own, '1')}>${isOk ? 'ok' : 'false'}</stop>`;
        });
      default:
        return undefined;
    }
  }

  function inquireLine(own: Readonly<Record<string, string>>): string {
    const dev = `${own['devtype']}-${own['devid']}-${own['subdevid']}-${own['chlid']}-${own['aux'] ?? 0}`;
    if (!isOurs(own))
      return `<inquire dev="${dev}" cycle_id="1" step_type="--" workstatus="finish" barcode="" current="0" voltage="0" capacity="0" energy="0" totaltime="0" relativetime="0" open_or_close="0" log_code="0" />`;
    const now = channel.reading();
    const step = now.step === 0 ? 'step_type="--"' : `step_id="${now.step}" step_type="${now.kind}"`;
    const code = now.step === 0 ? 0 : 102000;
    const figures = [
      ['current', now.current_A],
      ['voltage', now.voltage_V],
      ['capacity', now.charge_Ah],
      ['energy', now.energy_Wh],
      ['totaltime', now.testTime_s],
      ['relativetime', now.stepTime_s],
    ] as const;
    const texts = figures.map(([name, value]) => `${name}="${Number(value.toFixed(4))}"`).join(' ');
    return `<inquire dev="${dev}" cycle_id="${now.cycle}" ${step} workstatus="${WORDS[channel.state]}" barcode="${escaped(test.barcode)}" ${texts} open_or_close="0" log_code="${code}" />`;
  }

  function download(own: Readonly<Record<string, string>>): string {
    const id = own['testid'] === '0' ? test.id : Number(own['testid']);
    const from = Number(own['startpos']);
    const count = Math.min(MOST_ROWS, Number(own['count']));
    const { rows: all, begun_ms } = (isOurs(own) ? tests.get(id) : undefined) ?? { rows: [], begun_ms: 0 };
    const rows = all.slice(Math.max(0, from - 1), Math.max(0, from - 1 + count));
    const head = `<download devtype="${own['devtype']}" devid="${own['devid']}" subdevid="${own['subdevid']}" chlid="${own['chlid']}" testid="${id}" startpos="${from}" count="${own['count']}" auxid="0" />`;
    const lines = rows.filter(row => !lostRows.has(row.record)).map(row => `  ${rowLine(row, begun_ms)}`);
    // As the recorded server writes it.
    return whole('donwload', [head, `<list count="${lines.length}">`, ...lines, '</list>']);
  }

  function rowLine(row: CyclerRow, begun_ms: number): string {
    const at = new Date(begun_ms + 1000 * row.testTime_s).toISOString().slice(0, 19).replace('T', ' ');
    const float = (value: number): string => String(Math.fround(value));
    return `<data seqid="${row.record}" stepid="${row.step}" cycleid="${row.cycle}" steptype="${row.kind}" testtime="${Math.round(1000 * row.stepTime_s)}" atime="${at}" volt="${float(row.voltage_V)}" curr="${float(row.current_A)}" cap="${float(row.charge_Ah)}" eng="${float(row.energy_Wh)}" />`;
  }

  function hear(socket: Socket, text: string): void {
    const request = requestOf(text);
    if (request === undefined || faults.silence) return;
    env.beforeReply?.();
    channel.catchUp();
    heard.push(request.cmd);
    if (heard.length > 1000) heard.shift();
    const reply = answer(request, socket);
    if (reply === undefined || tricks.get(request.cmd) === 'unanswered') return;
    deliver(Buffer.from(reply, 'utf8'), {
      env,
      faults,
      corrupt: bytes => Buffer.from(Buffer.from(bytes).toString('utf8').replace('_resp', '-rsp'), 'utf8'),
      send: bytes => {
        if (!socket.destroyed) socket.write(bytes);
      },
    });
  }

  const listener = tcpListener(parts.port ?? 0, socket => {
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      received += text;
      for (let end = received.indexOf('\n\n#\r\n'); end >= 0; end = received.indexOf('\n\n#\r\n')) {
        const message = received.slice(0, end);
        received = received.slice(end + 5);
        hear(socket, message);
      }
      if (received.length > LONGEST) socket.destroy();
    });
  });
  const cancel = env.clock.every(SERVICE_S, () => channel.catchUp());

  return {
    faults,
    heard,
    tricks,
    lostRows,
    channel,
    get port() {
      return listener.port;
    },
    get test() {
      return test;
    },
    stopByHand() {
      channel.catchUp();
      if (channel.state === 'running') channel.end('stopped');
    },
    startByHand(path, barcode) {
      channel.catchUp();
      if (!startByPath(path, barcode)) throw new Error(`${path}: does not start`);
    },
    start: () => listener.start(),
    stop: () => listener.stop(),
    async end() {
      cancel();
      channel.end('stopped');
      await listener.stop();
    },
  };
}
