/** What `naru lint` reads: files, the Dockerfiles of folders, stdin. */

import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import { readInput } from '../../../local/read-input.ts';
import { systemReason } from '../../../local/system-reason.ts';
import type { CliIo } from '../io.ts';

/** The Dockerfiles that an argument names: itself, or those below a folder (node_modules and dot folders left out). @throws NaruError "invalid-argument" */
export async function filesOf(input: string): Promise<readonly string[]> {
  if (input === '-') return [input];
  const stats = await stat(input).catch(() => undefined);
  if (!stats) {
    throw new NaruError('invalid-argument', 'E_NO_FILE', `no such file or folder: ${input}`);
  }
  if (!stats.isDirectory()) return [input];
  const found = await dockerfilesBelow(input);
  if (found.length > 0) return found;
  throw new NaruError('invalid-argument', 'E_NO_DOCKERFILE', `no Dockerfile in ${input}`, {
    hint: 'files called Dockerfile, Dockerfile.*, *.Dockerfile and Containerfile are looked for; others may be named',
  });
}

/** `dockerfile` is what docker build takes where there is no Dockerfile (28.5.2). */
const DOCKERFILE =
  /^([Dd]ockerfile|Containerfile)(\..+)?$|\.(Dockerfile|dockerfile|Containerfile|containerfile)$/;

/** Ignore files, texts about Dockerfiles, backups, and templates, which are no Dockerfiles before something has filled them in. */
const NO_DOCKERFILE =
  /~$|\.(dockerignore|md|rst|adoc|html|bak|backup|orig|old|rej|sw[op]|tmp|j2|jinja2?|erb|ejs|tmpl|gotmpl|tpl|template|in|mustache|hbs|handlebars)$/i;

async function dockerfilesBelow(folder: string): Promise<string[]> {
  const listed = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    const reason = systemReason(cause);
    throw new NaruError('invalid-argument', 'E_NO_FILE', `cannot read ${folder}: ${reason}`, { cause });
  });
  const entries = listed.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && entry.name !== 'node_modules')
        found.push(...(await dockerfilesBelow(path)));
    } else if (DOCKERFILE.test(entry.name) && !NO_DOCKERFILE.test(entry.name) && (await isFile(path))) {
      found.push(path);
    }
  }
  return found;
}

/** Not so are links to nothing, and pipes, which nobody may fill. */
async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

/** The bytes of a file, or of stdin for `-`. @throws NaruError "invalid-argument" when it cannot be read */
export async function readBytes(file: string, io: CliIo): Promise<Buffer> {
  if (file !== '-') {
    return readInput(file, io.signal).catch((cause: unknown) => {
      if (cause instanceof NaruError) throw cause;
      const reason = systemReason(cause);
      throw new NaruError('invalid-argument', 'E_NO_FILE', `cannot read ${file}: ${reason}`, { cause });
    });
  }
  const chunks: Buffer[] = [];
  for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk as Buffer | string)); // what streams of text or bytes answer
  return Buffer.concat(chunks);
}

/** Of a pipe, such as `<(generate)`, the repaired text would go nowhere. @throws NaruError "invalid-argument" */
export async function assertRepairable(file: string): Promise<void> {
  if (file === '-') return;
  const stats = await stat(file).catch(() => undefined); // who reads it tells that it is not there
  if (stats === undefined || stats.isFile()) return;
  const message = `cannot repair ${file}: it is no regular file`;
  throw new NaruError('invalid-argument', 'E_LINT_INPUTS', message, {
    hint: 'hand the text over on stdin, and the repaired one is printed: naru lint --fix - < FILE',
  });
}

/** @throws NaruError "invalid-argument" */
export async function writeText(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((cause: unknown) => {
    const message = `cannot write ${file}: ${systemReason(cause)}`;
    throw new NaruError('invalid-argument', 'E_NO_FILE', message, { cause });
  });
}
