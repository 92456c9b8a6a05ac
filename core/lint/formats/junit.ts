/** JUnit XML: every finding is a failed test case, every file a suite. */

import { byFile, type Reported } from './reported.ts';
import { attributes, escapeXml } from './xml.ts';

export function formatJunit(reported: readonly Reported[]): string {
  const suites = [...byFile(reported)].map(
    ([file, items]) =>
      `<testsuite${attributes({ name: file, tests: items.length, failures: items.length, errors: 0 })}>${items.map(testCase).join('')}</testsuite>`,
  );
  const total = attributes({ name: 'naru', tests: reported.length, failures: reported.length });
  return `<?xml version="1.0" encoding="UTF-8"?><testsuites${total}>${suites.join('')}</testsuites>\n`;
}

function testCase(item: Reported): string {
  const where = `${item.file}:${item.line}:${item.column}`;
  return `<testcase${attributes({ classname: item.code, name: where })}><failure${attributes({ message: item.message, type: item.level })}>${escapeXml(`${where}: ${item.code} ${item.message}`)}</failure></testcase>`;
}
