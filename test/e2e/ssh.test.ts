/** The packaged extension with an SSH host as its target, in a real workbench: from an unknown host with nothing on it to a port on this loopback. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Browser } from 'playwright-core';

import { setUpVscodeBed } from '../../scripts/setup-vscode-bed.ts';
import { requireRoot } from '../support/skip.ts';
import { type SshHost, startSshHost, trustHost } from '../support/ssh-host.ts';
import { makeWorkspace, packageExtension, removeWorkspace } from './bed/extension.ts';
import { startVscodeServer, type VscodeServer } from './bed/vscode-server.ts';
import { until } from './bed/until.ts';
import { launchBrowser, openWorkbench, type Workbench } from './bed/workbench.ts';

const NARU = join(import.meta.dirname, '../../bin/naru');
const DOCKERFILE = `FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
COPY page.html /www/index.html
EXPOSE 8080
CMD ["httpd", "-f", "-v", "-p", "8080", "-h", "/www"]
`;

describe('ssh', function () {
  this.timeout(180_000);
  this.bail(true); // each step needs the one before
  let host: SshHost;
  let server: VscodeServer;
  let browser: Browser;
  let workbench: Workbench;
  const folder = makeWorkspace({ Dockerfile: DOCKERFILE, 'page.html': 'from the other side\n' });

  before(async function () {
    requireRoot(this);
    copyFileSync('/bin/busybox', join(folder, 'busybox'));
    setUpVscodeBed();
    host = await startSshHost();
    server = await startVscodeServer({ vsix: packageExtension(), env: host.env });
    browser = await launchBrowser();
    workbench = await openWorkbench(browser, server, { folder });
  });

  afterEach(async function () {
    await workbench?.screenshotIfFailed(this.currentTest);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
    if (host !== undefined) await endHost(host);
    removeWorkspace(folder);
  });

  it('asks whether to trust the host that was selected', async () => {
    await workbench.openView('Naru'); // there when the extension's commands are known
    await workbench.command('Naru: Select Where Containers Run');
    await workbench.pick(/over SSH/);
    await workbench.answer('naru-test-host');
    await workbench.dialog(/identity of .* is not known yet[\s\S]*SHA256:/).waitFor();
  });

  it('installs the engine there and says how far it is', async () => {
    const progress = workbench.notification(/sending (node|native|engine) to .* MB/).waitFor();
    await workbench
      .dialog(/is not known yet/)
      .getByText('Trust this host')
      .click();
    await progress;
    await workbench.statusBarItem('Naru: ssh://naru-test-host').waitFor();
    await workbench.treeRow('Images').waitFor(); // groups are shown once the engine answers
  });

  it('previews and builds there', async () => {
    await workbench.openFile('Dockerfile');
    await workbench.codeLens(/Next build: .* run/).waitFor();
    await workbench.command('Naru: Build Image');
    await workbench.notification(/Built .*latest/).waitFor();
    await workbench.codeLens('Next build: everything is cached').waitFor();
  });

  it('runs there, and the published port answers on this loopback', async () => {
    await workbench
      .notification(/Built .*latest/)
      .getByText('Run', { exact: true })
      .click();
    await workbench.notification(/is running/).waitFor();
    const row = await workbench.treeRow(/→8080/).first().innerText();
    const answer = await fetch(`http://127.0.0.1:${/(\d+)→8080/.exec(row)?.[1]}/`);
    assert.equal(await answer.text(), 'from the other side\n');
  });

  it('shows what the container wrote', async () => {
    await workbench.command('Naru: Show Container Logs');
    await workbench.pick(/app/);
    await until('the request in the logs', async () => {
      return /GET|response:200/.test(await workbench.terminalText()) ? true : undefined;
    });
  });

  it('refuses a host key that changed, and says so', async () => {
    await host.rekey();
    await workbench.page.reload({ waitUntil: 'commit' });
    await workbench.page.locator('.monaco-workbench').waitFor();
    await workbench.openFile('Dockerfile');
    await workbench.command('Naru: Build Image');
    await workbench.notification(/host key of .* has changed.*ssh-keygen -R/).waitFor();
    assert.equal(await workbench.dialog(/./).count(), 0);
  });
});

/** Removes the containers, ends the engine, which outlives its clients by intent, and takes the host away. */
async function endHost(host: SshHost): Promise<void> {
  rmSync(host.knownHostsFile, { force: true });
  trustHost(host);
  const env = { ...process.env, ...host.env };
  await promisify(execFile)(process.execPath, [NARU, '--host', host.address, 'rm', '-f', '--all'], {
    env,
  }).catch(() => undefined); // the engine may never have come this far
  const end =
    'p=$(sed -n s/^pid=//p /root/.local/share/naru/run/engine) && kill $p && while [ -e /proc/$p ]; do sleep 0.05; done';
  try {
    host.run('sh', '-c', end);
  } catch {
    // no engine was started
  }
  await host.stop();
}
