/** Flags of COPY: --from, --chown, --chmod, --link, --exclude. */

import type { ConformanceCase } from '../conformance-case.ts';

const FILES = {
  'a.txt': 'a\n',
  'x.sh': { content: 'x\n', mode: 0o755 },
  'r.txt': { content: 'r\n', mode: 0o400 },
  'd/one.js': '1\n',
  'd/one.md': 'm\n',
  'd/e/two.js': { content: '2\n', mode: 0o755 },
  'd/e/two.md': 'n\n',
  'd/e/': { mode: 0o700 },
  'd/link': { linkTarget: 'one.js' },
  'other/d/one.js': 'o\n',
} as const;

/** Instructions after `FROM busybox`, over the files above. */
const LINES: Readonly<Record<string, string>> = {
  'chown numbers': 'COPY --chown=1000:1001 a.txt /d/',
  'chown user alone': 'COPY --chown=1000 a.txt /d/',
  'chown group alone': 'COPY --chown=:1001 a.txt /d/',
  'chown name': 'COPY --chown=nobody a.txt /d/',
  'chown names': 'COPY --chown=nobody:nobody a.txt /d/',
  'chown name and number': 'COPY --chown=nobody:5 a.txt /d/',
  'chown name of the stage':
    'RUN echo "me:x:1234:1235::/:/bin/sh" >> /etc/passwd; echo "us:x:77:" >> /etc/group\nCOPY --chown=me:us a.txt /d/\nCOPY --chown=me a.txt /e/',
  'chown unknown name': 'COPY --chown=stranger a.txt /d/',
  'chown unknown group': 'COPY --chown=nobody:strangers a.txt /d/',
  'chown by variable': 'ARG U=1000\nCOPY --chown=$U:$U a.txt /d/',
  'chown directory': 'COPY --chown=5:6 d /x',
  'chown into existing directory': 'RUN mkdir /x\nCOPY --chown=5:6 d /x',
  'chown missing parents': 'COPY --chown=5:6 a.txt /x/y/z/',
  'chown empty': 'COPY --chown= a.txt /d/',
  'chmod octal': 'COPY --chmod=640 a.txt /d/',
  'chmod octal four digits': 'COPY --chmod=4755 a.txt /d/',
  'chmod with zero': 'COPY --chmod=0644 x.sh /d/',
  'chmod directory': 'COPY --chmod=700 d /x',
  'chmod missing parents': 'COPY --chmod=700 a.txt /x/y/z/',
  'chmod 777 missing parents': 'COPY --chmod=777 a.txt /x/y/z\nCOPY --chmod=666 a.txt /v/w/',
  'chmod symbolic': 'COPY --chmod=u=rwX,go=rX d /x',
  'chmod plus': 'COPY --chmod=+x a.txt /d/',
  'chmod minus': 'COPY --chmod=a-w a.txt /d/',
  'chmod go': 'COPY --chmod=go= d /x',
  'chmod copies': 'COPY --chmod=g=u r.txt /d/',
  'chmod set-uid': 'COPY --chmod=u+s,g+s x.sh /d/',
  'chmod sticky': 'COPY --chmod=+t d /x',
  'chmod big X': 'COPY --chmod=a+X d /x',
  'chmod by variable': 'ARG M=600\nCOPY --chmod=$M a.txt /d/',
  'chmod and chown': 'COPY --chmod=600 --chown=7:8 d /x',
  'chmod bad': 'COPY --chmod=888 a.txt /d/',
  'chmod bad words': 'COPY --chmod=u+q a.txt /d/',
  'chmod too large': 'COPY --chmod=77777 a.txt /d/',
  'chmod link': 'COPY --chmod=600 d/link /d/',
  link: 'COPY --link a.txt /d/',
  'link false': 'COPY --link=false a.txt /d/',
  'link directory': 'COPY --link d /x',
  'link over directory': 'RUN mkdir -m 700 /x && touch /x/old\nCOPY --link d /x',
  'link with chown': 'COPY --link --chown=1000:1001 d /x/',
  'link with chmod': 'COPY --link --chmod=700 a.txt /x/y/',
  'link relative': 'WORKDIR /w\nCOPY --link a.txt ./',
  'link to a variable that is empty': 'WORKDIR /w/v\nENV E=\nCOPY --link a.txt $E',
  'link with chmod 777': 'COPY --link --chmod=777 a.txt /x/y/',
  'link to file': 'COPY --link a.txt /etc/new',
  'link twice': 'COPY --link a.txt /x/\nCOPY --link x.sh /x/',
  'link below symlink': 'RUN mkdir /real && ln -s real /l\nCOPY --link a.txt /l/',
  'link over file': 'RUN echo old > /x\nCOPY --link a.txt /x',
  'link and then RUN': 'COPY --link a.txt /x/\nRUN cat /x/a.txt > /y',
  'link with name': 'COPY --link --chown=nobody a.txt /x/',
  'link with group name': 'COPY --link --chown=5:nobody a.txt /x/',
  'link with chown of one number': 'COPY --link --chown=5 a.txt /x/',
  'link over link': 'RUN mkdir /real && ln -s real /x\nCOPY --link d /x',
  'link of a directory over a file': 'RUN echo old > /x\nCOPY --link d /x',
  'link of a file over a directory': 'RUN mkdir -p /x/y && touch /x/y/z\nCOPY --link a.txt /x',
  'link into a link deep': 'RUN mkdir -p /real/deep && ln -s real /l\nCOPY --link a.txt /l/deep/f',
  'link with wildcard': 'COPY --link d/*.js *.txt /x/',
  'link in a user': 'USER 1000:1001\nWORKDIR /w\nCOPY --link d ./d',
  'link of a heredoc': 'COPY --link <<EOF /x/f\nbody\nEOF',
  'link of everything to root': 'COPY --link d /',
  'link removed later': 'COPY --link d /x\nRUN rm -r /x/e && mv /x /y',
  'link between runs': 'RUN mkdir /x && touch /x/before\nCOPY --link d /x\nRUN ls -A /x > /listing',
  exclude: 'COPY --exclude=*.md d /x',
  'exclude deep': 'COPY --exclude=**/*.md d /x',
  'exclude directory': 'COPY --exclude=e d /x',
  'exclude several': 'COPY --exclude=*.md --exclude=e/*.js d /x',
  'exclude with path': 'COPY --exclude=d/e d /x',
  'exclude from everything': 'COPY --exclude=d/e . /x',
  'exclude file among files': 'COPY --exclude=a.txt a.txt x.sh /x/',
  'exclude all': 'COPY --exclude=** d /x',
  'exclude nothing': 'COPY --exclude=nope d /x',
  'exclude by variable': 'ARG P=*.md\nCOPY --exclude=$P d /x',
  'exclude with wildcard source': 'COPY --exclude=x* * /x/',
  'exclude with negation': 'COPY --exclude=*.md --exclude=!one.md d /x',
  'exclude with link': 'COPY --link --exclude=*.md d /x',
};

export const COPY_FLAG_CASES: readonly ConformanceCase[] = [
  ...Object.entries(LINES).map(([name, line]) => ({
    name,
    dockerfile: `FROM busybox\n${line}\n`,
    files: FILES,
    ...(line.includes('--link') ? { store: 'containerd' as const } : {}),
  })),
  {
    name: 'from with chown',
    dockerfile:
      'FROM busybox AS a\nRUN mkdir /o && echo x > /o/f && chown -R 9:9 /o\nFROM busybox\nCOPY --from=a --chown=3:4 /o /p\n',
  },
  {
    name: 'from with chown name of target',
    dockerfile:
      'FROM busybox AS a\nRUN echo x > /f\nFROM busybox\nRUN echo "me:x:1234:1235::/:/bin/sh" >> /etc/passwd\nCOPY --from=a --chown=me /f /p/\n',
  },
  {
    name: 'from with chmod',
    dockerfile:
      'FROM busybox AS a\nRUN mkdir /o && echo x > /o/f\nFROM busybox\nCOPY --from=a --chmod=600 /o /p\n',
  },
  {
    name: 'from with link',
    store: 'containerd',
    dockerfile:
      'FROM busybox AS a\nRUN mkdir /o && echo x > /o/f && chown 9:9 /o/f\nFROM scratch\nCOPY --link --from=a /o /p\n',
  },
  {
    name: 'from with exclude',
    dockerfile:
      'FROM busybox AS a\nRUN mkdir /o && touch /o/a.x /o/b.y\nFROM scratch\nCOPY --exclude=*.x --from=a /o /p\n',
  },
  ...Object.entries({
    'chown by name on nothing': 'FROM scratch\nCOPY --chown=nobody a.txt /x\n',
    'chown by group name on nothing': 'FROM scratch\nADD --chown=0:nogroup a.txt /x\n',
    'chown by the name of root on nothing': 'FROM scratch\nADD --chown=root:root a.txt /x\n',
    'chown by number on nothing': 'FROM scratch\nCOPY --chown=7:8 a.txt /x\n',
    'chown by name on a stage of nothing':
      'FROM scratch AS a\nLABEL k=v\nFROM a\nENV k=v\nCOPY --chown=nobody a.txt /x\n',
    'chown by name on files without users': 'FROM scratch\nCOPY a.txt /y\nCOPY --chown=nobody a.txt /x\n',
    'chown by name on a stage of files':
      'FROM busybox AS a\nLABEL k=v\nFROM a\nCOPY --chown=nobody a.txt /x\n',
    'chown by name on a directory that was made': 'FROM scratch\nWORKDIR /w\nCOPY --chown=nobody a.txt /x\n',
    'from with chown by name on nothing':
      'FROM busybox AS a\nFROM scratch\nCOPY --from=a --chown=nobody /etc/passwd /x\n',
  }).map(([name, dockerfile]) => ({ name, dockerfile, files: FILES })),
  { name: 'from unknown number', dockerfile: 'FROM busybox\nCOPY --from=3 /a /b\n' },
  { name: 'from own number', dockerfile: 'FROM busybox\nCOPY --from=0 /a /b\n' },
  { name: 'from own name', dockerfile: 'FROM busybox AS a\nCOPY --from=a /a /b\n' },
  {
    name: 'from later stage',
    dockerfile: 'FROM busybox AS a\nCOPY --from=b /etc/passwd /x\nFROM busybox AS b\nRUN echo b > /b\n',
    args: ['--target', 'a'],
  },
  {
    name: 'from cycle',
    dockerfile: 'FROM busybox AS a\nCOPY --from=b /x /x\nFROM busybox AS b\nCOPY --from=a /x /x\n',
  },
  { name: 'from blank', dockerfile: 'FROM busybox\nCOPY --from= a.txt /x\n', files: { 'a.txt': 'a' } },
];
