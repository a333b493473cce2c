import { describe, expect, it } from 'vitest';
import { roomFor, SESSIONS, type SignedIn } from '../../../../control/program/serve/lads/limits.ts';
import { openedDoor, PASSWORD } from '../opened.ts';
import { Client, viewOf, withBench } from './bench-of-test.ts';

const looker = (name: string): SignedIn => ({ name, looks: true });
const other = (name: string): SignedIn => ({ name, looks: false });
const many = (of: (name: string) => SignedIn, n: number, each: number): SignedIn[] =>
  Array.from({ length: n }, (_, i) => of(`${i % Math.ceil(n / each)}`));

describe('who comes in over OPC UA', () => {
  it.each<[string, readonly SignedIn[], SignedIn, ReturnType<typeof roomFor>]>([
    ['the first', [], looker('v'), 'free'],
    ['a third session of a viewer ends its first', [other('o'), looker('v'), looker('v')], looker('v'), 1],
    ['a viewer where viewers have their share', many(looker, SESSIONS.lookers, 2), looker('v'), 'full'],
    ['an operator all the same', many(looker, SESSIONS.lookers, 2), other('o'), 'free'],
    ['a fifth of an operator ends its first', many(other, 4, 4), other('0'), 0],
    ['operators are no viewers', many(other, 20, 4), looker('v'), 'free'],
  ])('%s', (_, open, coming, expected) => {
    expect(roomFor(open, coming)).toBe(expected);
  });

  it('viewers leave room for an operator who stops', async () => {
    await using door = await openedDoor();
    withBench(door);
    await using view = await viewOf(door);
    const clients: Client[] = [];
    for (let n = 0; n < 5; n++) clients.push(await Client.of(view, { name: 'viewer', password: PASSWORD }));
    const reads = (client: Client): Promise<unknown> =>
      Promise.race([
        client.read('FunctionalUnitSet/Bench/FunctionalUnitState/CurrentState').catch(() => 'refused'),
        new Promise(resolve => setTimeout(resolve, 3000, 'silence')),
      ]);
    expect(await reads(clients[4])).toBe('Stopped');
    await using operator = await Client.of(view, { name: 'operator', password: PASSWORD });
    expect(await reads(operator)).toBe('Stopped');
    await Promise.all(clients.map(client => client[Symbol.asyncDispose]()));
  });
});
