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
    hint: 'files called Dockerfile, Dockerfile.*, *.Dockerfile and Containerfile are looked for',
  });
}

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
    } else if (
      /^(Dockerfile|Containerfile)(\..+)?$|\.(Dockerfile|dockerfile|Containerfile|containerfile)$/.test(
        entry.name,
      )
    ) {
      if (!entry.name.endsWith('.dockerignore') && (await isFile(path))) found.push(path);
    }
  }
  return found;
}

/** Not so are links to nothing, and pipes, which nobody may fill. */
async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

/** The text of a file, or of stdin for `-`. @throws NaruError "invalid-argument" when it cannot be read */
export async function readText(file: string, io: CliIo): Promise<string> {
  if (file !== '-') {
    return readInput(file, io.signal).catch((cause: unknown) => {
      if (cause instanceof NaruError) throw cause;
      const reason = systemReason(cause);
      throw new NaruError('invalid-argument', 'E_NO_FILE', `cannot read ${file}: ${reason}`, { cause });
    });
  }
  let text = '';
  for await (const chunk of io.stdin.setEncoding('utf8')) text += String(chunk);
  return text;
}

/** @throws NaruError "invalid-argument" */
export async function writeText(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((cause: unknown) => {
    const message = `cannot write ${file}: ${systemReason(cause)}`;
    throw new NaruError('invalid-argument', 'E_NO_FILE', message, { cause });
  });
}
