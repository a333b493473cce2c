import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type SeenWall, seenOn } from './wall-texts.ts';

/** Takes the pictures: one browser page for each form, opened once and looked at again and again. */

export const FORMS = {
  wall: { width: 1920, height: 1080 },
  desk: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;
export type Form = keyof typeof FORMS;
export const EVERY_FORM: readonly Form[] = ['wall', 'desk', 'phone'];

/** Until what was drawn on a canvas is drawn anew, ms. */
const REDRAWN_MS = 700;
const SETTLES_MS = 1500;
const OPENS_WITHIN_MS = 90_000;

/** What stands in a page once there is something to see. */
const READY = '.tile, .field, main.lab h1, main.lab table, main.lab form';

/** What it is dressed in: as it comes, dark, Japanese. */
export type Dress = '' | 'dark' | 'ja';

interface OpenPage {
  readonly page: Page;
  readonly url: string;
  dress: Dress;
}

export class Camera {
  readonly #browser: Browser;
  readonly #dir: string;
  readonly #forms: readonly Form[];
  /** By subject and form. */
  readonly #pages = new Map<string, OpenPage>();
  readonly walls = new Map<string, SeenWall>();
  readonly pictures: string[] = [];
  /** What browsers had to complain of. */
  readonly complaints = new Set<string>();

  constructor(browser: Browser, dir: string, forms: readonly Form[]) {
    this.#browser = browser;
    this.#dir = dir;
    this.#forms = forms;
  }

  /** Opens a page in each form, so that it has a history to show when its picture is taken. */
  async open(subject: string, url: string, forms: readonly Form[] = EVERY_FORM): Promise<void> {
    await Promise.all(
      forms
        .filter(form => this.#forms.includes(form))
        .map(async form => {
          const page = await this.#browser.newPage({
            viewport: FORMS[form],
            locale: 'en-GB',
            isMobile: form === 'phone',
            hasTouch: form === 'phone',
          });
          page.on('pageerror', error => this.complaints.add(`${subject}: ${error.message}`));
          this.#pages.set(nameOf(subject, form), { page, url, dress: '' });
          await page.goto(addressOf(url, form, ''));
          await page.waitForSelector(READY, { timeout: OPENS_WITHIN_MS });
        }),
    );
  }

  /** A picture of each page that is open of the subject, in these dresses; in the end it stands there as it came. */
  async take(subject: string, state: string, dresses: readonly Dress[] = ['']): Promise<void> {
    for (const form of EVERY_FORM) {
      const open = this.#pages.get(nameOf(subject, form));
      if (open === undefined) continue;
      for (const dress of dresses) {
        await dressed(open, form, dress);
        await this.#shoot(open.page, subject, form, state, dress);
      }
      await dressed(open, form, '');
    }
  }

  /** One of a place that is gone to for it. */
  async visit(subject: string, url: string, state: string, form: Form, dress: Dress, ready: string) {
    await this.open(subject, url, [form]);
    const open = this.#pages.get(nameOf(subject, form));
    if (open === undefined) return;
    const { page } = open;
    await dressed(open, form, dress);
    await page.waitForSelector(ready, { timeout: OPENS_WITHIN_MS });
    await page.waitForTimeout(SETTLES_MS);
    await this.#shoot(page, subject, form, state, dress);
    await this.leave(subject);
  }

  async #shoot(page: Page, subject: string, form: Form, state: string, dress: Dress): Promise<void> {
    await page.bringToFront();
    await page.waitForTimeout(REDRAWN_MS);
    const name = `${subject}-${form}-${state}${dress === '' ? '' : `-${dress}`}`;
    await page.screenshot({ path: join(this.#dir, `${name}.png`) });
    this.pictures.push(name);
    if (form === 'wall') this.walls.set(name, await seenOn(page));
    else await this.#lookWide(page, name);
  }

  /** On a desk and a phone nothing may stick out to the side. */
  async #lookWide(page: Page, name: string): Promise<void> {
    const wide = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
    if (wide > 0) this.complaints.add(`${name}: sticks out by ${wide} px`);
  }

  /** The pages of a subject are closed. */
  async leave(subject: string): Promise<void> {
    for (const [name, { page }] of this.#pages)
      if (name.startsWith(`${subject} `)) {
        await page.close();
        this.#pages.delete(name);
      }
  }
}

function nameOf(subject: string, form: Form): string {
  return `${subject} ${form}`;
}

function addressOf(url: string, form: Form, dress: Dress): string {
  const address = new URL(url);
  if (form === 'wall') address.searchParams.set('screen', 'wall');
  // What was chosen last is kept in the browser.
  address.searchParams.set('lang', dress === 'ja' ? 'ja' : 'en');
  return address.href;
}

/** Dresses a page that is open otherwise. */
async function dressed(open: OpenPage, form: Form, dress: Dress): Promise<void> {
  const { page, url, dress: before } = open;
  if (before === dress) return;
  await page.emulateMedia({ colorScheme: dress === 'dark' ? 'dark' : 'light' });
  if (before === 'ja' || dress === 'ja') {
    await page.goto(addressOf(url, form, dress));
    await page.waitForSelector(READY, { timeout: OPENS_WITHIN_MS });
  }
  open.dress = dress;
}
