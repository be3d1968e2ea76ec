import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

import '../../src/vitest/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'racelab-matcher-'))
const file = join(folder, 'counter.mjs')
/** Each actor waits for the other between its read and its write, so that an update is lost for certain. */
writeFileSync(
  file,
  `const memory = () => new Int32Array(new SharedArrayBuffer(8))
const observe = (words) => Atomics.load(words, 0)
const outcomes = { 2: 'acceptable', 1: ['forbidden', 'an increment was lost'] }
const meet = (words) => { if (Atomics.add(words, 1, 1) === 1) Atomics.notify(words, 1); else Atomics.wait(words, 1, 1) }
const torn = (words) => { const seen = Atomics.load(words, 0); meet(words); Atomics.store(words, 0, seen + 1) }
const atomic = (words) => Atomics.add(words, 0, 1)
export default { name: 'counter', memory, observe, outcomes, actors: { alice: torn, bob: torn } }
export const sound = { name: 'counter', memory, observe, outcomes, actors: { alice: atomic, bob: atomic } }
export const stuck = { name: 'stuck', memory, actors: { alice: (words) => Atomics.wait(words, 0, 0), bob: observe } }
`,
)

async function complaintOf(assertion: Promise<void>): Promise<string> {
  return assertion.then(
    () => 'none',
    (error: unknown) => String(error),
  )
}

test('a scenario that holds under stress, and one that fails, with the whole report as the message', async () => {
  await expect(file).toHoldUnderStress({ scenario: 'sound', samples: 50 })
  await expect(pathToFileURL(file)).not.toHoldUnderStress({ samples: 30 })
  const complaint = await complaintOf(expect(file).toHoldUnderStress({ samples: 30 }))
  expect(complaint).toMatch(/counter: fails\n30 samples on 2 threads in /)
  expect(complaint).toMatch(/^1 +\d+ +[\d.]+ % +[\d.]+ % to [\d.]+ % +forbidden +an increment was lost$/m)
  expect(await complaintOf(expect(file).not.toHoldUnderStress({ scenario: 'sound', samples: 30 }))).toMatch(
    /counter \(sound\): [^]*no proof[^]*npx racelab explore \S*counter\.mjs --variant sound/,
  )
})

test('an actor that is stuck is a failure', async () => {
  expect(await complaintOf(expect(file).toHoldUnderStress({ scenario: 'stuck', stuckAfter: 0.3 }))).toMatch(
    /^Error: stuck \(stuck\): fails[^]*deadlock: alice sleeps forever/,
  )
})

test.each<[what: string, given: unknown, options: object, complaint: RegExp]>([
  ['a scenario in place of its file', { name: 'x' }, {}, /toHoldUnderStress takes the file of a scenario/],
  ['an export that there is not', file, { scenario: 'other' }, /counter\.mjs has no scenario as its export "other"/],
  ['an unknown option', file, { sample: 5 }, /There is no option "sample": .*samples/],
])('%s is refused', async (_, given, options, complaint) => {
  expect(await complaintOf(expect(given).toHoldUnderStress(options))).toMatch(complaint)
  expect(await complaintOf(expect(given).not.toHoldUnderStress(options))).toMatch(complaint)
})
