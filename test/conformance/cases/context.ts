/** Contexts: ignore files, named contexts, stdin, archives, git, other Dockerfiles. */

import type { ConformanceCase } from '../conformance-case.ts';

import { CONTEXT_TAR, CONTEXT_TAR_GZ } from '../archives.ts';

const FILES = {
  'a.txt': 'a\n',
  'b.log': 'b\n',
  'd/c.txt': 'c\n',
  'd/d.log': 'd\n',
  'd/e/f.log': 'f\n',
  'node_modules/x': 'x\n',
  '.hidden': 'h\n',
} as const;

const COPY_ALL = 'FROM scratch\nCOPY . /x/\n';

/** `.dockerignore` by what it shows. */
const IGNORED: Readonly<Record<string, string>> = {
  name: 'a.txt\n',
  'name of a directory': 'd\n',
  'directory with slash': 'd/\n',
  star: '*.log\n',
  'double star': '**/*.log\n',
  'double star at the end': 'd/**\n',
  'double star in the middle': 'd/**/f.log\n',
  negation: '*\n!a.txt\n',
  'negation in a directory': 'd\n!d/c.txt\n',
  'negation with double star': '**\n!**/*.log\n',
  'later line wins': '!a.txt\na.txt\n',
  comments: '# a.txt\n\n  b.log  \n',
  'leading slash': '/a.txt\n',
  'dot slash': './a.txt\n',
  parent: '../a.txt\n',
  'question mark': '?.txt\n',
  class: '[ab].*\n',
  'class range': '[^a]*\n',
  'Dockerfile itself': 'Dockerfile\n.dockerignore\n',
  everything: '**\n',
  'carriage returns': 'a.txt\r\nb.log\r\n',
  'byte order mark': '\uFEFFa.txt\n',
  'escaped star': '\\*.log\n',
  'directory contents': 'd/*\n',
  'directory contents but one': 'd/*\n!d/e\n',
  'hidden files': '.*\n',
  'trailing blank': 'a.txt \n',
  'inside of a name': '*od*\n',
  'bad pattern': '[a\n',
};

export const CONTEXT_CASES: readonly ConformanceCase[] = [
  ...Object.entries(IGNORED).map(([name, text]) => ({
    name: `ignored: ${name}`,
    dockerfile: COPY_ALL,
    files: { ...FILES, '.dockerignore': text },
  })),
  {
    name: 'ignored file cannot be copied',
    dockerfile: 'FROM scratch\nCOPY a.txt /\n',
    files: { ...FILES, '.dockerignore': 'a.txt\n' },
  },
  {
    name: 'ignore file of the Dockerfile',
    dockerfile: 'FROM scratch\n',
    files: {
      ...FILES,
      'x.Dockerfile': COPY_ALL,
      'x.Dockerfile.dockerignore': '**\n!a.txt\n',
      '.dockerignore': 'a.txt\n',
    },
    args: ['-f', 'x.Dockerfile'],
  },
  {
    name: 'ignore file of a Dockerfile in a directory',
    dockerfile: 'FROM scratch\n',
    files: { ...FILES, 'd/Dockerfile': COPY_ALL, 'd/Dockerfile.dockerignore': '**\n!b.log\n' },
    args: ['-f', 'd/Dockerfile'],
  },
  {
    name: 'Dockerfile outside the context',
    dockerfile: 'FROM scratch\n',
    files: { ...FILES, '../Other': COPY_ALL },
    args: ['-f', '../Other'],
  },
  {
    name: 'ignore file of a Dockerfile outside the context',
    dockerfile: 'FROM scratch\n',
    files: { ...FILES, '../Other': COPY_ALL, '../Other.dockerignore': '**\n!a.txt\n' },
    args: ['-f', '../Other'],
  },
  {
    name: 'context in a directory',
    dockerfile: 'FROM scratch\n',
    files: { ...FILES, 'd/Dockerfile': COPY_ALL },
    context: 'd',
  },
  { name: 'no Dockerfile', dockerfile: 'FROM scratch\n', files: FILES, context: 'd' },
  { name: 'no such Dockerfile', dockerfile: 'FROM scratch\n', args: ['-f', 'nope'] },
  { name: 'no such context', dockerfile: 'FROM scratch\n', context: 'nope' },
  {
    name: 'lower case dockerfile',
    dockerfile: 'FROM scratch\n',
    files: { 'd/dockerfile': 'FROM scratch\nENV A=b\nCOPY dockerfile /\n' },
    context: 'd',
  },
  {
    name: 'named directory',
    dockerfile: 'FROM scratch\nCOPY --from=extra . /x/\n',
    files: { '../extra/f': 'f\n', '../extra/g/h': 'h\n' },
    args: ['--build-context', 'extra=../extra'],
  },
  {
    name: 'named directory with ignore file',
    dockerfile: 'FROM scratch\nCOPY --from=extra . /x/\n',
    files: { '../extra/f': 'f\n', '../extra/g': 'g\n', '../extra/.dockerignore': 'g\n' },
    args: ['--build-context', 'extra=../extra'],
  },
  {
    name: 'named directory in a mount',
    dockerfile: 'FROM busybox\nRUN --mount=type=bind,from=extra,target=/m cat /m/f > /x\n',
    files: { '../extra/f': 'f\n' },
    args: ['--build-context', 'extra=../extra'],
  },
  {
    name: 'named directory replaces a stage',
    dockerfile: 'FROM busybox AS st\nRUN echo stage > /f\nFROM scratch\nCOPY --from=st /f /x\n',
    files: { '../extra/f': 'directory\n' },
    args: ['--build-context', 'st=../extra'],
  },
  {
    name: 'named image',
    dockerfile: 'FROM thing\nENV A=b\n',
    args: ['--build-context', 'thing=docker-image://busybox:musl'],
  },
  {
    name: 'named image replaces an image',
    dockerfile: 'FROM nope:1\nENV A=b\n',
    args: ['--build-context', 'nope:1=docker-image://busybox'],
  },
  {
    name: 'named image in COPY --from',
    dockerfile: 'FROM scratch\nCOPY --from=thing /etc/passwd /p\n',
    args: ['--build-context', 'thing=docker-image://busybox'],
  },
  {
    name: 'Dockerfile from stdin without context',
    dockerfile: 'FROM busybox\nRUN echo a > /x\n',
    context: '-',
    stdin: 'Dockerfile',
  },
  {
    name: 'Dockerfile from stdin with context',
    dockerfile: 'FROM scratch\n',
    files: { ...FILES, in: COPY_ALL },
    args: ['-f', '-'],
    stdin: 'in',
  },
  {
    name: 'Dockerfile from stdin with ignore file',
    dockerfile: 'FROM scratch\n',
    files: { ...FILES, in: COPY_ALL, '.dockerignore': '*.log\n' },
    args: ['-f', '-'],
    stdin: 'in',
  },
  {
    name: 'tar from stdin',
    dockerfile: 'FROM scratch\n',
    files: { 'c.tar': { base64: CONTEXT_TAR } },
    context: '-',
    stdin: 'c.tar',
  },
  {
    name: 'tar.gz from stdin',
    dockerfile: 'FROM scratch\n',
    files: { 'c.tar': { base64: CONTEXT_TAR_GZ } },
    context: '-',
    stdin: 'c.tar',
  },
  {
    name: 'tar from stdin with -f',
    dockerfile: 'FROM scratch\n',
    files: { 'c.tar': { base64: CONTEXT_TAR } },
    args: ['-f', 'other.Dockerfile'],
    context: '-',
    stdin: 'c.tar',
  },
  {
    name: 'links of the context',
    dockerfile: COPY_ALL,
    files: {
      f: 'f',
      l: { linkTarget: 'f' },
      out: { linkTarget: '../../etc/passwd' },
      abs: { linkTarget: '/etc/passwd' },
    },
  },
  {
    name: 'link to outside as source',
    dockerfile: 'FROM scratch\nCOPY out /x\n',
    files: { '../beside': 'b', out: { linkTarget: '../beside' } },
  },
];
