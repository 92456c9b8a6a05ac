/** Options of package managers whose value is the next word, so that it is not taken for a package. By their names without hyphens. */

import type { LintContext } from './rule.ts';

type Tool = 'apk' | 'apt-get' | 'dnf' | 'go' | 'pip' | 'zypper';

/** `known`: those that hadolint knows, which count alone where its findings are wanted. */
export function valuedOptions(
  { followsHadolint }: Pick<LintContext, 'followsHadolint'>,
  tool: Tool,
  known: readonly string[] = [],
): readonly string[] {
  return followsHadolint ? known : OPTIONS[tool];
}

/** From the manual of each: apk-tools 2.14, apt 2.9, dnf 4.19 (yum and microdnf have no others), go 1.23, pip 24, zypper 1.14. */
const OPTIONS: Readonly<Record<Tool, readonly string[]>> = {
  apk: words(`t virtual X repository p root arch keys-dir repositories-file cache-dir cache-max-age wait
    timeout progress-fd`),
  'apt-get': words(
    'a host-architecture t target-release default-release o option c config-file P build-profiles',
  ),
  dnf: words(`installroot releasever setopt enablerepo disablerepo repo repoid repofrompath x exclude
    disableexcludes excludepkgs forcearch advisory advisories bz bzs cve cves sec-severity secseverity c
    config d debuglevel e errorlevel R randomwait comment destdir downloaddir enableplugin disableplugin
    color rpmverbosity`),
  go: words(`asmflags buildmode buildvcs C compiler covermode coverpkg exec gccgoflags gcflags installsuffix
    ldflags mod modfile o overlay p pgo pkgdir tags toolexec`),
  pip: words(`abi b build build-option c C cache-dir cert client-cert config-settings constraint e editable
    exists-action extra-index-url f find-links global-option i implementation index-url keyring-provider log
    no-binary only-binary platform prefix progress-bar proxy python python-version r report requirement
    retries root root-user-action src t target timeout trusted-host upgrade-strategy use-deprecated
    use-feature`),
  zypper: words(`t type r repo from R root installroot c config D reposd-dir C cache-dir raw-cache-dir
    solv-cache-dir pkg-cache-dir p plus-repo plus-content releasever`),
};

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}
