import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { within } from '../../../src/lab/cli/explorer/patience.ts'

const late = (): Promise<string> => setTimeout(150, 'late')
const never = new Promise<string>(() => {})

test('an answer in time is returned', async () => {
  expect(await within(60_000, Promise.resolve('at once'))).toBe('at once')
})

test.each([
  ['that has worked for less than its time is waited for', 20, 'late'],
  ['that only waits is given up', 0, undefined],
  ['that has worked for all of its time is given up', 50, undefined],
])('a process %s', async (_, worked, answer) => {
  expect(await within(50, late(), () => worked)).toBe(answer)
})

test('a process that works is not waited for without end', async () => {
  expect(await within(1000, never, () => 500)).toBeUndefined()
})
