/** Writes the command's output: to stdout and to files. */
import { writeFileSync } from 'node:fs'
import { RacelabError } from '../errors.ts'
import { colours } from './colours.ts'
import type { Colours } from './colours.ts'
import { ExitCode } from './exit-code.ts'
import { requestStop } from './stop-cause.ts'

/** A file of results could not be written. */
export class UnwrittenError extends RacelabError {
  readonly code = 'ERR_RACELAB_UNWRITTEN'
  /** Whether the disk could not take the data; false if the name of the file is wrong. */
  readonly full: boolean

  constructor(file: string, cause: NodeJS.ErrnoException) {
    super(`${file} cannot be written: ${cause.message}`, { cause })
    this.full = FULL.has(cause.code ?? '')
  }
}

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EFBIG'])
/** Error codes of a closed pipe or a closed terminal. */
const GONE: ReadonlySet<string> = new Set(['EPIPE', 'EIO'])

/** Returns colours if stdout is a terminal and the environment does not have NO_COLOR; otherwise none. */
export function stdoutColours(): Colours {
  return colours(process.stdout.isTTY && !process.env['NO_COLOR'])
}

/** Prints a text and a line break to stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Writes a text to a file. Throws UnwrittenError. */
export function writeOut(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new UnwrittenError(file, error as NodeJS.ErrnoException)
  }
}

/**
 * Ends the command when its output cannot be written. Call it once, before anything is printed.
 *
 * A closed pipe ends the command without a message: with the exit code of its results, or with CLOSED_PIPE if work was under
 * way. A full disk ends it with one line on stderr and UNWRITTEN.
 */
export function endWhenUnwritable(): void {
  let known = false
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (known) return
    known = true
    const gone = GONE.has(error.code ?? '')
    if (!gone) {
      process.stderr.write(`error: The output cannot be written: ${error.message}\n`)
      // This replaces the exit code of any work that ends before the process does.
      process.once('exit', () => (process.exitCode = ExitCode.UNWRITTEN))
    }
    if (!requestStop(gone ? 'closed pipe' : 'full disk')) process.exit()
  })
  // An error of stderr itself cannot be reported.
  process.stderr.on('error', () => {})
}
