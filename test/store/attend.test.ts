import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker, threadId } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { afterEach, expect, test, vi } from 'vitest'
import { ACTIVE, AWAITED, nextSequence, stateOf } from '../../src/store/control.ts'
import { SessionBusyError } from '../../src/store/errors.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { allocateSessionStore } from '../../src/store/allocate.ts'
import { ThreadError } from '../../src/sync/errors.ts'
import { bundle } from '../../src/stress/worker-file.ts'
import type { AttendThreadData } from './attend.thread.ts'
import { fresh } from './stores.ts'
import type { Fresh } from './stores.ts'

const NOTHING = { completed: 0, undone: 0, requeued: 0 }
const running: Worker[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.terminate()))
})

async function start(act: AttendThreadData['act'], memory: SharedArrayBuffer): Promise<Worker> {
  const file = await bundle(fileURLToPath(new URL('attend.thread.ts', import.meta.url)))
  const workerData: AttendThreadData = { act, memory }
  const worker = new Worker(file, { workerData, execArgv: [] })
  running.push(worker)
  await once(worker, 'message')
  return worker
}

function withSession(): Fresh {
  const made = fresh()
  made.sessions.createSession('u', 'n', { id: 'a' })
  return made
}

test('a thread that is killed inside a session is recovered when it has exited, and whoever waits for the session goes on', async () => {
  const { sessions, memory } = withSession()
  const writer = await start('write forever', memory)
  sessions.attend(writer)
  const reader = await start('read', memory)
  const read = once(reader, 'message')
  await writer.terminate()
  // It was killed while it counted an access.
  expect(await read).toEqual([1])
  expect(sessions.verify()).toEqual([])
  expect(sessions.incrementAccess('a')).toBe(2)
})

test('a thread that was killed when it had left a session, and had not yet woken who waits for it, leaves nobody asleep', async () => {
  const { sessions, memory, store } = withSession()
  const { slot, control } = store.stamp('a')
  const words = new Int32Array(memory)
  const at = store.records.recordAt(slot)
  const writer = await start('write forever', memory)
  const reader = await start('read', memory)
  const read = once(reader, 'message')
  await vi.waitFor(() => expect(stateOf(Atomics.load(words, at))).toBe(AWAITED), { timeout: 10_000 })
  const id = writer.threadId
  await writer.terminate()
  // As if it had come to the exchange of the control word, and no further.
  Atomics.store(words, at, nextSequence(control, ACTIVE))
  expect(sessions.recover(id)).toEqual(NOTHING)
  expect(await read).toEqual([0])
})

test("the workers of piscina's pool are attended", async () => {
  const { sessions, memory } = withSession()
  const file = await bundle(fileURLToPath(new URL('attend.task.ts', import.meta.url)))
  const pool = new Piscina({ filename: file, execArgv: [], minThreads: 1, maxThreads: 1 })
  pool.on('workerCreate', () => pool.threads.forEach((worker) => sessions.attend(worker)))
  try {
    for (const counted of [1, 2]) {
      const stop = new AbortController()
      const words = new Int32Array(new SharedArrayBuffer(4))
      const task = pool.run({ memory, words }, { signal: stop.signal })
      const ended = expect(task).rejects.toThrow('aborted')
      await vi.waitFor(() => expect(Atomics.load(words, 0)).toBe(1), { timeout: 10_000 })
      stop.abort()
      await ended
      await vi.waitFor(() => expect(sessions.verify()).toEqual([]), { timeout: 10_000 })
      expect(sessions.getSession('a')!.accessCount).toBe(counted)
    }
  } finally {
    await pool.destroy()
  }
})

test('the thread that attends does not wait for one that does not come to its end', async () => {
  const { sessions, memory } = withSession()
  const writer = await start('write forever', memory)
  sessions.attend(writer)
  const { threadId } = writer
  const refusal = expect.objectContaining({ code: 'ERR_RACELAB_SESSION_BUSY', threadId })
  expect(() => sessions.getSession('a')).toThrow(SessionBusyError)
  expect(() => sessions.incrementAccess('a')).toThrow(refusal)
  await writer.terminate()
  expect(sessions.getSession('a')!.accessCount).toBe(1)
})

test('a thread that lives is not recovered', async () => {
  const { sessions, memory } = withSession()
  const writer = await start('write forever', memory)
  sessions.attend(writer)
  sessions.attend(writer)
  const id = writer.threadId
  expect(() => sessions.recover(id)).toThrow(
    new ThreadError(`Thread ${id} has not exited`, 'Recover a thread when it has ended'),
  )
  expect(() => sessions.recover(threadId)).toThrow(ThreadError)
  await writer.terminate()
  expect(sessions.recover(id)).toEqual(NOTHING)
  expect(() => sessions.attend(writer)).toThrow('The worker has exited. Attend a worker as soon as it is made.')
})

test('no other store of this thread recovers a thread that lives', async () => {
  const { sessions, memory } = withSession()
  const writer = await start('write forever', memory)
  const id = writer.threadId
  new SessionManager(allocateSessionStore({ capacity: 1 })).attend(writer)
  expect(() => sessions.recover(id)).toThrow(`Thread ${id} has not exited`)
  await writer.terminate()
  expect(sessions.recover(id)).toEqual({ ...NOTHING, completed: 1 })
})

test.each([-1, 0.5, Number.NaN, '3', undefined])('%o is not the id of a thread', (id) => {
  expect(() => fresh().sessions.recover(id as number)).toThrow(
    /^The id of the thread is .*\. Give the threadId that the worker had\.$/,
  )
})

test.each([undefined, 3, {}, { threadId: 3 }])('%o is not a worker', (worker) => {
  expect(() => fresh().sessions.attend(worker as never)).toThrow(
    /^The worker is .*\. Give a Worker of node:worker_threads\.$/,
  )
})

test('a thread that is not attended is recovered by hand', async () => {
  const { sessions, memory } = withSession()
  const writer = await start('write forever', memory)
  const id = writer.threadId
  await writer.terminate()
  expect(sessions.verify()).toEqual([
    expect.stringContaining('by an agent that was stopped in the middle of an operation'),
  ])
  expect(sessions.recover(id)).toEqual({ ...NOTHING, completed: 1 })
  expect(sessions.verify()).toEqual([])
})

test('of a store without room for notes, nothing is recovered', async () => {
  const { sessions, memory } = fresh({ agents: 0 })
  sessions.createSession('u', 'n', { id: 'a' })
  const writer = await start('write forever', memory)
  const id = writer.threadId
  await writer.terminate()
  expect(sessions.recover(id)).toEqual(NOTHING)
  expect(sessions.verify()).toHaveLength(1)
})
