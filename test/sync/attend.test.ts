import { EventEmitter, once } from 'node:events'
import { Worker, threadId as ownThread } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { afterEach, expect, test } from 'vitest'
import { FIRST_THREAD } from '../../src/sync/agent.ts'
import { attend } from '../../src/sync/attend.ts'
import { ThreadError } from '../../src/sync/errors.ts'
import { RobustMutex } from '../../src/sync/robust-mutex.ts'
import { RobustRwLock } from '../../src/sync/robust-rw-lock.ts'
import { freshWords, until } from '../threads.ts'
import { as } from './contention.ts'

const running: Worker[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.terminate()))
})

async function start(): Promise<Worker> {
  const worker = new Worker('setInterval(() => {}, 1000)', { eval: true })
  running.push(worker)
  await once(worker, 'online')
  return worker
}

/** Makes this thread lock as the worker's would. */
function lockedBy<Lock extends RobustMutex | RobustRwLock>(worker: Worker, lock: Lock): Lock {
  as(worker.threadId + FIRST_THREAD, () => (lock instanceof RobustMutex ? lock.lock() : lock.writeLock()))
  return lock
}

const aMutex = () => new RobustMutex(freshWords(1), 0)
const aLock = () => new RobustRwLock(freshWords(RobustRwLock.words(2)), 0, 2)

test('the locks of a worker are recovered when it has exited, however often it was attended', async () => {
  const worker = await start()
  const locks = [aMutex(), aMutex(), aLock()] as const
  for (const lock of locks) lockedBy(worker, lock)
  const listeners = worker.listenerCount('exit')
  attend(worker, [locks[0]])
  attend(worker, locks)
  expect(worker.listenerCount('exit')).toBe(listeners + 1)
  await worker.terminate()
  expect(locks[0].tryLock()).toBe('owner-died')
  expect(locks[1].tryLock()).toBe('owner-died')
  expect(locks[2].tryWriteLock()).toBe('owner-died')
})

test('the thread that attends does not wait without end, and nothing has changed', async () => {
  const worker = await start()
  const mutex = lockedBy(worker, aMutex())
  const written = lockedBy(worker, aLock())
  const read = aLock()
  as(worker.threadId + FIRST_THREAD, () => read.readLock())
  attend(worker, [mutex, written, read])
  const { threadId } = worker
  const refusal = expect.objectContaining({ name: 'LockBusyError', code: 'ERR_RACELAB_LOCK_BUSY', threadId })
  for (const wait of [
    () => mutex.lock(),
    () => mutex.tryLockFor(Infinity),
    () => written.readLock(),
    () => read.writeLock(),
  ])
    expect(wait).toThrow(refusal)
  expect([mutex.owner(), written.writer(), read.readers()]).toEqual([
    threadId + FIRST_THREAD,
    threadId + FIRST_THREAD,
    1,
  ])
  await worker.terminate()
  expect(mutex.lock()).toBe('owner-died')
  expect(written.readLock()).toBe('owner-died')
  expect(read.writeLock()).toBe('acquired')
})

test('a thread that lives is not recovered', async () => {
  const worker = await start()
  const { threadId } = worker
  const mutex = lockedBy(worker, aMutex())
  attend(worker, [])
  for (const lock of [mutex, aLock()]) {
    expect(() => lock.recover(threadId)).toThrow(
      `Thread ${threadId} has not exited. Recover a thread when it has ended.`,
    )
    expect(() => lock.recover(ownThread)).toThrow(ThreadError)
    expect(() => lock.recover(0.5)).toThrow('The id of the thread is 0.5. Give the threadId that the worker had.')
  }
  expect(mutex.owner()).toBe(threadId + FIRST_THREAD)
  await worker.terminate()
  mutex.recover(threadId)
  expect(mutex.lock()).toBe('owner-died')
  expect(() => attend(worker, [mutex])).toThrow('The worker has exited. Attend a worker as soon as it is made.')
})

test.each([undefined, 3, {}, { threadId: 3 }, new EventEmitter()])('%o is not a worker', (worker) => {
  expect(() => attend(worker as never, [])).toThrow(/^The worker is .*\. Give a Worker of node:worker_threads\.$/)
})

test("the workers of piscina's pool are attended", async () => {
  const mutex = aMutex()
  const pool = new Piscina({
    filename: 'data:text/javascript,export default () => {}',
    execArgv: [],
    minThreads: 2,
    maxThreads: 2,
  })
  try {
    pool.on('workerCreate', () => pool.threads.forEach((worker) => attend(worker, [mutex])))
    await until(() => pool.threads.every((worker) => worker.listenerCount('exit') > 1))
    lockedBy(pool.threads[1]!, mutex)
  } finally {
    await pool.destroy()
  }
  expect(mutex.lock()).toBe('owner-died')
})
