/** The exit codes that all commands share. */
export const ExitCode = {
  /** There are results, and they are as they should be. */
  OK: 0,
  /** There are results, and they are not as they should be. */
  FAILED: 1,
  /** The arguments are wrong, or the command cannot do what they ask for. */
  MISUSE: 2,
  /** There is no result, or the result is not conclusive, for example because the time ran out. */
  INCONCLUSIVE: 3,
  /** The results could not be written, for example to a full disk. */
  UNWRITTEN: 4,
  /** Ended by SIGHUP: the terminal was closed. */
  HUNG_UP: 129,
  /** Ended by SIGINT: Ctrl-C. */
  INTERRUPTED: 130,
  /** The reader of the output closed the pipe before the end. SIGPIPE ends most other programs then, which a shell reports as 141. */
  CLOSED_PIPE: 141,
  /** Ended by SIGTERM. */
  TERMINATED: 143,
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** The help on the exit codes from 4 on, which mean the same for all commands. */
export const SHARED_EXIT_CODES_HELP = `  4    the results could not be written, for example to a full disk
  129  ended by SIGHUP: the terminal was closed
  130  ended by SIGINT: Ctrl-C
  141  the reader of the output closed the pipe before the end
  143  ended by SIGTERM`
