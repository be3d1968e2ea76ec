/** An implementation on threads of this process: starts the threads, gives them the shared sessions, and combines their answers. */
import { Worker } from 'node:worker_threads'
import { StartGate } from '../../src/sync/start-gate.ts'
import type { Implementation, Setting } from '../peers/implementation.ts'
import type { Checked, RunningCompetitor } from './running-competitor.ts'
import { CompetitorFailedError, withTimeout } from './timeout.ts'
import type { Answer, ThreadData, Task, Message } from './thread.ts'
import type { Tally } from './work.ts'

export async function startOnThreads(
  implementation: Implementation,
  setting: Setting,
  ids: SharedArrayBuffer,
  file: string,
): Promise<RunningCompetitor> {
  const shared = await implementation.open(setting, file)
  const workers = Array.from({ length: setting.threads }, (_, thread) => {
    const { data, transfer = [] } = shared.data(thread)
    const workerData: ThreadData = { implementation: implementation.name, setting, thread, data, ids }
    return new Worker(file, { workerData, transferList: [...transfer] })
  })
  const sendAll = (task: Task, gate?: Int32Array) => Promise.all(workers.map((worker) => send(worker, { task, gate })))
  const close = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.terminate()))
    await shared.close?.()
  }
  try {
    if (setting.operation !== 'create' && setting.operation !== 'delete') await send(workers[0]!, { task: 'fill' })
    await sendAll('prepare')
  } catch (failure) {
    await close()
    throw failure
  }
  return {
    async turn(milliseconds) {
      const gate = new Int32Array(new SharedArrayBuffer(4 * StartGate.WORDS))
      const tallies = (await withTimeout(milliseconds, sendAll({ turn: milliseconds }, gate))) as Tally[]
      return tallies.reduce((sum, each) => sum + (1000 * each.operations) / each.milliseconds, 0)
    },
    async check() {
      const all = (await withTimeout(0, sendAll('check'))) as Checked[]
      const sum = (name: keyof Checked): number => all.reduce((total, each) => total + each[name], 0)
      return { expected: sum('expected'), found: sum('found') }
    },
    async close() {
      // A competitor that hangs or has failed cannot close. Its threads are terminated nevertheless.
      await withTimeout(0, sendAll('close')).catch(() => {})
      await close()
    },
  }
}

/** Sends a message to a thread and resolves to its answer. Rejects with CompetitorFailedError when the thread fails or ends. */
function send(worker: Worker, { task, gate }: { task: Task; gate?: Int32Array | undefined }): Promise<unknown> {
  const message: Message = gate ? { task, gate } : { task }
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      worker.off('message', answered).off('error', failed).off('exit', ended)
      end()
    }
    const fail = (why: string): void => settle(() => reject(new CompetitorFailedError(why)))
    const answered = (answer: Answer): void =>
      'failure' in answer ? fail(answer.failure) : settle(() => resolve(answer.value))
    const failed = (error: unknown): void => fail(String(error))
    const ended = (code: number): void => fail(`a thread ended with code ${code}`)
    worker.on('message', answered).on('error', failed).on('exit', ended)
    worker.postMessage(message)
  })
}
