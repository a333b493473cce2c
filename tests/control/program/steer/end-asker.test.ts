import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDoor } from '../../../../control/program/steer/door.ts';
import { endAsker } from '../../../../control/program/steer/end-asker.ts';

/** Who wanted the end of a run of a campaign, and why, is told at the door of the run. */

const KEY = '00000000-0000-4000-8000-000000000000';
const WHY = { by: 'Otto', because: 'leak at s2' };

describe('a run of a campaign is asked for its end', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'end-asker-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it.each([
    ['by a person', [WHY], true, ['told']],
    ['by a person, twice', [WHY, WHY], true, ['signal', 'told']],
    ['by a person, as it begins', [WHY], false, ['told', 'signal']],
    ['by a signal to the campaign', [undefined], true, ['signal']],
    ['by a person, where it has no page', [WHY], undefined, ['signal']],
  ] as const)('%s', async (_what, words, accepted, expected) => {
    const done: string[] = [];
    let body = '';
    const server = createServer((request, reply) => {
      request.on('data', chunk => {
        body += chunk;
      });
      request.on('end', () => {
        done.push('told');
        reply.setHeader('content-type', 'application/json').end(JSON.stringify({ accepted, text: 'x' }));
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    using _door = accepted === undefined ? undefined : openDoor(dir, url, KEY);
    const heard = endAsker(dir, () => done.push('signal'));
    for (const word of words) heard(word);
    await expect.poll(() => done).toEqual(expected);
    server.close();
    if (expected.some(one => one === 'told'))
      expect(JSON.parse(body)).toMatchObject({ command: 'stop', by: 'Otto', reason: 'leak at s2' });
  });
});
