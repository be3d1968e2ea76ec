/** `lab check`: histories from files and from stdin, as a user checks them. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { CheckedDocument } from '../../../src/lab/checking/checked-document.ts'
import { Files } from './files.ts'
import { ended, lab, start } from './lab.ts'

const files = new Files()

type Line = readonly [process: number, type: string, f: string, value: unknown]

function textOf(lines: readonly Line[]): string {
  return lines.map(([process, type, f, value]) => `${JSON.stringify({ process, type, f, value })}\n`).join('')
}

function history(name: string, lines: readonly Line[] | string): string {
  return files.write(name, typeof lines === 'string' ? lines : textOf(lines))
}

const RIGHT: readonly Line[] = [
  [0, 'invoke', 'write', 1],
  [1, 'invoke', 'read', null],
  [0, 'ok', 'write', 1],
  [1, 'ok', 'read', 1],
]
const STALE: readonly Line[] = [
  [0, 'invoke', 'write', 1],
  [0, 'ok', 'write', 1],
  [1, 'invoke', 'read', null],
  [1, 'ok', 'read', null],
]

test('a linearizable history: a table, exit code 0', async () => {
  const file = history('right.jsonl', RIGHT)
  const { code, stdout, stderr } = await lab('check', file, '--model', 'register')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/right\.jsonl +register +2 +1 +[\d.]+ +linearizable$/m)
})

test('one that is not: the operation, its lines, exit code 1', async () => {
  const { code, stdout } = await lab('check', history('stale.jsonl', STALE), '--model', 'register')
  expect(code).toBe(1)
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'read() = null of process 1 cannot be placed anywhere between its call and its return. The other operations that were ' +
      'called before its return have an order: write(1) of process 0. It ends in the state 1. ' +
      'It was called in line 3, and returned in line 4.',
  )
})

test('with --json, an array of documents and nothing else, for each file', async () => {
  const { code, stdout } = await lab('check', history('a', RIGHT), history('b', STALE), '--model', 'register', '--json')
  expect(code).toBe(1)
  const documents = JSON.parse(stdout) as CheckedDocument[]
  expect(documents).toMatchObject([
    { schema: 1, model: 'register', verdict: 'linearizable', operations: 2, partitions: 1 },
    { verdict: 'not-linearizable', failure: { operation: { f: 'read', called: 3 }, prefix: [{ f: 'write' }] } },
  ])
  expect(documents[0]!.file).toMatch(/a$/)
})

test('stdin is -', async () => {
  const child = start(['check', '-', '--model', 'register', '--json'])
  child.stdin!.end(textOf(RIGHT))
  const { code, stdout } = await ended(child)
  expect({ code, documents: JSON.parse(stdout) as unknown }).toMatchObject({
    code: 0,
    documents: [{ file: '-', verdict: 'linearizable' }],
  })
})

test.each([
  ['an empty file', '\n', 'It is empty: a history has an event on each line.'],
  ['no JSON', 'hello\n', 'Line 1 is not an event of a history: it is not JSON.'],
  ['a misspelt type', textOf([[0, 'invok', 'read', null]]), 'type is "invok": did you mean "invoke"?'],
  ['a return without a call', textOf([[0, 'ok', 'read', 1]]), 'ok of process 0 has no call before it.'],
  [
    'two open calls of a process',
    textOf([
      [0, 'invoke', 'read', null],
      [0, 'invoke', 'read', null],
    ]),
    'Line 2 is not an event of a history: process 0 calls read before its read of line 1 has ended.',
  ],
  [
    'an operation that the model does not have',
    textOf([
      [0, 'invoke', 'push', 1],
      [0, 'ok', 'push', 1],
    ]),
    'The model register has no operation "push": it has read, write.',
  ],
])('%s is an error with exit code 2; the other files are checked', async (_, text, message) => {
  const { code, stdout } = await lab('check', history('bad', text), history('good', RIGHT), '--model', 'register')
  expect(code).toBe(2)
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(message)
  expect(stdout).toMatch(/good .* linearizable$/m)
})

test.each([
  [['nowhere.jsonl', '--model', 'register'], 'There is no file nowhere.jsonl.', ''],
  [['x', '--model', 'nowhere.ts'], '', 'error: There is no file nowhere.ts, and no model of that name.\n'],
  [['x', '--model', 'registr'], '', 'error: There is no model "registr": did you mean "register"?\n'],
])('%j is one clear line, and exit code 2', async (args, said, complained) => {
  const { code, stdout, stderr } = await lab('check', ...args)
  expect({ code, stderr }).toEqual({ code: 2, stderr: complained })
  expect(stdout).toContain(said)
})

const LATCH = `
export default {
  name: 'latch',
  init: () => false,
  step: (isSet, { f, output }) => (f === 'set' ? [true] : output === isSet ? [isSet] : []),
  equal: Object.is,
}`

test.each(['latch.ts', 'latch.mjs'])('a model of the user’s own, in %s', async (name) => {
  const model = files.write(name, LATCH)
  const set: readonly Line[] = [
    [0, 'invoke', 'set', null],
    [0, 'ok', 'set', null],
    [1, 'invoke', 'look', null],
  ]
  const verdicts = await Promise.all(
    [true, false].map(async (seen) => {
      const file = history(`${name}-${seen}`, [...set, [1, 'ok', 'look', seen]])
      return (await lab('check', file, '--model', model)).code
    }),
  )
  expect(verdicts).toEqual([0, 1])
})

test.each([
  ['throws', 'step: () => { throw new Error("no step") }', 2, 'The model threw Error: no step.'],
  ['never ends', 'step: () => { for (;;); }', 3, 'gave up after 0.3 s, in the model'],
  ['lacks a function', '', 2, 'has no function step'],
])('a model that %s', async (name, step, expected, message) => {
  const model = files.write(
    `${name.replaceAll(' ', '-')}.mjs`,
    `export default { init: () => 0, equal: Object.is, ${step} }`,
  )
  const { code, stdout, stderr } = await lab('check', history('h', RIGHT), '--model', model, '--timeout', '0.3')
  expect(code).toBe(expected)
  expect((stdout + stderr).replaceAll(/\s+/g, ' ')).toContain(message)
})

test('Ctrl-C keeps what is checked, with exit code 130', async () => {
  const marker = join(files.folder, 'hangs')
  const hanging = `
    import { writeFileSync } from 'node:fs'
    const step = (state, { input }) => {
      if (input !== 'hang') return [state]
      writeFileSync(${JSON.stringify(marker)}, '')
      for (;;);
    }
    export default { init: () => 0, equal: Object.is, step }`
  const endless = history('endless', [
    [0, 'invoke', 'write', 'hang'],
    [0, 'ok', 'write', 'hang'],
  ])
  const child = start(['check', history('first', RIGHT), endless, '--model', files.write('hanging.mjs', hanging)])
  const end = ended(child)
  while (!existsSync(marker)) await setTimeout(10)
  child.kill('SIGINT')
  const { code, stdout, stderr } = await end
  expect({ code, stderr }).toEqual({ code: 130, stderr: 'error: Interrupted. 1 of 2 files were checked.\n' })
  expect(stdout).toMatch(/ linearizable$/m)
})
