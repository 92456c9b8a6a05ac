/** DL3041: dnf install without versions. */

import { reportUnpinnedPackages } from '../rpm-packages.ts';
import type { Rule } from '../rule.ts';

export const DL3041: Rule = {
  id: 'DL3041',
  family: 'hadolint',
  severity: 'warning',
  message: 'pin versions: dnf install <package>-<version>',
  why: 'Without a version the same Dockerfile installs something else tomorrow, and the layer cache keeps what it installed today.',
  examples: {
    bad: ['FROM fedora:40\nRUN dnf install -y httpd && dnf clean all'],
    good: ['FROM fedora:40\nRUN dnf install -y httpd-2.4.59 && dnf clean all'],
  },
  check(context, report) {
    reportUnpinnedPackages(context, report, { names: ['dnf', 'microdnf'], others: ['module', 'group'] });
  },
};
