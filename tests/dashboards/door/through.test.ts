import { expect, it } from 'vitest';
import { LOCAL, type Who } from '../../../dashboards/door/people/roles.ts';
import { throughOf } from '../../../dashboards/door/visits.ts';

/** What the record says behind a name: a browser names the page with every change that it sends, a program does not. */

const PAGE = { origin: 'http://127.0.0.1:8090' };
const as = (by: Who['by']): Who => ({ ...LOCAL, by });

it.each([
  ['whoever is here, at a page', LOCAL, PAGE, 'page'],
  ['whoever is here, by plain HTTP', LOCAL, {}, 'API'],
  ['a person who has signed in', as('session'), {}, 'page'],
  ['a token', as('token'), PAGE, 'API'],
] as const)('%s', (_, who, headers, through) => {
  expect(throughOf(who, headers)).toBe(through);
});
