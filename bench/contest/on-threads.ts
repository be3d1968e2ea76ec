/** A contestant on threads of this process: starts them, hands them what they share, and speaks for all of them. */
import { Worker } from 'node:worker_threads'
import { StartGate } from '../../src/sync/start-gate.ts'
import type { Contestant, Setting } from '../peers/contestant.ts'
import type { Checked, Entrant } from './entrant.ts'
import { ContestantFailedError, within } from './patience.ts'
import type { Answer, Enlisted, Task, Told } from './thread.ts'
import type { Tally } from './work.ts'

export async function enterOnThreads(
  contestant: Contestant,
  setting: Setting,
  ids: SharedArrayBuffer,
  file: string,
): Promise<Entrant> {
  const place = await contestant.open(setting, file)
  const workers = Array.from({ length: setting.threads }, (_, thread) => {
    const { data, transfer = [] } = place.data(thread)
    const workerData: Enlisted = { contestant: contestant.name, setting, thread, data, ids }
    return new Worker(file, { workerData, transferList: [...transfer] })
  })
  const tell = (task: Task, gate?: Int32Array) => Promise.all(workers.map((worker) => told(worker, { task, gate })))
  const close = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.terminate()))
    await place.close?.()
  }
  try {
    if (setting.operation !== 'create' && setting.operation !== 'delete') await told(workers[0]!, { task: 'fill' })
    await tell('prepare')
  } catch (failure) {
    await close()
    throw failure
  }
  return {
    async turn(milliseconds) {
      const gate = new Int32Array(new SharedArrayBuffer(4 * StartGate.WORDS))
      const tallies = (await within(milliseconds, tell({ turn: milliseconds }, gate))) as Tally[]
      return tallies.reduce((sum, each) => sum + (1000 * each.operations) / each.milliseconds, 0)
    },
    async check() {
      const all = (await within(0, tell('check'))) as Checked[]
      const sum = (name: keyof Checked): number => all.reduce((total, each) => total + each[name], 0)
      return { expected: sum('expected'), found: sum('found') }
    },
    async close() {
      // One that hangs or has failed cannot close; its thread ends all the same.
      await within(0, tell('close')).catch(() => {})
      await close()
    },
  }
}

/** Resolves to what a thread answers. Rejects with ContestantFailedError. */
function told(worker: Worker, { task, gate }: { task: Task; gate?: Int32Array | undefined }): Promise<unknown> {
  const message: Told = gate ? { task, gate } : { task }
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      worker.off('message', answered).off('error', failed).off('exit', ended)
      end()
    }
    const fail = (why: string): void => settle(() => reject(new ContestantFailedError(why)))
    const answered = (answer: Answer): void =>
      'failure' in answer ? fail(answer.failure) : settle(() => resolve(answer.value))
    const failed = (error: unknown): void => fail(String(error))
    const ended = (code: number): void => fail(`a thread ended with code ${code}`)
    worker.on('message', answered).on('error', failed).on('exit', ended)
    worker.postMessage(message)
  })
}
