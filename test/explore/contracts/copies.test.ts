/** Copies of a primitive count as one class only if they are the same code. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

import { otherCopiesOf } from '../../../src/explore/contracts/copies.ts'
import { makeKnown } from '../../../src/sync/copies.ts'

const folder = mkdtempSync(join(tmpdir(), 'racelab-copies-'))

/** Makes a class known that stands in a file of this content. */
function copyIn(file: string, content: string, name = 'Lock'): { readonly prototype: object } {
  const path = join(folder, file)
  writeFileSync(path, content)
  const of = { prototype: {} }
  makeKnown(name, of, `${pathToFileURL(path).href}?loaded`)
  return of
}

test('the copies of a class are those of its name in a file of the same content', () => {
  const own = copyIn('own.js', 'the code')
  const same = copyIn('same.js', 'the code')
  copyIn('changed.js', 'other code')
  copyIn('named.js', 'the code', 'Latch')
  const [copy, ...others] = otherCopiesOf(own)
  expect(copy).toBe(same)
  expect(others).toEqual([])
  expect(otherCopiesOf({ prototype: {} })).toEqual([])
})

test('a class whose file is gone, or is no file, is no copy', () => {
  const own = copyIn('kept.js', 'kept code', 'Kept')
  makeKnown('Kept', { prototype: {} }, pathToFileURL(join(folder, 'gone.js')).href)
  makeKnown('Kept', { prototype: {} }, 'data:text/javascript,kept code')
  expect(otherCopiesOf(own)).toEqual([])
})
