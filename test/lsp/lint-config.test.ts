/** `.hadolint.yaml` counts in the editor as it does in the CLI, from the folder of the Dockerfile upwards, and at once when it changes. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { LspSession } from './session.ts';

describe('.hadolint.yaml', () => {
  const root = mkdtempSync(join(tmpdir(), 'naru-lint-config-'));
  const config = join(root, '.hadolint.yaml');
  const uri = pathToFileURL(join(root, 'service/Dockerfile')).href;
  const shown: unknown[] = [];
  const logged: string[] = [];
  let session: LspSession;

  before(async () => {
    mkdirSync(join(root, 'service'));
    writeFileSync(config, 'ignored: [DL3004]\n');
    session = await LspSession.start(join(root, 'service'), {}, (connection) => {
      connection.onNotification('window/showMessage', (params) => void shown.push(params));
      connection.onNotification(
        'window/logMessage',
        ({ message }: { message: string }) => void logged.push(message),
      );
    });
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
    writeFileSync(config, 'override:\n  info: [DL3004]\nformat: xml\n');
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

  const WRONG: readonly (readonly [what: string, write: () => void, told: RegExp])[] = [
    [
      'is no YAML',
      () => writeFileSync(config, 'ignored: [\n'),
      /yaml:2:1: Flow sequence in block collection/,
    ],
    [
      'has values and keys of no meaning',
      () => writeFileSync(config, 'ignord: []\noverride:\n  fatal: [DL3004]\n  info: 3\n'),
      /^\S+yaml:1:1: the configuration has no key ignord\n\S+yaml:3:3: .* no key override.fatal\n\S+yaml:4:3: override.info must be a list/,
    ],
    [
      'names what no rule is called',
      () => writeFileSync(config, 'ignored: [DL9999, SC2086, DL3003]\n'),
      /^\S+yaml: no rule is called DL9999$/,
    ],
    ['cannot be read', () => symlinkSync('/proc/self/mem', config), /^cannot read \S+yaml: /],
  ];
  for (const [what, write, told] of WRONG) {
    it(`is told once for each content it had, where it ${what}`, async () => {
      rmSync(config, { force: true });
      await session.diagnosticsAfter(uri, tellOfChange);
      shown.length = 0;
      logged.length = 0;
      write();
      await session.diagnosticsAfter(uri, tellOfChange);
      await session.diagnosticsAfter(uri, tellOfChange);
      const [first] = shown as { readonly type: number; readonly message: string }[]; // as the protocol has it
      assert.match(first?.message ?? '', told);
      assert.deepEqual([shown.length, first?.type, logged.join('\n')], [1, 2, first?.message]);
      rmSync(config);
    });
  }

  it('is told again when it changed and is still wrong, and not when it is right', async () => {
    shown.length = 0;
    for (const text of ['ignord: []\n', '# more\nignord: []\n', 'ignored: []\n']) {
      writeFileSync(config, text);
      await session.diagnosticsAfter(uri, tellOfChange);
    }
    const message = (line: number): object => {
      return { type: 2, message: `${config}:${line}:1: the configuration has no key ignord` };
    };
    assert.deepEqual(shown, [message(1), message(2)]);
  });

  async function idsAfter(act: () => Promise<unknown>): Promise<unknown[]> {
    return (await session.diagnosticsAfter(uri, act)).map(({ code }) => code);
  }

  function tellOfChange(): Promise<void> {
    const changes = [{ uri: pathToFileURL(config).href, type: 2 }];
    return session.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
  }
});
