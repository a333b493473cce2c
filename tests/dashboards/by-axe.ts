import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** A page by the rules of WCAG 2.2, levels A and AA, as far as a program can tell: axe-core. */

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What it finds on a page as it stands: rule, and where. `rules` null: every rule that it has. */
export async function foundByAxe(page: Page, rules: readonly string[] | null = RULES): Promise<string[]> {
  await page.evaluate(AXE);
  const options = rules === null ? '' : `, { runOnly: ${JSON.stringify(rules)} }`;
  const { violations, passes } = (await page.evaluate(`axe.run(document${options})`)) as AxeResults;
  // One that looks at nothing finds nothing.
  expect(passes.length).toBeGreaterThan(10);
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${impact} ${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
  );
}
