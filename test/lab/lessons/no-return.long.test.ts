import { expect, test } from 'vitest'

import { decodeToken } from '../../../src/explore/replay/token.ts'
import { explore } from '../../../src/explore/index.ts'
import { threadLessons } from '../../../src/lab/lessons/index.ts'

/** The step of no return that `explain` shows is that of the explorer: of the same thread, the first or the second to come. */
test.each(threadLessons)('$name: the explorer has the step of no return that the story has', ({ scenario, lesson }) => {
  const [failure] = explore(scenario!('buggy')).failures
  const { schedule } = decodeToken(failure!.token)
  const order = [...new Set(schedule)]
  const { step } = failure!.inevitable!
  const row = lesson.noReturn === undefined ? undefined : lesson.timeline[lesson.noReturn]!
  expect(step > 0).toBe(row !== undefined)
  if (row === undefined) return
  const [one, two] = row
  expect([one !== '', two !== '']).toEqual([0, 1].map((thread) => order[thread] === schedule[step - 1]))
})
