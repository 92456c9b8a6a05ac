/** Where an instruction names a stage or an image: the marked part. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { stageReferences } from '../../../core/dockerfile/stage-references.ts';

/** Each name between bars, in an instruction behind `FROM a`. */
const MARKED: readonly string[] = [
  'FROM |b|',
  'FROM --platform=p |b| AS c',
  'FROM',
  'COPY --from=|b| c d',
  'COPY --chown=b --from=|0| c d',
  'COPY --from c d',
  'COPY --from=|| c d',
  'COPY from=b d',
  'ADD --from=b c d',
  'RUN --mount=from=|b|,target=/c d',
  'RUN --mount=type=bind,from=|b| --mount=target=/c --mount=type=cache,target=/c,from=|e|,ro d',
  'RUN --mount=type=bind,from=,target=/c d',
  'RUN --mount=type=secret,id=a,xfrom=b d',
  'RUN --mount d',
  'RUN --network=from=b d',
  'RUN from=b',
  'ONBUILD COPY --from=b c d',
  'ENTRYPOINT --mount=from=b',
];

describe('references to stages', () => {
  for (const marked of MARKED) {
    it(`of ${marked}`, () => {
      const text = `FROM a\n${marked.replaceAll('|', '')}\n`;
      const last = readDockerfile(text).value.instructions.at(-1);
      assert.ok(last);
      let shown = text;
      for (const { name, span } of stageReferences(last).toReversed()) {
        assert.equal(text.slice(span.start, span.end), name);
        shown = `${shown.slice(0, span.start)}|${name}|${shown.slice(span.end)}`;
      }
      assert.equal(shown, `FROM a\n${marked}\n`);
    });
  }
});
