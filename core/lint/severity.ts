/** How much a finding matters: hadolint's four steps. */
export type Severity = 'error' | 'warning' | 'info' | 'style';
