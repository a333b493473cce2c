import { useState } from 'preact/hooks';
import { ask, pathOf } from '../door/ask.ts';
import { useLab } from '../door/lab-state.tsx';
import { useDoing } from '../door/use-asked.ts';
import { PageHead } from '../parts/page-head.tsx';
import { Refused } from '../parts/said.tsx';
import { useWords } from '../words/words.ts';

/** Who are you? Nothing of the laboratory is shown before; `isAgain`: above a text that is being written. */
export function SignIn({ isAgain }: { readonly isAgain: boolean }) {
  const { t } = useWords();
  const lab = useLab();
  const { busy, refusal, run } = useDoing();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = (): Promise<void> =>
    run(async () => {
      await ask('POST', pathOf('session'), { name: name.trim(), password });
      lab.reload();
    });
  const form = (
    <form
      class="panel"
      onSubmit={event => {
        event.preventDefault();
        void signIn();
      }}
    >
      {isAgain ? <h2 id="sign-in-again">{t.signIn}</h2> : <PageHead title={t.signIn} />}
      {isAgain && (
        <p class="is-warn" role="alert">
          <span aria-hidden="true">▲</span> {t.door.again}
        </p>
      )}
      <div class="field">
        <label for="sign-in-name">{t.name}</label>
        <input
          id="sign-in-name"
          autocomplete="username"
          value={name}
          required
          onInput={event => setName(event.currentTarget.value)}
        />
      </div>
      <div class="field">
        <label for="sign-in-password">{t.password}</label>
        <input
          id="sign-in-password"
          type="password"
          autocomplete="current-password"
          value={password}
          required
          onInput={event => setPassword(event.currentTarget.value)}
        />
      </div>
      <Refused refusal={refusal} />
      <button type="submit" class="main" disabled={busy}>
        {t.signIn}
      </button>
    </form>
  );
  if (!isAgain) return <main class="lab narrow">{form}</main>;
  return (
    <section class="lab narrow" aria-labelledby="sign-in-again">
      {form}
    </section>
  );
}
