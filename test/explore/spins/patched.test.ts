/** A program that has put a function of its own in the place of one of the language before the explorer was loaded. */
import { afterAll, test } from 'vitest'

let rounds = 0

const native = String.prototype.trim
// oxlint-disable-next-line no-extend-native -- it is what is tested
String.prototype.trim = function (this: string): string {
  if (this === ' gate ') rounds++
  return native.call(this)
}
// Loading this file loads the explorer.
const { closed, expectNoLostRounds } = await import('./waiters.ts')

afterAll(() => {
  // oxlint-disable-next-line no-extend-native -- it is put back
  String.prototype.trim = native
})

test('a loop through a function in the place of one of the language is not complete without its later rounds', () => {
  expectNoLostRounds((words) => {
    rounds = 0
    while (' gate '.trim() === 'gate' && closed(words));
    return rounds > 4
  })
})
