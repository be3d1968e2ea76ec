/** Reads the text of a file, or of stdin. */
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { RacelabError } from '../../errors.ts'

/** The name that stands for stdin. */
export const STDIN = '-'

/** The largest text that is read, in MiB. */
const MOST = 256

/** A file cannot be read, or is too large. */
export class UnreadableError extends RacelabError {
  readonly code = 'ERR_RACELAB_UNREADABLE'
}

/**
 * Returns the text of a file; of stdin for `-`.
 *
 * @throws {UnreadableError} If there is no such file, if it cannot be read, or if it has more than 256 MiB.
 */
export async function readText(file: string, signal: AbortSignal): Promise<string> {
  const source: Readable = file === STDIN ? process.stdin : createReadStream(file, { signal })
  const stop = (): void => void source.destroy(signal.reason as Error)
  signal.addEventListener('abort', stop)
  try {
    return await textOf(source, file)
  } catch (error) {
    if (signal.aborted || error instanceof UnreadableError) throw signal.aborted ? signal.reason : error
    const { code, message } = error as NodeJS.ErrnoException
    throw new UnreadableError(code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${message}`, {
      cause: error,
    })
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function textOf(source: Readable, file: string): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of source) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > MOST * 2 ** 20) throw new UnreadableError(`${file} has more than ${MOST} MiB.`)
  }
  return Buffer.concat(chunks).toString('utf8')
}
