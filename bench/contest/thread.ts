/** A thread of a contest. It uses the sessions, or it is the owner thread, which keeps them (see peers/owner-thread.ts). */
import { parentPort, workerData } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { StartGate } from '../../src/sync/start-gate.ts'
import type { Client, Setting } from '../peers/implementation.ts'
import { implementationNamed } from '../peers/index.ts'
import { own } from '../peers/owner-thread.ts'
import type { Request } from './running-competitor.ts'
import { takeIds } from './ids.ts'
import { inBatches, workOf } from './work.ts'
import type { Work } from './work.ts'

/** The workerData of a thread. */
export interface ThreadData {
  readonly implementation: string
  readonly setting: Setting
  readonly thread: number
  readonly data: unknown
  readonly ids: SharedArrayBuffer
}

/** A task for a thread. The thread answers each with a value or with a failure. */
export type Task = 'fill' | 'prepare' | 'close' | Request
export interface Message {
  readonly task: Task
  /** The start gate of a turn, in which the threads wait for each other. */
  readonly gate?: Int32Array
}
export type Answer = { readonly value: unknown } | { readonly failure: string }

const given = workerData as ThreadData | { readonly owned: readonly MessagePort[] }
if ('owned' in given) own(given.owned)
else serve(given)

function serve({ implementation, setting, thread, data, ids: memory }: ThreadData): void {
  const { operation, threads } = setting
  const ids = takeIds(memory)
  const attached = Promise.resolve<Client<unknown>>(implementationNamed(implementation).attach(data, setting))
  let work: Work
  const perform = async ({ task, gate }: Message): Promise<unknown> => {
    const client = await attached
    if (task === 'fill') return inBatches(ids, (batch) => client.create(batch))
    if (task === 'prepare') return void (work = workOf(operation, { client, ids, thread, threads }))
    if (task === 'check') return work.check()
    if (task === 'close') return client.close?.()
    new StartGate(gate!, 0, threads).arrive()
    return work.turn(task.turn)
  }
  parentPort!.on('message', (message: Message) => {
    perform(message).then(
      (value) => parentPort!.postMessage({ value } satisfies Answer),
      (failure: unknown) => parentPort!.postMessage({ failure: String(failure) } satisfies Answer),
    )
  })
}
