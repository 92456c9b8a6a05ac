/** Files with several names: how many of them a command in the image sees. */

import type { ConformanceCase } from '../conformance-case.ts';

const MADE = `FROM busybox AS made
RUN --network=none mkdir -p /d/s /e && echo 1 > /d/a && ln /d/a /d/b && ln /d/a /d/s/c && ln /d/a /e/d && ln /d/a /f && echo 1 > /d/z
FROM made AS written
RUN --network=none echo 2 > /d/b
FROM busybox
`;
const SEEN = 'RUN --network=none find /x ! -type d -exec stat -c "%n %h" {} + | sort > /seen\n';

/** Between those two. */
const LINES: Readonly<Record<string, string>> = {
  'of a stage, in one directory': 'COPY --from=made /d /x\n',
  'of a stage, with an owner and a mode': 'COPY --from=made --chown=5:6 --chmod=600 /d /x\n',
  'of a stage, from two directories': 'COPY --from=made /d /e /x/\n',
  'of a stage, named one by one': 'COPY --from=made /d/a /d/b /f /x/\n',
  'of a stage, by a pattern': 'COPY --from=made /d/* /x/\n',
  'of a stage, as a whole': 'COPY --from=made / /x/\n',
  'of a stage, one of them written since': 'COPY --from=written /d /x\n',
  'of a stage, linked': 'COPY --from=made --link /d /x\n',
  'of a stage, the directory twice': 'COPY --from=made /d/s /d/s /x/\n',
  'of a context, in one directory': 'COPY c /x\n',
  'of a context, as a whole': 'COPY . /x\n',
  'of a context, named one by one': 'COPY c/a c/b /x/\n',
  'of a context, linked': 'COPY --link c /x\n',
  'of a context, by ADD': 'ADD c /x\n',
  'of a context, over one that was there':
    'RUN --network=none mkdir /x && echo old > /x/a && ln /x/a /x/b\nCOPY c /x\n',
};

const FILES = {
  'c/a': 'a\n',
  'c/b': { hardLink: 'c/a' },
  'c/s/d': { hardLink: 'c/a' },
  'c/equal': 'a\n',
  'e/f': { hardLink: 'c/a' },
  '../beside': { hardLink: 'c/a' },
  '.dockerignore': 'e\n',
} as const;

export const HARD_LINK_CASES: readonly ConformanceCase[] = [
  ...Object.entries(LINES).map(([name, line]) => ({
    name: `hard links ${name}`,
    dockerfile: MADE + line + SEEN,
    files: FILES,
  })),
  {
    name: 'hard links of a context, mounted',
    dockerfile: `FROM busybox\nRUN --network=none --mount=type=bind,source=c,target=/x ${SEEN.slice('RUN --network=none '.length)}`,
    files: FILES,
  },
];
