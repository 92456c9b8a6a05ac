/** The bed of the kill tests: an engine that is killed and started again, builds sent to it as tar archives, and what they leave. */

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import { writeTar, type NewTarMember } from '../../../local/tar/writer.ts';
import { ask, type startEngine } from '../../support/engine.ts';
import { readMetadata } from '../../support/metadata-copy.ts';

export type KillableEngine = Awaited<ReturnType<typeof startEngine>>;

export interface BuildOutcome {
  readonly status: number;
  /** What a terminal would have shown. */
  readonly stream: string;
  /** Instructions whose line was followed by `Using cache`. */
  readonly cached: readonly string[];
  readonly error: string | undefined;
  readonly imageId: string | undefined;
}

/** Sends a context. A connection that broke gives an error outcome. */
export async function buildFiles(
  engine: KillableEngine,
  files: Readonly<Record<string, string>>,
  tag: string,
): Promise<BuildOutcome> {
  const members = Object.entries(files).map(([path, text]) => fileMember(path, text));
  const body = Readable.from(writeTar(members));
  try {
    const reply = await ask(engine.socketPath, 'POST', `/build?t=${tag}`, body, {
      'Content-Type': 'application/x-tar',
    });
    return outcomeOf(reply.status, reply.text);
  } catch (error) {
    return { status: 0, stream: '', cached: [], error: String(error), imageId: undefined };
  }
}

/** A plain file for `writeTar`. */
export function fileMember(path: string, text: string): NewTarMember {
  const bytes = Buffer.from(text);
  return {
    entry: {
      path,
      kind: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      sizeBytes: bytes.byteLength,
      mtimeNs: 1_700_000_000_000_000_000n,
    },
    content: Readable.from([bytes]),
  };
}

/** jsonmessage's fields, as far as the builder uses them. */
interface BuildMessage {
  readonly stream?: string;
  readonly error?: string;
  readonly aux?: { readonly ID: string };
}

function outcomeOf(status: number, text: string): BuildOutcome {
  const messages = text
    .split('\r\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as BuildMessage); // the engine under test wrote it
  const stream = messages.map((message) => message.stream ?? '').join('');
  const cached = [...stream.matchAll(/^Step \d+\/\d+ : (.*)\n ---> Using cache/gm)];
  return {
    status,
    stream,
    cached: cached.map((match) => match[1] ?? ''),
    error: messages.find(({ error }) => error !== undefined)?.error,
    imageId: messages.find(({ aux }) => aux !== undefined)?.aux?.ID,
  };
}

/** What the store of an engine holds: snapshots a build was writing or reading, and the steps it had finished. */
export function readStore(root: string): {
  readonly openSnapshots: readonly string[];
  readonly finishedSteps: readonly string[];
} {
  return readMetadata(root, (database) => {
    const snapshots = database.prepare("SELECT id FROM documents WHERE kind = 'snapshot'").all();
    const records = database.prepare("SELECT json FROM documents WHERE kind = 'cache.record'").all();
    return {
      openSnapshots: snapshots
        .map((row) => String(row['id']))
        .filter((id) => /^(active|view)-build-/.test(id)),
      finishedSteps: records.map((row) => {
        const record = JSON.parse(String(row['json'])) as { origin: { instruction: string } }; // a cache record
        return record.origin.instruction;
      }),
    };
  });
}

/** Numbers in [0, 1) from a seed: the same moments again when a failure is looked into. */
export function* randomNumbers(seed: string): Generator<number, never, void> {
  for (let n = 0; ; n += 1) {
    yield createHash('sha256').update(`${seed} ${n}`).digest().readUInt32BE(0) / 2 ** 32;
  }
}
