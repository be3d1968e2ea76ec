import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { lateWork } from '../../src/explore/run/late-turns.ts'
import { over } from './counters.ts'

type Act = (words: Int32Array) => unknown
const bob: Act = (words) => Atomics.add(words, 1, 1)

function messageOf(alice: Act): string {
  return explore(over({ alice, bob })).error?.message ?? ''
}

const WHY =
  /most likely in a variable of a module.*each thread has its own copy of a module.*Create the value in memory\(\) or in the actor\./s
const lineHere = (): number =>
  Number(/module-state\.test\.ts:(\d+)/.exec(new Error('here').stack!.split('\n')[2]!)?.[1])
const LINE = /module-state\.test\.ts:\d+/

test.each<[name: string, make: () => Act, text: RegExp]>([
  [
    'another operand',
    () => {
      let next = 0
      return (words) => Atomics.store(words, 0, ++next)
    },
    /came to Atomics\.store\(Int32Array, 0, \d\)\. In its last run it had come to Atomics\.store/,
  ],
  [
    'an access less',
    () => {
      let done = false
      return (words) => {
        if (done) return
        done = true
        Atomics.add(words, 0, 1)
      }
    },
    /came to its end\. In its last run it had come to Atomics\.add/,
  ],
  [
    'an access more',
    () => {
      let runs = 0
      return (words) => {
        for (let times = 0; times < runs; times++) Atomics.add(words, 0, 1)
        runs++
      }
    },
    /came to Atomics\.add\(Int32Array, 0, 1\)\. In its last run it had come to its end here/,
  ],
  [
    'an exception',
    () => {
      let runs = 0
      return (words) => {
        if (runs++ > 0) throw new Error('again')
        Atomics.add(words, 0, 1)
      }
    },
    /came to an exception: Error: again\. In its last run it had come to Atomics\.add/,
  ],
])('%s in a second run: the refusal names both, the line, why, and what to do', (_, make, text) => {
  const message = messageOf(make())
  expect(message).toMatch(/^alice is not deterministic/)
  expect(message).toMatch(text)
  expect(message).toMatch(WHY)
  expect(message).toMatch(LINE)
})

test('another result in a second run says why as well, with the line of the last access', () => {
  let runs = 0
  const message = messageOf((words) => {
    Atomics.load(words, 0)
    const count = runs++
    Atomics.load(words, 1)
    return count
  })
  const first = lineHere() - 5
  expect(message).toMatch(WHY)
  expect(message).toMatch(new RegExp(`module-state\\.test\\.ts:${first + 2}:\\d+$`))
})

test('what a module keeps and does not show is no difference', () => {
  const scratch = new Float64Array(1)
  const alice: Act = (words) => {
    scratch[0] = Atomics.load(words, 0)
    Atomics.load(words, 1)
    return Atomics.store(words, 0, (scratch[0] ?? 0) + 1)
  }
  expect(explore(over({ alice, bob: alice }))).toMatchObject({ verdict: 'pass', complete: true })
})

test('an access to explored memory in the turns after is noticed, with its line', async () => {
  const left: Int32Array[] = []
  const waiting = [1, 0].map(
    (delay) =>
      new Promise<void>((resolve) =>
        setTimeout(() => {
          for (const words of left.splice(0)) words[0] = 7
          resolve()
        }, delay),
      ),
  )
  explore(over({ alice: (words) => left.push(words) + Atomics.load(words, 0), bob }))
  left.splice(1)
  const late = lateWork()
  await Promise.all(waiting)
  expect(await late).toMatch(/^Something went on after the actors had ended: it came to write of 7 to Int32Array\[0\]/)
  expect(await late).toMatch(LINE)
  expect(await lateWork()).toBeUndefined()
})

test('what has nothing to do with the exploration may go on after it', async () => {
  const other = setInterval(() => Atomics.add(new Int32Array(new SharedArrayBuffer(4)), 0, 1), 1)
  explore(over({ alice: bob, bob }))
  expect(await lateWork()).toBeUndefined()
  clearInterval(other)
})
