/** What a thread answers to the main thread that has ordered it to explore clients. */
import { expect, test } from 'vitest'

import { callsOf } from '../../../src/explore/clients/calls.ts'
import { clientText } from '../../../src/explore/clients/client.ts'
import { boundsOf } from '../../../src/explore/search/options.ts'
import type { Reported } from '../../../src/explore/search/parts/helpers.ts'
import { serve } from '../../../src/explore/search/parts/serve.ts'
import type { Channel } from '../../../src/explore/search/parts/serve.ts'
import { splitCounter } from './objects.ts'

const bounds = boundsOf({})

/** Returns the answer to an order to explore a client of two threads that each make this call. */
function answerTo(text: string): Reported | undefined {
  const call = callsOf(splitCounter).findIndex((each) => each.text === text)
  const client = clientText([[call], [call]], 'linearizable')
  const scope = { isActive: false, excluded: [] }
  const orders = [
    { search: 1, task: { number: 5, client }, bounds: { bounds, allFailures: false, scope, most: Infinity } },
  ]
  let reported: Reported | undefined
  const channel: Channel = {
    next() {
      const order = orders.pop()
      if (order === undefined) throw new Error('no further order')
      return order
    },
    goesOn: () => true,
    answer: (answer) => (reported = answer.reported),
  }
  expect(() => serve(splitCounter, { ...bounds, dataRaces: false }, channel)).toThrow('no further order')
  return reported
}

test('a client that holds is reported on', () => {
  expect(answerTo('read()')).toMatchObject([
    5,
    { whole: { tally: { complete: true, schedules: 2 } }, failing: undefined },
  ])
})

test('of a client that fails, a schedule is reported that does so', () => {
  // Both threads read before one of them writes.
  const report = { whole: { tally: { complete: false } }, failing: [0, 1, 1, 0] }
  expect(answerTo('fetchAdd(1)')).toMatchObject([5, report])
})
