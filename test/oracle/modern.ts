/** Heredocs, `--link`, `--chmod`, `--exclude` and downloads, in one chain. `{origin}` is the address of a server that only builds on an engine have. */

import * as fs from 'node:fs';
import { join } from 'node:path';

import type { Files, OracleEdit, OracleFixture } from './oracle-edit.ts';

const DOCKERFILE = `FROM base AS gen
# gen.copy
COPY conf.ini /in/
# gen.run
RUN constant generated
FROM base
ARG BODY=b
# c.first
COPY first.txt /first
# c.link
COPY --link conf.ini /linked/
# c.linkfrom
COPY --link --from=gen /constant /gen/
# c.chmod
COPY --chmod=644 mode.txt /mode
# c.exclude
COPY --exclude=*.md --exclude=*.log src /src/
# c.copyhd
COPY <<DOC /hd
body $BODY
DOC
# c.http
ADD {origin}/f.txt /http/
# c.runhd
RUN <<EOF
see here
EOF
# c.runshebang
RUN <<SCRIPT
#!/bin/see
script
SCRIPT
# c.tail
RUN see tail
`;

const CONTEXT: Files = {
  'conf.ini': 'k=v',
  'first.txt': 'f',
  'mode.txt': 'm',
  'src/x.txt': 'x',
  'src/y.md': 'y',
  'src/sub/z.txt': 'z',
};

const CHAIN = [
  'c.first',
  'c.link',
  'c.linkfrom',
  'c.chmod',
  'c.exclude',
  'c.copyhd',
  'c.http',
  'c.runhd',
  'c.runshebang',
  'c.tail',
];

function from(step: string): readonly string[] {
  return CHAIN.slice(CHAIN.indexOf(step));
}

function write(path: string, content: string): (folder: string) => undefined {
  return (folder) => {
    fs.writeFileSync(join(folder, path), content);
    return undefined;
  };
}

function chmod(path: string, mode: number): (folder: string) => undefined {
  return (folder) => {
    fs.chmodSync(join(folder, path), mode);
    return undefined;
  };
}

function text(was: string, is: string): string {
  return DOCKERFILE.replaceAll(was, is);
}

/** Where BuildKit could not merge: copies that are linked stay as they are with us, and are laid over the new root. */
const UNLINKED = CHAIN.filter((step) => step !== 'c.link' && step !== 'c.linkfrom');

const EDITS: readonly OracleEdit[] = [
  { name: 'nothing', buildkit: [] },
  {
    name: 'an earlier COPY',
    change: write('first.txt', 'other'),
    buildkit: CHAIN,
    ours: { kind: 'fewer', runs: UNLINKED, because: 'linked copies do not look at what is below them' },
  },
  {
    name: 'the file of a linked copy',
    change: write('conf.ini', 'k=w'),
    buildkit: ['gen.copy', 'gen.run', ...from('c.link')],
    ours: {
      kind: 'fewer',
      runs: ['gen.copy', 'gen.run', 'c.link', ...from('c.chmod')],
      because: 'the linked copy from the stage turns out as before',
    },
  },
  {
    name: 'the file of a linked copy, longer',
    change: write('conf.ini', 'k=v and more'),
    buildkit: ['gen.copy', 'gen.run', ...from('c.link')],
    ours: {
      kind: 'fewer',
      runs: ['gen.copy', 'gen.run', 'c.link', ...from('c.chmod')],
      because: 'the linked copy from the stage turns out as before',
    },
  },
  {
    name: 'the base',
    base: 'other',
    buildkit: ['gen.copy', 'gen.run', ...CHAIN],
    ours: {
      kind: 'fewer',
      runs: ['gen.copy', 'gen.run', ...UNLINKED],
      because: 'linked copies do not look at what is below them',
    },
  },
  {
    name: '--link removed',
    dockerfile: text('--link ', ''),
    buildkit: from('c.link'),
    measuredWith: '28.5.2 with containerd store',
  },
  { name: '--chmod', dockerfile: text('--chmod=644', '--chmod=600'), buildkit: from('c.chmod') },
  { name: '--chmod with a zero more', dockerfile: text('--chmod=644', '--chmod=0644'), buildkit: [] },
  {
    name: '--chmod in letters',
    dockerfile: text('--chmod=644', '--chmod=u=rw,go=r'),
    buildkit: from('c.chmod'),
  },
  {
    name: 'mode of a file under --chmod',
    change: chmod('mode.txt', 0o600),
    buildkit: from('c.chmod'),
    ours: { kind: 'fewer', runs: [], because: 'the mode is replaced' },
  },
  { name: 'content of an excluded file', change: write('src/y.md', 'other'), buildkit: [] },
  { name: 'one more excluded file', change: write('src/n.md', 'n'), buildkit: [] },
  {
    name: '--exclude in other words',
    dockerfile: text('--exclude=*.md --exclude=*.log', '--exclude=*.log --exclude=y.*'),
    buildkit: from('c.exclude'),
    ours: { kind: 'fewer', runs: [], because: 'the same files land' },
  },
  { name: 'one more file in a folder', change: write('src/sub/n.txt', 'n'), buildkit: from('c.exclude') },
  { name: 'mode of the folder that is copied', change: chmod('src', 0o700), buildkit: [] },
  {
    name: 'body of a COPY heredoc',
    dockerfile: text('body $BODY', 'Body $BODY'),
    buildkit: from('c.copyhd'),
  },
  {
    name: 'delimiter of a COPY heredoc',
    dockerfile: text('DOC', 'DOCUMENT'),
    buildkit: from('c.copyhd'),
    ours: { kind: 'fewer', runs: [], because: 'the delimiter does not reach the image' },
  },
  {
    name: 'ARG in a COPY heredoc',
    options: { buildArgs: new Map([['BODY', 'other']]) },
    buildkit: from('c.copyhd'),
  },
  { name: 'body of a RUN heredoc', dockerfile: text('see here', 'see there'), buildkit: from('c.runhd') },
  { name: 'delimiter of a RUN heredoc', dockerfile: text('EOF', 'END'), buildkit: [] },
  {
    name: 'a comment in a RUN heredoc',
    dockerfile: text('see here', '# c\nsee here'),
    buildkit: from('c.runhd'),
  },
  { name: 'body of a script', dockerfile: text('\nscript\n', '\nScript\n'), buildkit: from('c.runshebang') },
  { name: 'delimiter of a script', dockerfile: text('SCRIPT', 'PROGRAM'), buildkit: from('c.runshebang') },
  { name: 'download: nothing', needs: 'a server', buildkit: [] },
  { name: 'download: another tag', needs: 'a server', serve: { etag: '"2"' }, buildkit: [] },
  {
    name: 'download: another tag and time',
    needs: 'a server',
    serve: { etag: '"2"', modified: 'Mon, 02 Jan 2023 00:00:00 GMT' },
    buildkit: [],
  },
  { name: 'download: other bytes', needs: 'a server', serve: { body: 'other\n' }, buildkit: from('c.http') },
  {
    name: 'download: another address of the same bytes',
    needs: 'a server',
    dockerfile: text('{origin}/f.txt', '{origin}/again/f.txt'),
    buildkit: [],
  },
  {
    name: '--checksum',
    needs: 'a server',
    dockerfile: text(
      'ADD {origin}',
      'ADD --checksum=sha256:c5acc4ae7d85cda11df11e6bc0c06ab55bffbd2b3db121d0a9e3ebb98bd98cac {origin}',
    ),
    buildkit: [],
  },
  {
    name: 'SOURCE_DATE_EPOCH',
    options: { buildArgs: new Map([['SOURCE_DATE_EPOCH', '1']]), sourceDateEpoch: 1 },
    buildkit: [],
    ours: {
      kind: 'more',
      runs: ['gen.copy', 'gen.run', ...CHAIN],
      because: 'our layers have the times; BuildKit changes them when it exports, if asked to',
    },
  },
];

export const MODERN: OracleFixture = {
  name: 'heredocs, links and downloads',
  dockerfile: DOCKERFILE,
  context: CONTEXT,
  edits: EDITS,
};
