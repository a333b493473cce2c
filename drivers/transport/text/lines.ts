import type { Clock } from '../../contract/clock.ts';
import { DeviceError } from '../../contract/errors.ts';
import type { Link } from '../../contract/transport.ts';
import type { LineChecksum } from './checksum.ts';
import { type Owed, OwedAnswers } from './owed.ts';
import { type TextAddress, textWire } from './wire.ts';

/** One exchange: lines that are sent in order; the last one is answered by one line. */
export interface TextRequest {
  readonly lines: readonly string[];
  /** Asked first: where its answer is refused, or something urgent has come, nothing more is sent. */
  readonly first?: TextRequest;
  /**
   * Calls the unit that is meant, on a line with several. The unit answers; only then does the rest go out. A unit that is off
   * stays silent, and nobody else is asked in its place.
   */
  readonly call?: { readonly line: string; fits(text: string): boolean };
  /** Whether a line may be the answer: its shape is all that tells it from another question's. */
  fits(text: string): boolean;
  /** Which of the lines it is about, for messages. Absent: the first. */
  readonly says?: string;
  /** What the instrument says against it in its answer; undefined where it does not. */
  refusal?(text: string): string | undefined;
}

const TERMINATORS = { lf: '\n', cr: '\r', crlf: '\r\n' } as const;
export type Terminator = keyof typeof TERMINATORS;

/** How an instrument wants its lines. */
export interface TextLineOptions {
  readonly address: TextAddress;
  readonly clock: Clock;
  /** Ends what we send; CR, LF or both end what comes. */
  readonly terminator: Terminator;
  /** Least time between two lines that we send, ms. */
  readonly gap_ms: number;
  /** The adapter returns what we send (two-wire RS-485): it must come back unchanged. */
  readonly localEcho?: boolean;
  /** Stands behind every line in both directions; a line without it is damaged. */
  readonly checksum?: LineChecksum;
  /** Takes a line that the instrument sends by itself, between answers: it is none. False: it is no such. */
  readonly aside?: (text: string) => boolean;
  /** Serial: the line must have been silent for so long before the first question, ms. Default 0. */
  readonly quiet_ms?: number;
  /**
   * Sent when the line is open, before the first question, to an instrument that does not answer the first: whatever comes is
   * dropped, and no more than `wait_ms` is waited for it.
   */
  readonly wake?: { readonly line: string; readonly wait_ms: number };
}

/** No answer is longer; what goes on without an end is no such protocol, characters. */
const LONGEST_LINE = 8192;
/** So many open questions: the instrument does not answer, or answers something else. */
const MOST_OWED = 32;
/** A line that never falls silent is opened all the same: the identity then decides. */
const QUIET_LIMIT_s = 2;

interface Question extends Owed {
  readonly isEcho: boolean;
  readonly isCall?: boolean;
  readonly request: TextRequest;
  readonly resolve: (text: string) => void;
  readonly reject: (error: DeviceError) => void;
}

/**
 * Lines of text over TCP or a serial port: SCPI and other ASCII protocols. Answers carry no name; they come in the order
 * of the questions, and `OwedAnswers` keeps count of those that were given up. Whatever cannot be said for certain is
 * `garbled`, and the line above then asks for the identity until the answers to all its questions are accounted for.
 */
export function textLines(options: TextLineOptions): Link<TextRequest, string> {
  const { clock, checksum } = options;
  const end = TERMINATORS[options.terminator];
  const owed = new OwedAnswers<Question>(MOST_OWED);
  let received = '';
  let lastByte_s = Number.NEGATIVE_INFINITY;
  let current: Question | undefined;
  let ended: DeviceError | undefined;
  let isOpen = false;
  let lost: (reason: DeviceError) => void = () => {};
  let stray: (isRepeat?: boolean) => void = () => {};
  /** The last answer, or what came in place of one. */
  let before = '';
  let cancelNext = (): void => {};
  /** Told once all that came with it has been looked at: where another line came glued to it, nothing says which is the answer. */
  let answered: { readonly mine: Question; readonly line: string; isGlued: boolean } | undefined;
  let heardOne = (): void => {};
  /** The call of a unit that has not been answered yet. */
  let calling: Question | undefined;

  const wire = textWire(options.address, clock, { received: hear, lost: finish });
  const garbled = (text: string): DeviceError => new DeviceError('garbled', wire.where, text);

  function finish(reason: DeviceError): void {
    if (ended !== undefined) return;
    ended = reason;
    cancelNext();
    current?.reject(reason);
    current = undefined;
    if (isOpen) lost(reason);
  }

  function hear(text: string): void {
    lastByte_s = clock.now_s();
    received += text;
    for (let at = received.search(/[\r\n]/); at >= 0; at = received.search(/[\r\n]/)) {
      const line = received.slice(0, at).trim();
      received = received.slice(at + 1);
      // The second half of CR LF.
      if (line !== '') take(line);
    }
    handOn();
    if (received.length > LONGEST_LINE) {
      received = '';
      finish(new DeviceError('closed', wire.where, 'sends without an end of line: this is no line of text'));
    }
  }

  function handOn(): void {
    if (answered === undefined) return;
    const { mine, line, isGlued } = answered;
    answered = undefined;
    const refusal = mine.request.refusal?.(line);
    if (isGlued) mine.reject(garbled(`more lines than the answer: "${shown(line)}" and what came with it`));
    else if (refusal === undefined) mine.resolve(line);
    else {
      const { lines, says = lines[0] } = mine.request;
      mine.reject(new DeviceError('refused', wire.where, `${says}: ${refusal}`));
    }
  }

  /** A line that answers nothing. The answer once more says no other thing. */
  function strayed(isRepeat: boolean): void {
    if (answered !== undefined && !isRepeat) answered.isGlued = true;
    stray(isRepeat);
  }

  function take(whole: string): void {
    if (options.aside?.(whole) === true) return;
    heardOne();
    const line = checksum === undefined ? whole : checksum.take(whole);
    if (line === undefined) {
      const asked = owed.takeDamaged();
      const open = current;
      if (asked === undefined) strayed(false);
      else if (asked === calling) calling = undefined;
      if (open !== undefined)
        settle(open, () => open.reject(garbled(`missing or wrong checksum: "${shown(whole)}"`)));
      return;
    }
    const isRepeat = line === before;
    const { question, lost: skipped, damaged } = owed.take(line);
    before = damaged && question !== undefined ? '' : line;
    if (question === undefined || (damaged && isRepeat)) strayed(isRepeat);
    if (question === undefined) return;
    const mine = current;
    if (mine === undefined) return;
    if (damaged && question === calling) calling = undefined;
    if (damaged || skipped.includes(mine)) {
      // Something is out of order, whoever it was meant for.
      settle(mine, () =>
        mine.reject(garbled(`not an answer to "${mine.request.lines.at(-1)}": "${shown(line)}"`)),
      );
    } else if (skipped.some(q => q.isEcho && q.request === mine.request)) {
      settle(mine, () => mine.reject(garbled('our own line did not come back: no local echo here')));
    } else if (question === calling && question.request === mine.request) {
      calling = undefined;
      cancelNext = clock.schedule(options.gap_ms / 1000, () => sendFrom(mine, 0));
    } else if (question === mine) {
      settle(mine, () => {
        answered = { mine, line, isGlued: false };
      });
    }
  }

  function settle(question: Question, tell: () => void): void {
    if (current === question) current = undefined;
    cancelNext();
    tell();
  }

  /** Sends line `n` and, after the gap, those behind it. */
  function sendFrom(question: Question, n: number): void {
    const { lines } = question.request;
    const line = lines[n];
    const isAccepted =
      (options.localEcho !== true ||
        owed.ask({ ...question, isEcho: true, fits: text => text === line.trim() })) &&
      (n < lines.length - 1 || owed.ask(question));
    if (!isAccepted) {
      finish(new DeviceError('closed', wire.where, `${MOST_OWED} answers are owed: connecting afresh`));
      return;
    }
    wire.write((checksum?.add(line) ?? line) + end);
    if (n < lines.length - 1) {
      cancelNext = clock.schedule(options.gap_ms / 1000, () => sendFrom(question, n + 1));
    }
  }

  /** Calls the unit first, where there are several. */
  function begin(question: Question): void {
    const { call } = question.request;
    if (call === undefined) {
      sendFrom(question, 0);
      return;
    }
    calling = { ...question, isCall: true, fits: text => call.fits(text) };
    const isEchoOwed =
      options.localEcho !== true ||
      owed.ask({ ...question, isEcho: true, fits: text => text === call.line.trim() });
    if (!isEchoOwed || !owed.ask(calling)) {
      finish(new DeviceError('closed', wire.where, `${MOST_OWED} answers are owed: connecting afresh`));
      return;
    }
    wire.write((checksum?.add(call.line) ?? call.line) + end);
  }

  function sendOne(request: TextRequest): Promise<string> {
    if (ended !== undefined) return Promise.reject(ended);
    // An exchange that was given up between two of its lines does not go on.
    cancelNext();
    // A unit that did not answer its call is off. Should its answer come all the same, it fits no value.
    if (calling !== undefined) owed.drop(calling);
    calling = undefined;
    return new Promise((resolve, reject) => {
      current = { isEcho: false, request, fits: text => request.fits(text), resolve, reject };
      begin(current);
    });
  }

  async function untilQuiet(): Promise<void> {
    const quiet_s = (options.quiet_ms ?? 0) / 1000;
    if (quiet_s === 0) return;
    const opened_s = clock.now_s();
    lastByte_s = opened_s;
    while (ended === undefined && clock.now_s() - opened_s < QUIET_LIMIT_s) {
      const left_s = lastByte_s + quiet_s - clock.now_s();
      if (left_s <= 0) break;
      await clock.sleep(left_s);
    }
    received = '';
  }

  async function wakeUp(): Promise<void> {
    if (options.wake === undefined || ended !== undefined) return;
    const { line, wait_ms } = options.wake;
    const over = new AbortController();
    heardOne = () => over.abort();
    wire.write((checksum?.add(line) ?? line) + end);
    await clock.sleep(wait_ms / 1000, over.signal);
    heardOne = () => {};
    received = '';
  }

  return {
    where: wire.where,
    namesReplies: false,
    isSerial: 'path' in options.address,
    async open() {
      await wire.open();
      await untilQuiet();
      await wakeUp();
      if (ended !== undefined) throw ended;
      isOpen = true;
    },
    send: (request, _lane, goOn) =>
      request.first === undefined
        ? sendOne(request)
        : sendOne(request.first)
            .then(() => goOn?.())
            .then(() => sendOne(request)),
    flush() {
      // Whoever waited has been told. What is still owed stays owed: it may yet come.
      current = undefined;
      cancelNext();
      received = '';
      return Promise.resolve();
    },
    onLost(listener) {
      lost = listener;
      if (isOpen && ended !== undefined) listener(ended);
    },
    onStray(listener) {
      stray = listener;
    },
    close() {
      lost = () => {};
      stray = () => {};
      finish(new DeviceError('closed', wire.where, 'closed by us'));
      return wire.close();
    },
  };
}

/** What came, so that a message stays one line. */
function shown(line: string): string {
  const plain = line.replace(/[^\x20-\x7e]/g, '?');
  return plain.length > 60 ? `${plain.slice(0, 60)}...` : plain;
}
