import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'

import type { Exploration } from '../../../src/explore/index.ts'
import { lab } from '../../lab/cli/lab.ts'

const folder = mkdtempSync(join(tmpdir(), 'racelab-clients-'))
const file = join(folder, 'queue.ts')

// A queue and a model that are not of racelab.
const SOURCE = `type Queue = { head: Int32Array; slots: Int32Array }
const queue = {
  name: 'my queue',
  memory: () => ({ head: new Int32Array(new SharedArrayBuffer(8)), slots: new Int32Array(new SharedArrayBuffer(32)) }),
  operations: {
    push({ head, slots }: Queue, value: number) {
      Atomics.store(slots, Atomics.add(head, 1, 1), value)
    },
    pop({ head, slots }: Queue) {
      const at = Atomics.load(head, 0)
      if (at === Atomics.load(head, 1)) return null
      return Atomics.compareExchange(head, 0, at, at + 1) === at ? Atomics.load(slots, at) : null
    },
  },
  arguments: { push: [7] },
  model: {
    name: 'queue',
    init: () => [],
    step: (all: number[], { f, input, output }: { f: string; input?: unknown; output?: unknown }) =>
      f === 'push' ? [[...all, input]] : (output ?? null) === (all[0] ?? null) ? [all.slice(1)] : [],
    equal: (one: number[], other: number[]) => one.join() === other.join(),
  },
}
export default queue
/** Pushes alone hold: they return nothing. */
export const pushOnly = { ...queue, operations: { push: queue.operations.push } }
`

beforeAll(() => {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(file, SOURCE)
})

test('a broken queue of a user: the smallest client, its table, and a token that replays on both', async () => {
  const report = join(folder, 'report.xml')
  const { code, stdout, stderr } = await lab('explore', file, '--junit', report)
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(stdout).toMatch(/^my queue: fails\n\d+ clients, \d+ schedules, not complete: a schedule failed/)
  expect(stdout).toMatch(/client that was found to fail:\n {2}alice {2}push\(7\)\n {2}bob {4}pop\(\)\n/)
  expect(stdout).toMatch(/^not-linearizable: pop\(\) of bob returned 0, which fits in no order of the calls/m)
  expect(stdout).toMatch(/pop\(\) = 0\n[^]*slots\[0\] = 0 +queue\.ts:12\n/)
  expect(readFileSync(report, 'utf8')).toMatch(/<failure type="not-linearizable" message="pop\(\) of bob returned 0/)
  const token = /token: (\S+)/.exec(stdout)?.[1] ?? ''
  const [explorer, threads] = await Promise.all([
    lab('replay', token, file),
    lab('replay', token, file, '--on', 'threads'),
  ])
  for (const replayed of [explorer, threads]) {
    expect(replayed).toMatchObject({ code: 1, stderr: '' })
    expect(replayed.stdout).toMatch(/pop\(\) = 0\n[^]*not-linearizable: pop\(\) of bob returned 0/)
  }
  expect(threads.stdout).toMatch(/^my queue, on 2 threads/)
})

test('the JSON document has the criterion, the number of clients and the client', async () => {
  const { code, stdout } = await lab('explore', file, '--criterion', 'sequential', '--json')
  const [document] = JSON.parse(stdout) as [Exploration]
  expect(code).toBe(1)
  expect(document).toMatchObject({
    schema: 1,
    verdict: 'fail',
    criterion: 'sequential',
    clients: 8,
    client: { alice: ['push(7)'], bob: ['pop()'] },
    failures: [{ kind: 'not-linearizable', outcome: 'alice: push(7); bob: pop() = 0' }],
  })
})

test('operations that hold: exit code 0', async () => {
  const { code, stdout } = await lab('explore', file, '--variant', 'pushOnly')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^my queue \(pushOnly\): holds\ncomplete: 5 clients, \d+ schedules/)
})

test('an unknown criterion, and one for a scenario with actors, are errors', async () => {
  expect(await lab('explore', file, '--criterion', 'serial')).toMatchObject({ code: 2, stdout: '' })
  const { code, stdout } = await lab('explore', 'lost-update', '--variant', 'buggy', '--criterion', 'sequential')
  expect(code).toBe(2)
  expect(stdout).toMatch(/"criterion" is for a\s+scenario that gives operations/)
})
