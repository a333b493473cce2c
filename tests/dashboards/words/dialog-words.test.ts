import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { de } from '../../../dashboards/page/words/de.ts';
import { en } from '../../../dashboards/page/words/en.ts';
import { ja } from '../../../dashboards/page/words/ja.ts';
import { de as labDe } from '../../../dashboards/workshop/words/de.ts';
import { en as labEn } from '../../../dashboards/workshop/words/en.ts';
import { ja as labJa } from '../../../dashboards/workshop/words/ja.ts';

/** A dialog stands over the commands of a run: none of its buttons is called like one of them. */

type Words = typeof de;
type LabWords = typeof labDe;

/** Buttons of every file with a dialog, or with a form that stands in one's place. */
const DIALOGS: Readonly<Record<string, (of: Words, lab: LabWords) => readonly string[]>> = {
  'page/controls.tsx': ({ controls: c }) => [c.skipNo, c.skipYes, c.stopNo, c.stopYes],
  'page/ask/limit-dialog.tsx': ({ controls: c }) => [c.limitNo, c.limitYes],
  'page/ask/shelve-form.tsx': ({ alarms }) => [alarms.shelveYes, alarms.cancel],
  'page/history/history-dialog.tsx': ({ history }) => [history.close],
  'page/keys/key-help.tsx': ({ keys }) => [keys.close],
  'page/lab/at-door.tsx': ({ lab }) => [lab.takeNo, lab.take],
  'workshop/parts/sure-dialog.tsx': (_, lab) => [lab.cancel],
  'workshop/campaigns/campaigns-page.tsx': (_, lab) => [lab.startReal],
  'workshop/campaigns/change-dialog.tsx': (_, lab) => [lab.stopIt, lab.doIt, lab.keepRunning],
  'workshop/campaigns/run-form.tsx': (_, lab) => [lab.addIt, lab.replaceIt],
  'workshop/people/control-bar.tsx': (_, lab) => [lab.takeControl],
  'workshop/people/people-page.tsx': (_, lab) => [lab.remove, lab.newPassword],
  'workshop/runs/run-commands.tsx': (_, lab) => [lab.stopIt, lab.keepRunning],
  'workshop/start/start-page.tsx': (_, lab) => [lab.startReal],
};

/** Everything that a button of a command is called, and that a text calls it. */
function commandsOf({ controls, alarms }: Words, lab: LabWords): readonly string[] {
  const { hold, resume, skip, limit, stop, abort, abortAgain, commands, wayOut } = controls;
  return [
    ...[hold, resume, skip, limit, stop, abort, abortAgain],
    ...Object.values(commands),
    ...Object.values(wayOut),
    ...[alarms.acknowledge, alarms.acknowledgeAll, alarms.shelve, alarms.bringBack],
    ...[lab.hold, lab.resume, lab.stop, lab.startIt],
  ];
}

const plain = (word: string): string => word.trim().toLowerCase();

describe('the buttons of dialogs', () => {
  it('are known, each file that has one', () => {
    const folder = join(import.meta.dirname, '../../../dashboards');
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(path => path.endsWith('.tsx') && !path.includes('node_modules'))
      .filter(path => /<(dialog|SureDialog)\b|class="shelve"/.test(readFileSync(join(folder, path), 'utf8')));
    expect(found.toSorted()).toEqual(Object.keys(DIALOGS).toSorted());
  });

  it.each([
    ['en', en as Words, labEn as LabWords],
    ['de', de, labDe],
    ['ja', ja, labJa],
  ] as const)('have no name of a command in %s', (_, of, lab) => {
    const commands = new Set(commandsOf(of, lab).map(plain));
    const same = Object.entries(DIALOGS).flatMap(([file, buttons]) =>
      buttons(of, lab)
        .filter(word => commands.has(plain(word)))
        .map(word => `${file}: ${word}`),
    );
    expect(same).toEqual([]);
  });
});
