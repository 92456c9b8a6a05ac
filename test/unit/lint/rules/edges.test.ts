/** The edges of rules: what is nearly, but not quite, what they are about; and what `naru` leaves to the tool whose rule it is. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../../core/dockerfile/read.ts';
import type { LintOptions } from '../../../../core/lint/rule.ts';
import { DEFAULT_LINT_OPTIONS, lintDockerfile } from '../../../../core/lint/run.ts';
import { checkTable, findingsOf } from './marked.ts';

const F = 'FROM a:1\n';
const HEX = '0123456789abcdef'.repeat(8);

/** Marked «where the rule has to speak». */
const CASES: Readonly<Record<string, readonly string[]>> = {
  DL3020: [
    `${F}ADD «http.txt» /x`,
    `${F}ADD http://e.com/x https://e.com/y git@e.com:z.git /x/`,
    `${F}ADD git://e.com/x ssh://e.com/y /x/`,
    `${F}ADD «x/http://y» /z`,
    `${F}ADD --checksum=sha256:${HEX.slice(0, 64)} x /y`,
    `${F}ADD --keep-git-dir=true x /y`,
    `${F}ADD a.tar «b» /c/`,
    `${F}ADD "a.tgz" «'b'» /c/`,
  ],
  DL3042: [
    `${F}RUN pip «install» a==1`,
    `${F}ENV OTHER=1 PIP_NO_CACHE_DIR=1\nRUN pip install a==1`,
    `${F}ENV PIP_NO_CACHE_DIR=10\nRUN pip «install» a==1`,
    `${F}ENV PIP_NO_CACHE_DIR=no1\nRUN pip «install» a==1`,
    `${F}ENV OTHER=1\nRUN pip «install» a==1`,
    `${F}ENV PIP_NO_CACHE_DIR=1\nFROM b:1\nRUN pip «install» a==1`,
    `FROM a:1 AS one\nENV PIP_NO_CACHE_DIR=yes\nFROM one AS two\nRUN pip install a==1\nFROM two\nRUN pip install b==1\nFROM c:1\nRUN pip «install» c==1`,
    `FROM a:1 AS one\nFROM one\nRUN pip «install» a==1`,
    `${F}RUN PIP_NO_CACHE_DIR="True" pip install a==1`,
    `${F}RUN PIP_NO_CACHE_DIR=true pip install a==1`,
    `${F}RUN PIP_NO_CACHE_DIR=false pip «install» a==1`,
    `${F}RUN --mount=type=cache,target=/root/.cache/pip pip install a==1`,
    `${F}RUN --mount=type=cache,target=/root/.cache/other pip «install» a==1`,
    `${F}RUN --mount=type=bind,target=/root/.cache/pip pip «install» a==1`,
    `${F}RUN python -m pip «install» a==1 && python -m pipx install b`,
    `${F}RUN pipx install a && pipenv install b && pip download c`,
    'RUN pip «install» a==1',
  ],
  DL4006: [
    `${F}RUN a «|» b | c`,
    `${F}SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a | b\nFROM b:1\nRUN a «|» b`,
    `${F.trim()} AS one\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nFROM b:1\nRUN a «|» b\nFROM one\nRUN a | b`,
    `${F.trim()} AS one\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nSHELL ["/bin/sh", "-c"]\nFROM one\nRUN a «|» b`,
    `${F}SHELL ["/bin/bash", "-c"]\nRUN a «|» b`,
    `${F}SHELL ["/bin/sh", "-o", "pipefail", "-c"]\nRUN a «|» b`,
    `${F}SHELL ["zsh", "-eo", "pipefail", "-c"]\nRUN a | b`,
    `${F}SHELL ["/bin/ash", "-euxo", "pipefail", "-c"]\nRUN a | b`,
    `${F}SHELL ["/bin/bash", "--o", "pipefail", "-c"]\nRUN a «|» b`,
    `${F}SHELL ["/bin/bash", "pipefail", "-c"]\nRUN a «|» b`,
    `${F}SHELL ["/bin/bash", "-o", "errexit", "-c"]\nRUN a «|» b`,
    `${F}SHELL ["pwsh", "-c"]\nRUN a | b`,
    `${F}SHELL /bin/bash -o pipefail -c\nRUN a | b`,
    `${F}RUN a || b`,
    `${F}RUN echo "a | b"`,
    `${F}RUN a \\\n  «|» b`,
    'RUN a «|» b',
  ],
  NR002: [
    `${F}ARG «VERSION»\nRUN a\nENV V=$VERSION`,
    `${F}ARG «VERSION»\nCOPY x /x\nRUN a\nRUN b $VERSION`,
    `${F}ARG VERSION\nCOPY x /x\nRUN b $VERSION`,
    `${F}ARG VERSION\nRUN a \${VERSIONED} $VERSION`,
    `${F}ARG «VERSION»\nRUN a $MYVERSION\nRUN b $VERSION`,
    `${F}ARG «VERSION»\nRUN a $VERSIONS\nRUN b $VERSION`,
    `${F}ARG X-VERSION\nRUN a\nRUN b $VERSION`,
  ],
  NR003: [
    `${F}RUN «apt-get update» && rm -rf /x`,
    `${F}RUN apt-get update && apt-get install -y a=1`,
    `${F}RUN apt-get install -y a=1 && «apt-get update»`,
    `${F}RUN «apt-get update» && apt-get clean`,
    `${F}RUN apt-get update && make`,
    `${F}RUN «apk update» && «apk update»`,
    `${F}RUN apt-get update && apt-file x`,
    `${F}RUN apt-get update && aptitude safe-upgrade`,
    `${F}RUN apk update && apk add a=1`,
    `${F}RUN --network=none «apt-get update»`,
    `${F}RUN --mount=type=cache,target=/var/lib/apt apt-get update`,
  ],
  NR004: [
    `${F}COPY x /x\nRUN «chown -R me /x»`,
    `${F}COPY x /x/\nRUN «chown -R me /x/»`,
    `${F}COPY x y /d/\nRUN «chmod -R 755 /d/y»`,
    `${F}COPY a/b/x /\nRUN «chmod -R 755 /x»`,
    `${F}COPY x /\nRUN chmod -R 755 /`,
    `${F}COPY x /x\nRUN chown -R me /y`,
    `${F}RUN chown -R me /x\nCOPY x /x`,
    `${F}RUN chown -R me /x\nCOPY x /x\nRUN «chown -R me /x»\nCOPY x /x`,
    `${F}COPY x x\nRUN chown -R me x`,
    `${F}COPY x /x\nRUN «chmod -R 600 /x» && «chown -R me /y /x»`,
    `${F}COPY x /x\nFROM b:1\nRUN chown -R me /x`,
    `${F}ADD x /x\nRUN true && «/bin/chown -R me /x»`,
    `${F}COPY me /me\nRUN chown /me /other`,
    `${F}WORKDIR /x\nRUN chown -R me /x`,
    'RUN chown -R me /x',
  ],
  NR005: [
    `FROM a:1 AS one\nSHELL ["/bin/bash", "-ec"]\nFROM one\nRUN <<EOF\na\nb\nEOF`,
    `FROM a:1 AS one\nSHELL ["/bin/bash", "-ec"]\nSHELL ["/bin/bash", "-c"]\nFROM one\nRUN «<<EOF»\na\nb\nEOF`,
    `FROM a:1 AS one\nSHELL ["pwsh", "-c"]\nFROM one AS two\nFROM two\nRUN <<EOF\na\nb\nEOF`,
    `${F}RUN «<<EOF»\na\nb\nEOF`,
    `${F}SHELL ["/bin/bash", "-ec"]\nRUN <<EOF\na\nb\nEOF\nFROM b:1\nRUN «<<EOF»\na\nb\nEOF`,
    `${F}SHELL ["/bin/sh", "-o", "errexit", "-c"]\nRUN <<EOF\na\nb\nEOF`,
    `${F}SHELL ["sh", "-c"]\nRUN «<<EOF»\na\nb\nEOF`,
    `${F}SHELL ["bash", "-c", "-x"]\nRUN «<<EOF»\na\nb\nEOF`,
    `${F}SHELL ["/bin/shell", "-c"]\nRUN <<EOF\na\nb\nEOF`,
    `${F}SHELL ["python3", "-c"]\nRUN <<EOF\na\nb\nEOF`,
    `${F}SHELL sh -c\nRUN <<EOF\na\nb\nEOF`,
    `${F}RUN <<EOF\na\n# b\n\nEOF`,
    `${F}RUN <<EOF\na && \\\n  b\nEOF`,
    `${F}RUN <<EOF
if a; then
  b
fi
EOF`,
    `${F}RUN <<EOF\na |\nb\nEOF`,
    `${F}RUN <<EOF\nset -e\na\nb\nEOF`,
    `${F}RUN «<<EOF»\n#!/bin/sh\na\nb\nEOF`,
    `${F}RUN «<<EOF»\n#!/usr/bin/env bash\na\nb\nEOF`,
    `${F}RUN <<EOF\n#!/bin/bash -e\na\nb\nEOF`,
    `${F}RUN <<EOF\n#!/bin/bash\nset -eu\na\nb\nEOF`,
    `${F}RUN <<EOF\n#!/usr/bin/python3\na\nb\nEOF`,
    `${F}RUN <<A <<B\na\nb\nA\nc\nd\nB`,
    `${F}RUN cat <<EOF\na\nb\nEOF`,
    `${F}RUN a && b`,
    'RUN <<EOF\na\nb\nEOF',
  ],
  NR006: [
    `${F}RUN «curl https://e.com/x | sh»`,
    `${F}RUN «wget -O- https://e.com/x | bash -s -- --yes»`,
    `${F}RUN «curl https://e.com/x | sudo bash -»`,
    `${F}RUN «curl https://e.com/x | env A=1 sh»`,
    `${F}RUN «curl https://e.com/x | python3 -»`,
    `${F}RUN «curl https://e.com/x | sh -x»`,
    `${F}RUN curl https://e.com/x | sh -c true`,
    `${F}RUN curl https://e.com/x | python3 -m json.tool`,
    `${F}RUN curl https://e.com/x | sh script`,
    `${F}RUN curl https://e.com/x | sudo tee /x`,
    `${F}RUN curl https://e.com/x | env`,
    `${F}RUN curl https://e.com/x | tar x`,
    `${F}RUN curl https://e.com/x && sh x`,
    `${F}RUN cat x | sh`,
    `${F}RUN curl https://e.com/x`,
    `${F}RUN «curl https://e.com/x \\\n  | sh»`,
  ],
  NR027: [
    `${F}ENV «A = b»`,
    `${F}LABEL «a = "b c"»`,
    `${F}ENV A b=c`,
    `${F}ENV A b = c`,
    `${F}ENV A=b`,
    `${F}ENV «A =b»`,
    `${F}ENV «A =»`,
  ],
  NR102: [
    `${F}STOPSIGNAL «SIGFOO»`,
    `${F}ONBUILD STOPSIGNAL «FOO»`,
    `${F}STOPSIGNAL SIGTERM`,
    `${F}STOPSIGNAL term`,
    `${F}STOPSIGNAL «TERMSIG»`,
    `${F}STOPSIGNAL 15`,
    `${F}STOPSIGNAL 9`,
    `${F}STOPSIGNAL «0»`,
    `${F}STOPSIGNAL «9x»`,
    `${F}STOPSIGNAL SIGRTMIN`,
    `${F}STOPSIGNAL RTMIN+15`,
    `${F}STOPSIGNAL «RTMIN+16»`,
    `${F}STOPSIGNAL «XRTMIN»`,
    `${F}STOPSIGNAL «RTMIN+3x»`,
    `${F}STOPSIGNAL RTMAX`,
    `${F}STOPSIGNAL RTMAX-14`,
    `${F}STOPSIGNAL RTMAX-9`,
    `${F}STOPSIGNAL «RTMAX-15»`,
    `${F}STOPSIGNAL «RTMAX-4x»`,
    `${F}STOPSIGNAL «XRTMAX»`,
    `${F}STOPSIGNAL $SIGNAL`,
    `${F}ONBUILD USER FOO`,
  ],
  NR105: [
    `${F}ADD --checksum=«sha256:12» https://e.com/x /x`,
    `${F}ADD --checksum=sha256:${HEX.slice(0, 64)} https://e.com/x /x`,
    `${F}ADD --checksum=«xsha256:${HEX.slice(0, 64)}» https://e.com/x /x`,
    `${F}ADD --checksum=«sha256:${HEX.slice(0, 64)}0» https://e.com/x /x`,
    `${F}ADD --checksum=sha384:${HEX.slice(0, 96)} https://e.com/x /x`,
    `${F}ADD --checksum=«sha384:${HEX.slice(0, 95)}» https://e.com/x /x`,
    `${F}ADD --checksum=sha512:${HEX} https://e.com/x /x`,
    `${F}ADD --checksum=«sha512:${HEX.slice(1)}» https://e.com/x /x`,
    `${F}ADD --checksum=0123abc https://e.com/x.git /x`,
    `${F}ADD --checksum=0123abc https://e.com/x.git#v1 /x`,
    `${F}ADD --checksum=0123abc git@e.com:x /x`,
    `${F}ADD --checksum=«0123abg» https://e.com/x.git /x`,
    `${F}ADD --checksum=«0123abcz» https://e.com/x.git /x`,
    `${F}ADD --checksum=«0123abc» https://e.com/x.github /x`,
    `${F}ADD --checksum=$SUM https://e.com/x /x`,
    `${F}ADD --chmod=644 https://e.com/x /x`,
  ],
  UndefinedVar: [
    `${F}USER «$NOTHING»`,
    `${F}ENV NAME=1\nUSER «$NMAE»`,
    `${F}USER «\${NOTHING:-1}»`,
    `${F}ARG NAME\nUSER $NAME`,
    `FROM scratch\nUSER «$NOTHING»`,
  ],
  WorkdirRelativePath: [
    `${F}WORKDIR «a»`,
    `${F}WORKDIR /a\nWORKDIR b`,
    `${F}ENV A=b\nWORKDIR «$A/c»`,
    `${F}ENV A=/b\nWORKDIR $A/c`,
    `# escape=\`\nFROM --platform=windows/amd64 a:1\nWORKDIR c:\\x\nFROM --platform=windows/amd64 b:1\nWORKDIR «x»`,
    `# escape=\`\nFROM --platform=windows/amd64 a:1\nWORKDIR \\x`,
    `FROM --platform=windows/amd64 a:1\nWORKDIR «d:\\x»`,
    `${F}WORKDIR «c:\\x»`,
    `FROM a:1 AS one\nWORKDIR /a\nFROM one\nWORKDIR b`,
  ],
};

interface NaruCase {
  readonly text: string;
  readonly options?: Partial<LintOptions>;
  /** The places the rule speaks of under `naru`. */
  readonly words: readonly string[];
}

const BASE = new Map([['a:1', { variables: new Map([['JAVA_HOME', '/j']]) }]]);

/** What the tool says and `naru` does not, because it need not be so. */
const UNDER_NARU: Readonly<Record<string, readonly NaruCase[]>> = {
  UndefinedVar: [
    { text: `${F}USER $NOTHING`, words: [] },
    { text: `FROM scratch\nUSER $NOTHING`, words: ['$NOTHING'] },
    { text: `FROM scratch\nUSER \${NOTHING:-1}`, words: [] },
    { text: `${F}ENV NAME=1\nUSER $NMAE`, words: ['$NMAE'] },
    { text: `${F}ENV PATH=$MYPATH:$PATH`, words: [] },
    { text: `${F}ENV PATH=$PAHT:/app/bin`, words: ['$PAHT'] },
    { text: `${F}COPY <<E /start\nexec "$@" $1\nE`, words: ['$@', '$1'] },
    { text: `FROM golang:1\nENV GOPAHT=1\nWORKDIR $GOPATH/src`, words: [] },
    { text: `${F}ENV NAME=1\nUSER \${NMAE:-1}`, words: [] },
    { text: `${F}USER $NOTHING`, options: { baseImages: BASE }, words: ['$NOTHING'] },
    { text: `${F}USER $JAVA_HOME`, options: { baseImages: BASE }, words: [] },
    { text: `FROM a:1 AS b\nFROM b\nUSER $NOTHING`, options: { baseImages: BASE }, words: ['$NOTHING'] },
    { text: `FROM c:1\nUSER $NOTHING`, options: { baseImages: BASE }, words: [] },
  ],
  DL4006: [
    { text: `${F}RUN a | b`, words: ['|'] },
    { text: `${F}RUN set -o pipefail && a | b`, words: [] },
    { text: `${F}RUN set -eux; a | b`, words: ['|'] },
    { text: `${F}RUN <<EOF bash\na | b\nEOF`, words: [] },
    { text: `${F}RUN <<EOF\n#!/bin/bash\na | b\nEOF`, words: [] },
  ],
  DL3059: [
    { text: `${F}RUN a\nRUN b`, words: ['RUN'] },
    { text: `${F}RUN <<EOF\na\nEOF\nRUN b`, words: [] },
    { text: `${F}RUN a\nRUN <<EOF\nb\nEOF`, words: [] },
    {
      text: `${F}RUN --mount=type=ssh --network=none a\nRUN --network=none --mount=type=ssh b`,
      words: ['RUN'],
    },
    { text: `${F}RUN a\nRUN --network=none b\nRUN --network=host c\nRUN d`, words: [] },
    { text: `${F}RUN a && b\nRUN c\nRUN d\nRUN e`, words: ['RUN', 'RUN'] },
  ],
};

describe('edges', () => {
  for (const [id, cases] of Object.entries(CASES)) {
    for (const marked of cases) {
      it(`${id}: ${JSON.stringify(marked)}`, () => {
        checkTable({ id, cases: [marked] });
      });
    }
  }
  it('DL4006 forgets the SHELL of the stage below where hadolint is followed', () => {
    const text = `FROM a:1 AS one\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nFROM one\nRUN a | b`;
    const lines = lintDockerfile(readDockerfile(text).value, 'hadolint')
      .filter(({ ruleId }) => ruleId === 'DL4006')
      .map(({ line }) => line);
    assert.deepEqual(lines, [3]);
  });

  for (const [id, cases] of Object.entries(UNDER_NARU)) {
    for (const { options = {}, text, words } of cases) {
      it(`${id} under naru: ${JSON.stringify(text)}${Object.keys(options).join('')}`, () => {
        const { value } = readDockerfile(text);
        const found = lintDockerfile(value, 'naru', { ...DEFAULT_LINT_OPTIONS, ...options });
        const own = found.filter(({ ruleId }) => ruleId === id);
        assert.deepEqual(
          own.map(({ span }) => text.slice(span.start, span.end)),
          words,
        );
      });
    }
  }

  const FIXES: readonly (readonly [string, string, string | undefined])[] = [
    ['DL3020', `${F}ADD x y`, undefined],
    ['DL3020', `${F}WORKDIR /a\nADD x y`, `${F}WORKDIR /a\nCOPY x y`],
    ['DL3020', `${F}WORKDIR /a\nFROM b:1\nADD x y`, undefined],
    ['DL3020', `${F}ADD x z /y`, undefined],
    ['DL3020', `${F}ADD x z /y/`, `${F}COPY x z /y/`],
    ['DL3020', `${F}ADD x $Y/`, `${F}COPY x $Y/`],
    ['DL3020', `${F}ADD x y/z`, undefined],
    ['DL3020', `${F}ADD --chown=1 --unpack=true x /y`, undefined],
    ['LegacyKeyValueFormat', `${F}ONBUILD ENV A b`, undefined],
    ['LegacyKeyValueFormat', 'FROM a:1 AS b\nONBUILD ENV A b\nFROM b', undefined],
    ['LegacyKeyValueFormat', `${F}LABEL a 'b c'`, `${F}LABEL a='b c'`],
    ['LegacyKeyValueFormat', `${F}ENV A ""`, `${F}ENV A=""`],
    ['LegacyKeyValueFormat', `${F}ENV A "b" "c"`, undefined],
    ['LegacyKeyValueFormat', `${F}ENV A b\`c`, undefined],
    ['NR027', `${F}ENV A = b`, `${F}ENV A=b`],
    ['NR027', `${F}ENV A = "b c"`, `${F}ENV A="b c"`],
    ['NR027', `${F}ENV A = b c`, undefined],
    ['NR027', `${F}ENV A =b=c`, undefined],
    ['NR027', `${F}ENV A = "b" c`, undefined],
    ['NR027', `${F}ENV A = b \\\n`, `${F}ENV A=b \\\n`],
    ['NR027', `${F}ENV A = \\\n  b`, undefined],
    ['UndefinedVar', `${F}ENV NAME=1 OTHER=$NMAE`, undefined],
    ['UndefinedVar', `${F}ENV NAME=1\nENV OTHER=$NMAE`, `${F}ENV NAME=1\nENV OTHER=$NAME`],
  ];
  for (const [id, text, wanted] of FIXES) {
    it(`${id} repairs ${JSON.stringify(text)}`, () => {
      const [finding] = findingsOf(id, text);
      const edits = finding?.fix?.edits ?? [];
      const fixedText = edits.toReversed().reduce((before, { span, text: replacement }) => {
        return before.slice(0, span.start) + replacement + before.slice(span.end);
      }, text);
      assert.equal(edits.length === 0 ? undefined : fixedText, wanted);
    });
  }
});
