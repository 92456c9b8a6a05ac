/** Sources of ADD that are not files: URLs and git repositories. Follows BuildKit's dfgitutil and isHTTPSource. */

import { lastComponent } from './unix-path.ts';

export type RemoteSource =
  | { readonly kind: 'http'; readonly url: string; readonly fileName: string }
  | { readonly kind: 'git'; readonly remote: string; readonly ref: string; readonly subdirectory: string };

/** Undefined for a path. `https://…/x.git[#ref[:directory]]` is git, other http and https addresses are downloads. */
export function readRemoteSource(text: string): RemoteSource | undefined {
  const [address, fragment] = splitAt(text, '#');
  const isHttp = /^https?:\/\//.test(text);
  if (isHttp && !address.endsWith('.git')) return { kind: 'http', url: text, fileName: fileNameOf(text) };
  if (!isHttp && !/^(?:git|ssh):\/\/|^[\w.-]+@[\w.-]+:/.test(text)) return undefined;
  const [ref, subdirectory] = splitAt(fragment, ':');
  return { kind: 'git', remote: address, ref, subdirectory };
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
