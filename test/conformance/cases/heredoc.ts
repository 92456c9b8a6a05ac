/** Heredocs of RUN, COPY and ADD. */

import type { ConformanceCase } from '../conformance-case.ts';

export const HEREDOC_CASES: readonly ConformanceCase[] = [
  { name: 'RUN', dockerfile: 'FROM busybox\nRUN <<EOF\necho a > /x\necho $0 >> /x\nEOF\n' },
  {
    name: 'RUN goes on after a failing command',
    dockerfile: 'FROM busybox\nRUN <<EOF\nfalse\necho a > /x\nEOF\n',
  },
  { name: 'RUN quoted', dockerfile: "FROM busybox\nARG A=1\nRUN <<'EOF'\necho $A > /x\nEOF\n" },
  { name: 'RUN double quoted', dockerfile: 'FROM busybox\nARG A=1\nRUN <<"EOF"\necho $A > /x\nEOF\n' },
  {
    name: 'RUN strips tabs',
    dockerfile: 'FROM busybox\nRUN <<-EOF\n\tcat > /x <<-E2\n\t\tdeep\n\tE2\n\tEOF\n',
  },
  { name: 'RUN with a shebang', dockerfile: 'FROM busybox\nRUN <<EOF\n#!/bin/sh -e\necho "$0" > /x\nEOF\n' },
  {
    name: 'RUN with a shebang of another program',
    dockerfile: 'FROM busybox\nRUN <<EOF\n#!/bin/awk -f\nBEGIN { print "awk" > "/x" }\nEOF\n',
  },
  { name: 'RUN to a command', dockerfile: 'FROM busybox\nRUN cat <<EOF > /x\na $HOME\nEOF\n' },
  { name: 'RUN to a command, quoted', dockerfile: "FROM busybox\nRUN cat <<'EOF' > /x\na $HOME\nEOF\n" },
  {
    name: 'RUN to a command, tabs stripped',
    dockerfile: 'FROM busybox\nRUN cat <<-EOF > /x\n\ta\n\t\tb\n\tEOF\n',
  },
  { name: 'RUN with two', dockerfile: 'FROM busybox\nRUN cat <<A > /a && cat <<B > /b\none\nA\ntwo\nB\n' },
  { name: 'RUN with fd', dockerfile: 'FROM busybox\nRUN cat <&3 3<<EOF > /x\nthree\nEOF\n' },
  { name: 'RUN with fd alone', dockerfile: 'FROM busybox\nRUN 3<<EOF\necho a > /x\nEOF\n' },
  {
    name: 'RUN with SHELL',
    dockerfile: 'FROM busybox\nSHELL ["/bin/sh", "-ec"]\nRUN <<EOF\necho $- > /x\nEOF\n',
  },
  {
    name: 'RUN with a mount',
    dockerfile: 'FROM busybox\nRUN --mount=type=tmpfs,target=/t <<EOF\necho a > /t/a\ncp /t/a /x\nEOF\n',
  },
  {
    name: 'RUN with a comment inside',
    dockerfile: 'FROM busybox\nRUN <<EOF\n# comment\necho a \\\n  b > /x\nEOF\n',
  },
  { name: 'RUN with an empty body', dockerfile: 'FROM busybox\nRUN <<EOF\nEOF\n' },
  {
    name: 'RUN with instructions in the body',
    dockerfile: 'FROM busybox\nRUN <<EOF > /x\nFROM scratch\nEOF\nENV A=b\n',
  },
  {
    name: 'RUN exec form is no heredoc',
    dockerfile: 'FROM busybox\nRUN ["sh", "-c", "echo \\"<<EOF\\" > /x"]\n',
  },
  { name: 'RUN quoted marker is text', dockerfile: 'FROM busybox\nRUN echo "<<EOF" > /x\n' },
  {
    name: 'RUN three angles are none',
    dockerfile: "FROM busybox\nRUN sh -c 'echo a' <<< x || true\nENV A=b\n",
  },
  {
    name: 'RUN after a continuation',
    dockerfile: 'FROM busybox\nRUN echo a > /a && \\\n  cat <<EOF > /x\nbody\nEOF\n',
  },
  { name: 'COPY', dockerfile: 'FROM busybox\nCOPY <<EOF /x\nhello\nEOF\n' },
  {
    name: 'COPY expands',
    dockerfile: 'FROM busybox\nARG A=1\nENV B=2\nCOPY <<EOF /x\n$A ${B} ${C:-3} \\$A "q" \'q\'\nEOF\n',
  },
  { name: 'COPY quoted', dockerfile: "FROM busybox\nARG A=1\nCOPY <<'EOF' /x\n$A \\$A\nEOF\n" },
  { name: 'COPY strips tabs', dockerfile: 'FROM busybox\nCOPY <<-EOF /x\n\ta\n\t\tb\n  \tc\n\tEOF\n' },
  { name: 'COPY two', dockerfile: 'FROM busybox\nCOPY <<a.txt <<b.txt /d/\na\na.txt\nb\nb.txt\n' },
  { name: 'COPY into a directory', dockerfile: 'FROM busybox\nCOPY <<EOF /d/\na\nEOF\n' },
  { name: 'COPY quoted name with blank', dockerfile: 'FROM busybox\nCOPY <<"E F" /d/\na\nE F\n' },
  { name: 'COPY with a file', dockerfile: 'FROM busybox\nCOPY f <<EOF /d/\na\nEOF\n', files: { f: 'file' } },
  { name: 'COPY --chmod', dockerfile: 'FROM busybox\nCOPY --chmod=755 <<EOF /x\na\nEOF\n' },
  { name: 'COPY --chown', dockerfile: 'FROM busybox\nCOPY --chown=1000:1001 <<EOF /x\na\nEOF\n' },
  { name: 'COPY --link', dockerfile: 'FROM busybox\nCOPY --link <<EOF /d/x\na\nEOF\n' },
  { name: 'COPY empty', dockerfile: 'FROM busybox\nCOPY <<EOF /x\nEOF\n' },
  { name: 'COPY in JSON form', dockerfile: 'FROM busybox\nCOPY ["<<EOF", "/x"]\na\nEOF\n' },
  { name: 'COPY with CRLF', dockerfile: 'FROM busybox\r\nCOPY <<EOF /x\r\na\r\nb\r\nEOF\r\n' },
  {
    name: 'COPY body with backslashes',
    dockerfile: 'FROM busybox\nCOPY <<EOF /x\na\\nb \\\\ c \\\nd\nEOF\n',
  },
  {
    name: 'COPY with variable in destination',
    dockerfile: 'FROM busybox\nARG D=/dest\nCOPY <<EOF $D/x\na\nEOF\n',
  },
  { name: 'ADD', dockerfile: 'FROM busybox\nADD <<EOF /x\nhello\nEOF\n' },
  { name: 'ADD two', dockerfile: 'FROM busybox\nADD --chmod=600 <<one <<two /d/\na\none\nb\ntwo\n' },
  { name: 'ONBUILD cannot see it', dockerfile: 'FROM busybox\nONBUILD RUN echo a > /x\n' },
];
