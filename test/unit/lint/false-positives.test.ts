/** What users of other linters complained about: correct files in which a rule spoke. Ours keep quiet. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { lintDockerfile } from '../../../core/lint/run.ts';

/** Rule that must not speak, and the text. */
const CASES: readonly (readonly [rules: string, text: string])[] = [
  ['DL3006', 'ARG BASE=debian:12\nFROM $BASE'],
  ['DL3006', 'ARG BASE=debian:12\nFROM ${BASE}'],
  ['DL3006', 'ARG BASE\nFROM ${BASE}'],
  ['DL3006', 'FROM debian:12 AS base\nFROM base'],
  ['DL3006', 'FROM scratch'],
  ['DL3006', 'FROM debian@sha256:0000000000000000000000000000000000000000000000000000000000000000'],
  ['DL4006', 'FROM debian:12\nRUN <<EOF\n#!/bin/bash\nset -euo pipefail\ncat a | sort\nEOF'],
  ['DL4006', 'FROM debian:12\nRUN <<EOF bash\nset -o pipefail\ncat a | sort\nEOF'],
  ['DL4006', 'FROM debian:12\nRUN set -o pipefail && cat a | sort'],
  ['DL4006', 'FROM alpine:3\nSHELL ["/bin/ash", "-eo", "pipefail", "-c"]\nRUN cat a | sort'],
  ['DL4006', 'FROM mcr.example/win:1\nSHELL ["pwsh", "-Command"]\nRUN Get-Item a | Select b'],
  ['DL4006', 'FROM debian:12\nRUN <<EOF python3\nprint(1 | 2)\nEOF'],
  ['DL3003 DL3004 DL3008', 'FROM python:3\nRUN <<EOF\n#!/usr/bin/env python3\nsudo = cd = 1\nEOF'],
  ['DL3003 DL3008', 'FROM debian:12\nCOPY <<EOF /x.sh\ncd /tmp && apt-get install curl\nEOF'],
  ['DL3008 DL3014', 'FROM debian:12\nRUN cat <<EOF > /x.sh\napt-get install curl\nEOF'],
  ['DL3059', 'FROM debian:12\nRUN <<EOF\necho a\nEOF\nRUN <<EOF\necho b\nEOF'],
  ['DL3059', 'FROM debian:12\nRUN --mount=type=cache,target=/a make\nRUN make install'],
  ['DL3008', 'FROM debian:12\nRUN apt-get install -y --no-install-recommends ./local.deb'],
  ['DL3008', 'FROM debian:12\nRUN apt-get install -y \\\n    # the client\n    curl=7.88.1-10'],
  ['DL3013', 'FROM python:3\nRUN pip install -r requirements.txt'],
  ['DL3013', 'FROM python:3\nRUN pip install --no-cache-dir .'],
  ['DL3033', 'FROM centos:7\nARG V=1.2\nRUN yum install -y httpd-${V} && yum clean all'],
  ['DL3009', 'FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt/lists apt-get update'],
  ['DL3009', 'FROM debian:12 AS build\nRUN apt-get update\nFROM scratch\nCOPY --from=build /a /a'],
  ['DL3042', 'FROM python:3\nENV PIP_NO_CACHE_DIR=1\nRUN pip install -r requirements.txt'],
  ['DL3042', 'FROM python:3\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt'],
  ['SecretsUsedInArgOrEnv DL3064', 'FROM debian:12\nENV PUBLIC_KEY=a'],
  [
    'NR001',
    'FROM a:1\nRUN --mount=type=bind,source=uv.lock,target=uv.lock uv sync --no-install-project\nCOPY . /app\nRUN uv sync',
  ],
  ['NR001', 'FROM a:1\nCOPY go.mod ./\nRUN go mod download\nCOPY . .\nRUN go mod download && go build'],
  ['NR001', 'FROM a:1 AS s\nCOPY package.json .\nRUN npm ci\nFROM s\nCOPY . .\nRUN npm ci'],
  ['DL3047', 'FROM debian:12\nRUN wget -qO- https://example.com/file'],
  ['DL3001', 'FROM debian:12\nRUN apt-get install -y openssh-client=1 # ssh'],
  ['DL3003', "FROM debian:12\nRUN echo 'cd /tmp'"],
  // Told once, as NR026.
  ['JSONArgsRecommended DL3025', "FROM debian:12\nCMD ['x']"],
  // The value of an option is no package.
  ['DL3062', "FROM golang:1\nRUN go install -tags 'postgres' github.com/a/b@v4.17.0"],
  ['DL3041', 'FROM fedora:40\nRUN dnf install -y --installroot /r --releasever 9 --setopt a=b x-1.2'],
  ['DL3033', 'FROM centos:7\nRUN yum install -y --enablerepo epel x-1.2'],
  ['DL3013', 'FROM python:3\nRUN pip install --timeout 100 flask==1.0'],
  ['DL3018', 'FROM alpine:3\nRUN apk add --root /x a=1'],
  ['DL3037', 'FROM suse:1\nRUN zypper in -y -t pattern a=1'],
  ['DL3008', 'FROM debian:12\nRUN apt-get install -a amd64 a=1'],
  ['DL3046', 'FROM debian:12\nARG UID=1000\nRUN useradd -m -u ${UID} app'],
  // What the base image sets is not known.
  ['WorkdirRelativePath', 'FROM jupyter/x:1\nWORKDIR $HOME'],
  ['WorkdirRelativePath', 'FROM jupyter/x:1\nWORKDIR "${HOME}"'],
  ['WorkdirRelativePath', '# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nWORKDIR C:\\app'],
  ['WorkdirRelativePath', 'ARG V=ltsc2022\nFROM golang:1.22-nanoserver-$V AS a\nFROM a\nWORKDIR C:/app'],
  ['SC2154 SC2086', 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN echo $nothing'],
  ['DL3025', 'FROM debian:12\nHEALTHCHECK CMD curl -f http://localhost/ || exit 1'],
  ['DL3025', 'FROM debian:12\nHEALTHCHECK NONE foo'],
  ['DL3025', "FROM debian:12\nCMD ['a']"],
  ['DL3025', 'FROM debian:12\nSHELL ["/bin/bash", "-lc"]\nCMD node app.js'],
  ['DL3064', 'FROM debian:12\nARG USERNAME=vscode\nARG DB_USERNAME'],
  ['DL3019', 'FROM alpine:3\nRUN apk add --no-network --virtual .deps a=1'],
  ['LegacyKeyValueFormat', 'FROM debian:12\nENV A'],
  ['DL3042', 'FROM python:3\nRUN pip install --no-cache a==1'],
  ['DL3016', 'FROM node:22\nRUN npm install .'],
  ['DL3060', 'FROM node:22\nRUN --mount=type=cache,target=/y YARN_CACHE_FOLDER=/y yarn install'],
  ['DL3060', 'FROM node:22\nENV YARN_CACHE_FOLDER=/y\nRUN --mount=type=cache,target=/y yarn install'],
  ['DL3060', 'FROM node:22\nRUN --mount=type=cache,target=/usr/local/share/.cache yarn install'],
  ['DL3042', 'FROM python:3\nRUN --mount=type=cache,target=/root/.cache pip install -r a.txt'],
  ['DL3042', 'FROM python:3\nRUN --mount=type=cache,target=/root/.cache/ pip install -r a.txt'],
  [
    'DL3042',
    'FROM python:3\nENV PIP_CACHE_DIR=/var/cache/pip\nRUN --mount=type=cache,target=/var/cache/pip pip install -r a.txt',
  ],
  ['DL3042', 'FROM python:3\nRUN --mount=type=cache,target=/c pip install --cache-dir /c/pip -r a.txt'],
  ['DL3042', 'FROM python:3\nRUN --mount=type=cache,target=/c pip install --cache-dir=/c -r a.txt'],
  ['DL3019', 'FROM alpine:3\nRUN --mount=type=cache,target=/etc/apk/cache apk add a=1'],
  ['DL4006', 'FROM a:1\nRUN ["/bin/bash", "-c", "set -o pipefail && cat a | sort"]'],
  ['DL4006', 'FROM a:1\nRUN ["bash", "-o", "pipefail", "-c", "cat a | sort"]'],
  ['DL3009', 'FROM debian:12\nRUN apt-get update && apt-get install -y a=1; apt-get dist-clean'],
  ['DL3009', 'FROM debian:12\nRUN apt-get update && rm -f /var/lib/apt/lists/*_*'],
  ['DL3009', 'FROM debian:12\nRUN apt-get update && find /var/lib/apt/lists -type f -delete'],
  ['DL3064', 'FROM a:1\nENV TOKENIZERS_PARALLELISM=false MAX_TOKENS=4096 GOPRIVATE=a'],
  ['DL3064', 'FROM a:1\nENV SECRETS_DIR=/run/secrets PRIVATE_REGISTRY=a.b'],
  ['DL3066', 'FROM mcr.microsoft.com/dotnet/aspnet:9.0\nUSER $APP_UID'],
  ['DL3066', 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nUSER ContainerUser'],
  ['DL3066', 'FROM a:1\nUSER root\nUSER 1000'],
  ['DL3033', 'FROM centos:7\nRUN yum install -y /tmp/x.rpm'],
  ['DL3041', 'FROM fedora:40\nRUN dnf install -y https://a.b/c.rpm'],
  ['NR003', 'FROM debian:12\nRUN apt-get update && apt-get upgrade -y'],
  ['NR101', 'FROM a:1\nEXPOSE $PORT/http'],
  ['DL4001', 'FROM a:1\nRUN curl -f x\nFROM b:1\nRUN wget -q x'],
];

describe('false positives of other linters', () => {
  for (const [rules, text] of CASES) {
    it(`${rules}: ${JSON.stringify(text)}`, () => {
      const found = lintDockerfile(readDockerfile(text).value).map(({ ruleId }) => ruleId);
      assert.deepEqual(
        found.filter((id) => rules.split(' ').includes(id)),
        [],
      );
    });
  }
});
