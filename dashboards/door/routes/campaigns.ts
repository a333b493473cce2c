import { z } from 'zod';
import { campaignChannelsSchema } from '../lab/channels.ts';
import { campaignSchema, campaignStartSchema, labFileSchema, nameSchema } from '../lab.ts';
import { type Demand, route } from '../route.ts';
import { decidedSchema } from './commanded.ts';

/** Campaigns: many runs in order. */

const ofCampaign = z.strictObject({ id: nameSchema });
/** A person can always stop: nobody is kept from it because they say nothing. */
const NOT_GIVEN = 'not given';
const LONGEST_REASON = 200;
const because = z
  .string()
  .trim()
  .max(LONGEST_REASON)
  .default('')
  .transform(text => text || NOT_GIVEN);
/** As `cellbench campaign edit` makes it; the campaign itself says what is wrong in it. */
const changeSchema = z.looseObject({ do: z.string().min(1).max(40) });

const editSchema = z.strictObject({ change: changeSchema, because });

/** Of a stop that which it takes: nobody is kept from it by what else stands there, or by a long reason. */
function bareStop(body: unknown): unknown {
  const { change, because: why } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const { do: word, run } = (change ?? {}) as Readonly<Record<string, unknown>>;
  if (word !== 'stop') return body;
  const text = typeof why === 'string' ? why.trim().slice(0, LONGEST_REASON) : '';
  return { change: { do: word, ...(run === undefined ? {} : { run }) }, because: text };
}

function demandOf(what: string): Partial<Demand> {
  if (what === 'stop') return { needsControl: false, leadsToSafe: true };
  return what === 'add' || what === 'replace' ? { role: 'engineer' } : {};
}

export const CAMPAIGN_ROUTES = [
  route({
    id: 'campaigns',
    method: 'GET',
    path: '/campaigns',
    role: 'viewer',
    answer: z.array(campaignSchema),
    doc: 'Campaigns and their course.',
    run: async ({ lab }) => [...(await lab.campaigns())],
  }),
  route({
    id: 'campaignFiles',
    method: 'GET',
    path: '/campaign-files',
    role: 'viewer',
    answer: z.array(labFileSchema),
    doc: 'Campaign files that could be started.',
    run: async ({ lab }) => [...(await lab.campaignFiles())],
  }),
  route({
    id: 'campaign',
    method: 'GET',
    path: '/campaigns/:id',
    role: 'viewer',
    params: ofCampaign,
    answer: campaignSchema,
    doc: 'One campaign and its course.',
    run: ({ lab }, { params }) => lab.campaign(params.id),
  }),
  route({
    id: 'campaignChannels',
    method: 'GET',
    path: '/campaigns/:id/channels',
    role: 'viewer',
    params: ofCampaign,
    answer: campaignChannelsSchema,
    doc: 'What goes on in a campaign, channel by channel: what each run under way measures, its worst alarm, and which do not answer.',
    run: ({ lab }, { params }) => lab.campaignChannels(params.id),
  }),
  route({
    id: 'morning',
    method: 'GET',
    path: '/campaigns/:id/morning',
    role: 'viewer',
    params: ofCampaign,
    answer: 'html',
    doc: 'What happened in the night.',
    run: ({ lab }, { params }) => lab.morning(params.id),
  }),
  route({
    id: 'startCampaign',
    method: 'POST',
    path: '/campaigns',
    role: 'operator',
    needsControl: true,
    body: campaignStartSchema,
    answer: campaignSchema,
    status: 202,
    doc: 'Starts a campaign, in a process of its own.',
    demands: {
      doc: 'mode real: engineer',
      of: ({ mode }) => (mode === 'real' ? { role: 'engineer' } : {}),
    },
    told: body => body,
    async run({ lab, changed }, { body, name }) {
      const campaign = await lab.startCampaign(body, name);
      changed();
      return campaign;
    },
  }),
  route({
    id: 'editCampaign',
    method: 'POST',
    path: '/campaigns/:id/edits',
    role: 'operator',
    needsControl: true,
    params: ofCampaign,
    body: z.preprocess(bareStop, editSchema),
    answer: decidedSchema,
    doc: 'Changes a campaign under way: hold, resume, stop, move, remove, add, replace, acknowledge. The campaign decides.',
    demands: { doc: 'stop: no control; add, replace: engineer', of: ({ change }) => demandOf(change.do) },
    told: body => body,
    async run({ lab, changed }, { params, body, name }) {
      const { accepted, text } = await lab.editCampaign(params.id, body.change, body.because, name);
      changed();
      return { accepted, text };
    },
  }),
];
