/**
 * Sources that are addresses: git repositories and single files over HTTP, in ADD, as a context and as a named context.
 * Follows BuildKit's dfgitutil (ParseGitRef) and isHTTPSource, measured against 28.5.2.
 */

import { goQuote } from '../dockerfile/go-quote.ts';
import { lastComponent } from './unix-path.ts';

export type RemoteSource = HttpSource | GitSource;

export interface HttpSource {
  readonly kind: 'http';
  readonly url: string;
  /** Name of the file it becomes. */
  readonly fileName: string;
}

export interface GitSource {
  readonly kind: 'git';
  readonly remote: string;
  /** '' is the repository's HEAD. */
  readonly ref: string;
  readonly subdirectory: string;
  /** Of the query form: the commit, or its beginning, that the ref must be. */
  readonly checksum?: string;
  /** Of the query form. */
  readonly keepsGitDirectory?: boolean;
}

/** An address that contradicts itself, in BuildKit's words. */
export interface AddressFault {
  readonly kind: 'fault';
  readonly message: string;
}

/** Undefined for a path. `https://…/x.git[#ref[:directory]]` and `https://…/x.git?branch=…` are git, other http and https addresses are downloads. */
export function readRemoteSource(text: string): RemoteSource | AddressFault | undefined {
  const [address, fragment] = splitAt(text, '#');
  const isHttp = /^https?:\/\//.test(text);
  const [base, query] = splitAt(address, '?');
  if (isHttp && !base.endsWith('.git')) return { kind: 'http', url: text, fileName: fileNameOf(text) };
  if (!isHttp && !/^(?:git|ssh):\/\/|^[\w.-]+@[\w.-]+:/.test(text)) return undefined;
  const [ref, subdirectory] = splitAt(fragment, ':');
  if (query === '') return { kind: 'git', remote: address, ref, subdirectory };
  return withQuery({ kind: 'git', remote: base, ref, subdirectory }, new URLSearchParams(query));
}

/** The same for the context of a build, where `github.com/…` is an address and no folder. */
export function readContextAddress(text: string): RemoteSource | AddressFault | undefined {
  if (!text.startsWith('github.com/')) return readRemoteSource(text);
  const [address, fragment] = splitAt(text, '#');
  const [ref, subdirectory] = splitAt(fragment, ':');
  return { kind: 'git', remote: `https://${address}`, ref, subdirectory };
}

/** A full commit: needs nobody to be asked what it stands for. */
export function isCommit(ref: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(ref);
}

const KNOWN_KEYS = ['ref', 'branch', 'tag', 'subdir', 'checksum', 'commit', 'keep-git-dir'];

function withQuery(source: GitSource, query: URLSearchParams): GitSource | AddressFault {
  const unknown = [...query.keys()].find((key) => !KNOWN_KEYS.includes(key));
  if (unknown !== undefined) return { kind: 'fault', message: `unexpected query ${goQuote(unknown)}` };
  const [tag, branch] = [query.get('tag'), query.get('branch')];
  if (tag !== null && branch !== null) return { kind: 'fault', message: 'branch conflicts with tag' };
  const asked = [
    ...(query.has('ref') ? [query.get('ref') ?? ''] : []),
    ...(branch === null ? [] : [`refs/heads/${branch}`]),
    ...(tag === null ? [] : [`refs/tags/${tag}`]),
  ];
  const ref = agreed('ref', source.ref, asked);
  const subdirectory = agreed('subdir', source.subdirectory, query.getAll('subdir'));
  if (typeof ref !== 'string') return ref;
  if (typeof subdirectory !== 'string') return subdirectory;
  const keeps = query.get('keep-git-dir');
  const checksum = query.get('checksum') ?? query.get('commit');
  return {
    ...source,
    ref,
    subdirectory,
    ...(checksum === null ? {} : { checksum }),
    ...(keeps === null ? {} : { keepsGitDirectory: keeps === 'true' || keeps === '1' || keeps === '' }),
  };
}

/** The one value that fragment and query name. */
function agreed(what: string, fragment: string, query: readonly string[]): string | AddressFault {
  let value = fragment;
  for (const other of query) {
    if (value !== '' && value !== other) {
      return { kind: 'fault', message: `${what} conflicts: ${goQuote(value)} vs ${goQuote(other)}` };
    }
    value = other;
  }
  return value;
}

function fileNameOf(url: string): string {
  try {
    const base = lastComponent(decodeURIComponent(new URL(url).pathname));
    return base === '' ? '__unnamed__' : base;
  } catch {
    return '__unnamed__';
  }
}

function splitAt(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
