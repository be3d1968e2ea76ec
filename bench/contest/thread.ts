/** A thread of a contest, or the one that owns the sessions where a contestant has such a one. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { StartGate } from '../../src/sync/start-gate.ts'
import type { Client, Setting } from '../peers/contestant.ts'
import { contestantNamed } from '../peers/index.ts'
import { own } from '../peers/owner-thread.ts'
import type { Order } from './entrant.ts'
import { takeIds } from './ids.ts'
import { type Work, inBatches, workOf } from './work.ts'

/** What a thread is started with. */
export interface Enlisted {
  readonly contestant: string
  readonly setting: Setting
  readonly thread: number
  readonly data: unknown
  readonly ids: SharedArrayBuffer
}

/** What it is told: each is answered, with a value or with what went wrong. */
export type Task = 'fill' | 'prepare' | 'close' | Order
export interface Told {
  readonly task: Task
  /** For a turn: all threads start through it. */
  readonly gate?: Int32Array
}
export type Answer = { readonly value: unknown } | { readonly failure: string }

const start = workerData as Enlisted | { readonly owned: readonly MessagePort[] }
if ('owned' in start) own(start.owned)
else attend(start)

function attend({ contestant, setting, thread, data, ids: memory }: Enlisted): void {
  const { operation, threads } = setting
  const ids = takeIds(memory)
  const attached = Promise.resolve<Client<unknown>>(contestantNamed(contestant).attach(data, setting))
  let work: Work
  const perform = async ({ task, gate }: Told): Promise<unknown> => {
    const client = await attached
    if (task === 'fill') return inBatches(ids, (batch) => client.create(batch))
    if (task === 'prepare') return void (work = workOf(operation, { client, ids, thread, threads }))
    if (task === 'check') return work.check()
    if (task === 'close') return client.close?.()
    new StartGate(gate!, 0, threads).arrive()
    return work.turn(task.turn)
  }
  parentPort!.on('message', (told: Told) => {
    perform(told).then(
      (value) => parentPort!.postMessage({ value } satisfies Answer),
      (failure: unknown) => parentPort!.postMessage({ failure: String(failure) } satisfies Answer),
    )
  })
}
