/** The entry of a thread of the bench `fuzz`: it makes memories and calls every method on each, until its seeds are used up. */
import { parentPort, workerData } from 'node:worker_threads'
import { callAll } from './fuzz-calls.ts'
import { damagedMemory } from './fuzz-memory.ts'
import { Word } from './fuzz-report.ts'
import type { FuzzReport, FuzzThreadData } from './fuzz-report.ts'

/** Of so many memories, one is called with the default patience. With the others a wait ends soon, so that there can be many. */
const WITH_DEFAULT_PATIENCE = 50
const SHORT_PATIENCE_MS = 2

const { progress, from, end } = workerData as FuzzThreadData

function bytesInUse(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

for (let seed = from; seed < end; seed++) {
  let longest: FuzzReport['longest'] = [0, '']
  let largestGrowth: FuzzReport['largestGrowth'] = [0, '']
  let start = 0
  let before = 0
  const watch = {
    begins() {
      before = bytesInUse()
      start = performance.now()
      Atomics.add(progress, Word.CALLS, 1)
      Atomics.store(progress, Word.INSIDE, 1)
    },
    ends(name: string) {
      Atomics.store(progress, Word.INSIDE, 0)
      const took = performance.now() - start
      if (took > longest[0]) longest = [took, name]
      const growth = bytesInUse() - before
      if (growth > largestGrowth[0]) largestGrowth = [growth, name]
    },
  }
  Atomics.store(progress, Word.SEED, seed)
  const patience = seed % WITH_DEFAULT_PATIENCE === 0 ? undefined : SHORT_PATIENCE_MS
  const calls = await callAll(damagedMemory(seed), seed, patience, watch)
  parentPort!.postMessage({ ...calls, seed, longest, largestGrowth } satisfies FuzzReport)
}
