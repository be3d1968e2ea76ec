/**
 * A thread that works under a robust lock without end, or until it is told to stop. Two words are equal, and one is 0, unless an agent is
 * alone inside.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { currentAgent } from '../../src/sync/agent.ts'
import { RobustMutex } from '../../src/sync/robust-mutex.ts'
import { RobustRwLock } from '../../src/sync/robust-rw-lock.ts'
import { linger } from './contention.ts'
import { INSIDE, LOCK, ONE, ROOM, ROUNDS, STOP, SURPRISES, TOLD, TWO } from './robust-layout.ts'
import type { RobustThreadData } from './robust-layout.ts'

const { words, kind, number, stays } = workerData as RobustThreadData

function repair(): void {
  words[TWO] = words[ONE]!
  words[INSIDE] = 0
  words[TOLD]!++
}

function check(): void {
  if (words[ONE] !== words[TWO] || words[INSIDE] !== 0) Atomics.add(words, SURPRISES, 1)
}

function write(): void {
  check()
  words[INSIDE] = currentAgent()
  words[ONE]!++
  if (stays) for (;;);
  linger(words, 300)
  words[TWO]!++
  if (words[INSIDE] !== currentAgent()) Atomics.add(words, SURPRISES, 1)
  words[INSIDE] = 0
}

function read(): void {
  check()
  linger(words, 300)
  check()
}

const mutex = new RobustMutex(words, LOCK)
const lock = new RobustRwLock(words, LOCK, ROOM)
parentPort!.postMessage('begins')
for (let round = 0; Atomics.load(words, STOP) === 0; round++) {
  if (kind === 'mutex') mutex.holding(write, { repair })
  else if ((round + number) % 3 === 0) lock.writing(write, { repair })
  else lock.reading(read, { repair })
  Atomics.add(words, ROUNDS + number, 1)
}
