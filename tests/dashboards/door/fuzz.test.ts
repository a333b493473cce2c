import { expect, it } from 'vitest';
import { fuzzDoor } from './fuzz-door.ts';
import { ask, openedDoor } from './opened.ts';

it('3,000 requests that nobody sends are answered, none with 500 (10,000: npm run measure:door)', {
  timeout: 300_000,
}, async () => {
  await using door = await openedDoor();
  const { statuses, wrong } = await fuzzDoor(door, 3000, 1);
  expect(wrong).toEqual([]);
  const answered = Object.values(statuses).reduce((sum, n) => sum + n, 0);
  expect(answered).toBe(3000);
  for (const status of [200, 400, 401, 403, 404, 409, 413, 415]) expect(statuses[status]).toBeGreaterThan(0);
  expect((await ask(door.server, '/api/v1/health')).status).toBe(200);
});
