import { describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { DeviceError } from '../../../drivers/contract/errors.ts';
import type { Link } from '../../../drivers/contract/transport.ts';
import { sharedAddress } from '../../../drivers/transport/text/shared.ts';

/** Several devices at one address: one wire, one exchange at a time. */

function bench() {
  const clock = realClock();
  const sent: { text: string; answer: (text: string) => void }[] = [];
  let opened = 0;
  let closed = 0;
  let lose: (reason: DeviceError) => void = () => {};
  const make = (): Link<string, string> => ({
    where: 'test://',
    namesReplies: false,
    async open() {
      opened++;
    },
    send: text => new Promise(resolve => sent.push({ text, answer: resolve })),
    flush: () => Promise.resolve(),
    onLost(listener) {
      lose = listener;
    },
    async close() {
      closed++;
    },
  });
  const shared = sharedAddress(2);
  const of = { clock, reply_ms: 20 };
  const [one, two] = [shared.link(make, of), shared.link(make, of)];
  return {
    clock,
    shared,
    one,
    two,
    sent,
    lose: () => lose(new DeviceError('closed', 'test://', 'pulled')),
    counts: () => ({ opened, closed }),
    again: () => shared.link(make, of),
  };
}
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

describe('an address that two devices share', () => {
  it('is opened once, and closed with the last', async () => {
    const { one, two, counts } = bench();
    await Promise.all([one.open(), two.open()]);
    expect(counts()).toEqual({ opened: 1, closed: 0 });
    await one.close();
    expect(counts().closed).toBe(0);
    await two.close();
    expect(counts().closed).toBe(1);
  });

  it('has one exchange at a time, the urgent one first', async () => {
    const { one, two, sent } = bench();
    await Promise.all([one.open(), two.open()]);
    const answers = [one.send('a'), two.send('b', 'normal'), two.send('c', 'urgent')];
    expect(sent.map(s => s.text)).toEqual(['a']);
    sent[0].answer('A');
    await turn();
    expect(sent.map(s => s.text)).toEqual(['a', 'c']);
    sent[1].answer('C');
    await turn();
    sent[2].answer('B');
    expect(await Promise.all(answers)).toEqual(['A', 'B', 'C']);
  });

  it('an exchange without an answer lets the next one in', async () => {
    const { one, two, sent, clock } = bench();
    await Promise.all([one.open(), two.open()]);
    void one.send('a');
    const second = two.send('b');
    await clock.sleep(0.005);
    expect(sent).toHaveLength(1);
    await clock.sleep(0.05);
    expect(sent).toHaveLength(2);
    sent[1].answer('B');
    expect(await second).toBe('B');
  });

  it('is lost for both, and opened afresh once', async () => {
    const { one, two, lose, counts, again } = bench();
    await Promise.all([one.open(), two.open()]);
    const told: string[] = [];
    one.onLost(() => told.push('one'));
    two.onLost(() => told.push('two'));
    lose();
    expect(told).toEqual(['one', 'two']);
    await expect(one.send('a')).rejects.toThrow('pulled');
    await Promise.all([again().open(), again().open()]);
    expect(counts().opened).toBe(2);
  });

  it('whoever gives up a silent wire takes it from the others: nobody comes back to it', async () => {
    const { one, two, clock, counts, again } = bench();
    await Promise.all([one.open(), two.open()]);
    let reason = '';
    two.onLost(error => {
      reason = error.message;
    });
    void one.send('a');
    await clock.sleep(0.05);
    await one.close();
    expect(reason).toContain('no answer on the wire');
    await again().open();
    expect(counts()).toEqual({ opened: 2, closed: 1 });
  });

  it.each([
    [
      [true, true],
      [false, true],
    ],
    [
      [false, true],
      [false, false],
    ],
    [
      [true, false],
      [false, false],
    ],
  ])('outputs off %j: given back %j', (off, may) => {
    const { shared } = bench();
    expect(off.map(one => shared.mayRelease(one))).toEqual(may);
  });
});
