/** What is wrong with the code: it could not be run, or cannot be explored. */
import { FILE } from '../engine/file.ts'
import type { Trouble } from '../engine/messages.ts'
import type { Explored } from './exploring.ts'

const AT = new RegExp(`${FILE.replace('.', String.raw`\.`)}:(\\d+)`)

/** Returns the trouble, and its line if it has one. */
export function troubleIn({ trouble, result }: Explored): Trouble | undefined {
  if (trouble !== undefined || result?.error === undefined) return trouble
  const line = AT.exec(result.error.message)?.[1]
  return { message: result.error.message, line: line === undefined ? undefined : Number(line) }
}
