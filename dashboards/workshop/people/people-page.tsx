import { useState } from 'preact/hooks';
import { ask, pathOf } from '../door/ask.ts';
import { ROLES, type Role, useLab } from '../door/lab-state.tsx';
import { useAsked, useDoing } from '../door/use-asked.ts';
import { SelectField, TextField } from '../parts/fields.tsx';
import { Missing, missingOf } from '../parts/missing.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Answered, Refused } from '../parts/said.tsx';
import { SureDialog } from '../parts/sure-dialog.tsx';
import { utcText } from '../parts/texts.ts';
import { useWords } from '../words/words.ts';
import { GuestLinks, Tokens } from './keys.tsx';

/** Who may come in: links for guests, tokens for programs and, for an admin, accounts. */
export function PeoplePage() {
  const { t } = useWords();
  const { me, may } = useLab();
  // A guest and whoever sits at a laboratory without accounts have nothing to give.
  const hasAccount = me !== undefined && !me.withoutAccounts && me.guestUntilUtc === null;
  return (
    <>
      <PageHead title={t.people} />
      {!hasAccount && <p>{t.noAccount}</p>}
      {hasAccount && may('operator') && <GuestLinks />}
      {hasAccount && <Tokens />}
      {hasAccount && may('admin') && <Accounts />}
    </>
  );
}

interface Account {
  readonly name: string;
  readonly role: Role;
  readonly sinceUtc: string;
}

/** What is about to be done with an account. */
type Asking = { readonly what: 'drop' | 'password'; readonly name: string };

function Accounts() {
  const { t } = useWords();
  const { value, refusal, reload } = useAsked<readonly Account[]>(pathOf('accounts'));
  const doing = useDoing();
  const [asking, setAsking] = useState<Asking>();
  const [answer, setAnswer] = useState('');
  const roleOptions = ROLES.map(role => [role, t.roles[role]] as const);
  const run = (what: () => Promise<unknown>): Promise<void> =>
    doing.run(async () => {
      setAnswer('');
      await what();
      setAnswer(t.saved);
      reload();
    });
  return (
    <section class="panel" aria-labelledby="accounts">
      <h2 id="accounts">{t.accounts}</h2>
      <Refused refusal={refusal ?? doing.refusal} onDismiss={doing.forget} />
      <Answered text={answer} />
      <table class="list wide">
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col">{t.role}</th>
            <th scope="col">{t.passwordSince}</th>
            <th scope="col">{t.changes}</th>
          </tr>
        </thead>
        <tbody>
          {value?.map(({ name, role, sinceUtc }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <select
                  aria-label={`${t.role}: ${name}`}
                  value={role}
                  onChange={event => {
                    const next = event.currentTarget.value;
                    void run(() => ask('PATCH', pathOf('accounts', name), { role: next }));
                  }}
                >
                  {roleOptions.map(([one, word]) => (
                    <option key={one} value={one} selected={one === role}>
                      {word}
                    </option>
                  ))}
                </select>
              </td>
              <td>{utcText(sinceUtc)}</td>
              <td>
                <div class="buttons">
                  <button
                    type="button"
                    aria-label={`${t.newPassword}: ${name}`}
                    onClick={() => setAsking({ what: 'password', name })}
                  >
                    {t.newPassword}
                  </button>
                  <button
                    type="button"
                    class="stop"
                    aria-label={`${t.remove}: ${name}`}
                    onClick={() => setAsking({ what: 'drop', name })}
                  >
                    {t.remove}
                  </button>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <AddAccount onAdd={account => void run(() => ask('POST', pathOf('accounts'), account))} />
      {asking?.what === 'drop' && (
        <SureDialog
          title={`${t.remove}: ${asking.name}`}
          text={t.dropText}
          yes={t.remove}
          onAnswer={said => {
            setAsking(undefined);
            if (said !== undefined) void run(() => ask('DELETE', pathOf('accounts', asking.name)));
          }}
        />
      )}
      {asking?.what === 'password' && (
        <PasswordDialog
          name={asking.name}
          onAnswer={password => {
            setAsking(undefined);
            if (password !== undefined)
              void run(() => ask('PATCH', pathOf('accounts', asking.name), { password }));
          }}
        />
      )}
    </section>
  );
}

interface AddAccountProps {
  readonly onAdd: (account: {
    readonly name: string;
    readonly role: string;
    readonly password: string;
  }) => void;
}

function AddAccount({ onAdd }: AddAccountProps) {
  const { t } = useWords();
  const [name, setName] = useState('');
  const [role, setRole] = useState<string>('viewer');
  const [password, setPassword] = useState('');
  return (
    <form
      class="row"
      onSubmit={event => {
        event.preventDefault();
        onAdd({ name: name.trim(), role, password });
        setPassword('');
      }}
    >
      <TextField label={t.name} value={name} required onValue={setName} />
      <SelectField
        label={t.role}
        value={role}
        options={ROLES.map(one => [one, t.roles[one]] as const)}
        onValue={setRole}
      />
      <TextField label={t.password} kind="password" value={password} required onValue={setPassword} />
      <Missing
        what={missingOf([
          [t.name, name.trim() !== ''],
          [t.password, password !== ''],
        ])}
      />
      <button type="submit" disabled={name.trim() === '' || password === ''}>
        {t.addAccount}
      </button>
    </form>
  );
}

interface PasswordDialogProps {
  readonly name: string;
  readonly onAnswer: (password: string | undefined) => void;
}

function PasswordDialog({ name, onAnswer }: PasswordDialogProps) {
  const { t } = useWords();
  const [password, setPassword] = useState('');
  return (
    <SureDialog
      title={`${t.newPassword}: ${name}`}
      text={t.newPasswordText}
      yes={t.newPassword}
      missing={missingOf([[t.newPassword, password !== '']])}
      onAnswer={said => onAnswer(said === undefined ? undefined : password)}
    >
      <TextField label={t.password} kind="password" value={password} required onValue={setPassword} />
    </SureDialog>
  );
}
