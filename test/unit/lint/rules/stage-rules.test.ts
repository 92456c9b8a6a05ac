/** hadolint's rules about stages and their images: what each finds, to the word. */

import { checkTable, type RuleTable } from './marked.ts';

const TABLES: readonly RuleTable[] = [
  {
    id: 'DL3006',
    cases: [
      'FROM «debian»',
      'FROM «example.com:5000/debian» AS build',
      'FROM debian:12',
      'FROM debian@sha256:0123',
      'FROM scratch',
      'FROM debian:12 AS base\nFROM base',
      'FROM debian:12 AS Base\nFROM base',
      'FROM ${IMAGE}',
      'ARG IMAGE=debian\nFROM $IMAGE:12',
      'ARG TAG=12\nFROM example.com/debian:$TAG',
      'ARG NAME=debian:12\nFROM example.com/$NAME',
      'ARG NAME=debian\nFROM «example.com/$NAME»',
      'FROM --platform=$BUILDPLATFORM «golang» AS build',
      'FROM «base»\nFROM debian:12 AS base',
    ],
  },
  {
    id: 'DL3007',
    cases: [
      'FROM «debian:latest»',
      'FROM «example.com:5000/debian:latest» AS a',
      'FROM debian:12',
      'FROM debian',
      'FROM debian:latest@sha256:0123',
      'FROM debian:latest-slim',
      'FROM latest',
      'FROM scratch\nFROM «a:latest»\nFROM «b:latest»',
    ],
  },
  {
    id: 'DL3024',
    cases: [
      'FROM a:1 AS x\nFROM b:1 AS «x»',
      'FROM a:1 AS x\nFROM b:1 AS «X»',
      'FROM a:1 AS x\nFROM b:1 AS y',
      'FROM a:1\nFROM a:1',
      'FROM a:1 AS x\nFROM b:1 AS «x»\nFROM c:1 AS «x»',
      'FROM x:1 AS x\nFROM x AS y',
      'FROM a:1 AS x\nFROM b:1 AS xx',
      'FROM a:1 AS x \nFROM b:1 \\\n  AS «x»',
    ],
  },
  {
    id: 'DL3026',
    options: { trustedRegistries: ['docker.io', '*.example.com', 'quay.*'] },
    cases: [
      'FROM debian:12',
      'FROM docker.io/library/debian:12',
      'FROM «evil.net/debian:12»',
      'FROM hub.example.com/debian:12',
      'FROM «example.com/debian:12»',
      'FROM quay.io/a:1',
      'FROM scratch',
      'FROM debian:12 AS a\nFROM a\nCOPY --from=a /x /y\nCOPY --from=0 /x /y',
      'FROM debian:12\nCOPY --from=«evil.net/a:1» /x /y',
      'FROM debian:12\nRUN --mount=type=bind,from=«evil.net/a:1»,target=/x true',
      'FROM debian:12\nRUN --mount=type=cache,target=/x true',
      'ARG REGISTRY=evil.net\nFROM «${REGISTRY}/debian:12»',
      'ARG REGISTRY=quay.io\nFROM ${REGISTRY}/debian:12',
      'FROM «localhost:5000/a:1»',
    ],
  },
  {
    id: 'DL3026',
    options: { trustedRegistries: ['registry.example'] },
    cases: ['FROM «debian:12»', 'FROM registry.example/debian:12', 'FROM scratch'],
  },
  { id: 'DL3026', cases: ['FROM evil.net/debian:12'] },
  {
    id: 'DL3029',
    cases: [
      'FROM «--platform=linux/amd64» debian:12',
      'FROM --platform=$BUILDPLATFORM debian:12',
      'FROM --platform=${BUILDPLATFORM} debian:12',
      'FROM --platform=$TARGETPLATFORM debian:12',
      'FROM --platform=${TARGETPLATFORM:-linux/amd64} debian:12',
      'FROM «--platform=$OTHER» debian:12',
      'FROM debian:12',
      'FROM «--platform=linux» \\\n  debian:12 AS a\nFROM debian:12',
    ],
  },
  {
    id: 'DL3061',
    cases: [
      '«LABEL» a=b\nFROM debian:12',
      '«RUN» true\n«COPY» a /b\nFROM debian:12',
      '«RUN» true\nFORM debian:12\nCOPY a /b',
      'ARG A=1\nFROM debian:12',
      '# comment\nFROM debian:12',
      '# syntax=docker/dockerfile:1\nARG A\nARG B\nFROM debian:12\nLABEL a=b',
      'ARG A=1\n«ENV» B=2\nFROM debian:12',
      '«USER» 1',
      '\n\nFROM debian:12\nUSER 1',
    ],
  },
  {
    id: 'DL3063',
    cases: [
      'FROM debian:12 AS «scratch»',
      'FROM debian:12 AS «context»',
      'FROM debian:12 AS «Scratch»',
      'FROM debian:12 AS scratch-2',
      'FROM scratch',
      'FROM scratch AS base',
      'FROM context:1',
      'FROM debian:12 AS «context»\nFROM debian:12 AS «scratch»',
    ],
  },
  {
    id: 'DL3065',
    cases: [
      'FROM «--platform=$TARGETPLATFORM» debian:12',
      'FROM «--platform=${TARGETPLATFORM}» debian:12 AS a',
      'FROM --platform=$BUILDPLATFORM debian:12',
      'FROM --platform=linux/amd64 debian:12',
      'FROM --platform=${TARGETPLATFORM:-x} debian:12',
      'FROM --platform=$TARGETOS/$TARGETARCH debian:12',
      'FROM debian:12',
      'FROM debian:12\nFROM «--platform=$TARGETPLATFORM» debian:12',
    ],
  },
];

describe('rules about stages', () => {
  for (const table of TABLES) {
    it(`${table.id}: ${table.cases.length} files${table.options === undefined ? '' : ' with options'}`, () => {
      checkTable(table);
    });
  }
});
