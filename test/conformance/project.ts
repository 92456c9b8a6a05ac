/** A case's project on disk: `ctx` is the context and the working directory, files named `../x` lie beside it. */

import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { CaseFile, ConformanceCase } from './conformance-case.ts';

export interface Project {
  readonly cwd: string;
  remove(): void;
}

/** Modes are set, whatever the umask is. Times stay those of the writing: BuildKit takes files of equal size and time for equal between cases. */
export function writeProject(one: ConformanceCase): Project {
  const folder = fs.mkdtempSync(join(tmpdir(), 'naru-case-'));
  const cwd = join(folder, 'ctx');
  fs.mkdirSync(cwd);
  fs.chmodSync(cwd, 0o755);
  const files = { Dockerfile: one.dockerfile, ...one.files };
  for (const [path, file] of Object.entries(files)) writeFile(cwd, path, file);
  return { cwd, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

function writeFile(cwd: string, name: string, file: CaseFile): void {
  const path = join(cwd, name);
  const isDirectory = name.endsWith('/');
  makeParents(isDirectory ? path : dirname(path));
  const spec = typeof file === 'string' ? { content: file } : file;
  if ('linkTarget' in spec && spec.linkTarget !== undefined) {
    fs.symlinkSync(spec.linkTarget, path);
    return;
  }
  if ('hardLink' in spec) {
    fs.linkSync(join(cwd, spec.hardLink), path);
    return;
  }
  const bytes = 'base64' in spec ? Buffer.from(spec.base64, 'base64') : (spec.content ?? '');
  if (!isDirectory) fs.writeFileSync(path, bytes);
  fs.chmodSync(path, spec.mode ?? (isDirectory ? 0o755 : 0o644));
}

function makeParents(path: string): void {
  if (fs.existsSync(path)) return;
  makeParents(dirname(path));
  fs.mkdirSync(path);
  fs.chmodSync(path, 0o755);
}
