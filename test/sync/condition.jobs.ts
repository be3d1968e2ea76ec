/** The jobs of threads with a condition and its mutex. The mutex is at word 0, and the conditions follow it. */
import { Condition } from '../../src/sync/condition.ts'
import { Mutex } from '../../src/sync/mutex.ts'
import { serve } from '../threads.ts'
import { LONG, ROUNDS, SHORT, episodes, linger } from './contention.ts'

export const CONDITION = Mutex.WORDS
export const SECOND_CONDITION = CONDITION + Condition.WORDS
export const PAIR = Mutex.WORDS + Condition.WORDS
/** The words from here on are guarded by the mutex. */
export const PUT = 8
export const TAKEN = 9
export const SUM = 10
export const SLOTS = 11
export const COMING = 8
export const TOKENS = 9

type Wake = 'notifyOne' | 'notifyAll'
const CAPACITY = 2

/** Even threads put numbers into a buffer of two slots; odd threads take them and add them up. */
function handOver(words: Int32Array, thread: number, count: number, wake: Wake): void {
  const mutex = new Mutex(words, 0)
  const notEmpty = new Condition(words, CONDITION)
  const notFull = new Condition(words, SECOND_CONDITION)
  for (let item = 0; item < (2 * ROUNDS) / count; item++) {
    mutex.lock()
    if (thread % 2 === 0) {
      notFull.waitUntil(mutex, () => words[PUT]! - words[TAKEN]! < CAPACITY)
      const number = words[PUT]!
      words[SLOTS + (number % CAPACITY)] = number
      words[PUT] = number + 1
      // With the mutex held and without it: both are allowed.
      if (item % 2 === 0) notEmpty[wake]()
      mutex.unlock()
      if (item % 2 === 1) notEmpty[wake]()
    } else {
      notEmpty.waitUntil(mutex, () => words[TAKEN]! < words[PUT]!)
      const number = words[TAKEN]!
      words[SUM]! += words[SLOTS + (number % CAPACITY)]!
      words[TAKEN] = number + 1
      mutex.unlock()
      notFull[wake]()
    }
  }
}

const jobs = {
  handOverOne: (words: Int32Array, thread: number, count: number) => handOver(words, thread, count, 'notifyOne'),
  handOverAll: (words: Int32Array, thread: number, count: number) => handOver(words, thread, count, 'notifyAll'),

  /** The threads take turns in a circle. Returns how often a wait of this thread ended when it was not its turn. */
  takeTurns(words: Int32Array, thread: number, count: number): number {
    const mutex = new Mutex(words, 0)
    const turned = new Condition(words, CONDITION)
    let wrong = 0
    for (let turn = thread; turn < ROUNDS; turn += count) {
      mutex.lock()
      turned.waitUntil(mutex, () => words[COMING]! % count === thread)
      if (words[COMING] !== turn) wrong++
      words[COMING]!++
      mutex.unlock()
      if (count === 2) turned.notifyOne()
      else turned.notifyAll()
    }
    return wrong
  },

  /** The last thread gives out one token for each other thread. Each of those waits for one; some wait for a short time first. */
  fillInEpisodes(words: Int32Array, thread: number, count: number): void {
    episodes(words, count, PAIR + 1, (at) => {
      const mutex = new Mutex(words, at)
      const filled = new Condition(words, at + Mutex.WORDS)
      const tokens = at + PAIR
      if (thread < count - 1) {
        mutex.lock()
        const has = () => words[tokens]! > 0
        if (thread % 2 === 1) filled.waitUntilFor(mutex, has, SHORT)
        filled.waitUntil(mutex, has)
        words[tokens]!--
        mutex.unlock()
        return
      }
      for (let token = 1; token < count; token++) {
        linger(words, 500)
        mutex.lock()
        words[tokens]!++
        mutex.unlock()
        filled.notifyOne()
      }
    })
  },

  waitForToken(words: Int32Array): void {
    const mutex = new Mutex(words, 0)
    const condition = new Condition(words, CONDITION)
    mutex.lock()
    words[COMING]!++
    condition.waitUntil(mutex, () => words[TOKENS]! > 0)
    words[TOKENS]!--
    mutex.unlock()
  },

  /** Returns whether the token came, and whether the mutex was held again. */
  waitForTokenWithinLimit(words: Int32Array): boolean[] {
    const mutex = new Mutex(words, 0)
    const condition = new Condition(words, CONDITION)
    mutex.lock()
    words[COMING]!++
    const came = condition.waitUntilFor(mutex, () => words[TOKENS]! > 0, LONG)
    const held = !mutex.tryLock()
    mutex.unlock()
    return [came, held]
  },
}

export type Jobs = typeof jobs
serve(jobs)
