import { expect, test } from 'vitest'

import { NO_USES, usesContradict, usesTogether } from '../../src/explore/model/uses.ts'
import type { KnownObject, KnownUses } from '../../src/explore/model/uses.ts'

const proved = [
  { threads: 2, calls: 3 },
  { threads: 3, calls: 1 },
]
const ALICE = 1
const BOB = 2
const CAROL = 4
const DAVE = 8

function lock(words: readonly number[], more: Partial<KnownObject> = {}): KnownUses {
  const object = { of: 'Lock', proved, callers: Infinity, actors: ALICE, calls: 1, words, ...more }
  return { bare: [], objects: [object] }
}

function bare(...words: readonly number[]): KnownUses {
  return { bare: words.map((word) => [word, 'carol uses it']), objects: [] }
}

function both(one: KnownUses, other: KnownUses): boolean {
  expect(usesContradict(other, one)).toBe(usesContradict(one, other))
  return usesContradict(one, other)
}

test('a word that one knows as a part of an object, and the other as touched by itself, is a contradiction', () => {
  expect(both(lock([4, 5]), bare(5))).toBe(true)
  expect(both(lock([4, 5]), bare(6))).toBe(false)
  expect(both(bare(5), bare(5))).toBe(false)
})

test('the actors of one object count together, and those of two do not', () => {
  expect(both(lock([4], { actors: ALICE | BOB }), lock([4], { actors: CAROL | DAVE }))).toBe(true)
  expect(both(lock([4], { actors: ALICE | BOB }), lock([4], { actors: BOB | CAROL }))).toBe(false)
  expect(both(lock([4], { actors: ALICE | BOB }), lock([5], { actors: CAROL | DAVE }))).toBe(false)
  expect(both(lock([4], { callers: 2, actors: ALICE | BOB }), lock([4], { actors: CAROL }))).toBe(true)
})

test('the most calls count for all actors together', () => {
  expect(both(lock([4], { actors: ALICE | BOB, calls: 2 }), lock([4], { actors: CAROL, calls: 1 }))).toBe(true)
  expect(both(lock([4], { actors: ALICE, calls: 2 }), lock([4], { actors: BOB, calls: 3 }))).toBe(false)
})

test('objects with a word in common are one', () => {
  const two = usesTogether(lock([4, 5], { actors: ALICE }), lock([6], { actors: CAROL | DAVE }))
  expect(two.objects).toHaveLength(2)
  const one = usesTogether(two, lock([5, 6], { actors: ALICE }))
  expect(one.objects).toMatchObject([{ actors: ALICE | CAROL | DAVE }])
  expect(one.objects[0]!.words.toSorted((one, other) => one - other)).toEqual([4, 5, 6])
  expect(both(two, lock([5, 6]))).toBe(false)
  expect(both(usesTogether(two, bare(7)), lock([5, 6, 7]))).toBe(true)
  expect(both(usesTogether(lock([4, 5], { actors: ALICE | BOB }), two), lock([5, 6]))).toBe(true)
})

test('what is known together is what is known of either', () => {
  expect(usesTogether(NO_USES, NO_USES)).toEqual(NO_USES)
  const { bare: words, objects } = usesTogether(usesTogether(bare(1, 2), lock([3])), bare(2, 4))
  expect(words.map(([word]) => word)).toEqual([1, 2, 4])
  expect(objects).toMatchObject([{ of: 'Lock', words: [3], actors: ALICE, calls: 1 }])
})
