/** Dockerfiles whose faults only show when they are evaluated; `args` as on the command line. */

export const FAULTY_FILES: readonly (readonly [name: string, text: string, args?: readonly string[]])[] = [
  ['nothing', ''],
  ['no stage', 'ARG A=1\n'],
  ['target unknown, no names', 'FROM busybox\n', ['--target', 'x']],
  ['target unknown', 'FROM busybox AS one\nFROM busybox AS two\n', ['--target', 'x']],
  ['target misspelt', 'FROM busybox AS builder\nFROM busybox\n', ['--target', 'bulder']],
  ['target empty', 'FROM busybox AS one\nRUN a\n', ['--target', '']],
  ['FROM an empty variable', 'ARG A=\nFROM ${A}\nRUN a\n'],
  ['FROM a variable with a fault', 'FROM ${A:?no base}\nRUN a\n'],
  ['a global ARG with a fault', 'ARG A=${B?no b}\nFROM busybox:$A\n'],
  ['FROM a bad reference', 'FROM Upper:tag\n'],
  ['FROM a stage that is misspelt in capitals', 'FROM busybox AS build\nFROM Biuld\n'],
  ['FROM a later stage', 'FROM later\nFROM busybox AS later\n'],
  ['FROM itself', 'FROM self AS self\n'],
  ['platform empty', 'ARG P=\nFROM --platform=$P busybox\n'],
  ['platform unknown', 'FROM --platform=nope busybox\n'],
  ['platform with too many parts', 'FROM --platform=a/b/c/d busybox\n'],
  ['platform by a variable with a fault', 'FROM --platform=${P:?none} busybox\n'],
  ['platform of Windows', 'FROM --platform=windows/amd64 busybox\n'],
  ['platform of Windows alone', 'FROM --platform=windows busybox\nRUN a\nRUN <<EOF\n#!x\nEOF\n'],
  [
    'platform of Windows for all',
    'FROM busybox\nRUN a\nRUN <<EOF\n#!x\nEOF\nFROM --platform=linux/arm64 busybox\nCOPY --from=0 / /\n',
    ['--platform', 'windows/amd64'],
  ],
  [
    'platforms in short',
    'FROM --platform=macos busybox\nFROM --platform=AArch64 busybox\nFROM --platform=Linux busybox\nCOPY --from=0 / /a\nCOPY --from=1 / /b\n',
  ],
  ['COPY from a later stage', 'FROM busybox AS a\nCOPY --from=b /x /x\nFROM busybox AS b\n'],
  ['COPY from a later number', 'FROM busybox\nCOPY --from=1 /x /x\nFROM busybox\n'],
  [
    'COPY from a stage below the target',
    'FROM busybox AS a\nCOPY --from=B /x /x\nRUN --mount=from=b,target=/m x\nCOPY --from=1 /x /x\nFROM busybox AS b\n',
    ['--target', 'a'],
  ],
  [
    'COPY from a stage below a target without a name',
    'FROM busybox\nCOPY --from=b /x /x\nCOPY --from=2 /x /x\nFROM busybox AS b\nFROM busybox AS t\nCOPY --from=0 / /\n',
  ],
  [
    'a target that is given with a fault',
    'FROM busybox AS t\nRUN a\n',
    ['--target', 't', '--build-context', 't=oci-layout://d'],
  ],
  ['FROM a stage below the target', 'FROM later AS a\nFROM busybox AS later\n', ['--target', 'a']],
  ['FROM what is like a stage below', 'FROM Biuld AS a\nFROM busybox AS build\n', ['--target', 'a']],
  [
    'FROM in capitals',
    'FROM busybox AS Up\nRUN a\nFROM busybox AS up2\nRUN b\nFROM UP AS x\nCOPY --from=UP2 / /\n',
  ],
  [
    'COPY from names of digits',
    'FROM busybox AS a0\nFROM busybox\nCOPY --from=a0 / /\nCOPY --from=00 / /\nCOPY --from=0a / /\nCOPY --from=10 / /\nCOPY --from=1 / /\n',
  ],
  [
    'a circle between many flags',
    'FROM busybox AS a\nRUN x\nCOPY --link a /a\nCOPY --from=c --chown=b /x /x\nFROM a AS b\nCOPY --chown=a --link a /a\nFROM b AS c\nCOPY --chown=b --from=a /y /y\n',
  ],
  ['COPY from itself', 'FROM busybox AS a\nCOPY --from=a /x /x\n'],
  ['COPY from its own number', 'FROM busybox\nCOPY --from=0 /x /x\n'],
  ['COPY from an unknown number', 'FROM busybox\nCOPY --from=12 /x /x\n'],
  [
    'COPY from a stage that is misspelt in capitals',
    'FROM busybox AS build\nFROM busybox\nCOPY --from=Biuld /x /x\n',
  ],
  ['two stages in a circle', 'FROM busybox AS a\nCOPY --from=b /x /x\nFROM a AS b\nCOPY --from=a /y /y\n'],
  [
    'three stages in a circle',
    'FROM busybox AS a\nRUN x\nCOPY --chown=b --from=c /x /x\nFROM a AS b\nFROM b AS c\n',
  ],
  ['a circle over a mount', 'FROM busybox AS a\nRUN --mount=from=b,target=/x x\nFROM a AS b\n'],
  [
    'COPY with --chmod by words',
    'FROM busybox\nCOPY --chmod=nope a /a\nCOPY --chmod=99 a /a\nCOPY --chmod= a /a\nCOPY --chown= a /a\n',
  ],
  ['COPY of addresses', 'FROM busybox\nCOPY https://a/b /c\nCOPY https://a/b.git /c\n'],
  [
    'COPY with faults in its words',
    'FROM busybox\nCOPY ${A?source} ${B?target}\nCOPY --chown=${C?owner} --chmod=${D?mode} a /b\nCOPY --from= a /c\n',
  ],
  ['COPY with a fault in a heredoc', 'FROM busybox\nCOPY <<E /x\n${A?body}\nE\n'],
  ['ADD with a checksum of a file', 'FROM busybox\nADD --checksum=sha256:0 a /b\n'],
  [
    'ADD with bad checksums',
    'FROM busybox\nADD --checksum=sha256:00 https://a/b /c\nADD --checksum=SHA http://a/b /c\n',
  ],
  [
    'mounts with faults',
    'FROM busybox\nRUN --mount=type=${T} a\nRUN --mount=type=cache,target=/c,sharing=$S a\nRUN --mount=type=secret,id=a,target=${X?target} a\nRUN --mount=type=tmpfs a\nRUN --mount=type=cache,target=/ a\nRUN --mount=target=/x,from=${F} a\n',
  ],
  ['a mount from a number', 'FROM busybox\nFROM busybox\nRUN --mount=from=0,target=/x a\n'],
  [
    'metadata with faults',
    'FROM busybox\nENV A=${X?env}\nLABEL ${Y?key}=b\nUSER ${Z?user}\nWORKDIR ${W?dir}\nVOLUME ${E}\nEXPOSE ${P?port} 80/icmp 70000 a:80 9-8 :81 5000-5001:1-3 :\nSTOPSIGNAL ${S}\nSTOPSIGNAL nope\nARG B=${V?arg}\n',
  ],
  [
    'contexts that are given with faults',
    'FROM bad AS a\nRUN a\nFROM busybox AS b\nRUN b\nFROM busybox\nCOPY --from=lay / /x\nCOPY --from=b / /y\nRUN --mount=from=bad,target=/m a\nCOPY --from=a / /z\n',
    [
      '--build-context',
      'bad=https://h/r.git?nope=1',
      '--build-context',
      'lay=oci-layout://d',
      '--build-context',
      'b=https://h/r.git?tag=a&branch=b',
    ],
  ],
  [
    'an image that is given with a bad name',
    'FROM given\nCOPY --from=given / /x\n',
    ['--build-context', 'given=docker-image://Bad:x:y'],
  ],
  [
    'owners of linked copies',
    'FROM busybox\nCOPY --link --chown=a:b a /b\nCOPY --link --chown=1:b a /b\nCOPY --link --chown=1:2 a /b\nCOPY --link --chown= a /b\nCOPY --chown=a a /b\n',
  ],
  [
    'ADD of addresses with faults',
    'FROM busybox\nADD https://h/r.git?nope=1 /a\nADD --checksum=xyz https://h/r.git /b\nADD --checksum=x0 https://h/r.git /b\nADD --checksum=0x https://h/r.git /b\nADD --checksum=AB12 https://h/r.git /c\nADD --checksum=sha256:x0 https://h/f /d\nADD --checksum=sha512:00 https://h/f /e\nADD --checksum=00 https://h/f a /f\n',
  ],
  [
    'mounts that are written oddly',
    'FROM busybox\nRUN --mount=type=ssh,source=a a\nRUN --mount=type=bind,,target=/a, b\nRUN --mount=,target=/a c\nRUN --mount==x,target=/a d\nRUN --mount=type=cache,"target=/a,b","id=c""d" e\nRUN --mount=type=secret,id=a,mode= f\nRUN --mount g\n',
  ],
  [
    'what the caller has not allowed',
    'FROM busybox\nRUN --network=host a\nRUN --security=insecure b\nRUN --security=sandbox --network=none c\nRUN --network=default d\n',
  ],
  [
    'what the caller has allowed',
    'FROM busybox\nRUN --network=host a\nRUN --security=insecure b\n',
    ['--allow', 'network.host', '--allow', 'security.insecure'],
  ],
  [
    'the network of the host for all',
    'FROM busybox\nRUN --network=host a\nRUN --security=insecure b\nRUN c\n',
    ['--network', 'host'],
  ],
  [
    'devices',
    'FROM busybox\nRUN --device=a.com/b=c a\nRUN --device=a.com/b=c,required b\nRUN --device=required=true,name=a.com/b=d c\nRUN --device=e,required=1 d\nRUN --device=e,required=false e\nRUN --device=e,REQUIRED=T --device=required f\nRUN --device=notrequired,e=required g\n',
  ],
  [
    'triggers with faults',
    'FROM busybox AS a\nONBUILD NOPE\nONBUILD COPY --from=nowhere:bad:ref a /b\nONBUILD ENV A=${X?set it}\nONBUILD RUN --mount=type=${T} a\nFROM a\nRUN last\n',
  ],
  [
    'what the reader refuses, evaluated',
    'FROM busybox\nCOPY a\nSHELL sh\nHEALTHCHECK nope x\nHEALTHCHECK CMD\nHEALTHCHECK\nWORKDIR\nUSER\nHEALTHCHECK --timeout=x CMD a\nRUN --network=nope a\nENV\nNOPE\nRUN b\n',
  ],
];
