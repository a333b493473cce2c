import type { Command, LiveSnapshot, Answer as RunAnswer, Said } from '../../control/view.ts';
import type { DoorWhy } from '../door/answers/why.ts';
import { words } from './words/language.ts';

/** The server gives a sign of life every 2 s; two missed ones and the values are no longer live. */
const SILENCE_MS = 5000;
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 5000;
/** A run that is over is back only where it is taken up once more. */
const RETRY_OVER_MS = 60_000;

export interface ConnectionListener {
  /** A snapshot came; `stamp_ms` is the browser's monotonic time of its arrival. */
  onSnapshot(snapshot: LiveSnapshot, stamp_ms: number): void;
  /** Something came, were it only a sign of life. */
  onHeard(): void;
  /** The line is up (a snapshot has come) or down (closed or silent). */
  onConnected(connected: boolean): void;
  /** Whether the run is known to be over: nothing is expected on the line any more. */
  isOver(): boolean;
  /** Asked before each further try: where the answer would be no, the line is not opened now. */
  mayOpen(): Promise<boolean>;
}

/** Holds the WebSocket to the bench, for ever: closed or silent, it is opened afresh with a growing pause. */
export function connect(listener: ConnectionListener): void {
  const url = new URL('live', location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  let retry_ms = RETRY_FIRST_MS;

  const again = (): void => {
    setTimeout(() => void tried(), listener.isOver() ? RETRY_OVER_MS : retry_ms);
    retry_ms = Math.min(RETRY_MAX_MS, retry_ms * 2);
  };
  const tried = async (): Promise<void> => {
    if (await listener.mayOpen()) open();
    else again();
  };
  const open = (): void => {
    const socket = new WebSocket(url);
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      clearTimeout(silence);
      socket.close();
      listener.onConnected(false);
      again();
    };
    let silence = setTimeout(end, SILENCE_MS);
    socket.onmessage = event => {
      if (ended) return;
      clearTimeout(silence);
      silence = setTimeout(end, SILENCE_MS);
      listener.onHeard();
      const message = JSON.parse(String(event.data)) as { snapshot?: LiveSnapshot };
      if (message.snapshot === undefined) return;
      retry_ms = RETRY_FIRST_MS;
      listener.onConnected(true);
      listener.onSnapshot(message.snapshot, event.timeStamp);
    };
    socket.onclose = end;
    socket.onerror = end;
  };
  open();
}

/** What came of something that was asked. */
export interface Answer {
  readonly accepted: boolean;
  /** The bench itself has said no; else it has not answered, or was not asked. */
  readonly isRefused: boolean;
  readonly text: string;
  /** The same as a code, where it comes from the run itself. */
  readonly said?: Said;
  /** Why the door of the laboratory has said no, before the run was asked. */
  readonly why?: DoorWhy;
}

/** Asks the bench. Never rejects: a failed request is an answer too, not accepted. */
export async function ask(command: Command): Promise<Answer> {
  try {
    const reply = await fetch('api/command', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(command),
    });
    const body = (await reply.json()) as Partial<RunAnswer> & { error?: string; why?: DoorWhy };
    return {
      accepted: body.accepted === true,
      isRefused: body.accepted === false,
      text: body.text ?? body.error ?? `status ${reply.status}`,
      ...(body.said === undefined ? {} : { said: body.said }),
      ...(body.why === undefined ? {} : { why: body.why }),
    };
  } catch {
    return { accepted: false, isRefused: false, text: words().run.unreachable };
  }
}
