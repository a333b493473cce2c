import { expect, it } from 'vitest';
import { takeBefore, voidReason } from '../../dashboards/command-validity.ts';
import { machine_s } from '../../drivers/contract/code/machine-time.ts';
import { command, run } from './served.ts';

it.each([
  ['hold', '100', 99.9, undefined],
  ['hold', '100', 100.4, 'hold is void: the run came to it 1 s too late'],
  ['resume', '100', 400, '300 s too late'],
  ['acknowledge', '100', 400, '300 s too late'],
  ['stop', '100', 400, undefined],
  ['abort', '100', 400, undefined],
  ['hold', undefined, 400, undefined],
  ['hold', 'soon', 400, 'at no time'],
  ['stop', 'soon', 400, undefined],
] as const)('%s, to be taken before %s, is taken at %d s', (word, before, now_s, reason) => {
  const found = voidReason(word, before, now_s);
  if (reason === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(reason);
});

it('a run does nothing of what it comes to too late, but stops', async () => {
  const late = takeBefore(machine_s() - 60);
  expect(JSON.parse((await command({ command: 'hold' }, late)).text)).toMatchObject({ accepted: false });
  expect(run.asked).toEqual([]);
  await command({ command: 'stop' }, late);
  await command({ command: 'hold' }, takeBefore(machine_s()));
  expect(run.asked).toEqual([{ command: 'stop' }, { command: 'hold' }]);
});
