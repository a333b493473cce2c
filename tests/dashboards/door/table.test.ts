import { describe, expect, it } from 'vitest';
import { answerTable, tableText } from './answer-table.ts';
import { openedDoor } from './opened.ts';

/** Who is answered what: by hand, so that a slip in the table of routes shows. `idle`: not in control; `bad`: a wrong body. */
const EXPECTED = `
                                         nobody    guest   viewer operator engineer    admin     idle      bad
GET /health                                 200      200      200      200      200      200        -        -
GET /openapi.json                           200      200      200      200      200      200        -        -
GET /audit                                  401      403      403      403      200      200        -        -
POST /session                               200      200      200      200      200      200        -      400
DELETE /session                             401      200      200      200      200      200        -        -
GET /me                                     200      200      200      200      200      200        -        -
GET /control                                401      200      200      200      200      200        -        -
POST /control                               401      403      403      200      200      200        -      400
DELETE /control                             401      403      403      200      200      200        -        -
GET /benches                                401      200      200      200      200      200        -        -
GET /benches/:name                          401      200      200      200      200      200        -        -
GET /methods                                401      200      200      200      200      200        -        -
GET /methods/:name                          401      200      200      200      200      200        -        -
PUT /methods/:name                          401      403      403      403      200      200        -      400
POST /methods/check                         401      200      200      200      200      200        -      400
GET /schemas                                401      200      200      200      200      200        -        -
GET /schemas/:name                          401      200      200      200      200      200        -        -
POST /rehearsals                            401      403      403      202      202      202        -      400
GET /rehearsals/:id                         401      200      200      200      200      200        -        -
DELETE /rehearsals/:id                      401      403      403      200      200      200        -        -
GET /runs                                   401      200      200      200      200      200        -        -
POST /runs                                  401      403      403      202      202      202      409      400
GET /runs/compare                           401      200      200      200      200      200        -        -
GET /runs/:id                               401      200      200      200      200      200        -        -
GET /runs/:id/silent                        401      200      200      200      200      200        -        -
GET /runs/:id/result                        401      200      200      200      200      200        -        -
GET /runs/:id/report                        401      200      200      200      200      200        -        -
GET /runs/:id/verification                  401      200      200      200      200      200        -        -
GET /runs/:id/spectra                       401      200      200      200      200      200        -        -
GET /runs/:id/values                        401      200      200      200      200      200        -        -
GET /runs/:id/events                        401      200      200      200      200      200        -        -
GET /runs/:id/alarms                        401      200      200      200      200      200        -        -
POST /runs/:id/commands                     401      403      403      200      200      200      409      400
POST /runs/:id/exports                      401      403      403      200      200      200        -      400
GET /runs/:id/exports/:format/:file         401      200      200      200      200      200        -        -
GET /campaigns                              401      200      200      200      200      200        -        -
GET /campaign-files                         401      200      200      200      200      200        -        -
GET /campaigns/:id                          401      200      200      200      200      200        -        -
GET /campaigns/:id/channels                 401      200      200      200      200      200        -        -
GET /campaigns/:id/morning                  401      200      200      200      200      200        -        -
POST /campaigns                             401      403      403      202      202      202      409      400
POST /campaigns/:id/edits                   401      403      403      200      200      200      409      400
GET /accounts                               401      403      403      403      403      200        -        -
POST /accounts                              401      403      403      403      403      201        -      400
PATCH /accounts/:name                       401      403      403      403      403      200        -      400
DELETE /accounts/:name                      401      403      403      403      403      200        -        -
GET /tokens                                 401      200      200      200      200      200        -        -
POST /tokens                                401      403      201      201      201      201        -      400
DELETE /tokens/:id                          401      403      200      200      200      200        -        -
GET /guest-links                            401      403      403      200      200      200        -        -
POST /guest-links                           401      403      403      201      201      201        -      400
DELETE /guest-links/:id                     401      403      403      200      200      200        -        -
`;

describe('the table of routes', () => {
  it('answers everybody as it should, in the form that it says', { timeout: 180_000 }, async () => {
    await using door = await openedDoor();
    const rows = await answerTable(door);
    expect(`\n${tableText(rows).join('\n')}\n`).toBe(EXPECTED);
    for (const { route, answer } of rows) {
      const { answer: form } = route;
      const misfit = typeof form === 'string' ? undefined : form.safeParse(answer.json).error?.message;
      expect([route.id, misfit]).toEqual([route.id, undefined]);
    }
  });
});
