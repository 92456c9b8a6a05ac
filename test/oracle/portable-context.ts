/** Edits of files in the context of the portable project. */

import * as fs from 'node:fs';
import { join } from 'node:path';

import { lsetxattr } from '../../runtime/host/syscalls.ts';
import type { OracleEdit } from './oracle-edit.ts';
import { FINAL, SRC } from './portable-project.ts';

type Change = NonNullable<OracleEdit['prepare']>;

function write(path: string, content: string): Change {
  return (folder) => fs.writeFileSync(join(folder, path), content);
}

function then(...changes: readonly Change[]): (folder: string) => undefined {
  return (folder) => {
    for (const change of changes) change(folder);
    return undefined;
  };
}

/** Another content of the same length, and the time as it was. */
function sneakIn(path: string, content: string): Change {
  return (folder) => {
    const at = join(folder, path);
    const { atime, mtime } = fs.statSync(at);
    fs.writeFileSync(at, content);
    fs.utimesSync(at, atime, mtime);
  };
}

function touchAll(folder: string): undefined {
  for (const entry of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    fs.lutimesSync(join(folder, entry), 1_700_000_000, 1_700_000_000);
}

function moveAway(folder: string): string {
  fs.renameSync(folder, `${folder}-moved`);
  return `${folder}-moved`;
}

export const CONTEXT_EDITS: readonly OracleEdit[] = [
  { name: 'nothing', buildkit: [] },
  { name: 'times of files', change: touchAll, buildkit: [] },
  {
    name: 'chmod +x of a file',
    change: then((folder) => fs.chmodSync(join(folder, 'src/a.txt'), 0o755)),
    buildkit: SRC,
  },
  {
    name: 'mode of a directory',
    change: then((folder) => fs.chmodSync(join(folder, 'src/sub'), 0o700)),
    buildkit: [],
    ours: { kind: 'stale', runs: SRC, because: 'the mode reaches the image (buildkit#7176)' },
  },
  {
    name: 'owner of a file',
    change: then((folder) => fs.chownSync(join(folder, 'src/a.txt'), 1234, 1234)),
    needs: 'root',
    buildkit: [],
  },
  {
    name: 'attribute of a file',
    change: then((folder) => lsetxattr(join(folder, 'src/a.txt'), 'user.k', Buffer.from('v'))),
    needs: 'attributes of files',
    buildkit: [],
  },
  {
    name: 'content of a copied file',
    change: then(write('src/a.txt', 'longer')),
    buildkit: [...SRC, ...FINAL],
  },
  {
    name: 'content with the same size and time',
    change: then(sneakIn('src/a.txt', 'b')),
    buildkit: [],
    ours: { kind: 'stale', runs: [...SRC, ...FINAL], because: 'the change time tells (buildkit#2592)' },
  },
  {
    name: 'package.json',
    change: then(write('package.json', '{ }')),
    buildkit: ['deps.copy', 'deps.run', 'build.copyall'],
  },
  {
    name: 'conf.ini',
    change: then(write('conf.ini', 'k=other')),
    buildkit: ['build.copyall', 'final.chown', 'final.run', 'final.run2'],
  },
  { name: 'docs', change: then(write('docs/d.md', 'new')), buildkit: ['build.copyall'] },
  { name: 'another name for a file', change: then(write('src/b.txt', 'a')), buildkit: SRC },
  { name: 'a new file', change: then(write('src/new.txt', 'n')), buildkit: SRC },
  {
    name: 'a deleted file',
    change: then((folder) => fs.rmSync(join(folder, 'src/sub/c.txt'))),
    buildkit: SRC,
  },
  {
    name: 'a new empty directory',
    change: then((folder) => fs.mkdirSync(join(folder, 'src/empty'))),
    buildkit: SRC,
  },
  {
    name: 'an ignored file',
    change: then((folder) => fs.mkdirSync(join(folder, 'node_modules')), write('node_modules/x', '')),
    buildkit: [],
  },
  { name: 'an ignored log', change: then(write('x.log', '')), buildkit: [] },
  { name: 'a file at the root', change: then(write('root.txt', '')), buildkit: ['build.copyall'] },
  {
    name: 'target of a symlink',
    change: then(
      (folder) => fs.rmSync(join(folder, 'src/link')),
      (folder) => fs.symlinkSync('sub/c.txt', join(folder, 'src/link')),
    ),
    buildkit: SRC,
  },
  {
    name: 'a hard link in place of a file',
    change: then(
      write('../outside', 'a'),
      (folder) => fs.rmSync(join(folder, 'src/a.txt')),
      (folder) => fs.linkSync(join(folder, '../outside'), join(folder, 'src/a.txt')),
    ),
    buildkit: [],
  },
  {
    name: 'a file the wildcard does not match',
    change: then(write('wild/z.md', '')),
    buildkit: ['build.copyall'],
  },
  {
    name: 'a file the wildcard matches',
    change: then(write('wild/z.txt', '')),
    buildkit: ['build.wild', 'build.run', 'build.copyall'],
  },
  {
    name: 'a comment in .dockerignore',
    change: then(write('.dockerignore', '# c\nnode_modules\n*.log\n.dockerignore\nDockerfile\n')),
    buildkit: [],
  },
  {
    name: '.dockerignore takes docs out',
    change: then(write('.dockerignore', 'docs\nnode_modules\n*.log\n.dockerignore\nDockerfile\n')),
    buildkit: ['build.copyall'],
  },
  {
    name: '.dockerignore takes src/sub out',
    change: then(write('.dockerignore', 'src/sub\nnode_modules\n*.log\n.dockerignore\nDockerfile\n')),
    buildkit: SRC,
  },
  {
    name: 'the Dockerfile, copied with the rest',
    prepare: write('.dockerignore', 'node_modules\n*.log\n.dockerignore\n'),
    change: then(write('Dockerfile', '# c\nFROM x\n')),
    buildkit: ['build.copyall'],
  },
  { name: 'the same context at another path', change: moveAway, buildkit: [] },
];
