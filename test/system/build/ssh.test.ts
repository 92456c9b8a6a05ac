/** `--ssh`: a real agent and real keys lent to builds, a real sshd on loopback, git over it. Needs root, openssh and git. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { errorCode } from '../../../local/error-code.ts';
import { busyboxArchive } from '../../../scripts/base-images.ts';
import { loadIntoNaru } from '../../conformance/load-image.ts';
import { saveFromNaru } from '../../conformance/outcome.ts';
import { makeRepositories } from '../../conformance/repositories.ts';
import { readSavedImage } from '../../conformance/saved-image.ts';
import { type EngineUnderTest, startEngine } from '../../support/engine.ts';
import { copyPrograms } from '../../support/host-programs.ts';
import { type KeyType, type LoopbackSshd, startLoopbackSshd } from '../../support/loopback-sshd.ts';
import { runNaru } from '../../support/naru-cli.ts';
import { requireRoot } from '../../support/skip.ts';

describe('builds with the SSH agent of the client', function () {
  this.timeout(120_000);
  let engine: EngineUnderTest;
  let sshd: LoopbackSshd;
  let folder: string;
  let project: string;

  before(async function () {
    requireRoot(this);
    folder = fs.mkdtempSync(join(tmpdir(), 'naru-ssh-'));
    project = join(folder, 'project');
    makeRepositories(folder);
    copyPrograms(['/usr/bin/ssh', '/usr/bin/ssh-add'], join(project, 'tools'));
    sshd = await startLoopbackSshd(folder, join(folder, 'repo.git'));
    engine = await startEngine();
    await loadIntoNaru(engine.socketPath, await busyboxArchive());
    await image('tools', 'FROM busybox\nCOPY tools /\n');
  });
  after(async () => {
    await engine?.stop();
    await sshd?.stop();
    if (folder) fs.rmSync(folder, { recursive: true, force: true });
  });

  interface Built {
    readonly status: number;
    readonly output: string;
  }

  /** With `-f -`; the context is the project unless `args` end with another. */
  async function build(dockerfile: string, args: readonly string[], context = '.'): Promise<Built> {
    const argv = ['build', ...args, ...(dockerfile === '' ? [] : ['-f', '-']), context];
    const options = { cwd: project, env: { SSH_AUTH_SOCK: sshd.agent }, input: Buffer.from(dockerfile) };
    const { status, stdout, stderr } = await runNaru(engine.host, argv, options);
    return { status, output: stdout + stderr };
  }

  async function image(tag: string, dockerfile: string, ...args: string[]): Promise<string> {
    const { status, output } = await build(dockerfile, ['-t', tag, ...args]);
    assert.equal(status, 0, output);
    return output;
  }

  it('lists the keys of the agent in a step', async () => {
    const step = 'FROM tools\nRUN --mount=type=ssh,required ssh-add -L\n';
    assert.ok((await image('t', step, '--ssh', 'default')).includes(sshd.publicKey));
    assert.ok(
      (await image('t', step, '--no-cache', '--ssh', `default=${sshd.agent}`)).includes(sshd.publicKey),
    );
  });

  it('takes nothing but an id from it into the cache', async () => {
    const step = 'FROM tools\nRUN --mount=type=ssh,id=any test -S "$SSH_AUTH_SOCK" && echo ran\n';
    assert.match(await image('t', step, '--ssh', `any=${sshd.agent}`), /ran/);
    const again = await image('t', step, '--progress', 'json', '--ssh', `any=${sshd.keyFiles.rsa}`);
    assert.match(again, /"line":2,[^}]*"state":"CACHED"/);
  });

  it('answers several questions at once', async () => {
    const many = Array.from({ length: 8 }, () => '(ssh-add -l >> /keys) &').join(' ');
    const output = await image(
      't',
      `FROM tools\nRUN --mount=type=ssh ${many} wait; wc -l < /keys\n`,
      '--ssh',
      'default',
    );
    assert.match(output, /^.* {2}8$/m);
  });

  it('lets a step change nothing in the agent', async () => {
    const step =
      'FROM tools\nRUN --mount=type=ssh ssh-add -D 2>/dev/null || echo refused; ssh-add -l | wc -l\n';
    assert.match(await image('t', step, '--ssh', 'default'), /refused[\s\S]*1$/m);
    assert.equal(sshd.sshAdd('-L').trim().split('\n').length, 1);
  });

  for (const type of ['ed25519', 'rsa', 'ecdsa'] satisfies KeyType[]) {
    it(`signs with a ${type} key from a file`, async () => {
      const ssh = `ssh -F none -o StrictHostKeyChecking=no -o BatchMode=yes -p ${sshd.port} root@127.0.0.1`;
      const step = `FROM tools\nRUN --network=host --mount=type=ssh,id=${type} ${ssh}\n`;
      assert.match(
        await image('t', step, '--allow', 'network.host', '--ssh', `${type}=${sshd.keyFiles[type]}`),
        /welcome/,
      );
    });
  }

  it('offers every key of a list', async () => {
    const { ed25519, rsa } = sshd.keyFiles;
    const step = 'FROM tools\nRUN --mount=type=ssh ssh-add -l | wc -l\n';
    assert.match(await image('t', step, '--ssh', `default=${ed25519},${rsa}`), / 2$/m);
  });

  it('says which agent is missing', async () => {
    const step = 'FROM tools\nRUN --mount=type=ssh,id=deploy,required true\n';
    const { status, output } = await build(step, ['--ssh', 'default']);
    assert.equal(status, 1);
    assert.match(output, /unset ssh forward key deploy\n.*--ssh deploy/);
  });

  it('builds a repository behind SSH', async () => {
    const { status, output } = await build('', ['-t', 'repo', '--ssh', 'default'], `${sshd.repository}#main`);
    assert.equal(status, 0, output);
    const saved = await saveFromNaru(engine.socketPath, 'repo');
    assert.ok(saved.includes('src/a.txt'));
  });

  it('adds a repository behind SSH, and names one as a context', async () => {
    const text = `FROM busybox\nADD ${sshd.repository}#v1 /v1\nCOPY --from=more a.txt /\nRUN cat /v1/a.txt /a.txt\n`;
    const args = ['--ssh', 'default', '--build-context', `more=${sshd.repository}`];
    assert.match(await image('t', text, ...args), /one\n.*two/);
  });

  it('reads no repository without an agent, and says what to do', async () => {
    const { status, output } = await build('', [], sshd.repository);
    assert.equal(status, 1);
    assert.match(output, /Permission denied[\s\S]*--ssh default/);
  });

  it('previews a repository behind SSH as the build then finds it', async () => {
    const argv = ['preview', '--ssh', 'default', `${sshd.repository}#main`];
    const { status, stdout, stderr } = await runNaru(engine.host, argv, {
      env: { SSH_AUTH_SOCK: sshd.agent },
    });
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /CACHED +2 {2}COPY \. \/src/);
  });

  it('leaves no key, socket or connection behind', async () => {
    await image('left', 'FROM tools\nRUN --mount=type=ssh ssh-add -L > /tmp/keys\n', '--ssh', 'default');
    const { tree } = await readSavedImage(Readable.from([await saveFromNaru(engine.socketPath, 'left')]));
    assert.deepEqual(
      [...tree.keys()].filter((path) => path.startsWith('/run/')),
      [],
    );
    const secret = fs.readFileSync(sshd.keyFiles.rsa, 'latin1').split('\n')[3] ?? '';
    assert.ok(secret.length > 20);
    assert.deepEqual(filesWith(engine.root, secret), []);
    const sockets = fs.readFileSync('/proc/net/unix', 'utf8').match(/\/build\/agents\/\S+/g) ?? [];
    assert.deepEqual(sockets, []);
  });
});

/** Regular files below a directory that hold the text. */
function filesWith(directory: string, text: string): readonly string[] {
  return fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => contentOf(path).includes(text));
}

/** Nothing, where the kernel has taken a file of a mount away meanwhile. */
function contentOf(path: string): Buffer {
  try {
    return fs.readFileSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
