/** The packaged extension in a real workbench: findings, hover and completion of a Dockerfile. */

import assert from 'node:assert/strict';

import type { Browser } from 'playwright-core';

import { setUpVscodeBed } from '../../scripts/setup-vscode-bed.ts';
import { requireRoot } from '../support/skip.ts';
import { makeWorkspace, packageExtension, removeWorkspace } from './bed/extension.ts';
import { startVscodeServer, type VscodeServer } from './bed/vscode-server.ts';
import { launchBrowser, openWorkbench, type Workbench } from './bed/workbench.ts';

describe('editor', function () {
  this.timeout(240_000);
  let server: VscodeServer;
  let browser: Browser;
  let workbench: Workbench;
  const folder = makeWorkspace({ Dockerfile: 'FROM debian:12 AS base\nRUN sudo id\n' });

  before(async function () {
    requireRoot(this);
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

  it('underlines a finding of a lint rule', async () => {
    await workbench.squiggles('warning').first().waitFor();
    assert.match(await workbench.hoverOver('sudo', /DL3004/), /do not use sudo/);
  });

  it('explains an instruction', async () => {
    assert.match(await workbench.hoverOver('FROM', /Reference/), /FROM/);
  });
});
