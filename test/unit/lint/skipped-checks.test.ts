/** Names in `# check=skip=` that no rule has are NR112's. */

import { checkRule } from './check-rule.ts';

describe('names in check=skip=', () => {
  it('are looked at above the file', () => {
    checkRule('NR112', '# check=skip=StageNameCasing,«StageName»;error=true\nFROM scratch\n');
  });

  it('are looked at above an instruction', () => {
    checkRule('NR112', 'FROM scratch\n# check=error=true;skip=«Nope» a remark\nUSER a\n');
  });

  it('all, known and refused ones are left alone', () => {
    checkRule('NR112', '# check=skip=all\nFROM scratch\n');
    checkRule('NR112', '# check=skip=JSONArgsRecommended\nFROM scratch\n');
    checkRule('NR112', '# check=ship=Nope\nFROM scratch\n');
  });
});
