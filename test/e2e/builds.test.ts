/** A Dockerfile in a subfolder that needs the workspace folder as context, an argument and a stage: chosen with a command, kept in the settings, previewed and built. */

import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Browser } from 'playwright-core';

import { setUpVscodeBed } from '../../scripts/setup-vscode-bed.ts';
import { requireRoot } from '../support/skip.ts';
import { makeWorkspace, packageExtension, removeWorkspace } from './bed/extension.ts';
import { startVscodeServer, type VscodeServer } from './bed/vscode-server.ts';
import { until } from './bed/until.ts';
import { launchBrowser, openWorkbench, type Workbench } from './bed/workbench.ts';

const DOCKERFILE = `FROM scratch AS prod
ARG WHO=nobody
COPY src/busybox /bin/busybox
COPY --from=lib greeting /greeting
RUN ["/bin/busybox", "sh", "-c", "echo $(/bin/busybox cat /greeting) for $WHO"]
FROM scratch AS dev
COPY nosuch /nosuch
`;
const BUILDS = [
  {
    dockerfile: 'docker/*.Dockerfile',
    target: 'prod',
    args: { WHO: 'us' },
    contexts: { lib: '../lib' },
    tag: 'team/app:dev',
  },
];

describe('build settings', function () {
  this.timeout(300_000);
  let server: VscodeServer;
  let browser: Browser;
  let workbench: Workbench;
  const folder = makeWorkspace({
    'docker/app.Dockerfile': DOCKERFILE,
    'src/page.html': '',
    '../lib/greeting': 'hello\n',
    '.vscode/settings.json': JSON.stringify({ 'naru.builds': BUILDS }),
  });

  before(async function () {
    requireRoot(this);
    copyFileSync('/bin/busybox', join(folder, 'src/busybox'));
    setUpVscodeBed();
    server = await startVscodeServer({ vsix: packageExtension() });
    browser = await launchBrowser();
    workbench = await openWorkbench(browser, server, { folder });
    await workbench.openFile('app.Dockerfile');
  });

  afterEach(async function () {
    await workbench?.screenshotIfFailed(this.currentTest);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
    removeWorkspace(folder);
  });

  it('offers the workspace folder where the folder of the Dockerfile lacks a file', async () => {
    await workbench.codeLens(/refused at line 3: "\/src\/busybox"/).waitFor();
    await workbench.codeLens('src/busybox is in the workspace folder').click();
    await previewed();
    await workbench.codeLens(/Next build: .* run/).waitFor();
  });

  it('previews at once with the context and the stage that are chosen', async () => {
    await workbench.command('Naru: Choose Build Context…');
    await workbench.pick('the workspace folder');
    await workbench.pick('dev');
    await workbench.codeLens(/refused at line 7: "\/nosuch"/).waitFor();
    await workbench.command('Naru: Choose Build Context…');
    await workbench.pick('the workspace folder');
    await workbench.pick('prod');
    await previewed();
    const settings: unknown = JSON.parse(readFileSync(join(folder, '.vscode/settings.json'), 'utf8'));
    const chosen = { ...BUILDS[0], dockerfile: 'docker/app.Dockerfile', context: '.' };
    assert.deepEqual(settings, { 'naru.builds': [chosen, ...BUILDS] });
  });

  it('builds with them, the argument and the tag of the settings', async () => {
    await workbench.command('Naru: Build Image');
    await workbench.notification('Built team/app:dev').waitFor();
    assert.match(await workbench.terminalText(), /hello for us/);
    await workbench.codeLens('Next build: everything is cached').waitFor();
  });

  it('offers paths of the chosen context in COPY', async () => {
    await workbench.putCursorAtEnd();
    await workbench.page.keyboard.type('COPY src/pa', { delay: 20 });
    await workbench.page.keyboard.press('Control+Space');
    await workbench.page.locator('.suggest-widget .monaco-list-row', { hasText: 'page.html' }).waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('says at once what is wrong with the setting, and builds nothing by it', async () => {
    const wrong = [{ dockerfile: 'docker/app.Dockerfile', args: { WHO: 1 } }];
    writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify({ 'naru.builds': wrong }));
    const sentence = 'The setting naru.builds[0].args.WHO must be a text in quotes';
    await workbench.codeLens(sentence).waitFor();
    await workbench.command('Naru: Build Image');
    await workbench.notification(sentence).waitFor();
  });

  async function previewed(): Promise<void> {
    await until('a step of the chosen build', async () => {
      return /COPY src\/busybox.*RUN · /.test(await workbench.editorText()) ? true : undefined;
    });
  }
});
