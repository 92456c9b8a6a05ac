/** Lint settings count at once when they change, however the editor tells them. */

import assert from 'node:assert/strict';

import { until } from '../support/until.ts';
import { LspSession } from './session.ts';

const TEXT = 'FROM debian:12\nRUN sudo id\n';

describe('lint settings', () => {
  const sessions: LspSession[] = [];
  const start = async (...args: Parameters<typeof LspSession.start>): Promise<LspSession> => {
    const session = await LspSession.start(...args);
    sessions.push(session);
    return session;
  };
  after(() => Promise.all(sessions.map((session) => session.stop())));

  const SETTINGS: readonly (readonly [string, unknown, unknown])[] = [
    ['as an editor keeps them', { naru: { lint: { rules: 'buildkit' } } }, { naru: { lint: {} } }],
    ['as in initialize', { rules: 'buildkit' }, { rules: 'naru' }],
    ['below the name alone', { naru: { rules: 'buildkit' } }, { naru: { rules: 'nonsense' } }],
  ];
  for (const [name, narrow, wide] of SETTINGS) {
    it(`are followed, ${name}`, async () => {
      const session = await start();
      assert.equal(await hasSudo(session, () => session.open(TEXT, 'Dockerfile')), true);
      assert.equal(await hasSudo(session, () => change(session, narrow)), false);
      assert.equal(await hasSudo(session, () => change(session, wide)), true);
    });
  }

  it('are asked for where the editor sends none', async () => {
    let rules = 'all';
    const asked: unknown[] = [];
    let register: (params: unknown) => void = () => undefined;
    const registered = new Promise((resolve) => {
      register = resolve;
    });
    const workspace = { configuration: true, didChangeConfiguration: { dynamicRegistration: true } };
    const session = await start(
      undefined,
      { rules },
      (connection) => {
        connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => {
          asked.push(...items);
          return [{ lint: { rules } }];
        });
        connection.onRequest('client/registerCapability', (params) => {
          register(params);
          return null;
        });
      },
      process.env,
      { workspace },
    );
    assert.match(JSON.stringify(await registered), /didChangeConfiguration.*naru\.lint/);
    assert.equal(await hasSudo(session, () => session.open(TEXT, 'Dockerfile')), true);
    rules = 'buildkit';
    assert.equal(await hasSudo(session, () => change(session, null)), false);
    assert.deepEqual(asked, [{ section: 'naru' }]);
  });
  it('that name no set of rules are told, and count as none', async () => {
    const told: string[] = [];
    const session = await start(undefined, { rules: 'hadolnt' }, (connection) =>
      connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
        told.push(message);
      }),
    );
    assert.equal(await hasSudo(session, () => session.open(TEXT, 'Dockerfile')), true);
    assert.deepEqual(told, [
      'no set of rules is called "hadolnt": the setting is one of naru, all, hadolint, buildkit',
    ]);
  });

  it('in files beside the Dockerfile: the editor is asked to tell of both', async () => {
    const registered: string[] = [];
    const isDynamic = { dynamicRegistration: true };
    const watching = { workspace: { didChangeWatchedFiles: isDynamic, didChangeConfiguration: isDynamic } };
    const answer = (connection: LspSession['connection']): void =>
      void connection.onRequest('client/registerCapability', (params) => {
        registered.push(JSON.stringify(params));
        return null;
      });
    await start(undefined, {}, answer, process.env, watching);
    await until('both registrations', () => registered.length === 2);
    assert.match(registered.join('\n'), /didChangeConfiguration/);
    assert.match(registered.join('\n'), /didChangeWatchedFiles.*\.hadolint\.yaml/);
  });
});

async function hasSudo(session: LspSession, act: () => Promise<unknown>): Promise<boolean> {
  const found = await session.diagnosticsAfter('file:///naru-lsp-test/Dockerfile', act);
  return found.some(({ code }) => code === 'DL3004');
}

function change(session: LspSession, settings: unknown): Promise<void> {
  return session.connection.sendNotification('workspace/didChangeConfiguration', { settings });
}
