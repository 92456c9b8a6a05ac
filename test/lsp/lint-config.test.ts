/** `.hadolint.yaml` counts in the editor as it does in the CLI, from the folder of the Dockerfile upwards, and at once when it changes. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { LspSession } from './session.ts';

describe('.hadolint.yaml', () => {
  const root = mkdtempSync(join(tmpdir(), 'naru-lint-config-'));
  const config = join(root, '.hadolint.yaml');
  const uri = pathToFileURL(join(root, 'service/Dockerfile')).href;
  let session: LspSession;

  before(async () => {
    mkdirSync(join(root, 'service'));
    writeFileSync(config, 'ignored: [DL3004]\n');
    session = await LspSession.start(join(root, 'service'));
  });
  after(async () => {
    await session.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('of a folder above silences a rule', async () => {
    const open = (): Promise<unknown> => session.open('FROM debian:12\nRUN sudo id\n', 'Dockerfile');
    assert.ok(!(await idsAfter(open)).includes('DL3004'));
  });

  it('counts where it is right, also when something in it is wrong', async () => {
    writeFileSync(config, 'override:\n  info: [DL3004]\nformat: codacy\n');
    const found = await session.diagnosticsAfter(uri, tellOfChange);
    assert.deepEqual(
      found.filter(({ code }) => code === 'DL3004').map(({ severity }) => severity),
      [3],
    );
  });

  it('is read again when it changes', async () => {
    writeFileSync(config, 'override:\n  error: [DL3004]\n');
    const found = await session.diagnosticsAfter(uri, tellOfChange);
    assert.deepEqual(
      found.filter(({ code }) => code === 'DL3004').map(({ severity }) => severity),
      [1],
    );
  });

  it('counts no more when it is gone', async () => {
    rmSync(config);
    const found = await session.diagnosticsAfter(uri, tellOfChange);
    assert.deepEqual(
      found.filter(({ code }) => code === 'DL3004').map(({ severity }) => severity),
      [2],
    );
  });

  async function idsAfter(act: () => Promise<unknown>): Promise<unknown[]> {
    return (await session.diagnosticsAfter(uri, act)).map(({ code }) => code);
  }

  function tellOfChange(): Promise<void> {
    const changes = [{ uri: pathToFileURL(config).href, type: 2 }];
    return session.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
  }
});
