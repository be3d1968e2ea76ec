/** Where in a function a value may be that no variable shows. */
import { expect, test } from 'vitest'

import { hideValues, unsetVariables } from '../../../src/explore/contracts/proof/hidden-values.ts'
import type { CallFrame } from '../../../src/explore/run/spins/inspection.ts'
import { Source } from '../../../src/explore/run/spins/source.ts'

const AROUND = `
const fixed = { kept: 1, member: 1 }
let changed = 0
function use() { changed++; fixed.member = 2 }
`

/** A function with this body that has called `here`. */
function frameIn(body: string, isCallback = false): CallFrame {
  const text = `${AROUND}function run(list) { ${body} }`
  return { source: Source.parse(text)!, offset: text.indexOf('here('), isCallback } as unknown as CallFrame
}

test.each([
  'for (const each of list) here()',
  'for (const name in list) here()',
  'switch (list) { case here(): use() }',
  'try { use() } finally { here() }',
  'return use() + here()',
  'return changed + here()',
  'fixed[use()] = here()',
  'changed += here()',
  'use(use(), here())',
  'use(changed, here())',
  'use(fixed.member, here())',
  'new use(use(), here())',
  'return [use(), here()]',
  // oxlint-disable-next-line no-template-curly-in-string -- it is code
  'return `${use()} ${here()}`',
  'return { one: 1, two: here() }',
  'return [...here()]',
])('a value is hidden: %s', (body) => {
  expect(hideValues([frameIn(body)])).toBe(true)
})

test.each([
  'here()',
  'while (true) here()',
  'switch (list) { case 1: here() }',
  'try { here() } finally { use() }',
  'return 1 + here()',
  'return here() + use()',
  'changed = here()',
  'fixed.member = here()',
  'use(1, here())',
  'use(fixed.kept, here())',
  'return Atomics.add(fixed, 0, here())',
])('none is hidden: %s', (body) => {
  expect(hideValues([frameIn(body)])).toBe(false)
})

test('around a callback, built-in code may hold values', () => {
  expect(hideValues([frameIn('here()', true)])).toBe(true)
})

test('a variable that is declared further on has no value yet', () => {
  const frame = frameIn('for (;;) { const before = 1; here(before); const after = 2; use(after) }')
  expect([...unsetVariables(frame)]).toEqual(['after'])
})
