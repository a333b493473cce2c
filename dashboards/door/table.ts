import type { Route } from './route.ts';
import { CAMPAIGN_ROUTES } from './routes/campaigns.ts';
import { FILE_ROUTES } from './routes/files.ts';
import { OWN_ROUTES } from './routes/own.ts';
import { ACCOUNT_ROUTES, KEY_ROUTES } from './routes/people.ts';
import { RUN_ROUTES } from './routes/runs.ts';
import { SESSION_ROUTES } from './routes/session.ts';

/** Below which all of it stands. */
export const API = '/api/v1';

/** All that may be asked at the door. */
export const ROUTES: readonly Route[] = [
  ...OWN_ROUTES,
  ...SESSION_ROUTES,
  ...FILE_ROUTES,
  ...RUN_ROUTES,
  ...CAMPAIGN_ROUTES,
  ...ACCOUNT_ROUTES,
  ...KEY_ROUTES,
];
