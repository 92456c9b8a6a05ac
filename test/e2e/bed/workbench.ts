/** The workbench as a user sees it: what a test does and reads in it. Waits for conditions, never for time. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';

import { vscodeBed } from '../../../scripts/setup-vscode-bed.ts';
import { STEP_MS, until } from './until.ts';
import type { VscodeServer } from './vscode-server.ts';

/** One browser serves all tests of a file; it reaches nothing but this machine. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: vscodeBed().chromium,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--no-first-run',
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    ],
  });
}

export interface WorkbenchOptions {
  readonly folder: string;
  readonly colorScheme?: 'dark' | 'light';
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** Runs in the page. A spinner moves for ever, so only animations that end are waited for. */
const PALETTE_IS_GONE = `
  [...document.querySelectorAll('.quick-input-widget')].every((box) => getComputedStyle(box).display === 'none') &&
  document.getAnimations().every((animation) => {
    return animation.playState !== 'running' || animation.effect?.getComputedTiming().endTime === Infinity;
  })`;

/** Opens the folder in a fresh browser context; close it with the workbench. */
export async function openWorkbench(
  browser: Browser,
  server: VscodeServer,
  { folder, colorScheme = 'dark', viewport = { width: 1280, height: 800 } }: WorkbenchOptions,
): Promise<Workbench> {
  const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor: 1 });
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS);
  const payload = encodeURIComponent(JSON.stringify([['skipWelcome', 'true']]));
  const url = `${server.url}/?folder=${encodeURIComponent(folder)}&payload=${payload}`;
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator('.monaco-workbench').waitFor();
  return new Workbench(page, context);
}

export class Workbench {
  readonly page: Page;
  readonly #context: BrowserContext;

  constructor(page: Page, context: BrowserContext) {
    this.page = page;
    this.#context = context;
  }

  close(): Promise<void> {
    return this.#context.close();
  }

  /** Runs a command by the title that the palette shows. */
  async command(title: string): Promise<void> {
    const input = this.#quickInput();
    await attempt(async () => {
      await this.page.keyboard.press('F1');
      await input.waitFor({ state: 'visible', timeout: 2_000 });
    });
    await input.fill(`>${title}`);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** Picks a row of the quick pick that is open. */
  async pick(text: string | RegExp): Promise<void> {
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().click();
  }

  /** Answers the input box that is open. */
  async answer(text: string): Promise<void> {
    const input = this.#quickInput();
    await input.waitFor();
    await input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Opens a file by its name and waits for its text. */
  async openFile(name: string): Promise<void> {
    const input = this.#quickInput();
    await attempt(async () => {
      if (!(await input.isVisible())) await this.page.keyboard.press('Control+p');
      await input.waitFor({ state: 'visible', timeout: 2_000 });
      await input.fill(name);
      await this.page
        .locator('.quick-input-list .monaco-list-row', { hasText: name })
        .first()
        .waitFor({ timeout: 3_000 });
      await this.page.keyboard.press('Enter');
      await this.page.locator('.tabs-container .tab', { hasText: name }).first().waitFor({ timeout: 5_000 });
    });
    await this.page.locator('.monaco-editor .view-lines .view-line').first().waitFor();
  }

  /** The visible text of the editor, inlay hints included. */
  async editorText(): Promise<string> {
    const text = await this.page.locator('.editor-instance .view-lines').first().innerText();
    return text.replaceAll('\u00a0', ' ');
  }

  squiggles(kind: 'error' | 'warning' | 'info' | 'hint'): Locator {
    return this.page.locator(`.monaco-editor .squiggly-${kind}`);
  }

  codeLens(text: string | RegExp): Locator {
    return this.page.locator('.monaco-editor .codelens-decoration a', { hasText: text });
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text });
  }

  /** The modal dialog that is open. */
  dialog(text: string | RegExp): Locator {
    return this.page.locator('.monaco-dialog-box', { hasText: text });
  }

  /** Clears what covers the corner of a picture. */
  async dismissNotifications(): Promise<void> {
    await this.command('Notifications: Clear All Notifications');
    await this.#quickInput().waitFor({ state: 'hidden' });
    await this.page
      .locator('.notifications-toasts .notification-list-item')
      .first()
      .waitFor({ state: 'hidden' });
  }

  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text });
  }

  treeRow(text: string | RegExp): Locator {
    return this.page.locator('.sidebar .monaco-list-row', { hasText: text });
  }

  async openView(name: string): Promise<void> {
    const item = this.page.locator('.activitybar .action-item', {
      has: this.page.locator(`a[aria-label^="${name}"]`),
    });
    await item.first().click();
  }

  /** The text of the terminal that is shown. */
  async terminalText(): Promise<string> {
    const rows = this.page.locator('.terminal-wrapper.active .xterm-rows').first();
    return (await rows.innerText()).replaceAll('\u00a0', ' ');
  }

  /** Points at a word of the editor until its hover matches; answers the hover's text. */
  async hoverOver(word: string, expected: RegExp): Promise<string> {
    const { page } = this;
    const span = page
      .locator('.monaco-editor .view-lines .view-line span', { hasText: new RegExp(`^${word}$`) })
      .first();
    const hover = page.locator('.monaco-hover .hover-contents').filter({ visible: true });
    return attempt(async () => {
      const box = await span.boundingBox();
      if (box === null) throw new Error(`${word} is not on the screen`);
      // A hover only opens when the mouse moves onto the word.
      await page.mouse.move(box.x + 200, box.y + 160);
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
      await hover.first().waitFor({ timeout: 3_000 });
      return until(
        'hover text',
        async () => {
          const text = (await hover.allInnerTexts()).join('\n');
          return expected.test(text) ? text : undefined;
        },
        8_000,
      );
    });
  }

  async putCursorAtEnd(): Promise<void> {
    await this.page
      .locator('.monaco-editor .view-lines')
      .first()
      .click({ position: { x: 400, y: 8 } });
    await this.page.keyboard.press('Control+End');
  }

  /** The palette fades out over the editor: done when nothing of it is drawn and nothing moves any more. */
  async paletteIsGone(): Promise<void> {
    await this.page.waitForFunction(PALETTE_IS_GONE);
  }

  async screenshot(path: string): Promise<void> {
    await this.page.screenshot({ path, animations: 'disabled' });
  }

  /** What the screen shows when a test fails says more than its message; the folder is not part of the repository. */
  async screenshotIfFailed(
    test: { readonly title: string; readonly state?: string | undefined } | undefined,
  ): Promise<void> {
    if (test?.state !== 'failed') return;
    const folder = join(import.meta.dirname, '../../../reports/e2e');
    mkdirSync(folder, { recursive: true });
    await this.screenshot(join(folder, `${test.title.replace(/\W+/g, '-')}.png`));
  }

  #quickInput(): Locator {
    return this.page.locator('.quick-input-widget input').first();
  }
}

/** Repeats an action that the workbench may ignore while it is still starting. */
export async function attempt<T>(act: () => Promise<T>, times = 6): Promise<T> {
  for (let left = times; ; left -= 1) {
    try {
      return await act();
    } catch (error) {
      if (left <= 1) throw error;
    }
  }
}
