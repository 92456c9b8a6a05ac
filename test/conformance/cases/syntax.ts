/** How the text is read: directives, comments, continuations, JSON forms, keywords. */

import type { ConformanceCase } from '../conformance-case.ts';

export const SYNTAX_CASES: readonly ConformanceCase[] = [
  { name: 'escape directive', dockerfile: '# escape=`\nFROM busybox\nRUN echo a `\n  b > /x\nENV A=`$B\n' },
  {
    name: 'escape directive with blanks',
    dockerfile: '#   escape = ` \nFROM busybox\nRUN echo a `\n b > /x\n',
  },
  {
    name: 'escape directive after a comment is a comment',
    dockerfile: '# hello\n# escape=`\nFROM busybox\nRUN echo a \\\n b > /x\n',
  },
  {
    name: 'escape directive after a blank line is a comment',
    dockerfile: '\n# escape=`\nFROM busybox\nRUN echo a \\\n b > /x\n',
  },
  { name: 'check directive', dockerfile: '# check=skip=all\nFROM busybox\nRUN echo a > /x\n' },
  { name: 'check directive with error', dockerfile: '# check=error=true\nfrom busybox\nRUN echo a > /x\n' },
  { name: 'unknown directive is a comment', dockerfile: '# future=yes\nFROM busybox\nRUN echo a > /x\n' },
  {
    name: 'comment inside a continuation',
    dockerfile: 'FROM busybox\nRUN echo a \\\n# no\n  b \\\n  # neither\n  c > /x\n',
  },
  { name: 'blank line inside a continuation', dockerfile: 'FROM busybox\nRUN echo a \\\n\n  b > /x\n' },
  { name: 'blanks after the escape', dockerfile: 'FROM busybox\nRUN echo a \\  \n  b > /x\n' },
  { name: 'escape inside a word', dockerfile: 'FROM busybox\nENV A=one\\\ntwo\n' },
  {
    name: 'hash inside a line is text',
    dockerfile: 'FROM busybox\nRUN echo a # b > /y\nENV A=b#c\nLABEL l=x #=y\n',
  },
  { name: 'escape at the end of a comment', dockerfile: 'FROM busybox\n# a \\\nRUN echo a > /x\n' },
  { name: 'CRLF', dockerfile: 'FROM busybox\r\nRUN echo a \\\r\n  b > /x\r\nENV A=b\r\n' },
  { name: 'byte order mark', dockerfile: '\uFEFFFROM busybox\nENV A=b\n' },
  { name: 'no newline at the end', dockerfile: 'FROM busybox\nRUN echo a > /x' },
  { name: 'tabs', dockerfile: '\tFROM\tbusybox\n\tENV\tA=b\tC=d\n' },
  { name: 'keywords in lower case', dockerfile: 'from busybox as b\nrun echo a > /x\nfrom b\nenv A=b\n' },
  { name: 'exec form', dockerfile: 'FROM busybox\nRUN ["sh", "-c", "echo $0 \\"q\\" > /x", "zero"]\n' },
  { name: 'exec form with blanks', dockerfile: 'FROM busybox\nCMD   [ "a" ,"b" ]   \n' },
  { name: 'exec form with unicode escapes', dockerfile: 'FROM busybox\nCMD ["\\u0061", "\\t", "é"]\n' },
  {
    name: 'broken exec form is shell form',
    dockerfile: "FROM busybox\nCMD ['a', 'b']\nENTRYPOINT [\"a\", ]\n",
  },
  { name: 'exec form with a number is shell form', dockerfile: 'FROM busybox\nCMD ["a", 1]\n' },
  { name: 'text after the array is shell form', dockerfile: 'FROM busybox\nCMD ["a"] b\n' },
  { name: 'empty exec form', dockerfile: 'FROM busybox\nCMD []\nENTRYPOINT []\n' },
  { name: 'exec form over lines', dockerfile: 'FROM busybox\nCMD ["a", \\\n  "b"]\n' },
  {
    name: 'ENV forms',
    dockerfile: 'FROM busybox\nENV A b c\nENV B="b c" C=d\\ e D=\'f g\'\nENV E=a"b"\'c\'\n',
  },
  {
    name: 'ENV old form keeps quotes',
    dockerfile: 'FROM busybox\nENV A "b c"\nENV B \'x\'\nENV C a  b   c\n',
  },
  { name: 'ENV quoted names', dockerfile: 'FROM busybox\nENV "A"=b\n' },
  { name: 'LABEL forms', dockerfile: 'FROM busybox\nLABEL a b c\nLABEL "x y"="z" b=\'c d\' c="d\\\ne"\n' },
  { name: 'semicolons and ampersands', dockerfile: 'FROM busybox\nRUN echo a; echo b && echo c > /x\n' },
  { name: 'quotes over lines', dockerfile: 'FROM busybox\nRUN echo "a \\\nb" > /x\n' },
  { name: 'double escape', dockerfile: 'FROM busybox\nRUN echo a\\\\b > /x\nENV A=a\\\\b\n' },
  { name: 'long line', dockerfile: `FROM busybox\nENV A=${'x'.repeat(70000)}\n` },
  {
    name: 'many lines',
    dockerfile: `FROM busybox\n${Array.from({ length: 60 }, (_, at) => `ENV V${at}=${at}\n`).join('')}`,
  },
  { name: 'unicode', dockerfile: 'FROM busybox\nENV A=나루\nRUN echo 나루 > /ü\nLABEL ß="é"\n' },
  { name: 'MAINTAINER', dockerfile: 'FROM busybox\nMAINTAINER Some One <a@example.com>\n' },
  { name: 'no-break space', dockerfile: 'FROM busybox\nENV A=b\u00A0c\n' },
];
