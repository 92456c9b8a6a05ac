/**
 * Records what BuildKit makes of `--chmod` into chmod.json: `node test/golden/context/record-chmod.ts`.
 * Needs docker with buildx, as the environment configures it; nothing is run, nothing stays on the daemon but build cache.
 */

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { readTar } from '../../../local/tar/reader.ts';
import { CHMOD_MODES, CHMOD_TEXTS, type ChmodAnswer } from './chmod-texts.ts';

const KINDS = ['file', 'directory'] as const;
const folder = fs.mkdtempSync(join(tmpdir(), 'naru-chmod-'));
for (const kind of KINDS) {
  for (const mode of CHMOD_MODES) {
    const path = join(folder, kind, mode.toString(8));
    if (kind === 'directory') fs.mkdirSync(path, { recursive: true });
    else {
      fs.mkdirSync(join(folder, kind), { recursive: true });
      fs.writeFileSync(path, 'x');
    }
    fs.chmodSync(path, mode);
  }
}
const answers: Record<string, ChmodAnswer> = {};
for (const text of CHMOD_TEXTS) {
  answers[text] = await ask(text);
  process.stderr.write('.');
}
const version = docker(['version', '-f', '{{.Server.Version}}']).stdout.toString().trim();
const golden = { builder: `BuildKit of dockerd ${version}`, modes: octal(CHMOD_MODES), answers };
fs.writeFileSync(join(import.meta.dirname, 'chmod.json'), `${JSON.stringify(golden, undefined, 1)}\n`);
fs.rmSync(folder, { recursive: true });

async function ask(text: string): Promise<ChmodAnswer> {
  fs.writeFileSync(
    join(folder, 'Dockerfile'),
    `FROM scratch\n${KINDS.map((kind) => `COPY --chmod=${text} ${kind} /${kind}\n`).join('')}`,
  );
  const { status, stdout, stderr } = docker(['buildx', 'build', '-o', 'type=tar,dest=-', folder]);
  if (status !== 0) {
    const words = /^ERROR: failed to build: failed to solve: (.*)$/m.exec(stderr.toString())?.[1];
    return { refused: words ?? stderr.toString() };
  }
  const modes = new Map<string, number>();
  for await (const { entry } of readTar(Readable.from([stdout]))) {
    modes.set(entry.path.replace(/\/$/, ''), entry.mode);
  }
  const of = (kind: string): string =>
    octal(CHMOD_MODES.map((mode) => (modes.get(`${kind}/${mode.toString(8)}`) ?? 0) & 0o7777));
  return { file: of('file'), directory: of('directory') };
}

function octal(modes: readonly number[]): string {
  return modes.map((mode) => mode.toString(8)).join(' ');
}

function docker(args: readonly string[]) {
  return spawnSync(process.env['DOCKER'] ?? 'docker', args, { maxBuffer: 1 << 26 });
}
