/** Contexts that are no directory: git repositories, archives and Dockerfiles at an address, and what stands on stdin. */

import { CONTEXT_TAR, OWNED_TAR, TAR_BZ2, TAR_XZ } from '../archives.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { REPO_HEAD } from '../repositories.ts';

const REPO = '{origin}/repo.git';
const MORE = '{origin}/more.git';

/** A Dockerfile on stdin: what the context holds, whatever its own Dockerfile says. */
const IN = 'FROM scratch\nCOPY . /all/\n';
/** Where a submodule keeps its repository depends on the builder. */
const IN_MODULE = 'FROM busybox\nCOPY . /src\nRUN rm /src/module/.git\n';
const SEE_GIT = 'FROM busybox\nRUN --mount=target=/m ls -A /m | sort > /x\n';

/** The context as the build's only argument. */
const CONTEXTS: Readonly<Record<string, string>> = {
  'git: default branch': REPO,
  'git: branch': `${REPO}#other`,
  'git: annotated tag': `${REPO}#v1`,
  'git: full ref': `${REPO}#refs/heads/other`,
  'git: full tag': `${REPO}#refs/tags/v1`,
  'git: commit': `${REPO}#${REPO_HEAD}`,
  'git: short commit': `${REPO}#${REPO_HEAD.slice(0, 8)}`,
  'git: unknown commit': `${REPO}#0123456789012345678901234567890123456789`,
  'git: directory': `${REPO}#:sub`,
  'git: branch and directory': `${REPO}#main:sub`,
  'git: tag and directory with slash': `${REPO}#v1:sub/`,
  'git: directory with dots': `${REPO}#main:./sub/../sub`,
  'git: directory from the root': `${REPO}#main:/sub`,
  'git: unknown branch': `${REPO}#nope`,
  'git: unknown directory': `${REPO}#main:nope`,
  'git: directory outside': `${REPO}#main:../..`,
  'git: file as directory': `${REPO}#main:a.txt`,
  'git: no such repository': '{origin}/nope.git',
  'git: empty fragment': `${REPO}#`,
  'git: ignore file': MORE,
  'git: light tag': `${MORE}#1.0`,
  'git: branch with a slash': `${MORE}#feature/x`,
  'git: branch with a slash and directory': `${MORE}#feature/x:dir`,
  'git: branch and tag of one name': `${MORE}#both`,
  'git: directory through a link': `${MORE}#main:linked`,
  'git: query with branch': `${REPO}?branch=other`,
  'git: query with ref': `${REPO}?ref=other`,
  'git: query with tag and directory': `${REPO}?tag=v1&subdir=sub`,
  'git: query with commit': `${REPO}?branch=main&commit=${REPO_HEAD}`,
  'git: query with other commit': `${REPO}?branch=other&commit=${'01234567'.repeat(5)}`,
  'git: query with checksum': `${REPO}?checksum=${REPO_HEAD}`,
  'git: query with wrong checksum': `${REPO}?checksum=01234567`,
  'git: query unknown': `${REPO}?nope=1`,
  'git: query and fragment': `${REPO}?branch=other#main`,
  'git: own protocol': '{git}/repo.git',
  'git: own protocol, branch and directory': '{git}/repo.git#main:sub',
  'git: own protocol without ending': '{git}/repo',
  'git: file address': 'file:///nope/repo.git',
  'http: Dockerfile': '{origin}/Dockerfile',
  'http: Dockerfile that copies': '{origin}/copies.Dockerfile',
  'http: Dockerfile with an error': '{origin}/bad.Dockerfile',
  'http: archive': '{origin}/context.tar',
  'http: archive, gzip': '{origin}/context.tar.gz',
  'http: archive with owners': '{origin}/owned.tar',
  'http: archive by query': '{origin}/context.tar.gz?token=1',
  'http: archive without Dockerfile': '{origin}/x.tar.gz',
  'http: redirected': '{origin}/redirect',
  'http: missing': '{origin}/nope',
  'http: page': '{origin}/page.html',
  'http: empty file': '{origin}/empty',
  'http: nobody answers': 'http://127.0.0.1:9/x.tar',
};

/** Options before the context, with a Dockerfile on stdin where `-f -` is among them. */
const OPTIONS: Readonly<Record<string, { readonly args: readonly string[]; readonly context: string }>> = {
  'git: -f in the repository': { args: ['-f', 'sub/Dockerfile'], context: REPO },
  'git: -f below the directory': { args: ['-f', 'Dockerfile'], context: `${REPO}#main:sub` },
  'git: -f outside the directory': { args: ['-f', '../Dockerfile'], context: `${REPO}#main:sub` },
  'git: -f missing': { args: ['-f', 'nope'], context: REPO },
  'git: -f with its own ignore file': { args: ['-f', 'build/Other'], context: MORE },
  'git: -f that is a link': { args: ['-f', 'Link'], context: MORE },
  'git: -f with directory and ignore file': { args: ['-f', 'Other'], context: `${MORE}#:build` },
  'git: Dockerfile on stdin': { args: ['-f', '-'], context: REPO },
  'git: Dockerfile on stdin with ignore file': { args: ['-f', '-'], context: MORE },
  'git: local Dockerfile': { args: ['-f', '{cwd}/in'], context: REPO },
  'git: submodule': { args: ['-f', '{cwd}/module'], context: '{origin}/modules.git' },
  'git: query keeps its directory': { args: ['-f', '{cwd}/see'], context: `${REPO}?keep-git-dir=1` },
  'git: directory is left out': { args: ['-f', '{cwd}/see'], context: REPO },
  'git: directory is kept': {
    args: ['--build-arg', 'BUILDKIT_CONTEXT_KEEP_GIT_DIR=1', '-f', '{cwd}/see'],
    context: REPO,
  },
  'git: directory is not kept by zero': {
    args: ['--build-arg', 'BUILDKIT_CONTEXT_KEEP_GIT_DIR=0', '-f', '{cwd}/see'],
    context: REPO,
  },
  'http: -f in the archive': { args: ['-f', 'other.Dockerfile'], context: '{origin}/context.tar' },
  'http: -f missing in the archive': { args: ['-f', 'nope'], context: '{origin}/context.tar' },
  'http: Dockerfile on stdin': { args: ['-f', '-'], context: '{origin}/x.tar.gz' },
  'http: bzip2': { args: ['-f', '-'], context: '{origin}/x.tar.bz2' },
  'http: xz': { args: ['-f', '-'], context: '{origin}/x.tar.xz' },
  'http: -f with a Dockerfile as context': { args: ['-f', 'Other'], context: '{origin}/Dockerfile' },
  'Dockerfile at an address': { args: ['-f', '{origin}/copies.Dockerfile'], context: '.' },
  'Dockerfile at an address, missing': { args: ['-f', '{origin}/nope'], context: '.' },
  'Dockerfile at an address, git context': { args: ['-f', '{origin}/copies.Dockerfile'], context: REPO },
};

/** Archives on stdin, with the options beside `-`. */
const STDIN: Readonly<Record<string, { readonly base64: string; readonly args?: readonly string[] }>> = {
  'stdin: archive with owners': { base64: OWNED_TAR },
  'stdin: archive without Dockerfile': { base64: TAR_BZ2 },
  'stdin: archive with -f missing': { base64: CONTEXT_TAR, args: ['-f', 'nope'] },
  'stdin: xz': { base64: TAR_XZ, args: ['-f', 'top/f.txt'] },
  'stdin: Dockerfile and context at once': { base64: CONTEXT_TAR, args: ['-f', '-'] },
};

const DOCKERFILE = 'FROM scratch\nCOPY . /wrong/\n';

export const REMOTE_CASES: readonly ConformanceCase[] = [
  ...Object.entries(CONTEXTS).map(([name, context]) => ({ name, dockerfile: DOCKERFILE, context })),
  ...Object.entries(OPTIONS).map(([name, { args, context }]) => ({
    name,
    dockerfile: DOCKERFILE,
    files: { in: IN, see: SEE_GIT, module: IN_MODULE },
    args,
    context,
    ...(args.includes('-') ? { stdin: 'in' } : {}),
  })),
  ...Object.entries(STDIN).map(([name, { base64, args }]) => ({
    name,
    dockerfile: DOCKERFILE,
    files: { in: IN, archive: { base64 } },
    ...(args === undefined ? {} : { args }),
    context: '-',
    stdin: 'archive',
  })),
  {
    name: 'stdin: Dockerfile that copies',
    dockerfile: DOCKERFILE,
    files: { in: IN },
    context: '-',
    stdin: 'in',
  },
  {
    name: 'stdin: empty Dockerfile',
    dockerfile: DOCKERFILE,
    files: { none: '' },
    args: ['-f', '-'],
    stdin: 'none',
  },
];
