/** hadolint's rules about COPY and ADD: what each finds, to the word. */

import { checkTable, type RuleTable } from './marked.ts';

const TABLES: readonly RuleTable[] = [
  {
    id: 'DL3010',
    cases: [
      'FROM a:1\nCOPY «app.tar» /opt/\nRUN tar -xf /opt/app.tar',
      'FROM a:1\nCOPY app.js «lib/app.tar.gz» /opt/\nRUN cd /opt && tar xzvf other.tar && tar --extract -f app.tar.gz',
      'FROM a:1\nCOPY app.zip /opt/\nRUN unzip /opt/app.zip',
      'FROM a:1\nCOPY «data.gz» /opt/\nRUN gunzip /opt/data.gz',
      'FROM a:1\nCOPY app «/opt/x.tgz»\nRUN tar -C / -zxf /opt/x.tgz',
      'FROM a:1\nCOPY app.tar /opt/\nRUN tar -cf app.tar /x',
      'FROM a:1\nCOPY app.tar /opt/\nRUN echo app.tar',
      'FROM a:1 AS b\nFROM a:1\nCOPY --from=b app.tar /opt/\nRUN tar -xf /opt/app.tar',
      'FROM a:1\nCOPY app.tar /opt/\nFROM a:1\nRUN tar -xf /opt/app.tar',
      'FROM a:1\nRUN tar -xf /opt/app.tar\nCOPY app.tar /opt/',
      'FROM a:1\nCOPY «app.tar» /opt/\nRUN tar -xf /opt/app.tar\nRUN tar -xf /opt/app.tar',
      'FROM a:1\nADD app.tar /opt/\nRUN tar -xf /opt/app.tar',
    ],
  },
  {
    id: 'DL3020',
    cases: [
      'FROM a:1\nADD «app.js» /app/',
      'FROM a:1\nADD app.tar.gz /app/',
      'FROM a:1\nADD app.tzst /app/',
      'FROM a:1\nADD https://example.com/x /app/',
      'FROM a:1\nADD git@example.com:a/b.git /app/',
      'FROM a:1\nADD --keep-git-dir=true example /app/',
      'FROM a:1\nADD a.tar «b» /app/',
      'FROM a:1\nADD [«"app.js"», "/app/"]',
      'FROM a:1\nADD "a.tgz" /app/',
      'FROM a:1\nCOPY app.js /app/',
      'FROM a:1\nADD «<<EOF» /app/x\nhello\nEOF',
      'FROM a:1\nONBUILD ADD app.js /app/',
    ],
  },
  {
    id: 'DL3021',
    cases: [
      'FROM a:1\nCOPY a b «/app»',
      'FROM a:1\nCOPY a b /app/',
      'FROM a:1\nCOPY a /app',
      'FROM a:1\nCOPY a b «.»',
      'FROM a:1\nCOPY a b ./',
      'FROM a:1\nCOPY ["a", "b", «"/app"»]',
      'FROM a:1\nCOPY ["a", "b", "/app/"]',
      'FROM a:1\nCOPY a b «"/app"»',
      'FROM a:1\nCOPY --chown=1:1 a b c «$D»',
      'FROM a:1\nADD a b /app',
      'FROM a:1\nCOPY <<X <<Y «/app»\nx\nX\ny\nY',
    ],
  },
  {
    id: 'DL3022',
    cases: [
      'FROM a:1\nCOPY --from=«build» /a /b',
      'FROM a:1 AS build\nFROM a:1\nCOPY --from=build /a /b',
      'FROM a:1 AS Build\nFROM a:1\nCOPY --from=build /a /b',
      'FROM a:1\nCOPY --from=nginx:1.27 /a /b',
      'FROM a:1\nCOPY --from=«nginx» /a /b',
      'FROM a:1 AS build\nFROM a:1\nCOPY --from=«biuld» /a /b',
      'FROM a:1\nFROM b:1\nCOPY --from=0 /a /b',
      'FROM a:1\nCOPY --from=«1» /a /b',
      'FROM a:1\nCOPY --from=«later» /a /b\nFROM b:1 AS later',
      'FROM a:1\nCOPY a b /c/',
    ],
  },
  {
    id: 'DL3023',
    cases: [
      'FROM a:1 AS x\nCOPY --from=«x» /a /b',
      'FROM a:1 AS x\nCOPY --from=«X» /a /b',
      'FROM a:1 AS x\nFROM a:1 AS y\nCOPY --from=x /a /b',
      'FROM a:1 AS x\nFROM a:1 AS y\nCOPY --from=«y» /a /b',
      'FROM a:1\nCOPY --from=x /a /b',
      'FROM a:1 AS x\nCOPY x /b',
      'FROM a:1 AS x\nRUN --mount=from=x true',
      'FROM a:1 AS x\nCOPY --chown=1 --from=«x» /a /b\nCOPY --from=«x» /c /d',
    ],
  },
  {
    id: 'DL3045',
    cases: [
      'FROM a:1\nCOPY x «app/»',
      'FROM a:1\nCOPY x «.»',
      'FROM a:1\nCOPY x /app/',
      'FROM a:1\nCOPY x $APP/',
      'FROM a:1\nCOPY x c:\\\\app\\\\',
      'FROM a:1\nWORKDIR /app\nCOPY x .',
      'FROM a:1\nCOPY x «.»\nWORKDIR /app\nCOPY y .',
      'FROM a:1 AS b\nWORKDIR /app\nFROM b\nCOPY x .',
      'FROM a:1 AS b\nWORKDIR /app\nFROM a:1\nCOPY x «.»',
      'FROM a:1 AS b\nWORKDIR /app\nFROM b AS c\nFROM c\nCOPY x .',
      'FROM a:1\nCOPY ["x", «"app"»]',
      'FROM a:1\nCOPY "x" "/app"',
      'FROM a:1\nADD x app',
    ],
  },
  {
    id: 'DL3067',
    cases: [
      'FROM a:1 AS b\nFROM c:1\nCOPY --from=b «/» /',
      'FROM a:1 AS b\nFROM c:1\nCOPY --from=b «"/"» "/"',
      'FROM a:1 AS b\nFROM c:1\nCOPY --from=b /app /',
      'FROM a:1 AS b\nFROM c:1\nCOPY --from=b / /app',
      'FROM a:1\nCOPY / /',
      'FROM a:1\nCOPY --from=x:1 /a «/» /',
      'FROM a:1\nCOPY --from=x:1 ["/a", "/"]',
      'FROM a:1\nCOPY --link --from=x:1 «/» /',
      'FROM a:1\nADD / /',
    ],
  },
];

describe('rules about COPY and ADD', () => {
  for (const table of TABLES) {
    it(`${table.id}: ${table.cases.length} files`, () => {
      checkTable(table);
    });
  }
});
