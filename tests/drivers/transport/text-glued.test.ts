import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { genericThermal } from '../../../drivers/generic/thermal.ts';
import { countedMessages, type MessageCodec } from '../../../drivers/transport/counted-messages.ts';
import { openLine } from '../../../drivers/transport/line.ts';
import { type TextRequest, textLines } from '../../../drivers/transport/text/lines.ts';

/** Two answers in one piece: nothing says which of them is ours. An instrument that is deaf to the first question. */

const clock = realClock();
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A server that answers lines; `answer` gives the bytes, whole, and hears how many lines this connection has sent. */
async function serverOf(answer: (line: string, count: number) => string | undefined): Promise<number> {
  const server = createServer({ noDelay: true }, (socket: Socket) => {
    let received = '';
    let count = 0;
    socket.on('error', () => {});
    socket.on('data', data => {
      received += data.toString();
      for (let end = received.search(/[\r\n]/); end >= 0; end = received.search(/[\r\n]/)) {
        const line = received.slice(0, end);
        received = received.slice(end + 1);
        if (line === '') continue;
        const bytes = answer(line, ++count);
        if (bytes !== undefined) socket.write(bytes, 'latin1');
      }
    });
    cleanups.push(() => socket.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

const number: TextRequest = { lines: ['VAL?'], fits: text => /^[\d.]+$/.test(text) };

describe('another answer glued before ours', () => {
  it('lines of text: neither is taken', async () => {
    const port = await serverOf(() => '99.99\r\n25.31\r\n');
    const link = textLines({ address: { host: '127.0.0.1', port }, clock, terminator: 'lf', gap_ms: 0 });
    await link.open();
    cleanups.push(() => link.close());
    await expect(link.send(number)).rejects.toMatchObject({ code: 'garbled' });
  });

  it('lines of text: after it the line asks who is there, and the next answer is its own', async () => {
    let isGlued = true;
    const port = await serverOf(line =>
      line === '*IDN?' ? 'ME\r\n' : isGlued ? '99.99\r\n25.31\r\n' : '25.31\r\n',
    );
    const link = textLines({ address: { host: '127.0.0.1', port }, clock, terminator: 'lf', gap_ms: 0 });
    await link.open();
    const line = openLine(link, { clock, reply_ms: 100, gap_ms: 0, retriesMax: 1 });
    cleanups.push(() => line.close('end of test'));
    line.setProbe({
      ask: { lines: ['*IDN?'], fits: text => text === 'ME' },
      isAnswer: text => text === 'ME',
    });
    clock.schedule(0.05, () => {
      isGlued = false;
    });
    expect(await line.exchange(number)).toBe('25.31');
    expect(line.resyncs).toBe(1);
  });

  it('messages of bytes: neither is taken', async () => {
    const codec: MessageCodec<string, string> = {
      encode: text => Buffer.from(`${text}\n`),
      lengthOf: bytes => bytes.indexOf(0x0a) + 1,
      decode: bytes => Buffer.from(bytes).toString().trim(),
      fits: (_, reply) => /^[\d.]+$/.test(reply),
    };
    const port = await serverOf(() => '99.99\n25.31\n');
    const link = countedMessages({ host: '127.0.0.1', port }, codec, 1000, clock);
    await link.open();
    cleanups.push(() => link.close());
    await expect(link.send('VAL?')).rejects.toMatchObject({ code: 'garbled' });
  });
});

describe('an answer that lost its end', () => {
  /** Two bytes of length, then a number of four; no sum. */
  const codec: MessageCodec<string, number> = {
    encode: text => Buffer.from(`${text}\n`),
    lengthOf: bytes => (bytes.length < 6 ? 0 : 2 + bytes[1]),
    decode: bytes => Buffer.from(bytes).readFloatBE(2),
    fits: () => true,
  };
  const answered = (value: number): Buffer => {
    const bytes = Buffer.from([0, 4, 0, 0, 0, 0]);
    bytes.writeFloatBE(value, 2);
    return bytes;
  };

  it('is not made whole with the next one; it connects afresh', async () => {
    const port = await serverOf((_, count) =>
      (count === 2 ? answered(100).subarray(0, 4) : answered(32)).toString('latin1'),
    );
    const link = countedMessages({ host: '127.0.0.1', port }, codec, 1000, clock);
    await link.open();
    const line = openLine(link, { clock, reply_ms: 50, gap_ms: 0, retriesMax: 1 });
    cleanups.push(() => line.close('end of test'));
    line.setProbe({ ask: 'ID?', isAnswer: () => true });
    expect(await line.exchange('VAL?')).toBe(32);
    await expect(line.exchange('VAL?')).rejects.toMatchObject({ code: 'closed' });
    await expect(line.exchange('VAL?')).rejects.toMatchObject({ message: /in part only/ });
  });

  it('nor with that to an urgent order', async () => {
    const port = await serverOf((_, count) =>
      (count === 1 ? answered(100).subarray(0, 4) : answered(32)).toString('latin1'),
    );
    const link = countedMessages({ host: '127.0.0.1', port }, codec, 1000, clock);
    await link.open();
    cleanups.push(() => link.close());
    const asked = link.send('VAL?');
    await clock.sleep(0.05);
    const ordered = link.send('STOP', 'urgent');
    const told = await Promise.allSettled([asked, ordered, clock.sleep(0.05).then(() => link.close())]);
    expect(told.slice(0, 2).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

it('a Julabo that does not answer the first question after opening is connected', async () => {
  const answers: Readonly<Record<string, string>> = {
    VERSION: 'JULABO CF41',
    STATUS: '02 REMOTE STOP',
    IN_PV_00: '25.31',
    IN_PV_01: '12.0',
  };
  const port = await serverOf((line, count) => (count === 1 ? undefined : `${answers[line]}\r\n`));
  const options = genericThermal.options.parse({
    host: '127.0.0.1',
    port,
    family: 'julabo',
    model: 'JULABO CF41',
    temperatureMin_degC: 5,
    temperatureMax_degC: 90,
  });
  const device = genericThermal.open('bath', options, { clock, baseDir: '.' });
  cleanups.push(() => device.close());
  await device.connect();
  expect([...(await device.read()).values]).toEqual([25.31, 12, 0]);
});
