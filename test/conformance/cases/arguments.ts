/** ARG: global, of a stage, predefined, of the platform; what RUN and the image see of them. */

import type { ConformanceCase } from '../conformance-case.ts';

const SEE = 'RUN env | grep -v -e ^HOSTNAME -e ^SHLVL -e ^HOME -e ^PWD | sort > /x\n';

export const ARGUMENT_CASES: readonly ConformanceCase[] = [
  { name: 'default', dockerfile: `FROM busybox\nARG A=1\n${SEE}` },
  { name: 'given', dockerfile: `FROM busybox\nARG A=1\n${SEE}`, args: ['--build-arg', 'A=2'] },
  { name: 'given empty', dockerfile: `FROM busybox\nARG A=1\n${SEE}`, args: ['--build-arg', 'A='] },
  {
    name: 'given by environment',
    dockerfile: `FROM busybox\nARG A=1\n${SEE}`,
    args: ['--build-arg', 'A'],
    env: { A: 'env' },
  },
  {
    name: 'not given by environment',
    dockerfile: `FROM busybox\nARG NOBODY=1\n${SEE}`,
    args: ['--build-arg', 'NOBODY'],
  },
  { name: 'without value', dockerfile: `FROM busybox\nARG A\n${SEE}` },
  { name: 'empty default', dockerfile: `FROM busybox\nARG A=\n${SEE}` },
  { name: 'several', dockerfile: `FROM busybox\nARG A=1 B=2 C\n${SEE}`, args: ['--build-arg', 'C=3'] },
  { name: 'several, later ones see earlier ones', dockerfile: `FROM busybox\nARG A=1 B=\${A}2\n${SEE}` },
  { name: 'quoted', dockerfile: `FROM busybox\nARG A="b c" B='d e' C=f\\ g\n${SEE}` },
  { name: 'ENV wins', dockerfile: `FROM busybox\nENV A=env\nARG A=arg\n${SEE}` },
  {
    name: 'ENV after ARG wins',
    dockerfile: `FROM busybox\nARG A=arg\nENV A=env\n${SEE}`,
    args: ['--build-arg', 'A=given'],
  },
  { name: 'ENV from ARG', dockerfile: `FROM busybox\nARG A=arg\nENV B=\${A}-b\n${SEE}` },
  {
    name: 'not before its line',
    dockerfile: 'FROM busybox\nRUN echo "[$A]" > /x\nARG A=1\nRUN echo "[$A]" >> /x\n',
    args: ['--build-arg', 'A=2'],
  },
  { name: 'global is not seen in a stage', dockerfile: `ARG A=1\nFROM busybox\n${SEE}` },
  { name: 'global declared again', dockerfile: `ARG A=1\nFROM busybox\nARG A\n${SEE}` },
  { name: 'global declared again with default', dockerfile: `ARG A=1\nFROM busybox\nARG A=2\n${SEE}` },
  {
    name: 'global given, declared again',
    dockerfile: `ARG A=1\nFROM busybox\nARG A=2\n${SEE}`,
    args: ['--build-arg', 'A=3'],
  },
  { name: 'global from global', dockerfile: `ARG A=1\nARG B=\${A}2\nFROM busybox\nARG B\n${SEE}` },
  { name: 'global several', dockerfile: `ARG A=1 B=\${A}2\nFROM busybox\nARG A B\n${SEE}` },
  {
    name: 'not across stages',
    dockerfile: `FROM busybox AS a\nARG A=1\nRUN true\nFROM busybox\n${SEE}`,
    args: ['--build-arg', 'A=2'],
  },
  { name: 'twice', dockerfile: `FROM busybox\nARG A=1\nARG A\n${SEE}` },
  { name: 'twice with other default', dockerfile: `FROM busybox\nARG A=1\nARG A=2\n${SEE}` },
  {
    name: 'platform arguments',
    dockerfile: `FROM busybox\nARG TARGETPLATFORM TARGETOS TARGETARCH TARGETVARIANT BUILDPLATFORM BUILDOS BUILDARCH BUILDVARIANT\n${SEE}`,
  },
  { name: 'platform arguments not declared', dockerfile: `FROM busybox\n${SEE}` },
  { name: 'platform argument with default', dockerfile: `FROM busybox\nARG TARGETARCH=mine\n${SEE}` },
  {
    name: 'platform argument given',
    dockerfile: `FROM busybox\nARG TARGETARCH\n${SEE}`,
    args: ['--build-arg', 'TARGETARCH=mine'],
  },
  {
    name: 'TARGETSTAGE',
    dockerfile: `FROM busybox AS st\nARG TARGETSTAGE\n${SEE}`,
    args: ['--target', 'st'],
  },
  { name: 'TARGETSTAGE default', dockerfile: `FROM busybox AS st\nARG TARGETSTAGE\n${SEE}` },
  { name: 'TARGETSTAGE without name', dockerfile: `FROM busybox\nARG TARGETSTAGE\n${SEE}` },
  {
    name: 'proxy without ARG',
    dockerfile: `FROM busybox\nRUN env | grep -i proxy | sort > /p1\n`,
    args: ['--build-arg', 'NO_PROXY=n', '--build-arg', 'no_proxy=m'],
  },
  {
    name: 'proxy with ARG',
    dockerfile: `FROM busybox\nARG NO_PROXY\nRUN env | grep -i proxy | sort > /p2\n`,
    args: ['--build-arg', 'NO_PROXY=n'],
  },
  {
    name: 'proxy with ENV',
    dockerfile: `FROM busybox\nENV NO_PROXY=e\nRUN env | grep -i proxy | sort > /p3\n`,
    args: ['--build-arg', 'NO_PROXY=n'],
  },
  {
    name: 'HTTP_PROXY',
    dockerfile: `FROM busybox\nRUN env | grep -i proxy | sort > /p4\n`,
    args: ['--build-arg', 'HTTP_PROXY=http://127.0.0.1:9', '--build-arg', 'all_proxy=x'],
  },
  { name: 'unused build argument', dockerfile: 'FROM busybox\nENV A=b\n', args: ['--build-arg', 'NOPE=1'] },
  {
    name: 'SOURCE_DATE_EPOCH',
    dockerfile: `FROM busybox\nARG SOURCE_DATE_EPOCH\n${SEE}`,
    args: ['--build-arg', 'SOURCE_DATE_EPOCH=1600000000'],
  },
  {
    name: 'in every instruction',
    dockerfile:
      'FROM busybox\nARG V=v\nENV E=$V\nLABEL $V=$V\nEXPOSE ${P:-80}\nUSER ${V}u\nWORKDIR /$V\nVOLUME /$V/$V\nSTOPSIGNAL ${S:-9}\nCMD echo $V\nENTRYPOINT ["$V"]\nONBUILD ENV X=$V\nHEALTHCHECK CMD $V\n',
  },
  {
    name: 'BUILDKIT arguments',
    dockerfile: `FROM busybox\n${SEE}`,
    args: ['--build-arg', 'BUILDKIT_INLINE_CACHE=0', '--build-arg', 'BUILDKIT_SANDBOX_HOSTNAME=box'],
  },
  { name: 'hostname', dockerfile: 'FROM busybox\nRUN hostname > /x\n' },
  {
    name: 'value with newline',
    dockerfile: `FROM busybox\nARG A\nENV B=$A\n${SEE}`,
    args: ['--build-arg', 'A=one\ntwo'],
  },
  {
    name: 'value with dollar',
    dockerfile: `FROM busybox\nARG A\nENV B=$A\n${SEE}`,
    args: ['--build-arg', 'A=$HOME ${x}'],
  },
];
