import {
  type Lab,
  type LabCampaign,
  LabRefusal,
  type LabRehearsal,
  type LabRun,
  type Planned,
} from '../../../dashboards/door/lab.ts';

/** A laboratory that remembers what was asked of it. Names that begin with `no` are not there. */
export interface FakeLab {
  readonly lab: Lab;
  readonly asked: { readonly what: string; readonly of: unknown }[];
  readonly runs: LabRun[];
  readonly campaigns: LabCampaign[];
  /** Address of the live page of each run. */
  readonly pages: Map<string, string>;
  /** A file that stands for every exported one. */
  exported: string;
}

const SHA = 'a'.repeat(64);
const FILE = { name: 'examples/cell', title: 'a cell', isBuiltIn: false, sha256: SHA };

export function fakeRun(id: string): LabRun {
  return {
    id,
    bench: 'examples/cell',
    method: 'cv',
    mode: 'twin',
    startedUtc: '2026-11-30T10:00:00Z',
    state: 'going',
    verdict: '',
    criteria: 'none',
    duration_s: null,
    rows: null,
    bytes: 4096,
    campaign: null,
    started: null,
    silent: null,
    cutOff: null,
  };
}

export function fakeCampaign(id: string): LabCampaign {
  return { id, file: 'week', mode: 'twin', is: 'under way', reason: '', course: { runs: [] } };
}

export function fakeLab(): FakeLab {
  const asked: FakeLab['asked'] = [];
  const runs = [fakeRun('run-1'), { ...fakeRun('run-2'), startedUtc: '2026-11-30T11:00:00Z' }];
  const campaigns = [fakeCampaign('campaign-1')];
  const pages = new Map<string, string>();
  const fake = { asked, runs, campaigns, pages, exported: '' };
  const there = (what: string, name: string): void => {
    if (name.startsWith('no')) throw new LabRefusal('missing', `no ${what} "${name}"`);
  };
  const tell = (what: string, of: unknown): void => void asked.push({ what, of });
  const rehearsal = (planned: Planned): LabRehearsal => ({
    id: 'r1',
    planned,
    state: 'under way',
    done: 0.5,
    reason: '',
    findings: [],
    result: null,
  });
  const runOf = (id: string): LabRun => {
    const run = runs.find(one => one.id === id);
    if (run === undefined) throw new LabRefusal('missing', `no run "${id}"`);
    return run;
  };
  const campaignOf = (id: string): LabCampaign => {
    const campaign = campaigns.find(one => one.id === id);
    if (campaign === undefined) throw new LabRefusal('missing', `no campaign "${id}"`);
    return campaign;
  };
  const text = (name: string) => ({ ...FILE, name, text: 'method: cv', findings: [] });
  const lab: Lab = {
    name: 'fake',
    health: async () => ({ ok: true, version: '0.1.0', free_bytes: 1e9, up_s: 5 }),
    benches: async () => [
      { ...FILE, subjects: [], devices: {}, canEmulate: true, busy: [], findings: [], left: [] },
    ],
    bench: async name => {
      there('bench', name);
      return { ...text(name), roles: [] };
    },
    methods: async () => [{ ...FILE, isProcedure: false }],
    method: async name => {
      there('method', name);
      return { ...text(name), isProcedure: false, parameters: [], figures: ['capacity'] };
    },
    checkMethod: async of => {
      tell('checkMethod', of);
      return [{ severity: 'warning', line: 1, column: 3, text: 'odd', hint: null }];
    },
    saveMethod: async of => {
      tell('saveMethod', of);
      if (of.sha256 === 'b'.repeat(64)) throw new LabRefusal('clash', 'somebody else changed it');
      return text(of.name);
    },
    schemas: async () => ['method'],
    schema: async name => {
      there('schema', name);
      return { type: 'object' };
    },
    rehearse: async planned => {
      tell('rehearse', planned);
      there('bench', planned.bench);
      return rehearsal(planned);
    },
    rehearsal: async id => {
      there('rehearsal', id);
      return { ...rehearsal({ bench: 'b', method: 'm', set: {} }), id };
    },
    giveUpRehearsal: async id => {
      there('rehearsal', id);
      tell('giveUpRehearsal', id);
      return { ...rehearsal({ bench: 'b', method: 'm', set: {} }), id, state: 'given up' };
    },
    runs: async () => runs,
    run: async id => runOf(id),
    start: async (start, who) => {
      tell('start', { start, who });
      there('bench', start.bench);
      if (start.method === 'wrong')
        throw new LabRefusal('bad', 'wrong.yaml:3: no such step', [
          { severity: 'error', line: 3, column: 1, text: 'no such step', hint: 'hold' },
        ]);
      return { ...fakeRun('run-3'), state: 'starting' };
    },
    command: async (id, command, who) => {
      runOf(id);
      tell('command', { id, command, who });
      return { accepted: command.command !== 'reset', text: `${command.command} it is` };
    },
    result: async id => ({ id: runOf(id).id }),
    resultText: async id => JSON.stringify({ id: runOf(id).id }),
    report: async id => `<!doctype html><title>${runOf(id).id}</title>`,
    verify: async id => {
      runOf(id);
      return { is: 'unchanged', isClosed: true, found: [], seals: 3, head: SHA, withFiles: true };
    },
    spectra: async () => ({ spectra: [], voltammograms: [] }),
    values: async (id, of) => ({ id: runOf(id).id, of }),
    events: async id => [{ id: runOf(id).id }],
    alarms: async (id, asked) => {
      tell('alarms', { id: runOf(id).id, asked });
      return { alarms: [], all: 0, standing: 0, open: 0, next: null, left: 0 };
    },
    compare: async ids => ({ ids: ids.map(id => runOf(id).id) }),
    exportRun: async (id, format) => {
      runOf(id);
      tell('exportRun', format);
      if (format !== 'csv') throw new LabRefusal('bad', `no format ${format}, expected csv`);
      return { files: ['data/cycler.csv'] };
    },
    exportedFile: async (id, _format, file) => {
      runOf(id);
      there('file', file);
      return fake.exported;
    },
    livePage: id => pages.get(id),
    silent: async id => runOf(id).silent,
    isSilent: id => runs.find(one => one.id === id)?.silent != null,
    campaigns: async () => campaigns,
    campaignFiles: async () => [FILE],
    campaign: async id => campaignOf(id),
    campaignChannels: async id => {
      campaignOf(id);
      return { benches: [], withPage: [], readings: {}, silent: {} };
    },
    startCampaign: async (start, who) => {
      tell('startCampaign', { start, who });
      there('campaign file', start.file);
      return { ...fakeCampaign('campaign-2'), is: 'starting' };
    },
    editCampaign: async (id, change, because, who) => {
      campaignOf(id);
      tell('editCampaign', { change, because, who });
      return { accepted: true, text: 'done' };
    },
    morning: async id => `<!doctype html><title>${campaignOf(id).id}</title>`,
  };
  return Object.assign(fake, { lab });
}
