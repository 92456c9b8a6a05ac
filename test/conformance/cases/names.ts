/** Names that are seldom: other scripts, blanks, line ends, quotes, wildcards as letters, very long ones. */

import type { ConformanceCase } from '../conformance-case.ts';

const LONG = 'l'.repeat(255);
const DEEP = Array.from({ length: 40 }, (_, at) => `level-${at}`).join('/');

const FILES = {
  '나루/배.txt': 'boat\n',
  'é/e\u0301': 'two ways to write it\n',
  'emoji 🚢': 'ship\n',
  'a b/c  d': 'blanks\n',
  'line\nend': 'newline\n',
  'tab\there': 'tab\n',
  "single'quote": 'quote\n',
  'double"quote': 'quotes\n',
  dollar$HOME: 'dollar\n',
  'percent%41': 'percent\n',
  'star*': 'star\n',
  'question?': 'question\n',
  'brackets[a-z]': 'brackets\n',
  'braces{a,b}': 'braces\n',
  'tilde~': 'tilde\n',
  'hash#tag': 'hash\n',
  '-dash': 'dash\n',
  '--from=x': 'flag\n',
  '...': 'dots\n',
  '..double': 'double\n',
  ' leading': 'leading\n',
  'trailing ': 'trailing\n',
  'back\\slash': 'backslash\n',
  'semi;colon&and|pipe': 'shell\n',
  'colon:name': 'colon\n',
  '.wh.file': 'no whiteout\n',
  '.wh..wh..opq': 'not opaque\n',
  'UPPER/case': 'upper\n',
  'upper/case': 'lower\n',
  [LONG]: 'long\n',
  [`${DEEP}/f`]: 'deep\n',
} as const;

/** Instructions after `FROM busybox`, over the files above. */
const LINES: Readonly<Record<string, string>> = {
  'other script': 'COPY 나루 /x',
  'other script, file': 'COPY 나루/배.txt /x/',
  'other script as destination': 'COPY 나루/배.txt /강/나루',
  'accents by wildcard': 'COPY é/* /x/',
  'emoji, JSON': 'COPY ["emoji 🚢", "/x 🚢/"]',
  'blanks, JSON': 'COPY ["a b/c  d", "/x y/z"]',
  'blanks, quotes': 'COPY "a b" /x',
  'line end, JSON': 'COPY ["line\\nend", "/x/"]',
  'single quote, JSON': 'COPY ["single\'quote", "/x/"]',
  'single quote in double quotes': 'COPY "single\'quote" /x/',
  'single quote alone': "COPY single'quote /x/",
  'double quote, JSON': 'COPY ["double\\"quote", "/x/"]',
  'dollar escaped': 'COPY dollar\\$HOME /x/',
  'dollar in single quotes': "COPY 'dollar$HOME' /x/",
  'dollar, JSON': 'COPY ["dollar$HOME", "/x/"]',
  percent: 'COPY percent%41 /x/',
  'star as a letter': 'COPY star[*] /x/',
  'star escaped': 'COPY star\\\\* /x/',
  'bracket as a letter': 'COPY brackets[[]a-z] /x/',
  'bracket as a wildcard': 'COPY brackets[a-z] /x/',
  braces: 'COPY braces{a,b} /x/',
  tilde: 'COPY tilde~ /x/',
  hash: 'COPY hash#tag /x/',
  'dash in front': 'COPY -dash /x/',
  'dash in front after a path': 'COPY ./-dash /x/',
  'flag as a name': 'COPY ./--from=x /x/',
  'three dots': 'COPY ... /x/',
  'two dots in front': 'COPY ..double /x/',
  'blank in front, JSON': 'COPY [" leading", "/x/"]',
  'blank at the end, JSON': 'COPY ["trailing ", "/x/"]',
  'backslash, JSON': 'COPY ["back\\\\\\\\slash", "/x/"]',
  'shell letters': 'COPY semi;colon&and|pipe /x/',
  colon: 'COPY colon:name /x/',
  'whiteout as a name': 'COPY .wh.file /x/',
  'cases that differ': 'COPY UPPER upper /x/',
  'long name': `COPY ${LONG} /x/`,
  'long destination': `COPY tilde~ /${LONG}`,
  'destination too long': `COPY tilde~ /${LONG}l`,
  'deep path': `COPY ${DEEP} /x`,
  'deep destination': `COPY tilde~ /${DEEP}/${DEEP}/f`,
  'RUN makes odd names':
    "RUN touch \"/a b\" '/q\"q' \"/나루\" '/$HOME' \"/$(printf 'x\\ny')\" /-x '/*' '/back\\slash'",
  'RUN finds odd names': 'COPY . /x/\nRUN cd /x && ls -A | wc -l > /n && cat "a b/c  d" "나루/배.txt" > /c',
  'WORKDIR in another script': 'WORKDIR /나루/배\nRUN pwd > p\nCOPY tilde~ ./',
  'stage and labels in another script': 'LABEL 나루="배" "배 한 척"="x y"\nENV 나루=배\nRUN echo $나루 > /x',
  'ADD of odd names': 'ADD ["a b", "emoji 🚢", "line\\nend", "/x/"]',
  'mount of odd names': 'RUN --mount=source=나루,target=/나루 cat /나루/배.txt > /x',
  'exclude odd names': 'COPY --exclude=emoji* --exclude=*quote --exclude=l* --exclude=level-0 . /x/',
};

/** A name that overlay file systems and layers cannot carry as a file. */
const WITHOUT_OPAQUE = Object.fromEntries(
  Object.entries(FILES).filter(([path]) => path !== '.wh..wh..opq' && path !== '.wh.file'),
);

export const NAME_CASES: readonly ConformanceCase[] = Object.entries(LINES).map(([name, line]) => ({
  name,
  dockerfile: `FROM busybox\n${line}\n`,
  files: name.startsWith('whiteout') ? FILES : WITHOUT_OPAQUE,
}));
