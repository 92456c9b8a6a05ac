/** What an ssh config says about the way to a host: jump hosts, commands, host key checks, locked keys. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseSshAddress } from '../../client/driver/ssh/address.ts';
import { SILENT_PROMPTS } from '../../client/driver/ssh/prompts.ts';
import { connectHost } from '../../client/driver/ssh/route.ts';
import { requireRoot } from '../support/skip.ts';
import { startSshHost, type SshHost, trustHost } from '../support/ssh-host.ts';

describe('the way to a host, as the ssh config says', function () {
  this.timeout(60_000);
  let host: SshHost;
  let folder: string;

  before(async function () {
    requireRoot(this);
    host = await startSshHost();
    trustHost(host);
    folder = mkdtempSync(join(tmpdir(), 'naru-route-'));
  });
  after(async () => {
    await host?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** The host's own name, and a line with the addresses of the connection as the host sees them. `config` stands before the one of `base`. */
  async function reach(name: string, config: string, base = host.env): Promise<string> {
    const file = join(folder, 'config');
    writeFileSync(file, `${config}\n${readFileSync(base['NARU_SSH_CONFIG'] ?? '', 'utf8')}`);
    const env = { ...process.env, SSH_AUTH_SOCK: '', NARU_SSH_CONFIG: file };
    const connection = await connectHost(parseSshAddress(name), { env, prompts: SILENT_PROMPTS });
    try {
      const { stdout } = await connection.exec('hostname; echo "$SSH_CONNECTION"');
      return stdout.trim();
    } finally {
      connection.close();
      await connection.closed;
    }
  }

  /** As the first host sees itself, where we have another machine or none: ourselves. */
  const inner = (): string => `Host inner second\n  HostName 127.0.0.1\n  HostKeyAlias ${host.address}`;

  it('ProxyJump: reaches what only the jump host sees, its key checked under its own name', async () => {
    const said = await reach('inner', `${inner()}\n  ProxyJump naru-test-host`);
    assert.match(said, /^naru-test-host\n127\.0\.0\.1 \d+ 127\.0\.0\.1 22$/);
  });

  it('ProxyJump: a chain, with users and ports', async () => {
    const said = await reach('inner', `Host inner\n  ProxyJump root@${host.address}:22,second\n${inner()}`);
    assert.match(said, /^naru-test-host\n127\.0\.0\.1 \d+ 127\.0\.0\.1 22$/);
  });

  it('ProxyJump: none switches it off', async () => {
    const said = await reach(
      host.address,
      `Host ${host.address}\n  ProxyJump none\nHost *\n  ProxyJump nobody`,
    );
    assert.match(said, /^naru-test-host\n198\./);
  });

  it('ProxyJump: a jump host without a known key is refused, whatever the host behind it is', async () => {
    const config = `${inner()}\n  ProxyJump other\nHost other\n  HostName ${host.address}\n  HostKeyAlias stranger`;
    await assert.rejects(reach('inner', config), {
      code: 'E_HOST_KEY_UNKNOWN',
      message: /^the host key SHA256:\S+ of other is not known$/,
      hint: 'check it, then connect once with: ssh other',
    });
  });

  it('ProxyJump: says through whom what could not be reached, and refuses circles', async () => {
    await assert.rejects(reach('inner', `${inner()}\n  Port 9\n  ProxyJump naru-test-host`), {
      code: 'E_SSH_CONNECT',
      message: 'cannot reach inner (127.0.0.1:9) through naru-test-host: Connection refused',
    });
    await assert.rejects(reach('inner', `${inner()}\nHost *\n  ProxyJump second`), { code: 'E_SSH_JUMP' });
  });

  it('ProxyCommand: the command is the way, with its tokens', async () => {
    const log = join(folder, 'tokens');
    const bridge = join(folder, 'bridge.mjs');
    writeFileSync(
      bridge,
      "import { connect } from 'node:net';\nconst s = connect(22, process.argv[2]);\nprocess.stdin.pipe(s).pipe(process.stdout);\n",
    );
    const command = `sh -c 'echo %n %h %p %r 100%% > ${log}; exec ${process.execPath} ${bridge} ${host.address}'`;
    const said = await reach(
      'cmd',
      `Host cmd\n  HostName nowhere.invalid\n  Port 77\n  HostKeyAlias k\n  UserKnownHostsFile ${folder}/kh\n  StrictHostKeyChecking accept-new\n  ProxyCommand ${command}`,
    );
    assert.match(said, /^naru-test-host\n/);
    assert.equal(readFileSync(log, 'utf8'), 'cmd nowhere.invalid 77 root 100%\n');
  });

  it('ProxyCommand: unknown tokens are refused, and a command that ends at once is told', async () => {
    await assert.rejects(reach('cmd', 'Host cmd\n  ProxyCommand nc %C'), { code: 'E_SSH_PROXY_COMMAND' });
    await assert.rejects(reach('cmd', 'Host cmd\n  ProxyCommand false'), { code: 'E_SSH_CONNECT' });
  });

  it('options that decide who is reached and that we cannot follow are refused, and so is a broken config', async () => {
    await assert.rejects(reach('x', 'Host x\n  BindInterface lo'), {
      code: 'E_SSH_OPTION',
      message: 'your ssh config says BindInterface lo for x, which Naru cannot follow',
    });
    await assert.rejects(reach('x', 'Host x\n  Prot 2'), {
      code: 'E_SSH_CONFIG',
      message: /bad configuration option: prot/i,
    });
  });

  it('StrictHostKeyChecking accept-new takes unknown keys and refuses changed ones', async () => {
    const file = join(folder, 'new_hosts');
    const config = `Host naru-test-host\n  StrictHostKeyChecking accept-new\n  UserKnownHostsFile ${file}`;
    await reach('naru-test-host', config);
    assert.equal(readFileSync(file, 'utf8').split(' ')[0], host.address);
    await reach('naru-test-host', config);
    const other = join(folder, 'other');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other]);
    writeFileSync(file, `${host.address} ${readFileSync(`${other}.pub`, 'utf8')}`);
    await assert.rejects(reach('naru-test-host', config), { code: 'E_HOST_KEY_CHANGED' });
  });

  it('StrictHostKeyChecking no is not followed, and the hint says what to use', async () => {
    const config = `Host naru-test-host\n  StrictHostKeyChecking no\n  UserKnownHostsFile ${folder}/none`;
    await assert.rejects(reach('naru-test-host', config), {
      code: 'E_HOST_KEY_UNKNOWN',
      hint: /StrictHostKeyChecking no is not followed.*accept-new/,
    });
  });

  it('of an agent with many keys those that the config names come first, and alone with IdentitiesOnly', async () => {
    const socket = join(folder, 'agent');
    const started = execFileSync('ssh-agent', ['-a', socket], { encoding: 'utf8' });
    const add = (key: string): unknown =>
      execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
    try {
      // More than sshd lets anybody try (MaxAuthTries 6).
      for (let n = 0; n < 7; n += 1) {
        const key = join(folder, `other${n}`);
        execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
        add(key);
      }
      add(host.keyFile);
      const named = `Host naru-test-host\n  IdentityAgent ${socket}\n  IdentityFile ${host.keyFile}.pub\n`;
      assert.match(await reach('naru-test-host', named, host.strangerEnv), /^naru-test-host\n/);
      await assert.rejects(reach('naru-test-host', `Host *\n  IdentityAgent ${socket}\n`, host.strangerEnv), {
        code: 'E_SSH_LOGIN',
        hint: /IdentitiesOnly yes$/,
      });
      const others = `Host naru-test-host\n  IdentityAgent ${socket}\n  IdentitiesOnly yes\n  IdentityFile ${join(folder, 'other0')}\n`;
      await assert.rejects(reach('naru-test-host', others, host.strangerEnv), {
        code: 'E_SSH_LOGIN',
      });
    } finally {
      process.kill(Number(/pid (\d+)/i.exec(started)?.[1]));
    }
  });

  it('an agent that has gone is passed over', async () => {
    const config = `Host naru-test-host\n  IdentityAgent ${join(folder, 'no-agent')}`;
    assert.match(await reach('naru-test-host', config), /^naru-test-host\n/);
  });

  it('a key that others can read is not used, and named', async () => {
    const key = join(folder, 'exposed');
    copyFileSync(host.keyFile, key);
    const config = `Host naru-test-host\n  IdentityFile ${key}`;
    chmodSync(key, 0o644);
    await assert.rejects(reach('naru-test-host', config, host.strangerEnv), {
      code: 'E_SSH_KEY_EXPOSED',
      hint: `make it yours alone, with: chmod 600 ${key}`,
    });
    chmodSync(key, 0o600);
    assert.match(await reach('naru-test-host', config, host.strangerEnv), /^naru-test-host\n/);
  });

  it('a key that is locked is named', async () => {
    const key = join(folder, 'locked');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', key]);
    await assert.rejects(
      reach(
        'naru-test-host',
        `Host *
  IdentityFile ${key}`,
        host.strangerEnv,
      ),
      {
        code: 'E_SSH_KEY_LOCKED',
        hint: `unlock it for an agent, with: ssh-add ${key}`,
      },
    );
  });
});
