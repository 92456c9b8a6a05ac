/** Sources of ADD that are not files: URLs and git repositories. Follows BuildKit's dfgitutil and isHTTPSource. */

import { lastComponent } from './unix-path.ts';

export type RemoteSource =
  | { readonly kind: 'http'; readonly url: string; readonly fileName: string }
  | GitSource;

export interface GitSource {
  readonly kind: 'git';
  readonly remote: string;
  /** '' is the repository's HEAD. */
  readonly ref: string;
  readonly subdirectory: string;
  /** Of the query form. */
  readonly checksum?: string;
  readonly keepsGitDirectory?: boolean;
}

/** Undefined for a path. `https://…/x.git[#ref[:directory]]` and `https://…/x.git?branch=…` are git, other http and https addresses are downloads. */
export function readRemoteSource(text: string): RemoteSource | undefined {
  const [address, fragment] = splitAt(text, '#');
  const isHttp = /^https?:\/\//.test(text);
  const [base, query] = splitAt(address, '?');
  if (isHttp && !base.endsWith('.git')) return { kind: 'http', url: text, fileName: fileNameOf(text) };
  if (!isHttp && !/^(?:git|ssh):\/\/|^[\w.-]+@[\w.-]+:/.test(text)) return undefined;
  if (query !== '') return fromQuery(base, new URLSearchParams(query));
  const [ref, subdirectory] = splitAt(fragment, ':');
  return { kind: 'git', remote: address, ref, subdirectory };
}

function fromQuery(remote: string, query: URLSearchParams): GitSource {
  const tag = query.get('tag');
  const branch = query.get('branch');
  const ref =
    tag === null ? (branch === null ? (query.get('ref') ?? '') : `refs/heads/${branch}`) : `refs/tags/${tag}`;
  const checksum = query.get('checksum') ?? query.get('commit');
  const keeps = query.get('keep-git-dir');
  return {
    kind: 'git',
    remote,
    ref,
    subdirectory: query.get('subdir') ?? '',
    ...(checksum === null ? {} : { checksum }),
    ...(keeps === null ? {} : { keepsGitDirectory: keeps === 'true' || keeps === '1' }),
  };
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
