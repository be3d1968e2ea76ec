import { expect, test } from 'vitest'
import { hashOf } from '../../src/memory/hash.ts'
import { encodeText } from '../../src/memory/text.ts'

function hashOfText(text: string): number {
  const words = new Int32Array(32)
  encodeText(words, 0, text)
  return hashOf(words)
}

test('texts that differ only in zeros at the end have different hashes', () => {
  expect(new Set(['a', 'a\0', 'a\0\0'].map(hashOfText)).size).toBe(3)
})

// Of 10,000 random numbers of 32 bits, two are equal in one draw of 86.
test.each([
  ['at the end', (number: number) => `a session of user ${number}`],
  ['at the beginning', (number: number) => `${String(number).padStart(8, '0')} is the user of a session`],
  ['in the middle', (number: number) => `user ${String(number).padStart(8, '0')} of a session`],
])('ids with a number %s have hashes of their own, evenly spread', (_, idOf) => {
  const hashes = Array.from({ length: 10_000 }, (_each, number) => hashOfText(idOf(number)) >>> 0)
  expect(new Set(hashes).size).toBe(10_000)
  // 1,000 homes for 10 hashes each, as the table takes them: by the highest bits. A fair draw puts 30 into one in a million.
  const homes = new Map<number, number>()
  for (const hash of hashes) {
    const home = Math.floor((hash / 2 ** 32) * 1000)
    homes.set(home, (homes.get(home) ?? 0) + 1)
  }
  expect(Math.max(...homes.values())).toBeLessThan(30)
})
