/** An implementation in its own process, because it is in another language or needs a flag. Requests and answers are lines of JSON. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Checked, RunningCompetitor, Request } from './running-competitor.ts'
import { CompetitorFailedError, withTimeout } from './timeout.ts'

export async function startInProcess(command: string, args: readonly string[]): Promise<RunningCompetitor> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  const stop = (): void => void child.kill('SIGKILL')
  process.once('exit', stop)
  const ask = requester(child)
  // The process writes one line when it is ready.
  await withTimeout(0, ask())
  return {
    turn: (milliseconds) => withTimeout(milliseconds, ask({ turn: milliseconds })) as Promise<number>,
    check: () => withTimeout(0, ask('check')) as Promise<Checked>,
    async close() {
      process.off('exit', stop)
      stop()
    },
  }
}

/** Returns a function that sends a request and resolves to the answer. It rejects with CompetitorFailedError when the process has ended. */
function requester(child: ChildProcess): (request?: Request) => Promise<unknown> {
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]()
  let end = 'the process ended'
  child.once('error', (error) => (end = error.message))
  child.once('exit', (code, signal) => (end = `the process ended with ${signal ?? `code ${code}`}`))
  // Writing to a process that has ended fails. The missing answer reports that, so the error of the pipe is ignored.
  child.stdin!.on('error', () => {})
  return async (request) => {
    if (request !== undefined) child.stdin!.write(`${JSON.stringify(request)}\n`)
    const { done, value } = await lines.next()
    if (done) throw new CompetitorFailedError(end)
    return JSON.parse(value) as unknown
  }
}
