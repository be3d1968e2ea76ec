import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { replay } from '../../src/explore/replay/replay.ts'
import { colours } from '../../src/terminal/colours.ts'
import { explorationReport } from '../../src/explore/report/exploration-report.ts'
import { scenario } from '../../src/scenario.ts'
import type { Scenario } from '../../src/scenario.ts'

/** A plain read and a concurrent atomic write, of two words. */
function reading(word: number, races?: readonly string[]): Scenario {
  return scenario({
    name: 'a reader and a writer',
    memory: () => new Int32Array(new SharedArrayBuffer(16)),
    actors: {
      reader: (words) => words[word],
      writer: (words) => Atomics.store(words, word, 1),
    },
    names: (words) => ({ 'box[0].text[1]': [words, 0], 'box[0].textWords': [words, 1], boxes: [words, 2] }),
    ...(races === undefined ? {} : { races }),
  })
}

test.each(['box[].text', 'box', 'box[0]', 'box[0].text[1]', 'box[].text[]'])(
  'a race on box[0].text[1] is no failure if %s is declared, and the report says so',
  (declared) => {
    const exploration = explore(reading(0, [declared]))
    expect(exploration).toMatchObject({ verdict: 'pass', complete: true, declaredRaces: [declared] })
    const report = explorationReport(exploration, [], { verbose: false, colours: colours(false) })
    expect(report).toContain(`Data races are declared, and no failures, on ${declared}.`)
  },
)

test('a race that is not declared is a failure', () => {
  expect(explore(reading(0))).toMatchObject({ verdict: 'fail', failures: [{ kind: 'data-race' }] })
  expect(explore(reading(0))).not.toHaveProperty('declaredRaces')
})

test.each([
  [0, 'box[1]'],
  [0, 'box[].text[0]'],
  [1, 'box[].text'],
  [2, 'box'],
  [2, 'box[]'],
])('word %i still fails on a race if %s is declared', (word, declared) => {
  const exploration = explore(reading(word, [declared]))
  expect(exploration).toMatchObject({ verdict: 'fail', failures: [{ kind: 'data-race' }] })
})

test('an access that reaches from a declared word into another still fails', () => {
  const wide = scenario({
    name: 'a wide read',
    memory: () => new Int32Array(new SharedArrayBuffer(8)),
    actors: {
      reader: (words) => new BigInt64Array(words.buffer)[0],
      writer: (words) => Atomics.store(words, 0, 1),
    },
    names: (words) => ({ declared: [words, 0], other: [words, 1] }),
    races: ['declared'],
  })
  expect(explore(wide)).toMatchObject({ verdict: 'fail', failures: [{ kind: 'data-race' }] })
})

test('a declared race hides no bad outcome, and none of the replayed schedule', () => {
  const torn = { ...reading(0, ['box']), observe: (_: unknown, { reader }: Record<string, unknown>) => reader }
  const bad: Scenario = { ...torn, outcomes: { 1: 'acceptable', 0: ['forbidden', 'read too early'] } }
  const { verdict, failures } = explore(bad, { allFailures: true })
  expect({ verdict, failures }).toMatchObject({ verdict: 'fail', failures: [{ kind: 'outcome' }] })
  expect(failures).toHaveLength(1)
  expect(replay(bad, failures[0]?.token ?? '')).toMatchObject({ kind: 'replayed', recording: { races: [] } })
})

test('the empty name is refused: it would declare everything', () => {
  expect(explore(reading(0, ['']))).toMatchObject({ verdict: 'error', error: { message: /empty name/ } })
})

test.each([
  ['hnt', 'did you mean "hint"?'],
  ['flag[]', 'did you mean "flags[]"?'],
  // A dot in a declared name matches only a dot.
  ['h.nt', 'did you mean "hint"?'],
  ['word 3', 'there are hint and flags[].'],
])('a name that no word has, %s, is refused', (declared, hint) => {
  const memory = () => ({ flags: new Int32Array(new SharedArrayBuffer(16)) })
  const known = scenario({
    name: 'named',
    memory,
    actors: { alice: ({ flags }) => (flags[1] = 1), bob: ({ flags }) => flags[1] },
    names: ({ flags }) => ({ hint: [flags, 0] }),
  })
  expect(explore({ ...known, races: [declared] }).error?.message).toBe(
    `races: no word has the name "${declared}": ${hint}`,
  )
  for (const right of ['flags', 'flags[]', 'flags[1]'])
    expect(explore({ ...known, races: [right] }).verdict).toBe('pass')
  // This memory has no such element, but a larger one has.
  for (const other of ['hint', 'flags[9]']) expect(explore({ ...known, races: [other] }).verdict).toBe('fail')
})

/** A plain read of each word, and a concurrent atomic write of it; only the first has a name. */
function unnamed(word: number, races: readonly string[]): Scenario {
  return scenario({
    name: 'a word without a name',
    memory: () => new Int32Array(new SharedArrayBuffer(16)),
    actors: { reader: (words) => words[word], writer: (words) => Atomics.store(words, word, 1) },
    names: (words) => ({ word: [words, 0] }),
    races,
  })
}

test('a name that reports give to words without one declares none of them', () => {
  expect(explore(unnamed(0, ['word']))).toMatchObject({ verdict: 'pass', complete: true })
  expect(explore(unnamed(1, ['word']))).toMatchObject({ verdict: 'fail', failures: [{ kind: 'data-race' }] })
  expect(explore(unnamed(1, ['word 1']))).toMatchObject({ verdict: 'error' })
})

/** One actor reads what another writes to both words of the memory's view `box`. */
function wide(read: (words: Int32Array) => object | bigint | number | undefined, races: readonly string[]): Scenario {
  return scenario({
    name: 'two words',
    memory: () => ({ box: new Int32Array(new SharedArrayBuffer(8)) }),
    actors: {
      reader: ({ box }) => read(box),
      writer: ({ box }) => {
        Atomics.store(box, 0, 1)
        Atomics.store(box, 1, 1)
      },
    },
    races,
  })
}

test.each<[string, (words: Int32Array) => object | bigint | number | undefined]>([
  ['as one BigInt', (words) => new BigInt64Array(words.buffer)[0]],
  ['as one number of a DataView', (words) => new DataView(words.buffer).getFloat64(0)],
])('an access to two declared words %s is wider than what is declared', (_, read) => {
  expect(explore(wide(read, ['box'])).failures[0]?.kind).toBe('data-race')
})

test.each<[string, (words: Int32Array) => object | bigint | number | undefined]>([
  ['word by word', (words) => [...words]],
  ['by slice', (words) => words.slice()],
  ['in its bytes', (words) => [...new Uint8Array(words.buffer)]],
])('an access to declared words %s is within what is declared', (_, read) => {
  expect(explore(wide(read, ['box']))).toMatchObject({ verdict: 'pass', complete: true })
  expect(explore(wide(read, ['box[0]'])).failures[0]?.kind).toBe('data-race')
})
