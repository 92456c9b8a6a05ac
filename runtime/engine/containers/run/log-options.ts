/**
 * `--log-opt` of the drivers json-file and local, which are one here: files that conmon writes and rotates.
 * Names and limits are dockerd's (28.5.2), which finds a wrong value when the container starts; here create refuses it.
 * `compress` is accepted and rotated files stay as they are; `mode` and `max-buffer-size` change nothing, conmon buffers as it can.
 */

import { parseByteSize } from '../../../../core/dockerfile/byte-size.ts';
import { NaruError } from '../../../../core/errors.ts';
import type { HostOptions } from '../container.ts';

export interface LogLimits {
  /** Of one file; undefined: no limit. */
  readonly maxSizeBytes: number | undefined;
  /** With the current one; at least 1. */
  readonly maxFiles: number;
}

type Given = Readonly<Record<string, string>>;

const OF_ALL = ['max-size', 'max-file', 'compress', 'mode', 'max-buffer-size'];
const OF_JSON_FILE = [...OF_ALL, 'labels', 'labels-regex', 'env', 'env-regex', 'tag'];
/** Docker: the driver `local` limits a log that nobody limited. */
const DEFAULTS_OF_LOCAL: Given = { 'max-size': '20m', 'max-file': '5' };
const BOOLEANS = /^(?:1|t|true|0|f|false)?$/i;
const TRUE = /^(?:1|t|true)$/i;

/** @throws NaruError "invalid-argument" for an option that the driver does not know, or a value it cannot have */
export function logLimits({ logDriver = 'json-file', logOptions = {} }: HostOptions): LogLimits {
  const isLocal = logDriver === 'local';
  for (const name of ['labels-regex', 'env-regex']) checkPattern(logOptions[name] ?? '');
  checkNames(logOptions, isLocal);
  checkMode(logOptions);
  const given = isLocal ? { ...DEFAULTS_OF_LOCAL, ...logOptions } : logOptions;
  const maxSizeBytes = readSize(given['max-size'] ?? '', isLocal);
  const maxFiles = readCount(given['max-file'] ?? '1');
  const compress = given['compress'] ?? '';
  if (!BOOLEANS.test(compress)) throw wrong(`invalid compress: ${JSON.stringify(compress)}`);
  if (!isLocal && TRUE.test(compress) && (maxFiles < 2 || maxSizeBytes === undefined)) {
    throw wrong('compress cannot be true when max-file is less than 2 or max-size is not set');
  }
  return { maxSizeBytes, maxFiles };
}

function checkNames(given: Given, isLocal: boolean): void {
  const known = isLocal ? OF_ALL : OF_JSON_FILE;
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw wrong(`unknown log opt '${unknown}' for ${isLocal ? 'log driver local' : 'json-file log driver'}`);
}

function checkPattern(text: string): void {
  try {
    new RegExp(text);
  } catch {
    throw wrong(`error parsing regexp: ${text}`);
  }
}

function checkMode({ mode = '', 'max-buffer-size': buffer }: Given): void {
  if (!['', 'blocking', 'non-blocking'].includes(mode)) {
    throw wrong(`logger: logging mode not supported: ${mode}`);
  }
  if (buffer === undefined) return;
  if (mode !== 'non-blocking') {
    throw wrong("logger: max-buffer-size option is only supported with 'mode=non-blocking'");
  }
  if (parseByteSize(buffer) === undefined) throw wrong(`invalid size: '${buffer}'`);
}

function readSize(text: string, isLocal: boolean): number | undefined {
  if (text === '') return undefined;
  const size = parseByteSize(text);
  if (size === undefined) throw wrong(`invalid size: '${text}'`);
  if (size > 0 && Number.isSafeInteger(size)) return size;
  if (size === 0 && isLocal) return undefined;
  throw wrong('max-size must be a positive number');
}

function readCount(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw wrong(`invalid max-file: ${JSON.stringify(text)}`);
  const count = Number(text);
  if (count < 1) throw wrong('max-file cannot be less than 1');
  return Math.min(count, MAX_FILES);
}

/** conmon renames each of them at every rotation. */
const MAX_FILES = 10_000;

function wrong(message: string): NaruError {
  return new NaruError('invalid-argument', 'E_LOG_OPTION', message);
}
