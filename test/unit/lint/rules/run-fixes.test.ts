/** Fixes of rules about what runs in a step: what they write into a command line, a JSON array and a heredoc. */

import assert from 'node:assert/strict';

import { fixed } from './marked.ts';

/** Rule, what stands behind RUN, and what does after the fix; undefined: no fix. */
const CASES: readonly (readonly [string, string, string | undefined])[] = [
  ['DL3014', 'apt-get install a=1', 'apt-get install -y a=1'],
  ['DL3014', 'true && apt-get \\\n  install \\\n  a=1', 'true && apt-get \\\n  install -y \\\n  a=1'],
  ['DL3014', '["apt-get", "install", "a=1"]', '["apt-get", "install", "-y", "a=1"]'],
  ['DL3014', '<<EOF\napt-get install a=1\nEOF', '<<EOF\napt-get install -y a=1\nEOF'],
  ['DL3014', "apt-get 'install' a=1", "apt-get 'install' -y a=1"],
  ['DL3015', 'apt-get install -y a=1', 'apt-get install --no-install-recommends -y a=1'],
  ['DL3015', '["apt-get","install"]', '["apt-get","install", "--no-install-recommends"]'],
  ['DL3019', 'apk add a=1', 'apk add --no-cache a=1'],
  ['DL3019', '[ "apk", "add", "a=1" ]', '[ "apk", "add", "--no-cache", "a=1" ]'],
  ['DL3027', 'apt update', 'apt-get update'],
  ['DL3027', 'apt purge a', 'apt-get purge a'],
  ['DL3027', '["apt", "update"]', '["apt-get", "update"]'],
  ['DL3027', 'apt install a=1', undefined],
  ['DL3027', '"apt" update', undefined],
  ['DL3027', 'apt update && apt install a=1', undefined],
  ['DL3030', 'yum install a-1', 'yum install -y a-1'],
  ['DL3030', 'yum groupinstall a', 'yum groupinstall -y a'],
  ['DL3034', 'zypper in a=1', 'zypper in -y a=1'],
  ['DL3038', 'microdnf install a-1', 'microdnf install -y a-1'],
  ['DL3042', 'pip install a==1', 'pip install --no-cache-dir a==1'],
  ['DL3042', 'python3 -m pip install a==1', 'python3 -m pip install --no-cache-dir a==1'],
  ['DL3046', 'useradd -u 123456 me', 'useradd -l -u 123456 me'],
  ['DL3046', '["useradd", "-u", "123456", "me"]', '["useradd", "-l", "-u", "123456", "me"]'],
  ['DL3047', 'wget http://e.com/a', 'wget --progress=dot:giga http://e.com/a'],
  ['DL3047', '["wget", "http://e.com/a"]', '["wget", "--progress=dot:giga", "http://e.com/a"]'],
  ['DL3047', "'wget' http://e.com/a", undefined],
  ['NR005', '<<EOF\na\nb\nEOF', '<<EOF\nset -e\na\nb\nEOF'],
  ['NR005', '<<-EOF\n\t\ta\n\t\tb\n\tEOF', '<<-EOF\n\t\tset -e\n\t\ta\n\t\tb\n\tEOF'],
  ['NR024', '["npm install"]', '["npm", "install"]'],
  ['NR024', '["npm\\tinstall"]', undefined],
  ['NR026', "['a', 'b']", '["a", "b"]'],
  ['NR029', 'curl -s https://e.com/a', 'curl -f -s https://e.com/a'],
  ['NR029', '["curl", "https://e.com/a"]', '["curl", "-f", "https://e.com/a"]'],
];

describe('fixes about what runs', () => {
  for (const [id, run, wanted] of CASES) {
    it(`${id}: RUN ${JSON.stringify(run)}`, () => {
      const after = fixed(id, `FROM a:1\nRUN ${run}`);
      assert.equal(after, wanted === undefined ? undefined : `FROM a:1\nRUN ${wanted}`);
    });
  }
});
