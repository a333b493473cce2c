import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A store that answers what the test says, and keeps what it took. */
export interface FakeStore {
  readonly url: string;
  /** Every request in the order of arrival: its lines, and the status that it got (0: none). */
  readonly requests: { readonly lines: readonly string[]; readonly status: number; readonly token: string }[];
  /** Points by measurement, tags and time: what is sent twice is one point. */
  readonly points: Map<string, string>;
  close(): Promise<void>;
}

/** An answer; `keep` says which of the lines are stored. `hang`: none. `raw`: these bytes instead of HTTP. */
export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly keep?: (line: string) => boolean;
  readonly hang?: true;
  readonly raw?: string;
}

/** Starts it on a free port of loopback. `answer` is asked for each request, counted from 1. */
export async function fakeStore(
  answer: (lines: readonly string[], n: number) => FakeAnswer,
): Promise<FakeStore> {
  const requests: FakeStore['requests'] = [];
  const points = new Map<string, string>();
  const sockets = new Set<Socket>();
  const serve = (request: IncomingMessage, reply: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const lines = gunzipSync(Buffer.concat(chunks)).toString().split('\n');
      const { status = 204, headers = {}, body = '', keep, hang, raw } = answer(lines, requests.length + 1);
      const token = String(request.headers.authorization ?? '');
      requests.push({ lines, status: hang === true || raw !== undefined ? 0 : status, token });
      const isKept = keep ?? (() => status === 204 && body === '' && Object.keys(headers).length === 0);
      for (const line of lines) if (isKept(line)) points.set(identity(line), line);
      if (hang === true) return;
      if (raw !== undefined) {
        request.socket.end(raw);
        return;
      }
      reply.writeHead(status, headers);
      reply.end(body);
    });
  };
  const server = createServer(serve);
  server.on('connection', socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    points,
    close: () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** What makes a point: all but its fields. No tag of ours holds a blank that is not escaped. */
function identity(line: string): string {
  const tags = /^(?:\\.|[^ \\])+/.exec(line)?.[0] ?? '';
  return `${tags} ${line.slice(line.lastIndexOf(' ') + 1)}`;
}
