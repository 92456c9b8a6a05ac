/** .dockerignore as moby reads it and as BuildKit walks with it. */

import assert from 'node:assert/strict';

import fc from 'fast-check';

import { readIgnoreFile } from '../../../core/context/ignore.ts';
import { compilePatterns } from '../../../core/context/patterns.ts';

/** `paths` are probed in order; the answer is the list of those ignored. */
function check(text: string, paths: readonly string[], ignored: readonly string[]): void {
  const { value, problems } = readIgnoreFile(text);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    paths.filter((path) => value.matcher.matches(path)),
    ignored,
    JSON.stringify(text),
  );
}

/** Pattern and path, one pair a case. */
function checkPairs(cases: readonly (readonly [pattern: string, path: string, isIgnored: boolean])[]): void {
  const answers = cases.map(([pattern, path]) => [
    pattern,
    path,
    compilePatterns([pattern]).matcher.matches(path),
  ]);
  assert.deepEqual(answers, cases);
}

function patternsOf(text: string): readonly string[] {
  return readIgnoreFile(text).value.lines.map((line) => line.pattern);
}

describe('ignore file', () => {
  it('reads lines as moby does', () => {
    assert.deepEqual(patternsOf('\uFEFFa\n#b\n #c\n\n  d  \r\n/e/\n./f//g/../h\n!/i\n! j\n!\n/\n.\n!!k'), [
      'a',
      '#c',
      'd',
      'e',
      'f/h',
      '!i',
      '!j',
      '!',
      '/',
      '.',
      '!!k',
    ]);
  });

  it('keeps the span of each pattern', () => {
    const text = '# x\n  docs/ \n!docs/keep';
    assert.deepEqual(
      readIgnoreFile(text).value.lines.map(({ span }) => text.slice(span.start, span.end)),
      ['docs/', '!docs/keep'],
    );
  });

  it('reports bad patterns where they stand', () => {
    const text = 'ok\n!\na[\nfoo\\';
    const { problems } = readIgnoreFile(text);
    assert.deepEqual(
      problems.map(({ message, span }) => [text.slice(span.start, span.end), message]),
      [
        ['!', 'invalid ignore pattern "!": illegal exclusion pattern: "!"'],
        ['a[', 'invalid ignore pattern "a[": syntax error in pattern'],
        ['foo\\', 'invalid ignore pattern "foo\\\\": syntax error in pattern'],
      ],
    );
  });

  it('ignores what lies under an ignored directory', () => {
    check(
      'node_modules',
      ['node_modules', 'node_modules/a/b', 'src/node_modules', 'node_modules2'],
      ['node_modules', 'node_modules/a/b'],
    );
    check('docs/\n/build', ['docs', 'docs/a', 'build/x', 'sub/build'], ['docs', 'docs/a', 'build/x']);
  });

  it('lets later lines win', () => {
    check('*.md\n!README.md', ['a.md', 'README.md', 'sub/a.md'], ['a.md']);
    check('!README.md\n*.md', ['README.md'], ['README.md']);
    check(
      '*.md\n!README*.md\nREADME-secret.md',
      ['README-x.md', 'README-secret.md', 'b.md'],
      ['README-secret.md', 'b.md'],
    );
    check('docs\n!docs/keep', ['docs', 'docs/a', 'docs/keep', 'docs/keep/x'], ['docs', 'docs/a']);
    check('*\n!src', ['a', 'src', 'src/a', 'src/b/c'], ['a']);
    check('*\n!src/**', ['src', 'src/a', 'b/c'], ['src', 'b/c']);
    check('**\n!**/*.go', ['a', 'a/b.go', 'c.go', 'a/b.txt'], ['a', 'a/b.txt']);
  });

  it('does not let an exception reach a directory that only a later child matched', () => {
    // moby's MatchesUsingParentResults: "!d" is not looked at for `d`, so it is not inherited either.
    check('d/*\n!d', ['d', 'd/f'], ['d/f']);
    check('a/b/c\n!a/b', ['a/b', 'a/b/c', 'a/b/c/d'], ['a/b/c', 'a/b/c/d']);
  });

  it('matches single patterns as moby does', () => {
    checkPairs([
      ['**', 'file', true],
      ['**', 'dir/file', true],
      ['**/', 'file', true],
      ['**/**', 'dir/file', true],
      ['dir/**', 'dir/file', true],
      ['dir/**', 'dir', false],
      ['dir/**', 'dir/dir2/file', true],
      ['**/dir', 'dir', true],
      ['**/dir', 'dir/file', true],
      ['**/dir', 'dir2/file', false],
      ['**/dir/**', 'dir2/file', false],
      ['**/dir2/**', 'dir/dir2/file', true],
      ['**/dir2/*', 'dir/dir2/file', true],
      ['**file', 'file', true],
      ['**file', 'dir/file', true],
      ['**/file', 'dir/dir/file', true],
      ['**/file*', 'dir/dir/file.txt', true],
      ['**/file*txt', 'dir/dir/file.txt', true],
      ['**/file*.txt', 'dir/dir/file.txt', true],
      ['**/file*.txt*', 'dir/dir/file.txt', true],
      ['**/**/*.txt', 'dir/dir/file.txt', true],
      ['**/**/*.txt2', 'dir/dir/file.txt', false],
      ['**/*.txt', 'file.txt', true],
      ['a**/*.txt', 'a/file.txt', true],
      ['a**/*.txt', 'a/dir/dir/file.txt', true],
      ['a/*/*.txt', 'a/file.txt', false],
      ['a/*.txt', 'a/dir/file.txt', false],
      ['a[b-d]e', 'ae', false],
      ['a[b-d]e', 'ace', true],
      ['a[^b-d]e', 'aze', true],
      ['abc.def', 'abcdef', false],
      ['abc.def', 'abcZdef', false],
      ['abc?def', 'abcZdef', true],
      ['abc?def', 'abcdef', false],
      ['a\\\\', 'a\\', true],
      ['**/foo/bar', 'foo/bar', true],
      ['**/foo/bar', 'dir/dir2/foo/bar', true],
      ['abc/**', 'abc', false],
      ['abc/**', 'abc/def/ghi', true],
      ['**/.foo', '.foo', true],
      ['**/.foo', 'bar.foo', false],
      ['a(b)c/def', 'a(b)c/def', true],
      ['a.|)$(}+{bc', 'a.|)$(}+{bc', true],
      [
        'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl',
        'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl',
        true,
      ],
      ['dist/*.whl', 'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl', true],
      ['a\\*b', 'a*b', true],
      ['a\\*b', 'axb', false],
      ['*.txt', 'sub/a.txt', false],
      ['*/*.txt', 'sub/a.txt', true],
      ['한글*', '한글.txt', true],
      ['?', '😀', true],
      ['x[^/]y', 'x/y', false],
      ['./a', 'a', true],
      ['a/../b', 'b', true],
      ['../a', 'a', false],
      ['/a', 'a', false],
      ['.', 'a', false],
      ['A', 'a', false],
      ['a^b', 'a^b', true],
      ['a^b*', 'a^bc', false],
      ['foo[[:digit:]]', 'foo7', true],
      ['foo\\d', 'foo7', true],
    ]);
  });

  it('skips, as BuildKit does, the directories that `!dir/*/**` would let something in from', () => {
    // fsutil takes `/**` and then `/*` from an exception before it asks whether a directory may hold a match (filter.go, patternWithoutTrailingGlob).
    const { matcher } = compilePatterns(['*', '!ab/*/**']);
    assert.equal(matcher.coversBelow('ab'), false);
    assert.equal(matcher.coversBelow('ab/a'), true);
  });

  it('never skips a directory below which something is let in again', () => {
    const part = fc.constantFrom('a', 'b', 'ab', '*', '**', '?');
    const pattern = fc
      .tuple(fc.boolean(), fc.array(part, { minLength: 1, maxLength: 3 }))
      .map(([isException, parts]) => `${isException ? '!' : ''}${parts.join('/')}`)
      .filter((text) => !/^![^*?]+\/\*\/\*\*$/.test(text));
    const path = fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 5 }), path, (patterns, parts) => {
        const { matcher } = compilePatterns(patterns);
        let parent = matcher.root;
        for (let depth = 1; depth <= parts.length; depth += 1) {
          const at = parts.slice(0, depth).join('/');
          parent = matcher.matchDirectory(at, parent);
          assert.equal(parent.isMatch, matcher.matches(at));
          if (parent.isMatch && matcher.coversBelow(at)) {
            assert.ok(matcher.matches(parts.join('/')));
            return;
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('matches 20,000 paths against 20 patterns in 50 ms', () => {
    const patterns = Array.from({ length: 12 }, (_, index) => `dir${index}/*.tmp`).concat([
      'node_modules',
      '**/*.log',
      '**/.git',
      '*.md',
      '!README.md',
      '**/__pycache__',
      'dist/**',
      '.env*',
    ]);
    const { matcher } = compilePatterns(patterns);
    const directories = Array.from({ length: 200 }, (_, index) => `src/pkg${index}`);
    const measure = (): number => {
      const start = process.cpuUsage();
      const src = matcher.matchDirectory('src', matcher.root);
      for (const directory of directories) {
        const match = matcher.matchDirectory(directory, src);
        for (let index = 0; index < 100; index += 1) {
          matcher.matchFile(`${directory}/component-${index}.ts`, match);
        }
      }
      const used = process.cpuUsage(start);
      return (used.user + used.system) / 1000;
    };
    const bestMs = Math.min(measure(), measure(), measure());
    assert.ok(bestMs < 50, `${bestMs} ms of CPU`);
  });
});
