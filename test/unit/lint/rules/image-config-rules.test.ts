/** hadolint's rules about USER, WORKDIR, ENV, ports and commands: what each finds, to the word. */

import { checkTable, type RuleTable } from './marked.ts';

const TABLES: readonly RuleTable[] = [
  {
    id: 'DL3000',
    cases: [
      'FROM a:1\nWORKDIR «app»',
      'FROM a:1\nWORKDIR /app',
      'FROM a:1\nWORKDIR $APP',
      'FROM a:1\nWORKDIR ${APP}/bin',
      'FROM a:1\nWORKDIR «"app"»',
      'FROM a:1\nWORKDIR "/app"',
      "FROM a:1\nWORKDIR '/app dir'",
      'FROM a:1\nWORKDIR c:\\\\app',
      'FROM a:1\nWORKDIR «./app»',
      'FROM a:1\nWORKDIR /app\nWORKDIR «bin»',
      'FROM a:1\nWORKDIR «..»',
    ],
  },
  {
    id: 'DL3002',
    cases: [
      'FROM a:1\nUSER «root»',
      'FROM a:1\nUSER «0»',
      'FROM a:1\nUSER «root:root»',
      'FROM a:1\nUSER «0:0»',
      'FROM a:1\nUSER 1000',
      'FROM a:1\nUSER root\nRUN true\nUSER app',
      'FROM a:1\nUSER app\nUSER «root»',
      'FROM a:1\nRUN true',
      'FROM a:1\nUSER «root»\nFROM b:1\nUSER app',
      'FROM a:1\nUSER rooty',
      'FROM a:1\nUSER 00',
      'FROM a:1\nUSER $USER',
    ],
  },
  {
    id: 'DL3011',
    cases: [
      'FROM a:1\nEXPOSE «65536»',
      'FROM a:1\nEXPOSE 65535 0',
      'FROM a:1\nEXPOSE 80 «70000» 443',
      'FROM a:1\nEXPOSE «70000/tcp»',
      'FROM a:1\nEXPOSE «60000-70000»',
      'FROM a:1\nEXPOSE 8000-8010/udp',
      'FROM a:1\nEXPOSE $PORT ${PORT}/tcp 1-$PORT',
      'FROM a:1\nEXPOSE «"80000"»',
      'FROM a:1\nONBUILD EXPOSE 80000',
    ],
  },
  {
    id: 'DL3012',
    cases: [
      'FROM a:1\nHEALTHCHECK CMD ["a"]\n«HEALTHCHECK» CMD ["b"]',
      'FROM a:1\nHEALTHCHECK NONE',
      'FROM a:1\nHEALTHCHECK NONE\n«HEALTHCHECK» NONE\n«HEALTHCHECK» NONE',
      'FROM a:1\nHEALTHCHECK NONE\nFROM b:1\nHEALTHCHECK NONE',
      'FROM a:1\nCMD ["a"]\nHEALTHCHECK NONE\nUSER 1',
      'FROM a:1 AS x\nHEALTHCHECK NONE\nFROM x\nHEALTHCHECK NONE',
      'FROM a:1\nhealthcheck NONE\n«healthcheck» NONE',
      'FROM a:1\nONBUILD HEALTHCHECK NONE\nHEALTHCHECK NONE',
    ],
  },
  {
    id: 'DL3025',
    cases: [
      'FROM a:1\nCMD «nginx -g x»',
      'FROM a:1\nENTRYPOINT «exec app»',
      'FROM a:1\nHEALTHCHECK CMD «curl localhost»',
      'FROM a:1\nHEALTHCHECK --interval=5s CMD «curl localhost»',
      'FROM a:1\nHEALTHCHECK NONE',
      'FROM a:1\nCMD ["nginx", "-g", "x"]',
      "FROM a:1\nCMD «['nginx']»",
      'FROM a:1\nENTRYPOINT [ "app" ]',
      'FROM a:1\nRUN nginx',
      'FROM a:1\nCMD []',
      'FROM a:1\nCMD «["a"»',
    ],
  },
  {
    id: 'DL3043',
    cases: [
      'FROM a:1\nONBUILD «ONBUILD» RUN true',
      'FROM a:1\nONBUILD «FROM» b:1',
      'FROM a:1\nONBUILD «MAINTAINER» me',
      'FROM a:1\nonbuild «maintainer» me',
      'FROM a:1\nONBUILD RUN true',
      'FROM a:1\nONBUILD COPY a /b',
      'FROM a:1\nRUN FROM',
      'FROM a:1\nONBUILD LABEL FROM=1',
    ],
  },
  {
    id: 'DL3044',
    cases: [
      'FROM a:1\nENV A=1 B=$«A»',
      'FROM a:1\nENV A=1 B=${«A»}',
      'FROM a:1\nENV A=1 B=${«A»:-x}',
      'FROM a:1\nENV A=1\nENV B=$A',
      'FROM a:1\nENV A=1\nENV A=2 B=$A',
      'FROM a:1\nARG A\nENV A=2 B=$A',
      'FROM a:1\nENV PATH=$PATH:/x',
      'FROM a:1\nENV A=1 B=$AB',
      'FROM a:1\nENV A=1 B=$C',
      'FROM a:1\nENV B=$«A» A=1',
      "FROM a:1\nENV A=1 B='$A'",
      'FROM a:1\nENV A=1 B="x $«A» y"',
    ],
  },
  {
    id: 'DL3064',
    cases: [
      'FROM a:1\nARG «NPM_TOKEN»',
      'FROM a:1\nENV «MY_PASSWORD»=x',
      'FROM a:1\nENV A=1 «client_secret»=x «private_thing»=y',
      'FROM a:1\nARG «AWS_ACCESS_KEY_ID»=1',
      'FROM a:1\nARG «docker_email»',
      'FROM a:1\nARG VERSION\nENV KEYBOARD=us',
      'FROM a:1\nONBUILD ARG «API_KEY»',
      'FROM a:1\nONBUILD ENV «USERNAME»=a',
      'FROM a:1\nLABEL password=x',
      'ARG «GITHUB_TOKEN»\nFROM a:1',
      'FROM a:1\nRUN echo $TOKEN',
    ],
  },
  {
    id: 'DL3066',
    cases: [
      'FROM a:1\nUSER «app»',
      'FROM a:1\nUSER «app:1000»',
      'FROM a:1\nUSER 1000',
      'FROM a:1\nUSER 1000:app',
      'FROM a:1\nUSER "1000"',
      'FROM a:1\nARG UID\nUSER $UID',
      'FROM a:1\nARG UID\nUSER ${UID}:0',
      'FROM a:1\nENV UID=1000\nUSER $UID',
      'FROM a:1\nENV WHO=app\nUSER «$WHO»',
      'FROM a:1\nUSER «$NOBODY»',
      'FROM a:1\nUSER «root»\nUSER 1',
    ],
  },
  {
    id: 'DL4000',
    cases: [
      'FROM a:1\n«MAINTAINER» me',
      'FROM a:1\n«maintainer» me <me@example.com>',
      'FROM a:1\nLABEL maintainer=me',
      'FROM a:1\n«MAINTAINER» a\n«MAINTAINER» b',
      'FROM a:1\nRUN echo MAINTAINER me',
      'FROM a:1\n# MAINTAINER me',
      '«MAINTAINER» me\nFROM a:1',
      'FROM a:1\nRUN true \\\n  MAINTAINER me',
    ],
  },
  {
    id: 'DL4003',
    cases: [
      'FROM a:1\nCMD ["a"]\n«CMD» ["b"]',
      'FROM a:1\nCMD ["a"]',
      'FROM a:1\nCMD a\nRUN true\n«CMD» b\n«CMD» c',
      'FROM a:1\nCMD ["a"]\nFROM b:1\nCMD ["b"]',
      'FROM a:1\nCMD ["a"]\nENTRYPOINT ["b"]',
      'FROM a:1\ncmd ["a"]\n«cmd» ["b"]',
      'FROM a:1\nONBUILD CMD ["a"]\nCMD ["b"]',
      'FROM a:1\nHEALTHCHECK CMD ["a"]\nCMD ["b"]',
    ],
  },
  {
    id: 'DL4004',
    cases: [
      'FROM a:1\nENTRYPOINT ["a"]\n«ENTRYPOINT» ["b"]',
      'FROM a:1\nENTRYPOINT ["a"]',
      'FROM a:1\nENTRYPOINT a\nRUN true\n«ENTRYPOINT» b\n«ENTRYPOINT» c',
      'FROM a:1\nENTRYPOINT ["a"]\nFROM b:1\nENTRYPOINT ["b"]',
      'FROM a:1\nCMD ["a"]\nENTRYPOINT ["b"]',
      'FROM a:1 AS x\nENTRYPOINT ["a"]\nFROM x\nENTRYPOINT ["b"]',
      'FROM a:1\nONBUILD ENTRYPOINT ["a"]\nENTRYPOINT ["b"]',
      'FROM a:1\nentrypoint ["a"]\n«entrypoint» ["b"]',
    ],
  },
];

describe('rules about the configuration of images', () => {
  for (const table of TABLES) {
    it(`${table.id}: ${table.cases.length} files`, () => {
      checkTable(table);
    });
  }
});
