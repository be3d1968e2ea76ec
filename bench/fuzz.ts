/** What do the methods of a store do over damaged memory? */
import { loadPackages } from '../src/lab/requests/packages.ts'
import { whole } from '../src/terminal/figures.ts'
import { shareOf } from './harness/bench.ts'
import type { Bench } from './harness/bench.ts'
import { fuzz as fuzzMemories } from './loads/fuzz.ts'
import type { Fuzzed } from './loads/fuzz.ts'

const MEMORIES = 10_000

const kibibytes = (bytes: number): string => `${whole(Math.round(bytes / 1024))} KiB`

export const fuzz: Bench<Fuzzed> = {
  name: 'fuzz',
  question: 'What do the methods of a store do over damaged memory?',

  async run({ share, onProgress }) {
    await loadPackages()
    return fuzzMemories({
      memories: shareOf(MEMORIES, share),
      firstSeed: 1,
      onProgress: (memories) => memories % 50 === 0 && onProgress(`fuzz: ${whole(memories)} memories so far`),
    })
  },

  show({ memories, calls, results, errors, hangs, unnamed, longest, largestGrowth }) {
    const byCount = Object.entries(errors).sort(([, one], [, other]) => other - one)
    return [
      'A store with sessions is damaged: bits are flipped, words are random or tell a lie, the header is wrong, or the memory has another',
      'size. Then every method of SessionManager and SharedMemoryStore is called, many of them for several sessions. A call hangs if it',
      'takes more than a second.',
      '',
      `${whole(memories)} memories, ${whole(calls)} calls, ${whole(results)} of them with a result`,
      `named errors: ${byCount.map(([name, count]) => `${name} ${whole(count)}`).join(', ')}`,
      `unnamed errors: ${whole(unnamed.length)}   hangs: ${whole(hangs.length)}`,
      `longest call: ${longest[0].toFixed(1)} ms (${longest[1]})   largest growth of memory in a call: ${kibibytes(largestGrowth[0])} (${largestGrowth[1]})`,
      ...hangs,
      ...unnamed,
    ].join('\n')
  },

  timings: () => [],
}
