/** The exit codes that all commands share. */
export const ExitCode = {
  /** There are results, and they are as they should be. */
  OK: 0,
  /** There are results, and they are not as they should be. */
  FAILED: 1,
  /** The arguments are wrong, or the command cannot do what they ask for. */
  MISUSE: 2,
  /** There is no result, or it does not decide: the time ran out, say. */
  INCONCLUSIVE: 3,
  /** The results could not be written, for example to a full disk. */
  UNWRITTEN: 4,
  /** Ended by SIGHUP: the terminal was closed. */
  HUNG_UP: 129,
  /** Ended by SIGINT: Ctrl-C. */
  INTERRUPTED: 130,
  /** The reader of the output closed the pipe before there was a result. Other commands are ended by SIGPIPE then. */
  CLOSED_PIPE: 141,
  /** Ended by SIGTERM. */
  TERMINATED: 143,
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** The help on the exit codes that all commands share. */
export const ENDED_EARLY_HELP = `  4    the results could not be written, for example to a full disk
  129  ended by SIGHUP: the terminal was closed
  130  ended by SIGINT: Ctrl-C
  141  the reader of the output closed the pipe before the end
  143  ended by SIGTERM`
