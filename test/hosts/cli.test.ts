import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { busyboxArchive } from '../../scripts/base-images.ts';
import { requireRoot } from '../support/skip.ts';
import { startSshHost, type SshHost, trustHost } from '../support/ssh-host.ts';

const NARU = join(import.meta.dirname, '../../bin/naru');

interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const SSHDS: Readonly<Record<string, readonly string[]>> = {
  'as sshd is installed': [],
  'where sshd forwards nothing': ['DisableForwarding yes'],
};

for (const [title, sshdLines] of Object.entries(SSHDS)) {
  describe(`bin/naru --host, ${title}`, function () {
    this.timeout(120_000);
    let host: SshHost;
    let project: string;

    /** Runs the CLI against the host to its end. */
    function naru(...args: string[]): Promise<CliResult> & { readonly child: ChildProcess } {
      const env = { ...process.env, ...host.env };
      let resolve: (result: CliResult) => void = () => undefined;
      const promise = new Promise<CliResult>((settle) => {
        resolve = settle;
      });
      const child = execFile(
        process.execPath,
        [NARU, '--host', host.address, ...args],
        { env },
        (error, stdout, stderr) => {
          resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
        },
      );
      return Object.assign(promise, { child });
    }

    async function ok(...args: string[]): Promise<string> {
      const { code, stdout, stderr } = await naru(...args);
      assert.equal(code, 0, `naru ${args.join(' ')}: ${stderr}`);
      return stdout.trim();
    }

    before(async function () {
      requireRoot(this);
      host = await startSshHost(sshdLines);
      trustHost(host);
      project = mkdtempSync(join(tmpdir(), 'nproj-'));
      writeFileSync(
        join(project, 'Dockerfile'),
        'FROM busybox\nCOPY page /www/index.html\nRUN cat /www/index.html\nCMD ["httpd","-f","-p","80","-h","/www"]\n',
      );
      writeFileSync(join(project, 'page'), 'from the other side\n');
    });
    after(async () => {
      if (!host) return;
      await naru('rm', '-f', '--all');
      host.run(
        'sh',
        '-c',
        'kill $(sed -n s/^pid=//p /root/.local/share/naru/run/engine) && while [ -S /root/.local/share/naru/run/naru.sock ]; do sleep 0.05; done',
      );
      await host.stop();
      rmSync(project, { recursive: true, force: true });
    });

    it('installs, previews, builds and previews again, exactly', async () => {
      await ok('load', '-i', await busyboxArchive());
      assert.equal((await naru('preview', project)).code, 1);
      assert.match(await ok('build', '-q', '-t', 'page', project), /^sha256:[0-9a-f]{64}$/);
      assert.match(await ok('preview', project), /everything is cached$/);
    });

    it('a published port answers on this loopback, and the container outlives a killed client', async () => {
      const id = await ok('run', '-d', '--name', 'web', '-p', '80', 'page');
      const { client, port } = await forward(host);
      try {
        assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'from the other side\n');
      } finally {
        client.kill('SIGKILL');
      }
      assert.equal((await ok('ps', '-q')).trim(), id.slice(0, 12));
      const again = await forward(host);
      assert.equal(await (await fetch(`http://127.0.0.1:${again.port}/`)).text(), 'from the other side\n');
      again.client.kill('SIGTERM');
    });

    it('input reaches it to its end', async () => {
      const ran = naru('run', '--rm', '-i', 'busybox', 'sh', '-c', 'cat; echo end');
      ran.child.stdin?.end('some words\n');
      assert.deepEqual(await ran, { code: 0, stdout: 'some words\nend\n', stderr: '' });
    });

    it('logs, exec, stop and rm reach the container', async () => {
      assert.equal(await ok('exec', 'web', 'cat', '/www/index.html'), 'from the other side');
      assert.equal((await naru('exec', 'web', 'sh', '-c', 'exit 7')).code, 7);
      await ok('stop', '-t', '1', 'web');
      await ok('rm', 'web');
      assert.equal(await ok('ps', '-aq'), '');
    });
  });
}

/** Starts `naru forward` and waits for the first mapping. */
function forward(host: SshHost): Promise<{ readonly client: ChildProcess; readonly port: string }> {
  const client = spawn(process.execPath, [NARU, '--host', host.address, 'forward'], {
    env: { ...process.env, ...host.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    client.once('exit', (code) => reject(new Error(`naru forward ended with ${code}`)));
    createInterface({ input: client.stderr }).on('line', (line) => {
      const port = /127\.0\.0\.1:(\d+)$/.exec(line)?.[1];
      if (port !== undefined) resolve({ client, port });
    });
  });
}
