/** `lab explore` of a scenario whose lock has a contract: what is kept of the proof, and the flags. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { Files } from './files.ts'
import { lab } from './lab.ts'

const files = new Files()

/** The lock is fair, or looks and takes the lock in two steps. */
const code = (take: string): string => `
class Lock {
  constructor(words) { this.words = words }
  lock() { ${take} }
  unlock() { Atomics.store(this.words, 0, 0) }
}
const step = (holder, { f, process }) =>
  f === 'lock' ? (holder === 0 ? [process] : []) : holder === process ? [0] : []
const contract = {
  of: Lock,
  name: 'Lock',
  methods: { lock: 'before', unlock: 'never' },
  pairs: { lock: 'takes', unlock: 'gives' },
  clients: () => [{
    memory: () => new Int32Array(new SharedArrayBuffer(4)),
    operations: { lock: (words) => new Lock(words).lock(), unlock: (words) => new Lock(words).unlock() },
    blocking: ['lock'],
    model: { name: 'lock', init: () => 0, step, equal: Object.is },
  }],
}
const act = (words) => { const lock = new Lock(words); lock.lock(); words[1]++; lock.unlock() }
export default {
  name: 'locked',
  contracts: [contract],
  memory: () => new Int32Array(new SharedArrayBuffer(8)),
  actors: { alice: act, bob: act },
  observe: (words) => words[1],
}`
const FAIR = 'while (Atomics.compareExchange(this.words, 0, 0, 1) !== 0);'
const HASTY = 'while (Atomics.load(this.words, 0) !== 0); Atomics.store(this.words, 0, 1)'

test('a proof is kept beside the file until its code changes, and made again on demand', async () => {
  const file = files.write('fair.mjs', code(FAIR))
  const kept = `${file}.proofs.json`
  const first = await lab('explore', file)
  expect(first).toMatchObject({ code: 0 })
  expect(first.stdout).toMatch(
    /^locked: holds\ncomplete: 2 schedules .*\n\nBy contract, each call of Lock is one step, or few\. Preemptions are counted between them\.\n/,
  )
  const before = readFileSync(kept, 'utf8')
  expect(JSON.parse(before)).toMatchObject({ proved: { 'default Lock': [2] } })
  // Nothing is written where nothing is proved.
  writeFileSync(kept, before.replace('[\n      2\n    ]', '[2]'))
  const again = readFileSync(kept, 'utf8')
  expect(await lab('explore', file)).toMatchObject({ code: 0 })
  expect(readFileSync(kept, 'utf8')).toBe(again)
  expect(await lab('explore', file, '--prove')).toMatchObject({ code: 0 })
  expect(readFileSync(kept, 'utf8')).toBe(before)
  // The kept proof is one of other code.
  writeFileSync(file, code(HASTY))
  const broken = await lab('explore', file)
  expect(broken).toMatchObject({ code: 2 })
  expect(broken.stdout).toMatch(
    /The contract of Lock does not hold: no order of whole calls explains what they return\.\n/,
  )
})

test('--inside explores every access', async () => {
  const file = files.write('inside.mjs', code(FAIR))
  const { code: exit, stdout } = await lab('explore', file, '--inside', '--json')
  const [document] = JSON.parse(stdout) as [{ schedules: number; contracts?: string[] }]
  expect({ exit, contracts: document.contracts }).toEqual({ exit: 0, contracts: undefined })
  expect(document.schedules).toBeGreaterThan(2)
  expect(existsSync(`${file}.proofs.json`)).toBe(false)
})

test('nothing is written into node_modules', async () => {
  const file = join(files.folder, 'node_modules/somebody/lock.mjs')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, code(FAIR))
  expect(await lab('explore', file)).toMatchObject({ code: 0 })
  expect(existsSync(`${file}.proofs.json`)).toBe(false)
})
