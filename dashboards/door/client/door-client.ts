/** Made by `npm run client` from the table of routes in dashboards/door: change it there. Stands alone: it imports nothing. */
/** biome-ignore-all format: made by a program */

export type Finding = { readonly severity: 'error' | 'warning' | 'note'; readonly line: number; readonly column: number; readonly text: string; readonly hint: string | null };

export type LabFile = { readonly name: string; readonly title: string; readonly isBuiltIn: boolean; readonly sha256: string };

export type LabText = { readonly name: string; readonly title: string; readonly isBuiltIn: boolean; readonly sha256: string; readonly text: string; readonly findings: readonly Finding[] };

export type LabBench = { readonly name: string; readonly title: string; readonly isBuiltIn: boolean; readonly sha256: string; readonly subjects: readonly string[]; readonly devices: { readonly [name: string]: string }; readonly canEmulate: boolean; readonly busy: readonly string[]; readonly findings: readonly Finding[]; readonly left: readonly { readonly run: string; readonly subject: string | null; readonly mode: string; readonly cutOff: { readonly sinceUtc: string; readonly guard: 'simulated' | 'waits' | 'unheard' | 'under way' | 'proved' | 'not proved' | 'lost' | 'none' | 'unknown'; readonly timeout_s: number | null; readonly guardSaid: { readonly utc: string; readonly text: string } | null; readonly unproven: readonly { readonly what: string; readonly otherwise: string }[]; readonly watchdogs: readonly { readonly device: string; readonly armed_s: number }[] }; readonly needsLook: boolean }[] };

export type Parameter = { readonly name: string; readonly unit: string; readonly units: readonly string[]; readonly kind: 'number' | 'list' | 'choice' | 'text'; readonly default: number | string | readonly number[] | null; readonly min: number | null; readonly max: number | null; readonly choices: readonly string[]; readonly doc: string };

export type LabMethod = { readonly name: string; readonly title: string; readonly isBuiltIn: boolean; readonly sha256: string; readonly text: string; readonly findings: readonly Finding[]; readonly isProcedure: boolean; readonly parameters: readonly Parameter[]; readonly figures: readonly string[] };

export type LabRehearsal = { readonly id: string; readonly planned: { readonly bench: string; readonly method: string; readonly subject?: string; readonly set: { readonly [name: string]: string } }; readonly state: 'under way' | 'done' | 'failed' | 'given up'; readonly done: number | null; readonly reason: string; readonly findings: readonly Finding[]; readonly result: { readonly [name: string]: unknown } | null };

export type LabRun = { readonly id: string; readonly bench: string; readonly method: string; readonly mode: string; readonly startedUtc: string; readonly state: 'starting' | 'going' | 'over'; readonly verdict: string; readonly criteria: string; readonly duration_s: number | null; readonly rows: number | null; readonly bytes: number; readonly campaign: string | null; readonly started: { readonly by: string; readonly method: string; readonly subject: string | null; readonly set: { readonly [name: string]: string }; readonly order: { readonly job: string; readonly task: string; readonly samples: readonly string[]; readonly places: readonly { readonly sample: string; readonly container: string; readonly position: string; readonly custom: string }[] } | null } | null; readonly silent: { readonly sinceUtc: string; readonly guard: { readonly what: 'watches' | 'acted' | 'lost' | 'none'; readonly timeout_s: number | null } | null; readonly watchdogs: readonly { readonly device: string; readonly armed_s: number }[] } | null; readonly cutOff: { readonly sinceUtc: string; readonly guard: 'simulated' | 'waits' | 'unheard' | 'under way' | 'proved' | 'not proved' | 'lost' | 'none' | 'unknown'; readonly timeout_s: number | null; readonly guardSaid: { readonly utc: string; readonly text: string } | null; readonly unproven: readonly { readonly what: string; readonly otherwise: string }[]; readonly watchdogs: readonly { readonly device: string; readonly armed_s: number }[] } | null };

export type LabCampaign = { readonly id: string; readonly file: string; readonly mode: string; readonly is: 'under way' | 'stopped' | 'over' | 'starting'; readonly reason: string; readonly course: { readonly [name: string]: unknown } | null };

export type Decided = { readonly accepted: boolean; readonly text: string; readonly said?: { readonly code: string; readonly with: { readonly [name: string]: unknown } } };

export type Control = { readonly by: string; readonly sinceUtc: string; readonly reason: string };

export type Me = { readonly name: string | null; readonly role: 'viewer' | 'operator' | 'engineer' | 'admin' | null; readonly csrf: string | null; readonly withoutAccounts: boolean; readonly control: Control | null; readonly guestUntilUtc: string | null };

export type Account = { readonly name: string; readonly role: 'viewer' | 'operator' | 'engineer' | 'admin'; readonly sinceUtc: string };

export type Token = { readonly id: string; readonly name: string; readonly account: string; readonly role: 'viewer' | 'operator' | 'engineer' | 'admin'; readonly madeUtc: string; readonly untilUtc: string };

export type GuestLink = { readonly id: string; readonly account: string; readonly madeUtc: string; readonly untilUtc: string };

export type Planned = { readonly bench: string; readonly method: string; readonly subject?: string; readonly set?: { readonly [name: string]: string } };

export type StartAsked = { readonly bench: string; readonly method: string; readonly subject?: string; readonly set?: { readonly [name: string]: string }; readonly mode: 'twin' | 'wire' | 'real'; readonly minutes?: number; readonly pace?: number; readonly hasLooked?: boolean; readonly order?: { readonly job?: string; readonly task?: string; readonly samples?: readonly string[]; readonly places?: readonly { readonly sample?: string; readonly container?: string; readonly position?: string; readonly custom?: string }[] } };

export type CampaignStart = { readonly file: string; readonly mode: 'twin' | 'wire' | 'real'; readonly minutes?: number; readonly pace?: number; readonly hasLooked?: boolean };

export type Command = { readonly command: 'hold' | 'resume' | 'stop' | 'abort' | 'acknowledge' | 'clear' | 'reset' | 'start' | 'confirm' | 'skip' | 'limit' | 'edit' | 'shelve' | 'unshelve'; readonly alarm?: string; readonly began_s?: number; readonly interlock?: string; readonly value?: number; readonly method?: string; readonly sha256?: string; readonly from?: string; readonly for_s?: number; readonly reason?: string };

/** What the door said against it; `status` as in HTTP. */
export class DoorError extends Error {
  readonly status: number;
  readonly findings: readonly Finding[];
  constructor(status: number, message: string, findings: readonly Finding[] = []) {
    super(message);
    this.status = status;
    this.findings = findings;
  }
}

/** How a client asks: with the token of a program; a page of the door itself comes with its session. */
export interface DoorClientOptions {
  readonly token?: string;
  readonly fetch?: typeof fetch;
}

/** Asks the door of a laboratory, e.g. `new DoorClient('https://bench.lab:8090', { token })`. Throws DoorError. */
export class DoorClient {
  readonly #base: string;
  readonly #token: string | undefined;
  readonly #fetch: typeof fetch;
  #csrf: string | null = null;

  constructor(base: string, options: DoorClientOptions = {}) {
    this.#base = base.replace(/\/$/, '');
    this.#token = options.token;
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
  }

  async #ask(method: string, path: string, query: object = {}, body?: unknown): Promise<Response> {
    const pairs = Object.entries(query).map(([name, value]) => [name, String(value)]);
    const search = pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
    const reply = await this.#fetch(`${this.#base}/api/v1${path}${search}`, {
      method,
      credentials: 'same-origin',
      headers: {
        ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
        ...(this.#csrf === null ? {} : { 'x-csrf-token': this.#csrf }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (reply.ok) return reply;
    const said = (await reply.json().catch(() => ({}))) as { error?: string; findings?: Finding[] };
    throw new DoorError(reply.status, said.error ?? `status ${reply.status}`, said.findings);
  }

  async #json<T>(method: string, path: string, query?: object, body?: unknown): Promise<T> {
    const answer = (await (await this.#ask(method, path, query, body)).json()) as T;
    // Who has signed in sends this along from then on.
    if (path === '/session' || path === '/me') this.#csrf = (answer as { csrf?: string | null }).csrf ?? null;
    return answer;
  }

  async #text(method: string, path: string, query?: object): Promise<string> {
    return (await this.#ask(method, path, query)).text();
  }

  async #bytes(method: string, path: string, query?: object): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#ask(method, path, query)).arrayBuffer());
  }

  /** Whether the door stands, its version, free bytes for records, and since when it is up. (open) */
  health(): Promise<{ readonly ok: boolean; readonly version: string; readonly free_bytes: number; readonly up_s: number }> { return this.#json('GET', '/health'); }
  /** This API as an OpenAPI 3.1 document. (open) */
  openApi(): Promise<{ readonly [name: string]: unknown }> { return this.#json('GET', '/openapi.json'); }
  /** Who did what, the newest first; `found`: lines that are not as they were written, or are missing; status 102: asked, and not yet known what comes of it; `hash`: the end of the chain. (engineer) */
  audit(query: { readonly most?: string } = {}): Promise<{ readonly lines: readonly { readonly n: number; readonly utc: string; readonly by: string | null; readonly how: string | null; readonly from: string; readonly what: string; readonly to: { readonly [name: string]: string }; readonly asked: unknown; readonly status: number; readonly outcome: string; readonly hash: string }[]; readonly found: readonly string[]; readonly n: number; readonly hash: string }> { return this.#json('GET', '/audit', query); }
  /** Signs in with name and password; a cookie holds the session, `csrf` is sent along with each change. (open) */
  signIn(body: { readonly name: string; readonly password: string }): Promise<{ readonly name: string; readonly role: 'viewer' | 'operator' | 'engineer' | 'admin'; readonly csrf: string }> { return this.#json('POST', '/session', {}, body); }
  /** Signs out; whoever was in control by it no longer is. (viewer) */
  signOut(): Promise<{ readonly done: true }> { return this.#json('DELETE', '/session'); }
  /** Who asks, what they may, and who is in control; nulls for whoever has not signed in. (open) */
  me(): Promise<Me> { return this.#json('GET', '/me'); }
  /** Who is in control; null: nobody. After 15 min without a sign of life nobody is any more. (viewer) */
  control(): Promise<Control | null> { return this.#json('GET', '/control'); }
  /** Takes control. Where somebody else has it, a reason is needed; they are told. (operator) */
  takeControl(body: { readonly reason?: string }): Promise<Control> { return this.#json('POST', '/control', {}, body); }
  /** Gives control back. (operator) */
  releaseControl(): Promise<{ readonly done: true }> { return this.#json('DELETE', '/control'); }
  /** The benches of the lab, which of them are busy, and what is wrong in their files. (viewer) */
  benches(): Promise<readonly LabBench[]> { return this.#json('GET', '/benches'); }
  /** A bench file, with its roles and what is wrong in it. (viewer) */
  bench(name: string): Promise<{ readonly name: string; readonly title: string; readonly isBuiltIn: boolean; readonly sha256: string; readonly text: string; readonly findings: readonly Finding[]; readonly roles: readonly { readonly role: string; readonly subject: string; readonly unit: string; readonly min: number | null; readonly max: number | null; readonly members: number; readonly isSet: boolean; readonly words: { readonly [name: string]: string } }[] }> { return this.#json('GET', `/benches/${encodeURIComponent(name)}`); }
  /** The methods: those of the program and those of the lab, procedures among them. (viewer) */
  methods(): Promise<readonly { readonly name: string; readonly title: string; readonly isBuiltIn: boolean; readonly sha256: string; readonly isProcedure: boolean }[]> { return this.#json('GET', '/methods'); }
  /** A method with its text, parameters and figures. (viewer) */
  method(name: string): Promise<LabMethod> { return this.#json('GET', `/methods/${encodeURIComponent(name)}`); }
  /** Writes a method of the lab; `sha256` is the state that was edited, null for a new one. (engineer) */
  saveMethod(name: string, body: { readonly text: string; readonly sha256: string | null }): Promise<LabText> { return this.#json('PUT', `/methods/${encodeURIComponent(name)}`, {}, body); }
  /** What is wrong in a text that would be a method, on a bench where one is named; `name`: what it is, or would be called. (viewer) */
  checkMethod(body: { readonly text: string; readonly bench?: string; readonly name?: string }): Promise<{ readonly findings: readonly Finding[] }> { return this.#json('POST', '/methods/check', {}, body); }
  /** The kinds of file that have a JSON schema. (viewer) */
  schemas(): Promise<readonly string[]> { return this.#json('GET', '/schemas'); }
  /** The JSON schema of a kind of file. (viewer) */
  schema(name: string): Promise<{ readonly [name: string]: unknown }> { return this.#json('GET', `/schemas/${encodeURIComponent(name)}`); }
  /** Begins a rehearsal on the twin, in virtual time, beside the door. (operator) */
  rehearse(body: Planned): Promise<LabRehearsal> { return this.#json('POST', '/rehearsals', {}, body); }
  /** How far a rehearsal is, and what it found. (viewer) */
  rehearsal(id: string): Promise<LabRehearsal> { return this.#json('GET', `/rehearsals/${encodeURIComponent(id)}`); }
  /** Gives a rehearsal up that is under way; one that is over stays as it is. (operator) */
  giveUpRehearsal(id: string): Promise<LabRehearsal> { return this.#json('DELETE', `/rehearsals/${encodeURIComponent(id)}`); }
  /** Runs, the newest first. (viewer) */
  runs(query: { readonly method?: string; readonly bench?: string; readonly state?: 'starting' | 'going' | 'over'; readonly most?: string } = {}): Promise<readonly LabRun[]> { return this.#json('GET', '/runs', query); }
  /** Starts a run, in a process of its own. (operator; in control; mode real: engineer) */
  startRun(body: StartAsked): Promise<LabRun> { return this.#json('POST', '/runs', {}, body); }
  /** Two to four runs, figure by figure. (viewer) */
  compareRuns(query: { readonly ids: string }): Promise<{ readonly [name: string]: unknown }> { return this.#json('GET', '/runs/compare', query); }
  /** One run. (viewer) */
  run(id: string): Promise<LabRun> { return this.#json('GET', `/runs/${encodeURIComponent(id)}`); }
  /** Whether the process of a run under way answers: null, it does; else since when not, and what guards the bench meanwhile. (viewer) */
  silent(id: string): Promise<{ readonly silent: { readonly sinceUtc: string; readonly guard: { readonly what: 'watches' | 'acted' | 'lost' | 'none'; readonly timeout_s: number | null } | null; readonly watchdogs: readonly { readonly device: string; readonly armed_s: number }[] } | null }> { return this.#json('GET', `/runs/${encodeURIComponent(id)}/silent`); }
  /** Its result.json. (viewer) */
  result(id: string): Promise<{ readonly [name: string]: unknown }> { return this.#json('GET', `/runs/${encodeURIComponent(id)}/result`); }
  /** Its report. (viewer) */
  report(id: string): Promise<string> { return this.#text('GET', `/runs/${encodeURIComponent(id)}/report`); }
  /** Whether the record of a run that is over is still what was made, as `cellbench verify` finds it. (viewer) */
  verify(id: string): Promise<{ readonly is: 'unchanged' | 'changed' | 'without seals'; readonly isClosed: boolean; readonly found: readonly string[]; readonly seals: number; readonly head: string; readonly withFiles: boolean }> { return this.#json('GET', `/runs/${encodeURIComponent(id)}/verification`); }
  /** Impedance spectra and voltammograms of a run that is over. (viewer) */
  spectra(id: string): Promise<{ readonly [name: string]: unknown }> { return this.#json('GET', `/runs/${encodeURIComponent(id)}/spectra`); }
  /** Values of roles, with commas between, of a stretch of run time, from_s and on but before to_s (left out: with the last row); `most` of each, else min, max and last of equal stretches. (viewer) */
  values(id: string, query: { readonly roles: string; readonly from_s?: string; readonly to_s?: string; readonly most?: string }): Promise<{ readonly [name: string]: unknown }> { return this.#json('GET', `/runs/${encodeURIComponent(id)}/values`, query); }
  /** Its events, in order. (viewer) */
  events(id: string): Promise<readonly { readonly [name: string]: unknown }[]> { return this.#json('GET', `/runs/${encodeURIComponent(id)}/events`); }
  /** History of its alarms, the newest first: all, standing, or open (which wait for a person); `next`: ask for `before` it to go on. (viewer) */
  alarms(id: string, query: { readonly which?: 'all' | 'standing' | 'open'; readonly before?: string; readonly most?: string } = {}): Promise<{ readonly alarms: readonly { readonly n: number; readonly id: string; readonly reaction: 'warn' | 'hold' | 'suspend' | 'stop' | 'trip'; readonly priority: 'high' | 'medium' | 'low'; readonly state: 'normal' | 'unacknowledged' | 'acknowledged' | 'returned' | 'latched' | 'shelved' | 'suppressed'; readonly text: string; readonly raised_s: number; readonly cleared_s: number | null; readonly isFirstOut: boolean; readonly count: number; readonly value: number | null; readonly peak: number | null; readonly limit: number | null; readonly unit: string; readonly acknowledged_s: number | null; readonly acknowledgedBy: string; readonly shelved: { readonly by: string; readonly reason: string } | null; readonly phase: string; readonly step: string }[]; readonly all: number; readonly standing: number; readonly open: number; readonly next: number | null; readonly left: number }> { return this.#json('GET', `/runs/${encodeURIComponent(id)}/alarms`, query); }
  /** Asks something of a run under way: hold, resume, stop, abort, acknowledge, skip, limit, … The run decides. (operator; in control; stop, abort, acknowledge: no control; limit, edit: engineer) */
  command(id: string, body: Command): Promise<Decided> { return this.#json('POST', `/runs/${encodeURIComponent(id)}/commands`, {}, body); }
  /** Makes an export in an open format beside the record, or gives the one that is there. (operator) */
  exportRun(id: string, body: { readonly format: string }): Promise<{ readonly files: readonly string[] }> { return this.#json('POST', `/runs/${encodeURIComponent(id)}/exports`, {}, body); }
  /** A file of an export. (viewer) */
  exportedFile(id: string, format: string, file: string): Promise<Uint8Array> { return this.#bytes('GET', `/runs/${encodeURIComponent(id)}/exports/${encodeURIComponent(format)}/${encodeURIComponent(file)}`); }
  /** Campaigns and their course. (viewer) */
  campaigns(): Promise<readonly LabCampaign[]> { return this.#json('GET', '/campaigns'); }
  /** Campaign files that could be started. (viewer) */
  campaignFiles(): Promise<readonly LabFile[]> { return this.#json('GET', '/campaign-files'); }
  /** One campaign and its course. (viewer) */
  campaign(id: string): Promise<LabCampaign> { return this.#json('GET', `/campaigns/${encodeURIComponent(id)}`); }
  /** What goes on in a campaign, channel by channel: what each run under way measures, its worst alarm, and which do not answer. (viewer) */
  campaignChannels(id: string): Promise<{ readonly benches: readonly { readonly bench: string; readonly subjects: readonly string[] }[]; readonly withPage: readonly string[]; readonly readings: { readonly [name: string]: { readonly [name: string]: unknown } }; readonly silent: { readonly [name: string]: string } }> { return this.#json('GET', `/campaigns/${encodeURIComponent(id)}/channels`); }
  /** What happened in the night. (viewer) */
  morning(id: string): Promise<string> { return this.#text('GET', `/campaigns/${encodeURIComponent(id)}/morning`); }
  /** Starts a campaign, in a process of its own. (operator; in control; mode real: engineer) */
  startCampaign(body: CampaignStart): Promise<LabCampaign> { return this.#json('POST', '/campaigns', {}, body); }
  /** Changes a campaign under way: hold, resume, stop, move, remove, add, replace, acknowledge. The campaign decides. (operator; in control; stop: no control; add, replace: engineer) */
  editCampaign(id: string, body: { readonly change: { readonly do: string; readonly [name: string]: unknown }; readonly because?: string }): Promise<Decided> { return this.#json('POST', `/campaigns/${encodeURIComponent(id)}/edits`, {}, body); }
  /** Who has an account. (admin) */
  accounts(): Promise<readonly Account[]> { return this.#json('GET', '/accounts'); }
  /** Adds an account. The first one of a lab: cellbench serve LAB --add-admin NAME. (admin) */
  addAccount(body: { readonly name: string; readonly role: 'viewer' | 'operator' | 'engineer' | 'admin'; readonly password: string }): Promise<Account> { return this.#json('POST', '/accounts', {}, body); }
  /** Another role, or another password: its sessions and tokens end with the old one, its links for guests with a role that may give none. (admin) */
  changeAccount(name: string, body: { readonly role?: 'viewer' | 'operator' | 'engineer' | 'admin'; readonly password?: string }): Promise<Account> { return this.#json('PATCH', `/accounts/${encodeURIComponent(name)}`, {}, body); }
  /** Takes an account away, with its sessions, tokens and links. (admin) */
  dropAccount(name: string): Promise<{ readonly done: true }> { return this.#json('DELETE', `/accounts/${encodeURIComponent(name)}`); }
  /** Own tokens; an admin sees all. (viewer) */
  tokens(): Promise<readonly Token[]> { return this.#json('GET', '/tokens'); }
  /** A token for a program, sent as `authorization: Bearer …`; shown once. It may no more than its account. (viewer) */
  addToken(body: { readonly name: string; readonly role: 'viewer' | 'operator' | 'engineer' | 'admin'; readonly until_utc: string }): Promise<{ readonly id: string; readonly token: string }> { return this.#json('POST', '/tokens', {}, body); }
  /** Ends a token of your own; an admin ends any. (viewer) */
  dropToken(id: string): Promise<{ readonly done: true }> { return this.#json('DELETE', `/tokens/${encodeURIComponent(id)}`); }
  /** Own links for guests; an admin sees all. (operator) */
  guestLinks(): Promise<readonly GuestLink[]> { return this.#json('GET', '/guest-links'); }
  /** A link with which whoever has it may look on, and nothing else, until a time; shown once. (operator) */
  addGuestLink(body: { readonly until_utc: string }): Promise<{ readonly id: string; readonly url: string }> { return this.#json('POST', '/guest-links', {}, body); }
  /** Ends a link of your own; an admin ends any. (operator) */
  dropGuestLink(id: string): Promise<{ readonly done: true }> { return this.#json('DELETE', `/guest-links/${encodeURIComponent(id)}`); }
}
