import { useState } from 'preact/hooks';
import { ask, pathOf } from '../door/ask.ts';
import { ROLES, useLab } from '../door/lab-state.tsx';
import { useAsked, useDoing } from '../door/use-asked.ts';
import { SelectField, TextField } from '../parts/fields.tsx';
import { Missing, missingOf } from '../parts/missing.tsx';
import { Refused } from '../parts/said.tsx';
import { utcText } from '../parts/texts.ts';
import { useWords } from '../words/words.ts';

/** Links for guests and tokens for programs: given until a time, shown once, taken back at any time. */

interface Key {
  readonly id: string;
  readonly account: string;
  readonly untilUtc: string;
  /** Of a token: what it is for, and what it may. */
  readonly name?: string;
  readonly role?: string;
}

/** A link with which whoever has it may look on, and nothing else. */
export function GuestLinks() {
  const { t } = useWords();
  const [until, setUntil] = useState('');
  const keys = useKeys('guest-links');
  const give = async (): Promise<void> => {
    const { url } = await ask<{ url: string }>('POST', pathOf('guest-links'), { until_utc: endOf(until) });
    keys.show(url);
  };
  return (
    <section class="panel" aria-labelledby="guest-links">
      <h2 id="guest-links">{t.guestLinks}</h2>
      <p>{t.guestLinksText}</p>
      <KeyList keys={keys} />
      <form
        class="row"
        onSubmit={event => {
          event.preventDefault();
          void keys.run(give);
        }}
      >
        <TextField label={t.untilDay} kind="date" value={until} required onValue={setUntil} />
        <Missing what={missingOf([[t.untilDay, until !== '']])} />
        <button type="submit" disabled={until === '' || keys.busy}>
          {t.makeLink}
        </button>
      </form>
    </section>
  );
}

/** A token for a program; it may no more than whoever gives it. */
export function Tokens() {
  const { t } = useWords();
  const { may } = useLab();
  const [name, setName] = useState('');
  const [role, setRole] = useState<string>('viewer');
  const [until, setUntil] = useState('');
  const keys = useKeys('tokens');
  const give = async (): Promise<void> => {
    const asked = { name: name.trim(), role, until_utc: endOf(until) };
    const { token } = await ask<{ token: string }>('POST', pathOf('tokens'), asked);
    keys.show(token);
    setName('');
  };
  return (
    <section class="panel" aria-labelledby="tokens">
      <h2 id="tokens">{t.tokens}</h2>
      <p>{t.tokensText}</p>
      <KeyList keys={keys} />
      <form
        class="row"
        onSubmit={event => {
          event.preventDefault();
          void keys.run(give);
        }}
      >
        <TextField label={t.tokenFor} value={name} required onValue={setName} />
        <SelectField
          label={t.role}
          value={role}
          options={ROLES.filter(may).map(one => [one, t.roles[one]] as const)}
          onValue={setRole}
        />
        <TextField label={t.untilDay} kind="date" value={until} required onValue={setUntil} />
        <Missing
          what={missingOf([
            [t.tokenFor, name.trim() !== ''],
            [t.untilDay, until !== ''],
          ])}
        />
        <button type="submit" disabled={name.trim() === '' || until === '' || keys.busy}>
          {t.makeToken}
        </button>
      </form>
    </section>
  );
}

/** The end of a day, UTC. */
const endOf = (day: string): string => `${day}T23:59:59Z`;

interface Keys {
  readonly list: readonly Key[];
  /** The newest one, to be copied now. */
  readonly shown: string;
  readonly busy: boolean;
  readonly refusal: ReturnType<typeof useDoing>['refusal'];
  show(text: string): void;
  run(what: () => Promise<void>): Promise<void>;
  drop(id: string): void;
}

function useKeys(kind: 'tokens' | 'guest-links'): Keys {
  const asked = useAsked<readonly Key[]>(pathOf(kind));
  const doing = useDoing();
  const [shown, setShown] = useState('');
  const run = (what: () => Promise<void>): Promise<void> =>
    doing.run(async () => {
      await what();
      asked.reload();
    });
  return {
    list: asked.value ?? [],
    shown,
    busy: doing.busy,
    refusal: doing.refusal ?? asked.refusal,
    show: setShown,
    run,
    drop: id => void run(async () => void (await ask('DELETE', pathOf(kind, id)))),
  };
}

function KeyList({ keys }: { readonly keys: Keys }) {
  const { t } = useWords();
  return (
    <>
      <ul class="steps">
        {keys.list.map(({ id, account, untilUtc, name, role }) => (
          <li key={id}>
            <b>{name ?? id}</b> {[account, role ?? ''].filter(text => text !== '').join(', ')}, {t.until}{' '}
            {utcText(untilUtc)}{' '}
            <button type="button" aria-label={`${t.takeBack}: ${name ?? id}`} onClick={() => keys.drop(id)}>
              {t.takeBack}
            </button>
          </li>
        ))}
      </ul>
      {keys.shown !== '' && (
        <p class="said" role="status">
          {t.shownOnce} <code>{keys.shown}</code>
        </p>
      )}
      <Refused refusal={keys.refusal} />
    </>
  );
}
