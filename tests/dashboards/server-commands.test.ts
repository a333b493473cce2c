import { describe, expect, it } from 'vitest';
import { ask, command, run, server, upgradeStatus } from './served.ts';

describe('commands', () => {
  it('passes a command on and says what was decided', async () => {
    expect(JSON.parse((await command({ command: 'stop' })).text)).toEqual({
      accepted: true,
      text: 'heard stop',
    });
    expect(JSON.parse((await command({ command: 'hold' })).text).accepted).toBe(false);
    await command({ command: 'acknowledge', alarm: 'h2-in-o2-trip' });
    expect(run.asked).toEqual([
      { command: 'stop' },
      { command: 'hold' },
      { command: 'acknowledge', alarm: 'h2-in-o2-trip' },
    ]);
  });

  it.each([
    [
      { reason: ' smoke! ', by: 'Ada' },
      { reason: 'smoke!', by: 'Ada' },
    ],
    [{ reason: '', by: '' }, {}],
    [{ force: true, alarm: 'x', for_s: 60, reason: 7 }, {}],
  ])('takes a stop with %j: nothing that stands beside it refuses it', async (more, kept) => {
    for (const name of ['stop', 'abort'])
      expect((await command({ command: name, ...more })).status).toBe(200);
    expect(run.asked).toEqual(['stop', 'abort'].map(name => ({ command: name, ...kept })));
  });

  it('takes a hold and what goes on behind it with or without a reason', async () => {
    const asked = [
      { command: 'hold', reason: 'the sample is changed', by: 'Ada' },
      { command: 'resume', reason: 'it is in' },
      { command: 'resume' },
    ];
    for (const body of asked) expect((await command(body)).status).toBe(200);
    expect(run.asked).toEqual(asked);
  });

  it.each([
    ['unknown word', { command: 'explode' }, 'command: command: Invalid option'],
    ['no command', {}, 'command: command: Invalid option'],
    ['unknown key', { command: 'hold', force: true }, 'Unrecognized key: "force"'],
    [
      'alarm with hold',
      { command: 'hold', alarm: 'x' },
      'alarm: only acknowledge, shelve and unshelve take an alarm',
    ],
    [
      'shelve without a name',
      { command: 'shelve', alarm: 'x', for_s: 60, reason: 'a' },
      'by: shelve needs a name',
    ],
    [
      'shelve without a reason',
      { command: 'shelve', alarm: 'x', for_s: 60, by: 'A' },
      'reason: shelve needs',
    ],
    ['shelve without a time', { command: 'shelve', alarm: 'x', by: 'A', reason: 'a' }, 'for_s: shelve needs'],
    ['shelve without an alarm', { command: 'shelve', by: 'A', reason: 'a', for_s: 1 }, 'alarm: shelve needs'],
    ['a reason of blanks', { command: 'shelve', alarm: 'x', by: 'A', reason: ' ', for_s: 1 }, 'reason: '],
    ['a hold with a reason of blanks', { command: 'hold', reason: ' ' }, 'reason: '],
    ['clear with a reason', { command: 'clear', reason: 'a' }, 'reason: only skip'],
    ['hold with a time', { command: 'hold', for_s: 60 }, 'for_s: only shelve takes a time'],
    ['not an object', [1], 'command: Invalid input: expected object'],
    ['not JSON', '{"command":', 'JSON'],
  ])('refuses %s with 400, and asks nothing', async (_name, body, sentence) => {
    const reply = await command(body);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.text).error).toContain(sentence);
    expect(run.asked).toEqual([]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
    'refuses "%s", which a form elsewhere could send without leave',
    async type => {
      expect((await command({ command: 'stop' }, { 'content-type': type })).status).toBe(415);
      expect(run.asked).toEqual([]);
    },
  );

  it('refuses a body that is too long', async () => {
    expect((await command({ command: 'acknowledge', alarm: 'x'.repeat(5000) })).status).toBe(413);
    expect(run.asked).toEqual([]);
  });
});

describe('pages from elsewhere', () => {
  const own = () => `127.0.0.1:${server.port}`;
  it.each<[string, () => Record<string, string>]>([
    ['a foreign origin', () => ({ origin: 'http://evil.example' })],
    ['an opaque origin', () => ({ origin: 'null' })],
    ['another server on this machine', () => ({ origin: 'http://127.0.0.1:1' })],
    ['our name over another scheme', () => ({ origin: `https://${own()}` })],
    ['a rebound name', () => ({ host: `evil.example:${server.port}` })],
    ['a rebound name with its own origin', () => ({ host: 'evil.example', origin: 'http://evil.example' })],
    ['a name that begins like ours', () => ({ host: `127.0.0.1.evil.example:${server.port}` })],
  ])('%s can neither command, nor read, nor listen', async (_name, headers) => {
    expect((await command({ command: 'stop' }, headers())).status).toBe(403);
    expect((await ask('/api/snapshot', { headers: headers() })).status).toBe(403);
    expect(await upgradeStatus(headers())).toBe(403);
    expect(run.asked).toEqual([]);
    expect(run.listeners()).toBe(0);
  });

  it('our own page may, under both names of this machine', async () => {
    for (const host of [own(), `localhost:${server.port}`]) {
      expect((await command({ command: 'stop' }, { host, origin: `http://${host}` })).status).toBe(200);
    }
    expect(await upgradeStatus({ origin: `http://${own()}` })).toBe(101);
  });
});
