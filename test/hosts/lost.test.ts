/** An SSH connection that breaks in the middle of a command: it is said so, nothing hangs, and nothing ends as if all were well. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';

import { busyboxArchive } from '../../scripts/base-images.ts';
import { requireRoot } from '../support/skip.ts';
import { startSshHost, type SshHost, trustHost } from '../support/ssh-host.ts';

const NARU = join(import.meta.dirname, '../../bin/naru');

interface Running {
  readonly child: ChildProcess;
  /** Everything written so far. */
  readonly said: () => string;
  /** When this was written, to stdout or stderr. */
  readonly until: (pattern: RegExp) => Promise<void>;
  /** Exit code, or the signal. */
  readonly ended: Promise<number | string | null>;
}

describe('a connection over SSH that breaks', function () {
  this.timeout(120_000);
  let host: SshHost;
  let taken: Server;
  let plugIn: (() => Promise<void>) | undefined;

  function naru(...args: string[]): Running {
    const child = spawn(process.execPath, [NARU, '--host', 'naru-test-host', ...args], {
      env: { ...process.env, ...host.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    }
    const ended = once(child, 'close').then(([code, signal]: unknown[]) => (code ?? signal) as number);
    async function until(pattern: RegExp): Promise<void> {
      while (!pattern.test(said)) {
        const more = Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]);
        const isOver = await Promise.race([more.then(() => false), ended.then(() => true)]);
        if (isOver && !pattern.test(said)) throw new Error(`it ended with: ${said}`);
      }
    }
    return { child, said: () => said, until, ended };
  }

  async function ok(...args: string[]): Promise<void> {
    const running = naru(...args);
    assert.equal(await running.ended, 0, running.said());
  }

  before(async function () {
    requireRoot(this);
    host = await startSshHost();
    trustHost(host);
    taken = createServer().listen({ host: '127.0.0.1', port: 0 });
    await once(taken, 'listening');
    await ok('load', '-i', await busyboxArchive());
    const port = String((taken.address() as AddressInfo).port); // TCP
    await ok('run', '-d', '--name', 'web', '-p', `${port}:80`, '-p', '53:53/udp', 'busybox', 'sleep', '1000');
  });
  after(async () => {
    taken?.close();
    if (!host) return;
    await naru('rm', '-f', 'web').ended;
    host.run(
      'sh',
      '-c',
      'kill $(sed -n s/^pid=//p /root/.local/share/naru/run/engine) && while [ -S /root/.local/share/naru/run/naru.sock ]; do sleep 0.05; done',
    );
    await host.stop();
  });

  afterEach(async () => {
    await plugIn?.();
    plugIn = undefined;
  });

  for (const [verb, args] of [
    ['stats', ['stats', '--format', 'seen {{.Name}}']],
    ['exec', ['exec', 'web', 'sh', '-c', 'echo seen; sleep 100']],
  ] as const) {
    it(`${verb} says so, and ends with 1`, async () => {
      const running = naru(...args);
      await running.until(/seen/);
      host.kick();
      assert.equal(await running.ended, 1);
      assert.match(running.said(), /naru: the connection to naru-test-host went away /);
      assert.doesNotMatch(running.said(), /Not connected|\/v1\./);
    });
  }

  for (const [verb, args, seen] of [
    ['logs -f', ['logs', '-f', 'says'], /seen/],
    ['stats', ['stats', '--format', 'seen {{.Name}}'], /seen/],
    ['build', ['build', '--no-cache', '-'], /seen/],
  ] as const) {
    it(`${verb}: ends with Ctrl-C where nothing comes back any more`, async function () {
      this.timeout(20_000); // the keepalive takes 45 s to notice
      if (verb === 'logs -f')
        await ok('run', '-d', '--name', 'says', 'busybox', 'sh', '-c', 'echo seen; sleep 1000');
      const running = naru(...args);
      running.child.stdin?.end('FROM busybox\nRUN echo seen; sleep 1000\n');
      await running.until(seen);
      plugIn = host.unplug();
      running.child.kill('SIGINT');
      assert.equal(await running.ended, 130, running.said());
    });
  }

  it('forward connects again, keeps the ports, and says what comes and goes', async () => {
    const running = naru('forward');
    const { port } = taken.address() as AddressInfo; // TCP
    await running.until(
      new RegExp(`port ${port} of naru-test-host is on 127.0.0.1:\\d+: ${port} is taken here`),
    );
    await running.until(/port 53\/udp of naru-test-host stays there/);
    host.kick();
    await running.until(/connected to naru-test-host again/);
    await ok('stop', '-t', '0', 'web');
    await running.until(new RegExp(`port ${port} of naru-test-host is not published any more`));
    running.child.kill('SIGTERM');
    assert.equal(await running.ended, 0);
    await ok('start', 'web');
  });

  it('run in the foreground brings its own ports alone, and ends with its container', async () => {
    for (let round = 0; round < 4; round += 1) {
      const running = naru('run', '--rm', 'busybox', 'echo', 'hi');
      assert.equal(await running.ended, 0);
      assert.equal(running.said(), 'hi\n');
    }
    const own = naru('run', '--rm', '-p', '80', 'busybox', 'sh', '-c', 'sleep 2');
    await own.until(/^port \d+ of naru-test-host is on 127\.0\.0\.1:\d+/);
    assert.equal(await own.ended, 0);
    assert.equal(own.said().trim().split('\n').length, 1);
  });
});
