/** Every output format of `naru lint`, by the name that `--format` takes. */

import { formatCheckstyle } from './checkstyle.ts';
import { formatCodacy } from './codacy.ts';
import { formatCodeclimate, formatGitlab } from './codeclimate.ts';
import { formatGithub } from './github.ts';
import { formatGnu } from './gnu.ts';
import { formatJson } from './json.ts';
import { formatJunit } from './junit.ts';
import type { FormatName } from './names.ts';
import type { Formatter } from './reported.ts';
import { formatSarif } from './sarif.ts';
import { formatSonarqube } from './sonarqube.ts';
import { formatTty } from './tty.ts';

export const FORMATS: Readonly<Record<FormatName, Formatter>> = {
  tty: formatTty,
  json: formatJson,
  sarif: formatSarif,
  checkstyle: formatCheckstyle,
  codacy: formatCodacy,
  codeclimate: formatCodeclimate,
  gitlab_codeclimate: formatGitlab,
  gnu: formatGnu,
  junit: formatJunit,
  sonarqube: formatSonarqube,
  github: formatGithub,
};
