/** Which commit a branch, tag or nothing at all stands for in a repository: one question to the server, nothing is fetched. */

import { isCommit } from '../../../core/build/remote-source.ts';
import { goQuote } from '../../../core/dockerfile/go-quote.ts';
import { NaruError } from '../../../core/errors.ts';
import { type GitAccess, git, gitFailure, withoutPasswords } from './command.ts';

export interface GitPlace {
  readonly remote: string;
  /** Branch, tag, full ref or commit; '' is the repository's HEAD. */
  readonly ref: string;
}

/** `folder` is any directory that exists. @throws NaruError "unavailable" when the server does not answer, "not-found" for an unknown ref, in BuildKit's words */
export async function resolveRef(
  { remote, ref }: GitPlace,
  folder: string,
  access: GitAccess,
): Promise<string> {
  if (isCommit(ref)) return ref;
  if (ref === '') return defaultCommit(remote, folder, access);
  const partial = ref.replace(/^refs\//, '');
  const listed = await git(['ls-remote', '--', remote, partial, `${partial}^{}`], folder, access);
  if (listed.exitCode !== 0) {
    throw gitFailure(`failed to fetch remote ${withoutPasswords(remote)}`, listed);
  }
  const commits = readRefs(listed.stdout);
  // Docker: of a tag and a branch with one name the tag counts, and of a tag that is an object the commit behind it (28.5.2).
  const names = [`refs/tags/${partial}`, `refs/heads/${partial}`, ref];
  for (const name of names.flatMap((one) => [`${one}^{}`, one])) {
    const commit = name.startsWith('refs/') ? commits.get(name) : undefined;
    if (commit !== undefined) return commit;
  }
  const message = `repository does not contain ref ${ref}, output: ${goQuote(listed.stdout)}`;
  throw new NaruError('not-found', 'E_GIT_REF', message);
}

async function defaultCommit(remote: string, folder: string, access: GitAccess): Promise<string> {
  const listed = await git(['ls-remote', '--', remote, 'HEAD'], folder, access);
  const what = `error fetching default branch for repository ${withoutPasswords(remote)}`;
  if (listed.exitCode !== 0) throw gitFailure(what, listed);
  const commit = readRefs(listed.stdout).get('HEAD');
  if (commit !== undefined) return commit;
  throw new NaruError('not-found', 'E_GIT_REF', `${what}: it has no commit`);
}

function readRefs(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const [commit = '', name = ''] = line.split('\t');
      return [name, commit];
    }),
  );
}
