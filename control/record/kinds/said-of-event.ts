import { type Said, say } from '../../contract/said/said.ts';
import type { JournalEvent } from '../events.ts';

/** An event as a sentence that a page words in its own language; undefined: there are only the words it was written with. */
export function saidOfEvent({ kind, data }: JournalEvent): Said | undefined {
  switch (kind) {
    case 'state':
      return say('wentTo', { from: data.from, to: data.to });
    case 'step':
      return say('stepEnded', { step: data.id ?? data.op, ended: data.ended });
    case 'command':
      return say('commandGiven', { reason: '', ...data });
    case 'limitChange':
      return say('limitChanged', data);
    case 'clear':
      return say('alarmOver', { id: data.id });
    case 'shelve':
      return data.what === 'shelved' ? say('putAside', data) : say('broughtBack', data);
    case 'suspended':
      return say('hasSuspended', { id: data.id, nth: data.nth, most: data.at_most });
    case 'recovered':
      return say('hasRecovered', data);
    case 'device':
      return say('deviceIs', data);
    default:
      return undefined;
  }
}
