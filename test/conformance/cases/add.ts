/** ADD: archives, downloads, git, and what it shares with COPY. */

import type { ConformanceCase } from '../conformance-case.ts';

import { TAR, TAR_BZ2, TAR_GZ, TAR_ONE, TAR_TWO, TAR_XZ, TAR_ZST } from '../archives.ts';
import { REPO_FIRST, REPO_HEAD } from '../repositories.ts';

const FILES = {
  'a.txt': 'a\n',
  'x.tar': { base64: TAR },
  'x.tar.gz': { base64: TAR_GZ },
  'x.tar.bz2': { base64: TAR_BZ2 },
  'x.tar.xz': { base64: TAR_XZ },
  'x.tar.zst': { base64: TAR_ZST },
  'no-ending': { base64: TAR_GZ },
  'not.tar.gz': 'text\n',
  'd/in.tar': { base64: TAR },
} as const;

const ORIGIN = ['--build-arg', 'O={origin}'] as const;

/** Instructions after `FROM busybox`, over the files above and the server `$O`. */
const LINES: Readonly<Record<string, string>> = {
  file: 'ADD a.txt /d/',
  'tar after a file of one pattern, to one new name': 'ADD [ax].t[xa][tr] /n',
  'files and a tar of one pattern, to one new name': 'ADD [anx]*t* /n',
  'file after a tar of one pattern, onto a directory': 'ADD [ax].t[xa][tr] /etc',
  directory: 'ADD d /x',
  tar: 'ADD x.tar /d/',
  'tar.gz': 'ADD x.tar.gz /d/',
  'tar.bz2': 'ADD x.tar.bz2 /d/',
  'tar.xz': 'ADD x.tar.xz /d/',
  'tar.zst': 'ADD x.tar.zst /d/',
  'tar without ending': 'ADD no-ending /d/',
  'ending without tar': 'ADD not.tar.gz /d/',
  'tar to a path without slash': 'ADD x.tar /d',
  'tar in a directory stays': 'ADD d /x/',
  'tar by wildcard': 'ADD *.tar /d/',
  'tar into existing directory': 'RUN mkdir -m 700 /d && mkdir -m 777 /d/top\nADD x.tar /d/',
  'tar over file': 'RUN mkdir -p /d/top && echo old > /d/top/f.txt\nADD x.tar /d/',
  'tar onto a file': 'RUN echo old > /d\nADD x.tar /d',
  'tar with chown': 'ADD --chown=5:6 x.tar /d/',
  'tar with chmod': 'ADD --chmod=600 x.tar /d/',
  'tar with unpack': 'ADD --unpack=true x.tar /d/',
  'tar without unpack': 'ADD --unpack=false x.tar /d/',
  'tar with link': 'ADD --link x.tar /d/',
  'tar and file': 'ADD x.tar a.txt /d/',
  'tar to root': 'ADD x.tar.gz /',
  'tar to dot': 'WORKDIR /w\nADD x.tar .',
  'COPY does not unpack': 'COPY x.tar /d/',
  exclude: 'ADD --exclude=*.tar* . /x/',
  missing: 'ADD nope /d/',
  'file with chown': 'ADD --chown=nobody a.txt /d/',
  'file with chmod': 'ADD --chmod=u=rw,go= a.txt /d/',
  url: 'ARG O\nADD $O/hello.txt /d/',
  'url to a name': 'ARG O\nADD $O/hello.txt /d/x.txt',
  'url without slash': 'ARG O\nADD $O/dir/hello.txt /x',
  'url with query': 'ARG O\nADD $O/hello.txt?x=1 /d/',
  'url with chmod': 'ARG O\nADD --chmod=644 $O/hello.txt /d/',
  'url with chown': 'ARG O\nADD --chown=5:6 $O/hello.txt /d/',
  'url with link': 'ARG O\nADD --link $O/hello.txt /d/',
  'url redirected': 'ARG O\nADD $O/redirect /d/',
  'url with disposition': 'ARG O\nADD $O/named /d/',
  'url without name': 'ARG O\nADD $O/ /d/',
  'url missing': 'ARG O\nADD $O/nope /d/',
  'url of a tar stays': 'ARG O\nADD $O/x.tar.gz /d/',
  'url of a tar with unpack': 'ARG O\nADD --unpack $O/x.tar.gz /d/',
  'url of a tar with unpack and chown': 'ARG O\nADD --unpack=true --chown=5:6 $O/x.tar /d/',
  'url and file': 'ARG O\nADD $O/hello.txt a.txt /d/',
  'url with checksum':
    'ARG O\nADD --checksum=sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03 $O/hello.txt /d/',
  'url with other checksum':
    'ARG O\nADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 $O/hello.txt /d/',
  'url with bad checksum': 'ARG O\nADD --checksum=sha256:00 $O/hello.txt /d/',
  'checksum of a file':
    'ADD --checksum=sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03 a.txt /d/',
  'url in COPY': 'ARG O\nCOPY $O/hello.txt /d/',
  git: 'ARG O\nADD $O/repo.git /d/',
  'git without slash': 'ARG O\nADD $O/repo.git /d',
  'git branch': 'ARG O\nADD $O/repo.git#other /d/',
  'git tag': 'ARG O\nADD $O/repo.git#v1 /d/',
  'git subdirectory': 'ARG O\nADD $O/repo.git#main:sub /d/',
  'git subdirectory of default': 'ARG O\nADD $O/repo.git#:sub /d/',
  'git with chown': 'ARG O\nADD --chown=5:6 $O/repo.git /d/',
  'git with chmod': 'ARG O\nADD --chmod=700 $O/repo.git /d/',
  'git with exclude': 'ARG O\nADD --exclude=sub $O/repo.git /d/',
  'git with link': 'ARG O\nADD --link $O/repo.git /d/',
  'git keeps its directory':
    'ARG O\nADD --keep-git-dir=true $O/repo.git /d/\nRUN ls -d /d/.git > /x; rm -rf /d/.git',
  'git unknown ref': 'ARG O\nADD $O/repo.git#nope /d/',
  'git unknown subdirectory': 'ARG O\nADD $O/repo.git#main:nope /d/',
  'git query form': 'ARG O\nADD $O/repo.git?branch=other /d/',
  'git query form with subdirectory': 'ARG O\nADD $O/repo.git?tag=v1&subdir=sub /d/',
  'git with bad checksum': 'ARG O\nADD --checksum=0000000000000000000000000000000000000000 $O/repo.git /d/',
  'git checksum': `ARG O\nADD --checksum=${REPO_HEAD} $O/repo.git /d/`,
  'git checksum of a tag': `ARG O\nADD --checksum=${REPO_FIRST} $O/repo.git#v1 /d/`,
  'git checksum, short': `ARG O\nADD --checksum=${REPO_HEAD.slice(0, 8)} $O/repo.git /d/`,
  'git checksum of no branch': `ARG O\nADD --checksum=${'01234567'.repeat(5)} $O/repo.git#other /d/`,
  'git checksum that is none': 'ARG O\nADD --checksum=xyz $O/repo.git /d/',
  'git commit': `ARG O\nADD $O/repo.git#${REPO_FIRST} /d/`,
  'git commit and directory': `ARG O\nADD $O/repo.git#${REPO_FIRST}:sub /d/`,
  'git query with commit': `ARG O\nADD $O/repo.git?branch=main&commit=${REPO_HEAD} /d/`,
  'git query with short commit': `ARG O\nADD $O/repo.git?branch=main&commit=${REPO_HEAD.slice(0, 8)} /d/`,
  'git query with other short commit': 'ARG O\nADD $O/repo.git?branch=main&commit=01234567 /d/',
  'git query unknown': 'ARG O\nADD $O/repo.git?nope=1 /d/',
  'git query and fragment': 'ARG O\nADD $O/repo.git?branch=other#main /d/',
  'git query with two refs': 'ARG O\nADD $O/repo.git?branch=other&tag=v1 /d/',
  'git query keeps its directory':
    'ARG O\nADD $O/repo.git?keep-git-dir=true /d/\nRUN ls -d /d/.git > /x; rm -rf /d/.git',
  'git submodule': 'ARG O\nADD $O/modules.git /d/\nRUN rm /d/module/.git',
  'git odd names': 'ARG O\nADD $O/more.git /d/',
  'git and file': 'ARG O\nADD $O/repo.git#:sub a.txt /d/',
  'git two': 'ARG O\nADD $O/repo.git#:sub $O/more.git#:build /d/',
  'git to a file': 'ARG O\nRUN echo old > /d\nADD $O/repo.git /d',
  'git with unpack': 'ARG O\nADD --unpack=true $O/repo.git /d/',
  'git by variable': 'ARG O\nARG R=v1\nADD $O/repo.git#$R:sub /d/',
  'git in COPY': 'ARG O\nCOPY $O/repo.git /d/',
  'git in ONBUILD': 'ONBUILD ARG O\nONBUILD ADD $O/repo.git /d/',
  'url in quotes': 'ARG O\nADD ["$O/hello.txt", "/d/"]',
  'url with fragment': 'ARG O\nADD $O/hello.txt#x /d/',
  'url with escaped name': 'ARG O\nADD $O/%68ello.txt /d/',
  'url two': 'ARG O\nADD $O/hello.txt $O/x.tar /d/',
  'url two of one name': 'ARG O\nADD $O/hello.txt $O/dir/hello.txt /d/',
  'url over file': 'ARG O\nRUN echo old > /x\nADD $O/hello.txt /x',
  'url into existing directory': 'ARG O\nADD $O/hello.txt /etc',
  'url of every tar with unpack':
    'ARG O\nADD --unpack=true $O/x.tar.bz2 /b/\nADD --unpack=true $O/x.tar.xz /x/\nADD --unpack=true $O/x.tar.zst /z/',
  'url of no tar with unpack': 'ARG O\nADD --unpack=true $O/hello.txt /d/',
  'url with unpack and exclude': 'ARG O\nADD --unpack=true --exclude=*.sh $O/x.tar /d/',
  'url with checksum of a tar, unpacked': 'ARG O\nADD --unpack=true --chmod=700 $O/x.tar /d/',
  'keep-git-dir without git': 'ADD --keep-git-dir=true a.txt /d/',
};

/** What is in several sources: the later one counts. */
const OVERLAPPING = {
  'one.tar': { base64: TAR_ONE },
  'two.tar': { base64: TAR_TWO },
  'e/f': 'folder\n',
  'e/one': 'folder\n',
} as const;

const OVERLAPPING_LINES: Readonly<Record<string, string>> = {
  'two tars with one file': 'ADD one.tar two.tar /d/',
  'two tars with one file, the other way round': 'ADD two.tar one.tar /d/',
  'tar, then a folder with its file': 'ADD one.tar e /d/',
  'folder, then a tar with its file': 'ADD e one.tar /d/',
  'tar, then its file': 'ADD two.tar e/f /d/',
  'file, then a tar with it': 'ADD e/f two.tar /d/',
  'two tars by wildcard': 'ADD t*.tar o*.tar /d/',
};

export const ADD_CASES: readonly ConformanceCase[] = [
  ...Object.entries(LINES).map(([name, line]) => ({
    name,
    dockerfile: `FROM busybox\n${line}\n`,
    files: FILES,
    ...(line.includes('ARG O') ? { args: ORIGIN } : {}),
  })),
  ...Object.entries(OVERLAPPING_LINES).map(([name, line]) => ({
    name,
    dockerfile: `FROM busybox\n${line}\n`,
    files: OVERLAPPING,
  })),
];
