import { describe, expect, it } from 'vitest';
import { whySchema } from '../../../dashboards/door/answers/why.ts';
import { type AtDoor, mayCommand } from '../../../dashboards/page/lab/behind-door.ts';
import { refusedIn } from '../../../dashboards/page/words/door/refused.ts';
import { ask, openedDoor, PASSWORD, signedIn, tokenOf, withToken } from './opened.ts';

/** Why the door says no comes as data, too: a page tells it in its own language, and offers nothing that would be refused. */

describe('why the door says no', () => {
  it('has a code, at the lab and at the page of a run', async () => {
    await using door = await openedDoor();
    const { server, accounts } = door;
    const whyOf = async (path: string, headers: Record<string, string>, body: object) => {
      const { json } = await ask(server, path, { method: 'POST', headers, body });
      const { why } = json as { why?: unknown };
      return why === undefined ? undefined : whySchema.parse(why);
    };
    const commands = '/api/v1/runs/run-1/commands';
    const ofPage = '/run/run-1/api/command';
    const viewer = withToken(tokenOf(accounts, 'viewer'));
    const operator = await signedIn(server, 'operator');
    const stop = { command: 'stop' };
    const hold = { command: 'hold' };
    expect(await whyOf(commands, {}, stop)).toEqual({ code: 'nobody', with: {} });
    expect(await whyOf(ofPage, {}, stop)).toEqual({ code: 'nobody', with: {} });
    expect(await whyOf(commands, viewer, stop)).toEqual({
      code: 'role',
      with: { own: 'viewer', needed: 'operator' },
    });
    expect(await whyOf(ofPage, operator, hold)).toEqual({ code: 'noControl', with: {} });
    const engineer = await signedIn(server, 'engineer');
    await ask(server, '/api/v1/control', { method: 'POST', headers: engineer, body: {} });
    expect(await whyOf(commands, operator, hold)).toMatchObject({
      code: 'otherControl',
      with: { by: 'engineer' },
    });
    const wrong = { name: 'operator', password: `${PASSWORD}x` };
    expect(await whyOf('/api/v1/session', {}, wrong)).toEqual({ code: 'wrongPassword', with: {} });
    expect(await whyOf(commands, operator, stop)).toBe(undefined);
  });

  it('is told in every language; what has no code, or one of another version, as the door words it', () => {
    const why = { code: 'otherControl', with: { by: 'ada', sinceUtc: '2026-11-30T09:00:05.000Z' } } as const;
    for (const language of ['en', 'de', 'ja'] as const) {
      const text = refusedIn(language, 'raw', why);
      expect(text).toContain('ada');
      expect(text).toContain('2026-11-30 09:00 UTC');
      expect(text).not.toMatch(/POST|T09|raw/);
      expect(refusedIn(language, 'raw', undefined)).toBe('raw');
      expect(refusedIn(language, 'raw', { code: 'later', with: {} } as never)).toBe('raw');
    }
    expect(refusedIn('de', '', { code: 'role', with: { own: 'viewer', needed: 'operator' } })).toBe(
      'Das verlangt die Rolle Bediener; Ihre ist Betrachter.',
    );
  });
});

describe('the page of a run behind a door', () => {
  const at = (more: Partial<AtDoor>): AtDoor => ({
    name: 'ada',
    role: 'operator',
    account: 'ada',
    csrf: null,
    listed: null,
    by: null,
    because: '',
    verdict: null,
    cutOff: null,
    silent: null,
    ...more,
  });
  it.each([
    ['at no door', undefined, { hold: true, stop: true, limit: true }],
    ['signed out', at({ name: null, role: null }), { hold: false, stop: false, limit: false }],
    ['a viewer', at({ role: 'viewer' }), { hold: false, stop: false, limit: false }],
    ['nobody in control', at({}), { hold: false, stop: true, limit: false }],
    ['somebody else', at({ by: 'marie' }), { hold: false, stop: true, limit: false }],
    ['in control', at({ by: 'ada' }), { hold: true, stop: true, limit: false }],
    ['an engineer', at({ by: 'ada', role: 'engineer' }), { hold: true, stop: true, limit: true }],
  ] as const)('%s', (_, who, may) => {
    for (const [command, is] of Object.entries(may))
      expect([command, mayCommand(who, command as 'hold')]).toEqual([command, is]);
  });
});
