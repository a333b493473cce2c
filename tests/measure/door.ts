import { answerTable, tableText } from '../dashboards/door/answer-table.ts';
import { fuzzDoor } from '../dashboards/door/fuzz-door.ts';
import { openedDoor } from '../dashboards/door/opened.ts';

/**
 * `npm run measure:door`: what every route of the door answers to whom, and to 10,000 requests that nobody sends. The last
 * line is JSON: { routes, requests, statuses, wrong }.
 */

const REQUESTS = 10_000;
await using door = await openedDoor();
const rows = await answerTable(door);
for (const line of tableText(rows)) console.log(line);
const { statuses, wrong } = await fuzzDoor(door, REQUESTS, Number(process.argv[2] ?? 1));
for (const one of wrong) console.error(one);
console.log(JSON.stringify({ routes: rows.length, requests: REQUESTS, statuses, wrong: wrong.length }));
process.exitCode = wrong.length === 0 ? 0 : 1;
