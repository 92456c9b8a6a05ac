/** `--secret id=token[,src=FILE|env=NAME][,type=file|env]`, as docker buildx reads it (0.29.1). */

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import { systemReason } from '../../../local/system-reason.ts';
import type { CliIo } from '../io.ts';

/** One flag. Without a file and a variable it is the variable of its name, or else the file. */
export interface SecretFlag {
  readonly id: string;
  readonly file?: string;
  readonly variable?: string;
}

const KEYS: ReadonlySet<string> = new Set(['type', 'id', 'source', 'src', 'env']);

/** @throws NaruError "invalid-argument" E_SECRET */
export function readSecretFlag(text: string): SecretFlag {
  const fields = new Map<string, string>();
  for (const field of text.split(',')) {
    const equals = field.indexOf('=');
    const key = field.slice(0, Math.max(equals, 0)).toLowerCase();
    if (equals < 0) throw wrong(`invalid field '${field}' must be a key=value pair`);
    if (!KEYS.has(key)) throw wrong(`unexpected key '${key}' in '${field}'`);
    fields.set(key === 'source' ? 'src' : key, field.slice(equals + 1));
  }
  const type = fields.get('type') ?? '';
  if (type !== '' && type !== 'file' && type !== 'env')
    throw wrong(`unsupported secret type ${JSON.stringify(type)}`);
  const id = fields.get('id') ?? '';
  if (id === '')
    throw wrong(`--secret: ${JSON.stringify(text)} has no id`, 'write --secret id=token,src=FILE');
  const [source = '', variable = ''] = [fields.get('src'), fields.get('env')];
  if (variable !== '' || (type === 'env' && source !== '')) return { id, variable: variable || source };
  return source === '' ? { id } : { id, file: source };
}

/** Base64 by id; the engine keeps them in memory for one build. @throws NaruError "invalid-argument" for a file that cannot be read */
export async function readSecrets(
  flags: readonly string[],
  { cwd, env }: Pick<CliIo, 'cwd' | 'env'>,
): Promise<Readonly<Record<string, string>>> {
  const contents: Record<string, string> = {};
  for (const text of flags) {
    const { id, file, variable } = readSecretFlag(text);
    const named = file === undefined && variable === undefined;
    const from = named && env[id] !== undefined ? id : variable;
    const bytes = from === undefined ? await readSecret(file ?? id, cwd) : Buffer.from(env[from] ?? '');
    contents[id] = bytes.toString('base64');
  }
  return contents;
}

async function readSecret(file: string, cwd: string): Promise<Buffer> {
  return readFile(resolve(cwd, file)).catch((cause: unknown) => {
    throw wrong(`failed to stat ${file}: stat ${file}: ${systemReason(cause)}`, undefined, cause);
  });
}

function wrong(message: string, hint?: string, cause?: unknown): NaruError {
  return new NaruError('invalid-argument', 'E_SECRET', message, {
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  });
}
