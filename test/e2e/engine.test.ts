/** The packaged extension with its own engine, in a real workbench: preview, build, run, output, a published port. */

import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Browser } from 'playwright-core';

import { setUpVscodeBed } from '../../scripts/setup-vscode-bed.ts';
import { requireRoot } from '../support/skip.ts';
import { makeWorkspace, packageExtension, removeWorkspace } from './bed/extension.ts';
import { startVscodeServer, type VscodeServer } from './bed/vscode-server.ts';
import { until } from './bed/until.ts';
import { launchBrowser, openWorkbench, type Workbench } from './bed/workbench.ts';

const DOCKERFILE = `FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
COPY page.html /www/index.html
EXPOSE 8080
CMD ["httpd", "-f", "-v", "-p", "8080", "-h", "/www"]
`;

describe('engine', function () {
  this.timeout(300_000);
  let server: VscodeServer;
  let browser: Browser;
  let workbench: Workbench;
  const folder = makeWorkspace({ Dockerfile: DOCKERFILE, 'page.html': 'hello from naru\n' });

  before(async function () {
    requireRoot(this);
    copyFileSync('/bin/busybox', join(folder, 'busybox'));
    setUpVscodeBed();
    server = await startVscodeServer({ vsix: packageExtension() });
    browser = await launchBrowser();
    workbench = await openWorkbench(browser, server, { folder });
    await workbench.openFile('Dockerfile');
  });

  afterEach(async function () {
    await workbench?.screenshotIfFailed(this.currentTest);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
    removeWorkspace(folder);
  });

  it('starts the bundled engine and previews the first build', async () => {
    await workbench.statusBarItem('Naru: local').waitFor();
    await hint(/COPY busybox.*RUN · /);
    await workbench.codeLens(/Next build: .* run/).waitFor();
  });

  it('builds, with output in a terminal', async () => {
    await workbench.command('Naru: Build Image');
    await until('a built image', async () =>
      /sha256:/.test(await workbench.terminalText()) ? true : undefined,
    );
    await workbench.notification(/Built .*latest/).waitFor();
  });

  it('previews that everything is cached, as it is', async () => {
    await hint(/COPY busybox.*CACHED/);
    await workbench.codeLens('Next build: everything is cached').waitFor();
  });

  it('says which file makes the next build run a step', async () => {
    writeFileSync(join(folder, 'page.html'), 'hello again\n');
    await hint(/COPY page\.html.*RUN · .*page\.html changed/);
    await workbench.codeLens(/Next build: 1 run/).waitFor();
  });

  it('runs the image and shows its container in the view', async () => {
    await workbench
      .notification(/Built .*latest/)
      .getByText('Run', { exact: true })
      .click();
    await workbench.notification(/is running/).waitFor();
    await workbench.openView('Naru');
    await workbench
      .treeRow(/latest/)
      .first()
      .waitFor();
  });

  it('publishes the port the image exposes', async () => {
    const row = await workbench.treeRow(/→8080/).first().innerText();
    const port = /(\d+)→8080/.exec(row)?.[1];
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    assert.equal(await answer.text(), 'hello from naru\n');
  });

  it('shows the logs of the container as they come', async () => {
    await workbench.command('Naru: Show Container Logs');
    await workbench.pick(/app/);
    await until('the request in the logs', async () => {
      return /GET|response:200/.test(await workbench.terminalText()) ? true : undefined;
    });
  });

  it('opens a shell in the container', async () => {
    await workbench.command('Naru: Open Shell in Container');
    await workbench.pick(/app/);
    await until('a prompt', async () => (/\/ # /.test(await workbench.terminalText()) ? true : undefined));
    await workbench.page.keyboard.type('echo $((6*7))-$(cat /www/index.html)\n', { delay: 10 });
    await until('what the shell says', async () => {
      return /42-hello from naru/.test(await workbench.terminalText()) ? true : undefined;
    });
  });

  it('stops and removes the container from the view', async () => {
    await workbench.command('Naru: Stop Container');
    await workbench.pick(/app/);
    await workbench
      .treeRow(/Exited/)
      .first()
      .waitFor();
    await workbench.command('Naru: Remove Container');
    await workbench.pick(/app/);
    await workbench
      .dialog(/Remove the container .* and what was written in it/)
      .getByText('Remove', { exact: true })
      .click();
    await workbench
      .treeRow(/Exited/)
      .first()
      .waitFor({ state: 'detached' });
  });

  it('underlines the instruction that failed', async () => {
    await workbench.putCursorAtEnd();
    await workbench.page.keyboard.type('RUN ["/bin/false"]', { delay: 5 });
    await workbench.command('Naru: Build Image');
    await workbench.squiggles('error').first().waitFor();
    await workbench.notification(/did not complete/).waitFor();
  });

  async function hint(expected: RegExp): Promise<void> {
    await until(`hint ${String(expected)}`, async () => {
      return expected.test(await workbench.editorText()) ? true : undefined;
    });
  }
});
