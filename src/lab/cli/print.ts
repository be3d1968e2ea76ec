/** The ways out: stdout, and files. */
import { writeFileSync } from 'node:fs'
import { RacelabError } from '../../errors.ts'
import { ExitCode } from './exit-code.ts'
import { requestStop } from './stop-cause.ts'

/** A file of results could not be written. */
export class UnwrittenError extends RacelabError {
  readonly code = 'ERR_RACELAB_UNWRITTEN'
  /** Whether the disk is at fault, and not the name. */
  readonly full: boolean

  constructor(file: string, cause: NodeJS.ErrnoException) {
    super(`${file} cannot be written: ${cause.message}`, { cause })
    this.full = FULL.has(cause.code ?? '')
  }
}

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EFBIG'])
/** The reader has gone: of a pipe, or of a terminal. */
const GONE: ReadonlySet<string> = new Set(['EPIPE', 'EIO'])

export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Writes a whole file. Throws UnwrittenError. */
export function writeOut(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new UnwrittenError(file, error as NodeJS.ErrnoException)
  }
}

/**
 * Called once, before anything is printed. A reader that has gone (a closed pipe) ends the command quietly: with the exit
 * code that it has earned, or as SIGPIPE would if there is work under way. A full disk is one line on stderr.
 */
export function endWhenUnwritable(): void {
  let known = false
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (known) return
    known = true
    const gone = GONE.has(error.code ?? '')
    if (!gone) {
      process.stderr.write(`error: The output cannot be written: ${error.message}\n`)
      // Whatever the work under way comes to.
      process.once('exit', () => (process.exitCode = ExitCode.UNWRITTEN))
    }
    if (!requestStop(gone ? 'closed pipe' : 'full disk')) process.exit()
  })
  // There is nowhere left to say it.
  process.stderr.on('error', () => {})
}
