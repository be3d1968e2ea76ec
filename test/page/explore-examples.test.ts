/** The examples of the section "explore": each has the verdict that it says, and stands for a lesson as the lab has it. */
import { expect, test } from 'vitest'
import { moduleOf } from '../../page/engine/user-code.ts'
import { EXAMPLES } from '../../page/examples/index.ts'
import { LESSONS } from '../../page/examples/lessons.ts'
import { withGlobalsReplaced } from '../../src/explore/globals/install.ts'
import { explore } from '../../src/explore/index.ts'
import { exportedScenario } from '../../src/explore/scenario-export.ts'
import { threadLessons } from '../../src/lab/lessons/index.ts'

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
  const own = code.match(/^(?:function|const) (?:increment|refresh|revoke|remove)\b.*$/m)?.[0] ?? ''
  expect(own).toMatch(isProduct ? /^const \w+ = \w+(?:\.|\[)/ : /^function|by\(/)
  expect(code).not.toContain('pause')
})

test.each(EXAMPLES)('$name: $verdict', ({ code, verdict }) => {
  const scenario = exportedScenario(
    withGlobalsReplaced(() => moduleOf(code)),
    'default',
  )
  const found = explore(scenario!)
  expect(found.verdict, found.error?.message).toBe(verdict)
  if (verdict === 'pass') expect(found.complete).toBe(true)
})
