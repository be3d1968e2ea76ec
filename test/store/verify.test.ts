/** `verify` names every fault of a store, and reports nothing for a sound one. */
import { describe, expect, test } from 'vitest'
import { withState, CLEANING, WRITING } from '../../src/store/control.ts'
import { ENTRY, ENTRY_WORDS, RECORD, STATS } from '../../src/store/layout.ts'
import { fresh } from './stores.ts'
import type { Fresh } from './stores.ts'

function filled(): Fresh {
  const made = fresh({ capacity: 8 })
  for (const id of ['a', 'b', 'c', 'd']) made.sessions.createSession('u', 'n', { id, metadata: new Map([['k', id]]) })
  made.sessions.deleteSession('d')
  return made
}

test('a store on which every operation was done is clean', () => {
  const { sessions } = filled()
  sessions.updateSession('a', 'other', 'a longer value')
  sessions.updateSession('a', 'k', '\u0100')
  sessions.runCleanup()
  expect(sessions.verify()).toEqual([])
})

describe('a fault is named', () => {
  test.each<[string, string, (made: Fresh, words: Int32Array, slot: number) => unknown]>([
    [
      'an agent that stopped while it wrote',
      'state 7',
      ({ store }, words, slot) => {
        words[store.records.recordAt(slot)] = withState(store.records.control(slot), WRITING)
      },
    ],
    [
      'an agent that stopped while it cleaned',
      'state 10',
      ({ store }, words, slot) => {
        words[store.records.recordAt(slot)] = withState(store.records.control(slot), CLEANING)
      },
    ],
    [
      'a hash that is not the id’s',
      'a search for its id does not find it',
      ({ store }, words, slot) => {
        const home = store.layout.at.index
        for (let other = 0; other < store.layout.slots; other++) words[home + ENTRY_WORDS * other + ENTRY.reach] = 0
        words[home + ENTRY_WORDS * slot + ENTRY.hash] = 0
      },
    ],
    [
      'text that claims to be longer than a record',
      'more text than there is room',
      ({ store }, words, slot) => {
        words[store.records.recordAt(slot) + RECORD.textWords] = 100_000
      },
    ],
    [
      'text that ends within a value',
      'do not end at the recorded word',
      ({ store }, words, slot) => {
        words[store.records.recordAt(slot) + RECORD.textWords]!--
      },
    ],
    [
      'names that are not as long as is said',
      'do not begin at the recorded word',
      ({ store }, words, slot) => {
        words[store.records.recordAt(slot) + RECORD.nameWords]!++
      },
    ],
    [
      'a key without a value',
      'is missing',
      ({ store }, words, slot) => {
        words[store.records.recordAt(slot) + RECORD.textWords]! -= 2
      },
    ],
    [
      'a slot that was not given back',
      'the count of taken slots is',
      ({ store }, words) => {
        words[store.layout.at.stats + STATS.occupied]!++
      },
    ],
  ])('%s', (_, expected, damage) => {
    const made = filled()
    damage(made, new Int32Array(made.memory), made.store.find('a')!.slot)
    expect(made.sessions.verify().join('\n')).toContain(expected)
  })

  test('two sessions of one id', () => {
    const made = fresh({ capacity: 8 })
    for (const id of ['a', 'b']) made.sessions.createSession('u', 'n', { id })
    const words = new Int32Array(made.memory)
    const [a, b] = ['a', 'b'].map((id) => made.store.records.textAt(made.store.find(id)!.slot)) as [number, number]
    words.copyWithin(b, a, a + 2)
    expect(made.sessions.verify().join('\n')).toContain('two sessions have the id "a"')
  })
})
