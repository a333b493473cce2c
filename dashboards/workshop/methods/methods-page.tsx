import { useState } from 'preact/hooks';
import type { ListedMethod } from '../../door/lab.ts';
import { pathOf } from '../door/ask.ts';
import { useLab } from '../door/lab-state.tsx';
import { goTo, to } from '../door/route.ts';
import { useAsked } from '../door/use-asked.ts';
import { TextField } from '../parts/fields.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Refused } from '../parts/said.tsx';
import { useWords } from '../words/words.ts';

/** Which methods there are: the laboratory's own and those that are built in. */
export function MethodsPage() {
  const { t } = useWords();
  const { may } = useLab();
  const { value, refusal } = useAsked<readonly ListedMethod[]>(pathOf('methods'));
  const own = value?.filter(method => !method.isBuiltIn) ?? [];
  const builtIn = value?.filter(method => method.isBuiltIn) ?? [];
  return (
    <>
      <PageHead title={t.methods} />
      <Refused refusal={refusal} />
      {value === undefined && refusal === undefined && <p class="waiting">{t.loading}</p>}
      {value !== undefined && (
        <>
          <section class="panel" aria-labelledby="own-methods">
            <h2 id="own-methods">{t.ownMethods}</h2>
            {own.length === 0 ? <p class="is-quiet">{t.noMethods}</p> : <MethodTable methods={own} />}
            {may('engineer') && <NewMethod from="" taken={value} />}
          </section>
          <section class="panel" aria-labelledby="built-in-methods">
            <h2 id="built-in-methods">{t.builtInMethods}</h2>
            <MethodTable methods={builtIn} />
          </section>
        </>
      )}
    </>
  );
}

function MethodTable({ methods }: { readonly methods: readonly ListedMethod[] }) {
  const { t } = useWords();
  const { may } = useLab();
  return (
    <table class="list">
      <thead>
        <tr>
          <th scope="col">{t.method}</th>
          <th scope="col">{t.title}</th>
          <th scope="col">
            <span class="spoken">{t.edit}</span>
          </th>
          <th scope="col">
            <span class="spoken">{t.start}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {methods.map(({ name, title, isBuiltIn, isProcedure }) => {
          const word = may('engineer') && !isBuiltIn ? t.edit : t.show;
          return (
            <tr key={name}>
              <th scope="row">
                {name}
                {/* All that are built in are such. */}
                {isProcedure && !isBuiltIn && (
                  <>
                    {' '}
                    <small title={t.door.procedureText}>{t.door.procedure}</small>
                  </>
                )}
              </th>
              <td>{title}</td>
              <td>
                <a href={to('edit', name)} aria-label={`${word}: ${name}`}>
                  {word}
                </a>
              </td>
              <td>
                <a href={to('start', '', { method: name })} aria-label={`${t.start}: ${name}`}>
                  {t.start}
                </a>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface NewMethodProps {
  /** The one whose text it begins with; empty: none. */
  readonly from: string;
  readonly taken: readonly Pick<ListedMethod, 'name'>[];
}

/** A name, then the editor. Nothing is written before it is saved there. */
export function NewMethod({ from, taken }: NewMethodProps) {
  const { t } = useWords();
  const [name, setName] = useState('');
  const bare = name.trim().replace(/\.yaml$/, '');
  const isTaken = taken.some(method => method.name === bare);
  return (
    <form
      class="row"
      onSubmit={event => {
        event.preventDefault();
        if (bare !== '' && !isTaken) goTo(to('edit', bare, from === '' ? { from: '-' } : { from }));
      }}
    >
      <TextField
        label={t.newMethodName}
        value={name}
        {...(isTaken ? { hint: t.nameTaken } : {})}
        onValue={setName}
      />
      <button type="submit" disabled={bare === '' || isTaken}>
        {from === '' ? t.newMethod : t.copyAsOwn}
      </button>
    </form>
  );
}
