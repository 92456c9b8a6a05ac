/** COPY: where files land, wildcards, directories, links, ignore files. */

import type { ConformanceCase } from '../conformance-case.ts';

const FILES = {
  'a.txt': 'a\n',
  'b.txt': { content: 'b\n', mode: 0o600 },
  'run.sh': { content: '#!/bin/sh\n', mode: 0o755 },
  'src/one.js': '1\n',
  'src/two.js': '2\n',
  'src/deep/three.js': { content: '3\n', mode: 0o640 },
  'src/deep/': { mode: 0o700 },
  'src/link': { linkTarget: 'one.js' },
  'src/dirlink': { linkTarget: 'deep' },
  'src/broken': { linkTarget: 'nowhere' },
  'src/.hidden': 'h\n',
  'empty/': '',
  'odd [x]/f': 'odd\n',
  'sp ace': 'space\n',
  suid: { content: 's', mode: 0o4755 },
  'sticky/': { mode: 0o1777 },
} as const;

/** Instructions after `FROM busybox`, over the files above. */
const LINES: Readonly<Record<string, string>> = {
  'file to file': 'COPY a.txt /x',
  'file to new directory': 'COPY a.txt /d/e/',
  'file to deep file': 'COPY a.txt /d/e/f.txt',
  'file to existing directory': 'COPY a.txt /etc',
  'file to existing directory with slash': 'COPY a.txt /etc/',
  'file to relative path': 'WORKDIR /w\nCOPY a.txt b',
  'file to dot': 'WORKDIR /w\nCOPY a.txt .',
  'file to dot slash': 'WORKDIR /w\nCOPY a.txt ./',
  'file to parent': 'WORKDIR /w/v\nCOPY a.txt ../',
  'file over file': 'COPY a.txt /x\nCOPY b.txt /x',
  'two files': 'COPY a.txt b.txt /d/',
  'two files to existing directory': 'COPY a.txt b.txt /etc/',
  'same file twice': 'COPY a.txt a.txt /d/',
  'a command sees one name of each':
    'COPY a.txt src /d/\nRUN --network=none stat -c "%n %h" /d/a.txt /d/one.js > /links',
  'directory to new directory': 'COPY src /d',
  'directory with slash': 'COPY src/ /d/',
  'directory to existing directory': 'RUN mkdir -m 700 /d\nCOPY src /d',
  'two directories': 'COPY src empty /d/',
  everything: 'COPY . /d',
  'everything to root of scratch stage': 'COPY empty /',
  'empty directory': 'COPY empty /d',
  'sticky directory': 'COPY sticky /d',
  'directory mode is kept': 'COPY src/deep /d',
  'directory below directory': 'COPY src /d/e/f',
  'set-uid file': 'COPY suid /d/',
  'link to file is followed at top': 'COPY src/link /x',
  'link to file into directory': 'COPY src/link /d/',
  'link to directory is followed at top': 'COPY src/dirlink /d',
  'link to directory with slash': 'COPY src/dirlink/ /d/',
  'broken link': 'COPY src/broken /d/',
  star: 'COPY *.txt /d/',
  'star in a directory': 'COPY src/*.js /d/',
  'star matches directories': 'COPY src/* /d/',
  'star in the middle': 'COPY src/*/three.js /d/',
  'question mark': 'COPY ?.txt /d/',
  class: 'COPY [ab].txt /d/',
  'negated class': 'COPY [^a].txt /d/',
  'range class': 'COPY [a-b].txt /d/',
  'escaped bracket': 'COPY odd[[]*/f /d/',
  'star without match': 'COPY *.none /d/',
  'star without match beside a file': 'COPY a.txt *.none /d/',
  'star to file name': 'COPY a*.txt /x',
  'star with several to file name': 'COPY *.txt /x',
  'double star': 'COPY **/*.js /d/',
  'blank in name, JSON': 'COPY ["sp ace", "/d ir/"]',
  'blank in name, quotes': 'COPY "sp ace" /d/',
  'missing file': 'COPY nope /d/',
  'missing file in directory': 'COPY src/nope /d/',
  'absolute source': 'COPY /a.txt /d/',
  'source with dots': 'COPY ./src/../a.txt /d/',
  'source outside': 'COPY ../a.txt /d/',
  'source through link': 'COPY src/dirlink/three.js /d/',
  'file onto directory': 'RUN mkdir /x\nCOPY a.txt /x',
  'directory onto file': 'RUN touch /x\nCOPY src /x',
  'file below file': 'RUN touch /x\nCOPY a.txt /x/y',
  'directory onto link': 'RUN mkdir /real && ln -s real /l\nCOPY src /l',
  'file below link': 'RUN mkdir /real && ln -s real /l\nCOPY a.txt /l/f',
  'file onto link': 'RUN echo t > /t && ln -s t /l\nCOPY a.txt /l',
  'file onto absolute link': 'RUN mkdir /real && ln -s /real /l\nCOPY a.txt /l/',
  'file onto broken link': 'RUN ln -s /nowhere /l\nCOPY a.txt /l',
  'several to a name without slash': 'COPY a.txt b.txt /x',
  'contents merge': 'COPY src /d\nCOPY empty /d\nCOPY a.txt /d/one.js',
  'user does not matter': 'USER 1000\nCOPY a.txt /d/',
  'Dockerfile is copied': 'COPY Dockerfile /d/',
  'to root': 'COPY a.txt /',
  'directory to root': 'COPY src /',
  'destination with dots': 'COPY a.txt /d/../e/./f',
  'destination with double slash': 'COPY a.txt //d//e',
  'destination with trailing dot': 'COPY a.txt /d/.',
  'directory and file': 'COPY src a.txt /d/',
  'hidden files': 'COPY src/.* /d/',
  'hidden by star': 'COPY src/.h* /d/',
  'set-uid is lost to nobody': 'COPY --chown=1000 suid /d/',
  'sub directory of a wildcard': 'COPY s*/deep /d/',
};

export const COPY_CASES: readonly ConformanceCase[] = [
  ...Object.entries(LINES).map(([name, line]) => ({
    name,
    dockerfile: `FROM busybox\n${line}\n`,
    files: FILES,
  })),
  {
    name: 'owners of a stage are kept',
    dockerfile:
      'FROM busybox AS a\nRUN mkdir -p /o/p && echo x > /o/p/f && chown -R 1000:1001 /o && chmod 750 /o/p\nFROM busybox\nCOPY --from=a /o /q\nCOPY --from=a /o/p/f /r/\n',
  },
  {
    name: 'whole stage',
    dockerfile: 'FROM busybox AS a\nRUN mkdir /new && echo x > /new/f\nFROM scratch\nCOPY --from=a /new/ /\n',
  },
  {
    name: 'links of a stage',
    dockerfile:
      'FROM busybox AS a\nRUN mkdir -p /t/d && echo x > /t/f && ln -s f /t/rel && ln -s /t/f /t/abs && ln -s d /t/dl && ln /t/f /t/hard\nFROM busybox\nCOPY --from=a /t /c\nCOPY --from=a /t/abs /t/rel /t/hard /files/\nCOPY --from=a /t/dl /dl\n',
  },
  {
    name: 'special files of a stage',
    dockerfile:
      'FROM busybox AS a\nRUN mkdir /s && mkfifo /s/fifo && mknod /s/null c 1 3 && chmod 2755 /s\nFROM busybox\nCOPY --from=a /s /t\n',
  },
  {
    name: 'missing in a stage',
    dockerfile: 'FROM busybox AS a\nFROM busybox\nCOPY --from=a /nope /x\n',
  },
  {
    name: 'wildcard in a stage',
    dockerfile:
      'FROM busybox AS a\nRUN mkdir /w && touch /w/a.x /w/b.x /w/c.y\nFROM busybox\nCOPY --from=a /w/*.x /d/\n',
  },
  {
    name: 'through a link that leaves the stage',
    dockerfile:
      'FROM busybox AS a\nRUN ln -s ../../../etc /out\nFROM busybox\nCOPY --from=a /out/passwd /x\n',
  },
  {
    name: 'set-uid and sticky of a stage',
    dockerfile:
      'FROM busybox AS a\nRUN mkdir -m 1777 /t && cp /bin/true /t/su; chmod 6755 /t/su\nFROM scratch\nCOPY --from=a /t /t\n',
  },
];
