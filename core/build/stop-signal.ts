/** Which STOPSIGNAL BuildKit accepts: a number other than 0, or a name of Linux with or without SIG (github.com/moby/sys/signal, ParseSignal). */

const NAMES: ReadonlySet<string> = new Set(
  (
    'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP ' +
    'TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'
  ).split(' '),
);

/** Letters may be of either case. */
export function isStopSignal(text: string): boolean {
  if (/^[-+]?\d+$/.test(text)) return Number(text) !== 0;
  const name = text.toUpperCase().replace(/^SIG/, '');
  if (NAMES.has(name)) return true;
  const realTime = /^RT(MIN\+|MAX-)(\d+)$/.exec(name);
  if (realTime === null) return false;
  const offset = Number(realTime[2]);
  return offset >= 1 && offset <= (realTime[1] === 'MIN+' ? 15 : 14);
}
