import { expect, it } from 'vitest';
import { firstOutFirst } from '../../../dashboards/page/wall/first-out.ts';
import { ALARM } from '../fake-record.ts';

it('what came first stands first on a wall, the rest as the list has it', () => {
  const of = (id: string, isFirstOut = false) => ({ ...ALARM, id, text: '', isFirstOut });
  const list = [of('trip'), of('later'), of('third'), of('first', true), of('warn')];
  expect(firstOutFirst(list).map(({ id }) => id)).toEqual(['first', 'trip', 'later', 'third', 'warn']);
  expect(list[0].id).toBe('trip');
});
