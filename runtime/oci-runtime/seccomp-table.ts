/**
 * Which system calls a container may make: the policy of Docker's default profile, written as our own table.
 * Docs of the policy: https://docs.docker.com/engine/security/seccomp/ ; compared call by call with dockerd 28 by running them.
 * Names that the running libseccomp does not know are skipped by crun. Groups are by subject, not by number.
 */

import type { ProfileRule } from './seccomp-rule.ts';

const FILES =
  'access chdir chmod chown chown32 close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 fadvise64 fadvise64_64 fallocate fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat fcntl fcntl64 fdatasync flock fstat fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futimesat getcwd getdents getdents64 ioctl lchown lchown32 link linkat _llseek lseek lstat lstat64 mkdir mkdirat mknod mknodat name_to_handle_at newfstatat open openat openat2 readlink readlinkat rename renameat renameat2 rmdir stat stat64 statfs statfs64 statx symlink symlinkat sync sync_file_range syncfs truncate truncate64 umask unlink unlinkat utime utimensat utimensat_time64 utimes';
const XATTRS =
  'fgetxattr flistxattr fremovexattr fsetxattr getxattr getxattrat lgetxattr listxattr listxattrat llistxattr lremovexattr lsetxattr removexattr removexattrat setxattr setxattrat';
const TRANSFER =
  'pipe pipe2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead readv sendfile sendfile64 splice tee vmsplice write writev';
const WAITING =
  'epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 fanotify_mark inotify_add_watch inotify_init inotify_init1 inotify_rm_watch _newselect poll ppoll ppoll_time64 pselect6 pselect6_time64 select signalfd signalfd4';
const AIO =
  'io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup io_submit ioprio_get ioprio_set';
const SOCKETS =
  'accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg recvmmsg_time64 recvmsg send sendmmsg sendmsg sendto setsockopt shutdown socketcall socketpair';
const MEMORY =
  'brk cachestat madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mlock mlock2 mlockall mmap mmap2 mprotect mremap mseal msync munlock munlockall munmap pkey_alloc pkey_free pkey_mprotect process_mrelease remap_file_pages';
const PROCESSES =
  'execve execveat exit exit_group fork getcpu getpgid getpgrp getpid getppid getpriority getrlimit getrusage getsid gettid kill pause pidfd_open pidfd_send_signal prctl prlimit64 restart_syscall seccomp set_robust_list get_robust_list set_thread_area get_thread_area set_tid_address setpgid setpriority setrlimit setsid tgkill times tkill ugetrlimit vfork wait4 waitid waitpid';
const LANDLOCK = 'landlock_add_rule landlock_create_ruleset landlock_restrict_self';
const IDENTITY =
  'capget capset getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getresgid getresgid32 getresuid getresuid32 getuid getuid32 setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setregid setregid32 setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setuid setuid32';
const SCHEDULING =
  'sched_getaffinity sched_getattr sched_getparam sched_get_priority_max sched_get_priority_min sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64 sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield';
const SIGNALS =
  'rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo sigaltstack sigprocmask sigreturn';
const SYNC =
  'futex futex_requeue futex_time64 futex_wait futex_waitv futex_wake rseq semctl semget semop semtimedop semtimedop_time64 shmat shmctl shmdt shmget msgctl msgget msgrcv msgsnd ipc mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink';
const TIME =
  'adjtimex alarm clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep clock_nanosleep_time64 getitimer gettimeofday nanosleep setitimer time timer_create timer_delete timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64';
const SYSTEM = 'getrandom riscv_hwprobe sysinfo uname uretprobe';

const ALLOW = 'SCMP_ACT_ALLOW';
const AF_VSOCK = 40;
const ENOSYS = 38;
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET together (clone(2)). */
const CLONE_NEW_ANY = 0x7e020000;
/** personality(2): PER_LINUX, PER_LINUX32, UNAME26 with either, and "only ask". */
const PERSONALITIES = [0x0, 0x8, 0x20000, 0x20008, 0xffffffff];

/** Capability -> calls that need it; the calls are refused to containers without it. */
const BY_CAPABILITY: readonly (readonly [string, string])[] = [
  ['CAP_DAC_READ_SEARCH', 'open_by_handle_at'],
  [
    'CAP_SYS_ADMIN',
    'bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick listmount lookup_dcookie mount mount_setattr move_mount open_tree perf_event_open quotactl quotactl_fd setdomainname sethostname setns statmount syslog umount umount2 unshare',
  ],
  ['CAP_SYS_BOOT', 'reboot'],
  ['CAP_SYS_CHROOT', 'chroot'],
  ['CAP_SYS_MODULE', 'delete_module finit_module init_module'],
  ['CAP_SYS_NICE', 'get_mempolicy mbind set_mempolicy set_mempolicy_home_node'],
  ['CAP_SYS_PACCT', 'acct'],
  ['CAP_SYS_PTRACE', 'kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace'],
  ['CAP_SYS_RAWIO', 'ioperm iopl'],
  ['CAP_SYS_TIME', 'clock_settime clock_settime64 settimeofday stime'],
  ['CAP_SYS_TTY_CONFIG', 'vhangup'],
  ['CAP_SYSLOG', 'syslog'],
  ['CAP_BPF', 'bpf'],
  ['CAP_PERFMON', 'perf_event_open'],
];

/** Everything not allowed here fails with EPERM. */
export const DEFAULT_RULES: readonly ProfileRule[] = [
  ...[
    FILES,
    XATTRS,
    TRANSFER,
    WAITING,
    AIO,
    SOCKETS,
    MEMORY,
    PROCESSES,
    LANDLOCK,
    IDENTITY,
    SCHEDULING,
    SIGNALS,
    SYNC,
    TIME,
    SYSTEM,
  ].map((names): ProfileRule => ({ names: words(names), action: ALLOW })),
  // Before 4.8 ptrace could be used to get around seccomp.
  {
    names: words('process_vm_readv process_vm_writev ptrace'),
    action: ALLOW,
    includes: { minKernel: '4.8' },
  },
  { names: ['socket'], action: ALLOW, args: [{ index: 0, value: AF_VSOCK, op: 'SCMP_CMP_NE' }] },
  ...PERSONALITIES.map(
    (value): ProfileRule => ({
      names: ['personality'],
      action: ALLOW,
      args: [{ index: 0, value, op: 'SCMP_CMP_EQ' }],
    }),
  ),
  {
    names: words('arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush set_tls sync_file_range2'),
    action: ALLOW,
    includes: { arches: ['arm', 'arm64'] },
  },
  { names: ['arch_prctl'], action: ALLOW, includes: { arches: ['amd64', 'x32'] } },
  { names: ['modify_ldt'], action: ALLOW, includes: { arches: ['amd64', 'x32', 'x86'] } },
  ...BY_CAPABILITY.map(
    ([capability, names]): ProfileRule => ({
      names: words(names),
      action: ALLOW,
      includes: { caps: [capability] },
    }),
  ),
  // Threads and children are for everybody, new namespaces are not.
  {
    names: ['clone'],
    action: ALLOW,
    args: [{ index: 0, value: CLONE_NEW_ANY, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
    excludes: { caps: ['CAP_SYS_ADMIN'] },
  },
  // The flags of clone3 are in memory, where seccomp cannot look; libc falls back to clone on ENOSYS.
  { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS, excludes: { caps: ['CAP_SYS_ADMIN'] } },
];

function words(text: string): readonly string[] {
  return text.split(' ');
}
