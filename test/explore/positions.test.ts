import { expect, test } from 'vitest'

import { folderInStacks, framesOf, leaveOut } from '../../src/explore/run/positions.ts'

test('a program that calls the explorer can leave its own frames out of all positions', () => {
  const here = new Error('here')
  const stack = [
    'Error: here',
    '    at post (/program/own/post.ts:7:3)',
    '    at alice (/program/scenario.ts:4:5)',
    '    at run (/program/own/run.ts:1:1)',
    '    at main (/program/main.ts:2:1)',
  ].join('\n')
  const names = (): string[] => framesOf(stack).map(({ name }) => name)
  expect(names()).toEqual(['post', 'alice', 'run', 'main'])
  leaveOut(new URL('file:///program/own/'))
  expect(names()).toEqual(['alice'])
  // The own folder of this test: an error made here has no frame then.
  expect(framesOf(here.stack ?? '')[0]?.file).toMatch(/positions\.test\.ts$/)
  leaveOut(folderInStacks(here, './'))
  expect(framesOf(here.stack ?? '').filter(({ file }) => file.endsWith('positions.test.ts'))).toEqual([])
})
