import type { Page } from 'playwright-core';

/** What of a page makes it scroll sideways: the innermost parts that stand out on the right. Empty: it does not. */
export async function wideParts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const out = [...document.querySelectorAll('body *')].filter(
      element => element.getBoundingClientRect().right > clientWidth + 0.5,
    );
    const innermost = out.filter(element => !out.some(other => other !== element && element.contains(other)));
    const named = innermost.map(
      ({ tagName, className, parentElement }) =>
        `${parentElement?.className}/${tagName}.${String(className)}`,
    );
    return [`${scrollWidth} of ${clientWidth} px`, ...new Set(named)];
  });
}
