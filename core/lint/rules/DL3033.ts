/** DL3033: yum install without versions. */

import { reportUnpinnedPackages } from '../rpm-packages.ts';
import type { Rule } from '../rule.ts';

export const DL3033: Rule = {
  id: 'DL3033',
  family: 'hadolint',
  severity: 'warning',
  message: 'pin versions: yum install <package>-<version>',
  why: 'Without a version the same Dockerfile installs something else tomorrow, and the layer cache keeps what it installed today.',
  examples: {
    bad: ['FROM centos:7\nRUN yum install -y httpd && yum clean all'],
    good: ['FROM centos:7\nRUN yum install -y httpd-2.4.6 && yum clean all'],
  },
  check(context, report) {
    reportUnpinnedPackages(context, report, { names: ['yum'], others: ['module'] });
  },
};
