/** Clients of different versions on one host: the newer engine stays, and who builds is not cut off. */

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import {
  bootstrapSshEngine,
  type BootstrapStage,
  type SshEngine,
} from '../../client/driver/ssh/bootstrap.ts';
import { SILENT_PROMPTS } from '../../client/driver/ssh/prompts.ts';
import { busyboxArchive } from '../../scripts/base-images.ts';
import { requireRoot } from '../support/skip.ts';
import { startSshHost, type SshHost, trustHost } from '../support/ssh-host.ts';
import { until } from '../support/until.ts';

const DIST = join(import.meta.dirname, '../../dist');
const NARU = join(import.meta.dirname, '../../bin/naru');

describe('clients of different versions on one host', function () {
  this.timeout(120_000);
  let host: SshHost;
  let folder: string;
  /** dist/ of the version before, and of the one after. */
  let older: string;
  let newer: string;

  before(async function () {
    requireRoot(this);
    host = await startSshHost();
    trustHost(host);
    folder = mkdtempSync(join(tmpdir(), 'naru-versions-'));
    older = distOf('older', -3600);
    newer = distOf('newer', 3600);
  });
  after(async () => {
    await host?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  function distOf(name: string, seconds: number): string {
    const dist = join(folder, name);
    mkdirSync(dist);
    for (const part of readdirSync(DIST)) {
      if (part !== 'engine.cjs' && !part.startsWith('naru')) symlinkSync(join(DIST, part), join(dist, part));
    }
    const engine = join(dist, 'engine.cjs');
    copyFileSync(join(DIST, 'engine.cjs'), engine);
    appendFileSync(engine, `// ${name}\n`);
    const time = Date.now() / 1000 + seconds;
    utimesSync(engine, time, time);
    return dist;
  }

  function environment(): NodeJS.ProcessEnv {
    return { ...process.env, ...host.env };
  }

  async function connect(
    dist: string,
    onStage: (stage: BootstrapStage) => void = () => undefined,
  ): Promise<SshEngine> {
    const engine = await bootstrapSshEngine({
      address: { host: host.address },
      dist,
      env: environment(),
      prompts: SILENT_PROMPTS,
      onStage,
    });
    engine.connection.close();
    return engine;
  }

  function recorded(name: string): string {
    const text = readFileSync(join(host.home, '.local/share/naru/run/engine'), 'utf8');
    return new RegExp(`^${name}=(.+)$`, 'm').exec(text)?.[1] ?? '';
  }

  function naru(...args: string[]): Promise<{ stdout: string; stderr: string }> {
    return promisify(execFile)(process.execPath, [NARU, '--host', host.address, ...args], {
      env: environment(),
    });
  }

  /** A client that builds; answers when its step runs. */
  async function building(script: string): Promise<{
    readonly kill: () => void;
    readonly output: () => string;
    readonly ended: Promise<unknown>;
  }> {
    const project = mkdtempSync(join(folder, 'project-'));
    writeFileSync(join(project, 'Dockerfile'), `FROM busybox\nRUN echo begun && ${script}\n`);
    const args = [NARU, '--host', host.address, 'build', '--no-cache', '-t', 'made', project];
    const client = spawn(process.execPath, args, { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [client.stdout, client.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const ended = new Promise((resolve) => client.once('close', resolve));
    await until('the step runs', () => /^(?!.*RUN).*begun/m.test(output), 30_000);
    return { kill: () => client.kill('SIGKILL'), output: () => output, ended };
  }

  it('an older client uses the newer engine, and a newer one replaces it: nobody takes turns', async () => {
    await connect(DIST);
    const pid = recorded('pid');
    assert.equal((await connect(older)).wasRunning, true);
    assert.equal(recorded('pid'), pid);
    assert.equal((await connect(newer)).wasRunning, false);
    const next = recorded('pid');
    assert.notEqual(next, pid);
    for (const dist of [DIST, older, newer]) assert.equal((await connect(dist)).wasRunning, true);
    assert.equal(recorded('pid'), next);
  });

  it('a client that cannot speak to the newer engine says so, and leaves it alone', async () => {
    const record = join(host.home, '.local/share/naru/run/engine');
    const before = readFileSync(record, 'utf8');
    writeFileSync(record, before.replace(/^protocol=.*$/m, 'protocol=999'));
    await assert.rejects(connect(older), { code: 'E_HOST_NEWER' });
    writeFileSync(record, before);
  });

  it('a replacement waits for the builds of others', async () => {
    await naru('load', '-i', await busyboxArchive());
    const build = await building('sleep 4');
    const latest = distOf('latest', 7200);
    const waited: string[] = [];
    await connect(latest, (stage) => stage.kind === 'waiting' && waited.push(String(stage.nBuilds)));
    assert.deepEqual(waited, ['1']);
    assert.equal(await build.ended, 0, build.output());
  });

  it('a build whose engine is ended all the same is told why', async () => {
    const build = await building('sleep 600');
    process.kill(Number(recorded('pid')), 'SIGTERM');
    assert.equal(await build.ended, 1);
    assert.match(build.output(), /the engine was stopped, or replaced by another version, while it built/);
  });

  it('a build whose client was killed is cancelled after some seconds, with its step', async () => {
    const build = await building('sleep 619');
    const isRunning = (): boolean =>
      host.run('sh', '-c', 'grep -lz "^619$" /proc/[0-9]*/cmdline 2>/dev/null || true') !== '';
    assert.ok(isRunning());
    build.kill();
    await until('the end of the step', () => !isRunning(), 20_000);
  });
});
