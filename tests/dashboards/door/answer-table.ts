import type { AccountsFile } from '../../../dashboards/door/people/accounts.ts';
import { hashOfKey } from '../../../dashboards/door/people/keys.ts';
import { ROLES } from '../../../dashboards/door/people/roles.ts';
import type { Route } from '../../../dashboards/door/route.ts';
import { API, ROUTES } from '../../../dashboards/door/table.ts';
import { ask, FAR, type OpenedDoor, PASSWORD, type Reply, signedIn } from './opened.ts';

/** What each route answers to whom. */

/** Who asks, and how: `idle` is an operator who is not in control; `bad` an admin whose body is wrong. */
export const COLUMNS = ['nobody', 'guest', 'viewer', 'operator', 'engineer', 'admin', 'idle', 'bad'] as const;
export type Column = (typeof COLUMNS)[number];

/** One line of the table: route, and status by column; a dash: there is nothing of the kind. */
export interface AnswerRow {
  readonly route: Route;
  readonly status: Readonly<Record<Column, number | '-'>>;
  /** What the last role was answered that may. */
  readonly answer: Reply;
}

export const GUEST_KEY = 'a-key-of-a-guest';
const ID = 'abcdef012345';

/** What is asked of each route that takes something, well formed. */
const GOOD: Readonly<Record<string, { readonly path?: string; readonly body?: unknown }>> = {
  signIn: { body: { name: 'viewer', password: PASSWORD } },
  takeControl: { body: {} },
  bench: { path: '/benches/examples%2Fcell' },
  method: { path: '/methods/cv' },
  saveMethod: { path: '/methods/own%2Fcv', body: { text: 'method: cv', sha256: null } },
  checkMethod: { body: { text: 'method: cv' } },
  schema: { path: '/schemas/method' },
  rehearse: { body: { bench: 'examples/cell', method: 'cv' } },
  rehearsal: { path: '/rehearsals/r1' },
  startRun: { body: { bench: 'examples/cell', method: 'cv', mode: 'twin', set: { current: '2.5 A' } } },
  compareRuns: { path: '/runs/compare?ids=run-1,run-2' },
  values: { path: '/runs/run-1/values?roles=cell.voltage_V&from_s=0&to_s=10&most=100' },
  command: { body: { command: 'hold' } },
  exportRun: { body: { format: 'csv' } },
  exportedFile: { path: '/runs/run-1/exports/csv/data%2Fcycler.csv' },
  startCampaign: { body: { file: 'week', mode: 'twin' } },
  editCampaign: { path: '/campaigns/campaign-1/edits', body: { change: { do: 'hold' }, because: 'a look' } },
  campaign: { path: '/campaigns/campaign-1' },
  morning: { path: '/campaigns/campaign-1/morning' },
  addAccount: { body: { name: 'newcomer', role: 'viewer', password: 'ten letters' } },
  changeAccount: { path: '/accounts/extra', body: { role: 'operator' } },
  dropAccount: { path: '/accounts/extra' },
  addToken: { body: { name: 'script', role: 'viewer', until_utc: FAR } },
  dropToken: { path: `/tokens/${ID}` },
  addGuestLink: { body: { until_utc: FAR } },
  dropGuestLink: { path: `/guest-links/${ID}` },
};

/** Where a route is asked for in the table. */
export function pathOf(route: Route): string {
  return API + (GOOD[route.id]?.path ?? route.path.replace(':id', 'run-1'));
}

/** A body that it takes. */
export function bodyOf(route: Route): unknown {
  return route.body === null ? undefined : (GOOD[route.id]?.body ?? {});
}

/** Asks every route as everybody. */
export async function answerTable(door: OpenedDoor): Promise<AnswerRow[]> {
  const { server, accounts } = door;
  const base = withKnown(accounts.now());
  const restored = (owner: string): void =>
    accounts.change(() => ({
      ...base,
      tokens: base.tokens.map(token => ({ ...token, account: owner })),
      guestLinks: base.guestLinks.map((link, i) => (i === 0 ? { ...link, account: owner } : link)),
    }));
  restored('admin');
  const people = new Map<string, Record<string, string>>();
  for (const role of ROLES) people.set(role, await signedIn(server, role));
  people.set('guest', { cookie: `cellbench-guest-${server.port}=${GUEST_KEY}` });
  const post = (method: string, path: string, headers: Record<string, string> | undefined, body: unknown) =>
    ask(server, API + path, { method, ...(headers === undefined ? {} : { headers }), body });
  const asked = async (route: Route, as: Column): Promise<Reply> => {
    const role = as === 'idle' ? 'operator' : as === 'bad' ? 'admin' : as;
    restored(role === 'nobody' || role === 'guest' ? 'admin' : role);
    // A session that ends by it is one of its own.
    const headers =
      ['signIn', 'signOut'].includes(route.id) && people.has(role) && role !== 'guest'
        ? await signedIn(server, role)
        : people.get(role);
    const own = headers === undefined ? {} : { headers };
    const isAboutControl = route.needsControl || /control$/i.test(route.id);
    if (isAboutControl) for (const one of people.values()) await post('DELETE', '/control', one, undefined);
    if (isAboutControl && route.id !== 'takeControl' && as !== 'idle')
      await post('POST', '/control', headers, { reason: 'table' });
    const body = as === 'bad' ? { nonsense: 1 } : bodyOf(route);
    return ask(server, pathOf(route), { method: route.method, ...own, body });
  };
  const rows: AnswerRow[] = [];
  for (const route of ROUTES) {
    const status: Partial<Record<Column, number | '-'>> = {};
    let answer: Reply | undefined;
    for (const column of COLUMNS) {
      if (column === 'idle' && !route.needsControl) status[column] = '-';
      else if (column === 'bad' && route.body === null) status[column] = '-';
      else {
        const reply = await asked(route, column);
        status[column] = reply.status;
        if (reply.status < 300) answer = reply;
      }
    }
    if (answer === undefined) throw new Error(`${route.id}: nobody may: ${JSON.stringify(status)}`);
    rows.push({ route, status: status as AnswerRow['status'], answer });
  }
  return rows;
}

function withKnown(file: AccountsFile): AccountsFile {
  const { password } = file.accounts[0];
  const key = { id: ID, account: 'admin', sha256: hashOfKey('x'), madeUtc: FAR, untilUtc: FAR };
  return {
    ...file,
    accounts: [...file.accounts, { name: 'extra', role: 'viewer', password, sinceUtc: FAR }],
    tokens: [{ ...key, name: 'script', role: 'viewer' }],
    guestLinks: [key, { ...key, id: '0123456789ab', sha256: hashOfKey(GUEST_KEY) }],
  };
}

/** The table as text. */
export function tableText(rows: readonly AnswerRow[]): string[] {
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(38) : cell.padStart(9)))
      .join('')
      .trimEnd();
  return [
    line(['', ...COLUMNS]),
    ...rows.map(({ route, status }) =>
      line([`${route.method} ${route.path}`, ...COLUMNS.map(column => String(status[column]))]),
    ),
  ];
}
