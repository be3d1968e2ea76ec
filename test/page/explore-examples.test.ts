/** The examples of the section "explore": each has the verdict that it says, and stands for a lesson as the lab has it. */
import { expect, test } from 'vitest'
import { moduleOf } from '../../page/engine/user-code.ts'
import { CLASSICS } from '../../page/examples/classics.ts'
import { EXAMPLES } from '../../page/examples/index.ts'
import { LESSONS } from '../../page/examples/lessons.ts'
import { withGlobalsReplaced } from '../../src/explore/globals/install.ts'
import { explore } from '../../src/explore/index.ts'
import { exportedScenario } from '../../src/explore/scenario-export.ts'
import { findThreadLesson, threadLessons } from '../../src/lab/lessons/index.ts'
import type { Scenario } from '../../src/scenario.ts'

/** In milliseconds: the largest example takes 15 s alone, and more on a busy machine. */
const PATIENCE = 300_000

test('each example has a name of its own', () => {
  expect(new Set(EXAMPLES.map(({ name }) => name)).size).toBe(EXAMPLES.length)
})

test('each variant of each lesson is an example, with the verdict that the lab declares', () => {
  const declared = threadLessons.flatMap(({ name, variants }) =>
    variants.map((variant): [string, string] => [`${name}/${variant.name}`, variant.sound ? 'pass' : 'fail']),
  )
  expect(Object.fromEntries(LESSONS.map(({ name, verdict }) => [name, verdict]))).toEqual(Object.fromEntries(declared))
})

test.each(LESSONS)('$name has the source of its own variant, unless that is the product', ({ code }) => {
  const isProduct = code.includes('The product')
  const own = code.match(/^(?:function|const) (?:increment|refresh|revokeSession|remove)\b.*$/m)?.[0] ?? ''
  expect(own).toMatch(isProduct ? /^const \w+ = \w+(?:\.|\[)/ : /^function|by\(/)
  expect(code).not.toContain('pause')
})

test.each(EXAMPLES)('$name: $verdict', { timeout: PATIENCE }, ({ code, verdict }) => {
  const found = explore(scenarioIn(code), { timeout: PATIENCE / 1000 })
  expect(found.verdict, found.error?.message).toBe(verdict)
  if (verdict === 'pass') expect(found.complete).toBe(true)
})

/** How each classic program fails that does: an example that throws would fail too. */
const FAILURES: Readonly<Record<string, string>> = {
  'two-increments': 'one increment is lost',
  'message-passing': "writer's write and reader's read of flag are unordered, and not both atomic",
  'dekker-plain': "alice's read and bob's write of bob’s flag are unordered, and not both atomic",
  'double-checked': 'the value was made twice',
  'lost-wake-up': 'bob sleeps forever',
  'bounded-buffer': 'bob and dave sleep forever',
  aba: 'the invariant does not hold',
  philosophers: 'alice, bob and carol sleep forever',
  crash: 'money was made',
}

test.each(CLASSICS.filter(({ verdict }) => verdict === 'fail'))('$name fails as its text says', ({ name, code }) => {
  expect(explore(scenarioIn(code)).failures[0]?.message).toBe(FAILURES[name])
})

test.each(LESSONS.filter(({ verdict }) => verdict === 'fail'))('$name fails as the lesson does', ({ name, code }) => {
  const [lesson = '', variant = ''] = name.split('/')
  const own = explore(findThreadLesson(lesson).scenario!(variant)).failures
  const found = explore(scenarioIn(code)).failures
  expect(found).toHaveLength(1)
  expect(found.map(({ message, preemptions }) => ({ message, preemptions }))).toEqual(
    own.map(({ message, preemptions }) => ({ message, preemptions })),
  )
})

function scenarioIn(code: string): Scenario {
  const module = withGlobalsReplaced(() => moduleOf(code))
  return exportedScenario(module, 'default') as Scenario
}
