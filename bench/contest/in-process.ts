/** A contestant in a process of its own, which is asked by a line of JSON and answers with one: another language, or a flag. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Checked, Entrant, Order } from './entrant.ts'
import { ContestantFailedError, within } from './patience.ts'

export async function enterInProcess(command: string, args: readonly string[]): Promise<Entrant> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  const stop = (): void => void child.kill('SIGKILL')
  process.once('exit', stop)
  const ask = conversation(child)
  // It says one line when it is ready.
  await within(0, ask())
  return {
    turn: (milliseconds) => within(milliseconds, ask({ turn: milliseconds })) as Promise<number>,
    check: () => within(0, ask('check')) as Promise<Checked>,
    async close() {
      process.off('exit', stop)
      stop()
    },
  }
}

/** A question and its answer at a time. Rejects with ContestantFailedError when the process has ended. */
function conversation(child: ChildProcess): (order?: Order) => Promise<unknown> {
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]()
  let end = 'it ended'
  child.once('error', (error) => (end = error.message))
  child.once('exit', (code, signal) => (end = `it ended with ${signal ?? `code ${code}`}`))
  // Who has died reads no more; the answer that does not come says so.
  child.stdin!.on('error', () => {})
  return async (order) => {
    if (order !== undefined) child.stdin!.write(`${JSON.stringify(order)}\n`)
    const { done, value } = await lines.next()
    if (done) throw new ContestantFailedError(end)
    return JSON.parse(value) as unknown
  }
}
