/** Lines of RUN that a rule finds, and lines that are none of its business. */

export interface ShellCases {
  readonly bad: readonly string[];
  readonly good: readonly string[];
}

export const SHELL_CASES: Readonly<Record<string, ShellCases>> = {
  DL3001: {
    bad: ['service nginx start', 'ps aux', 'kill 1', 'mount /dev/a /b', 'vim /etc/hosts', '(free -m)'],
    good: ['make', 'echo ps', 'apt-get install vim=1', './kill'],
  },
  DL3003: {
    bad: ['cd /a', 'make && cd b', '(cd c; ls)', 'for d in a b; do cd $d; done', 'test -d x || cd y'],
    good: ['make -C a', 'echo cd', 'pushd a', "sh -c 'cd a'"],
  },
  DL3008: {
    bad: [
      'apt-get install curl',
      'apt-get install -y a=1 b',
      'apt-get install -t stable c',
      'if true; then apt-get install d; fi',
      'apt-get -y install e',
    ],
    good: [
      'apt-get install -y a=1.2',
      'apt-get install a/stable',
      'apt-get install ./a.deb',
      'apt-get install -t stable a=1',
      'apt-get remove a',
    ],
  },
  DL3009: {
    bad: [
      'apt-get update',
      'apt-get update && apt-get install -y a=1',
      'apt update && true',
      'aptitude update',
      '(apt-get update)',
    ],
    good: [
      'apt-get update && rm -rf /var/lib/apt/lists/*',
      'apt-get install a=1',
      '--mount=type=cache,target=/var/lib/apt/lists apt-get update',
      '--mount=type=tmpfs,target=/var/lib/apt --mount=type=cache,target=/var/cache/apt apt-get update',
    ],
  },
  DL3013: {
    bad: [
      'pip install a',
      'pip3 install a==1 b',
      'python -m pip install a',
      'pip install git+https://e.com/a.git',
      'pip install --proxy p a',
    ],
    good: [
      'pip install a==1',
      'pip install "a>=1,<2"',
      'pip install -r r.txt',
      'pip install ./a',
      'pip install a.whl',
      'pip install git+https://e.com/a.git@v1',
      'pip install -c c.txt a',
      'pipenv install a',
    ],
  },
  DL3014: {
    bad: [
      'apt-get install a',
      'apt-get -q install a',
      'apt-get install --no-install-recommends a',
      'echo x; apt-get install a',
    ],
    good: [
      'apt-get install -y a',
      'apt-get -qq install a',
      'apt-get install --yes a',
      'apt-get -q -q install a',
      'apt-get install -q=2 a',
      'apt-get --assume-yes install a',
      'apt-get update',
    ],
  },
  DL3015: {
    bad: ['apt-get install a', 'apt-get install -y a b', 'apt-get -y install a', 'true && apt-get install a'],
    good: [
      'apt-get install --no-install-recommends a',
      'apt-get --no-install-recommends install -y a',
      'apt-get install -o APT::Install-Recommends=false a',
      'apt-get update',
      'apt-get remove a',
    ],
  },
  DL3016: {
    bad: [
      'npm install a',
      'npm install -g a',
      'npm install @s/a',
      'npm install a@1 b',
      'npm install git+https://e.com/a',
    ],
    good: [
      'npm install',
      'npm install a@1',
      'npm install @s/a@1',
      'npm install ./a',
      'npm install a.tgz',
      'npm install git+https://e.com/a#1',
      'npm ci',
      'npm run install',
    ],
  },
  DL3018: {
    bad: [
      'apk add a',
      'apk --no-cache add a b=1',
      'apk add -t .deps a',
      'apk add --virtual .deps a',
      'apk update && apk add a',
    ],
    good: [
      'apk add a=1',
      'apk add "a~1"',
      'apk add "a>1"',
      'apk add ./a.apk',
      'apk add -t .deps a=1',
      'apk del a',
    ],
  },
  DL3019: {
    bad: ['apk add a=1', 'apk add --update a=1', 'apk update && apk add a', 'apk -U add a'],
    good: [
      'apk add --no-cache a',
      'apk --no-cache add a',
      '--mount=type=cache,target=/var/cache/apk apk add a',
      '--mount=type=tmpfs,target=/var/cache/apk apk add a',
      'apk del a',
    ],
  },
  DL3027: {
    bad: ['apt install a', 'apt update', 'sh -e && apt list', '(apt remove a)'],
    good: ['apt-get install a', 'apt-cache show a', 'echo apt', 'aptitude update', './apt'],
  },
  DL3028: {
    bad: [
      'gem install a',
      'gem install a:1 b',
      'gem i a',
      'gem install --no-document --x a b',
      'true; gem install a',
    ],
    good: [
      'gem install a:1',
      'gem install a -v 1',
      'gem install --version=1 a',
      'gem install a --version 1',
      'gem build a',
      'gem install a:1 -- --with-x',
    ],
  },
  DL3030: {
    bad: ['yum install a', 'yum groupinstall a', 'yum localinstall a', 'yum update && yum install a'],
    good: [
      'yum install -y a',
      'yum -y install a',
      'yum install --assumeyes a',
      'yum clean all',
      'echo yum install',
    ],
  },
  DL3032: {
    bad: [
      'yum install -y a',
      'yum clean all && yum install -y a',
      'yum install a; rm /tmp/x',
      '(yum install a)',
    ],
    good: [
      'yum install -y a && yum clean all',
      'yum install a; rm -rf /var/cache/yum/*',
      'yum update',
      'echo yum install',
    ],
  },
  DL3033: {
    bad: [
      'yum install -y a',
      'yum install a-1 b',
      'yum install a-tools',
      'yum module install a',
      'yum install a-${UNKNOWN}',
    ],
    good: [
      'yum install a-1.2',
      'yum install a-1:2.3',
      'yum install a-1.rpm',
      'yum module install a:1',
      'yum remove a',
    ],
  },
  DL3034: {
    bad: ['zypper install a', 'zypper in a', 'zypper rm a', 'zypper patch', 'zypper remove a'],
    good: [
      'zypper install -y a',
      'zypper -n in a',
      'zypper --non-interactive install a',
      'zypper install --no-confirm a',
      'zypper clean',
    ],
  },
  DL3035: {
    bad: ['zypper dist-upgrade', 'zypper dup', 'zypper -n dup', 'true && zypper dup -y'],
    good: ['zypper up', 'zypper install dup-x', 'echo dup', 'zypper clean'],
  },
  DL3036: {
    bad: ['zypper in -y a', 'zypper install -y a', 'zypper clean && zypper install a', '(zypper in a)'],
    good: [
      'zypper in a && zypper clean',
      'zypper install a; zypper cc',
      '--mount=type=cache,target=/var/cache/zypp zypper in a',
      'zypper up',
    ],
  },
  DL3037: {
    bad: ['zypper in a', 'zypper install -y a=1 b', 'zypper -n install a', '(zypper in a)'],
    good: ['zypper in a=1', 'zypper in "a>=1"', 'zypper in "a<2"', 'zypper in a.rpm', 'zypper rm a'],
  },
  DL3038: {
    bad: ['dnf install a', 'microdnf install a', 'dnf groupinstall a', 'dnf localinstall a.rpm'],
    good: [
      'dnf install -y a',
      'dnf -y install a',
      'microdnf install --assumeyes a',
      'dnf clean all',
      'yum install a',
    ],
  },
  DL3040: {
    bad: [
      'dnf install a',
      'microdnf install a',
      'dnf upgrade',
      'dnf clean all && dnf install a',
      'dnf install a && microdnf clean all',
    ],
    good: [
      'dnf install a && dnf clean all',
      'microdnf install a && microdnf clean all',
      'dnf install a && rm -rf /var/cache/libdnf5*',
      '--mount=type=cache,target=/var/cache/libdnf5 dnf install a',
      'dnf remove a',
    ],
  },
  DL3041: {
    bad: [
      'dnf install -y a',
      'microdnf install a',
      'dnf install a-devel',
      'dnf module install a',
      'dnf install a-1 b',
    ],
    good: [
      'dnf install a-1.2',
      'microdnf install a-1',
      'dnf install a-1.rpm',
      'dnf module install a:1',
      'dnf remove a',
    ],
  },
  DL3042: {
    bad: [
      'pip install a',
      'pip3 install -r r.txt',
      'python3 -m pip install a',
      'PIP_NO_CACHE_DIR=0 pip install a',
    ],
    good: [
      'pip install --no-cache-dir a',
      'PIP_NO_CACHE_DIR=1 pip install a',
      '--mount=type=cache,target=/root/.cache/pip pip install a',
      'pipx install a',
      'pipenv install a',
      'pip download a',
    ],
  },
  DL3046: {
    bad: ['useradd -u 123456 a', 'useradd -m -u 999999 a', 'useradd -u 1234567 a', '(useradd -u 123456 a)'],
    good: [
      'useradd -u 12345 a',
      'useradd -l -u 123456 a',
      'useradd --no-log-init -u 123456 a',
      'useradd a',
      'adduser -u 123456 a',
    ],
  },
  DL3047: {
    bad: ['wget x', 'wget -O a x', 'true && wget x', 'if wget x; then ls; fi'],
    good: [
      'wget -q x',
      'wget --quiet x',
      'wget -nv x',
      'wget --progress=dot:giga x',
      'wget -o log x',
      'wget -qO- x',
      'wget --no-verbose x',
      'wget -a log x',
      'curl x',
    ],
  },
  DL3060: {
    bad: [
      'yarn install',
      'yarn install --frozen-lockfile',
      'yarn cache clean && yarn install',
      'true; yarn install',
    ],
    good: [
      'yarn install && yarn cache clean',
      '--mount=type=cache,target=/root/.cache/yarn yarn install',
      'yarn build',
      'npm install',
    ],
  },
  DL3062: {
    bad: [
      'go install e.com/a',
      'go install e.com/a@latest',
      'go get e.com/a',
      'go run e.com/a',
      'go get e.com/a@none',
    ],
    good: [
      'go install e.com/a@v1',
      'go install ./...',
      'go install .',
      'go run ./a',
      'go run e.com/a@v1 b c',
      'go build e.com/a',
    ],
  },
  DL4005: {
    bad: [
      'ln -s /bin/bash /bin/sh',
      'ln -sf /bin/bash /bin/sh',
      'ln -sfv /bin/bash /bin/sh',
      'true && ln -s a /bin/sh',
    ],
    good: ['ln -s a b', 'cp a /bin/sh', 'echo /bin/sh'],
  },
  DL4006: {
    bad: ['a | b', 'a && b | c', '(a | b)', 'a |& b', 'x=$(a | b)'],
    good: ['a || b', 'a && b', "echo 'a | b'", 'a > b'],
  },
};
