import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { bootstrapSshEngine, type SshEngine } from '../../client/driver/ssh/bootstrap.ts';
import { SILENT_PROMPTS } from '../../client/driver/ssh/prompts.ts';
import { openTarget } from '../../client/driver/targets/open.ts';
import { requireRoot } from '../support/skip.ts';
import { startSshHost, type SshHost, trustHost } from '../support/ssh-host.ts';

const DIST = join(import.meta.dirname, '../../dist');

describe('hosts that cannot be used say why in one sentence', function () {
  this.timeout(60_000);
  let host: SshHost;

  beforeEach(async function () {
    requireRoot(this);
    host = await startSshHost();
    trustHost(host);
  });
  afterEach(async () => {
    await host?.stop();
  });

  async function connect(): Promise<SshEngine> {
    const engine = await bootstrapSshEngine({
      address: { host: host.address },
      dist: DIST,
      env: { ...process.env, ...host.env },
      prompts: SILENT_PROMPTS,
    });
    engine.connection.close();
    return engine;
  }

  async function refusal(): Promise<Error & { readonly code?: string; readonly hint?: string }> {
    try {
      await connect();
    } catch (error) {
      return error as Error; // asserted on below
    }
    throw new Error('the host was not refused');
  }

  it('no space left: says how much is needed, and sends nothing', async () => {
    host.run('sh', '-c', 'mkdir -p /root/.local && mount -t tmpfs -o size=20m tmpfs /root/.local');
    const error = await refusal();
    assert.equal(error.code, 'E_HOST_SPACE');
    assert.match(error.message, /has \d+ MB free .* and needs \d+ MB$/);
    assert.equal(host.run('sh', '-c', 'find /root/.local | wc -l').trim(), '1');
  });

  it('no gzip, and a folder that is no path there', async () => {
    host.run('sh', '-c', 'mount --bind /dev/null $(readlink -f $(command -v gzip))');
    const error = await refusal();
    assert.equal(error.code, 'E_HOST_TOOLS');
    assert.match(error.message, /lacks what unpacks Naru there: gzip$/);
    assert.equal(host.run('sh', '-c', 'ls -A /root').trim(), '.ssh');
    const env = { ...process.env, ...host.env, NARU_HOST_DIRECTORY: 'some/folder' };
    await assert.rejects(openTarget(host.address, { env, prompts: SILENT_PROMPTS }), {
      code: 'E_HOST_DIRECTORY',
    });
  });

  it('a disk that is full to the last byte', async () => {
    host.run('sh', '-c', 'mkdir -p /root/.local && mount -t tmpfs -o size=1m tmpfs /root/.local');
    host.run('sh', '-c', 'cat /dev/zero > /root/.local/fill || true');
    const error = await refusal();
    assert.equal(error.code, 'E_HOST_SPACE');
    assert.match(error.message, /^the disk of .* is full at \/root\/\.local\/share\/naru$/);
    assert.equal(host.run('sh', '-c', 'ls -A /root/.local').trim(), 'fill');
  });

  it('a disk that is full, where an engine runs: it is used', async () => {
    host.run('sh', '-c', 'mkdir -p /root/.local && mount -t tmpfs -o size=260m tmpfs /root/.local');
    await connect();
    host.run('sh', '-c', 'cat /dev/zero > /root/.local/fill 2>/dev/null || true');
    const engine = await connect();
    assert.deepEqual([engine.wasRunning, engine.facts.obstacle?.code], [true, 'E_HOST_SPACE']);
  });

  it('no root: says so before anything is sent', async () => {
    host.run('sh', '-c', 'printf "#!/bin/sh\\necho 1000\\n" > /root/id && chmod +x /root/id');
    host.run('mount', '--bind', '/root/id', '/usr/bin/id');
    host.run('sh', '-c', 'for s in $(which sudo); do mount --bind /usr/bin/false $s; done');
    assert.equal((await refusal()).code, 'E_HOST_ROOT');
    assert.throws(() => host.run('ls', '/root/.local'));
  });

  it('what arrives cannot be unpacked: says what the host said, and leaves nothing', async () => {
    host.run(
      'sh',
      '-c',
      'printf "#!/bin/sh\\necho it is broken >&2; exit 1\\n" > /root/gzip && chmod +x /root/gzip',
    );
    host.run('mount', '--bind', '/root/gzip', '/usr/bin/gzip');
    const error = await refusal();
    assert.deepEqual(
      [error.code, error.message],
      ['E_UPLOAD', `sending node to ${host.address} failed: it is broken`],
    );
    assert.equal(host.run('sh', '-c', 'find /root/.local/share/naru/store | wc -l').trim(), '1');
  });

  it('mounted noexec', async () => {
    host.run('sh', '-c', 'mkdir -p /root/.local && mount -t tmpfs -o noexec tmpfs /root/.local');
    assert.equal((await refusal()).code, 'E_HOST_NOEXEC');
  });

  it('a folder that NARU_HOST_DIRECTORY names and that cannot be written', async () => {
    const env = { ...process.env, ...host.env, NARU_HOST_DIRECTORY: '/proc/naru' };
    await assert.rejects(openTarget(host.address, { env, prompts: SILENT_PROMPTS }), {
      code: 'E_HOST_WRITE',
      message: `nothing can be written to /proc/naru on ${host.address}`,
      hint: /NARU_HOST_DIRECTORY/,
    });
  });

  it('an architecture without an engine', async () => {
    fakeUname(host, 'riscv64');
    const error = await refusal();
    assert.deepEqual([error.code, error.message], ['E_HOST_ARCH', `${host.address} is a riscv64`]);
  });

  it('a login shell that prints first does not confuse the probe', async () => {
    host.run('sh', '-c', 'echo "echo welcome; echo os=Windows" > /root/.bashrc');
    fakeUname(host, 'riscv64');
    assert.equal((await refusal()).code, 'E_HOST_ARCH');
  });
});

function fakeUname(host: SshHost, machine: string): void {
  const script = join(host.home, 'uname');
  writeFileSync(
    script,
    `#!/bin/sh\n[ "$1" = -m ] && echo ${machine} || { [ "$1" = -s ] && echo Linux || echo 6.1; }\n`,
  );
  chmodSync(script, 0o755);
  host.run('mount', '--bind', '/root/uname', '/usr/bin/uname');
}
