import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RacelabError } from '../../src/errors.ts'
import { NEVER, deadlineIn } from '../../src/sync/deadline.ts'
import { SyncRangeError } from '../../src/sync/errors.ts'

test('the time left only shrinks, and is never more than was given nor less than 0', () => {
  const property = fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (milliseconds) => {
    const deadline = deadlineIn(milliseconds)
    const first = deadline.left()
    const second = deadline.left()
    // The clock is a floating-point number: adding the time and subtracting the clock again may round.
    expect(first).toBeLessThanOrEqual(milliseconds + 1e-3)
    expect(second).toBeLessThanOrEqual(first)
    expect(second).toBeGreaterThanOrEqual(0)
  })
  fc.assert(property)
})

test('a deadline in 0 ms has passed already, and one in Infinity never passes', () => {
  expect(deadlineIn(0).left()).toBe(0)
  expect(deadlineIn(-0).left()).toBe(0)
  expect(deadlineIn(Infinity)).toBe(NEVER)
  expect(NEVER.left()).toBe(Infinity)
})

test.each([Number.NaN, -1, -1e-9, -Infinity])(
  'a time of %d is refused with a message that names it',
  (milliseconds) => {
    expect(() => deadlineIn(milliseconds)).toThrow(SyncRangeError)
    expect(() => deadlineIn(milliseconds)).toThrow(RacelabError)
    expect(() => deadlineIn(milliseconds)).toThrow(String(milliseconds))
  },
)
